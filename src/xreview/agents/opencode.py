"""opencode (reference `providers.md`, section 6; tested with 1.18.33).

It runs any vendor's models. It loads a repository's plugins even with `--pure` and
`OPENCODE_DISABLE_PROJECT_CONFIG`, so its copy of the files has none. Its permissions allow three
tools, which only read, and its database is in memory, so that no session remains.

In the write mode, they allow changes in the tree and exactly the checks, which run without a
sandbox. It follows links out of the tree, so those are taken away meanwhile, and it doesn't start
where it would obey a file. It takes no schema, and has no limit for its cost.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from xreview.agents.base.activity import THINKING, amount_in, tool_activity
from xreview.agents.base.agent import (
    Agent,
    AgentCommand,
    AgentEventReader,
    AgentSetup,
    Exit,
    Login,
    Run,
)
from xreview.agents.base.destination import Destination, destination, json_file
from xreview.agents.base.failures import exit_error, no_answer_error, reported_error
from xreview.domain.authorship.family import family_of
from xreview.domain.record import replace
from xreview.ports.json_value import JsonObject, count_in, list_in, object_in, text_in
from xreview.ports.model import Finished, ModelSignal, Restarted, Stop, TextDelta, Tokens
from xreview.ports.request import Structure

_KEYS = {
    "google": ("GOOGLE_GENERATIVE_AI_API_KEY", "GEMINI_API_KEY"),
    "google-vertex": ("GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_PROJECT"),
    "github-copilot": ("GITHUB_TOKEN",),
    "amazon-bedrock": ("AWS_PROFILE", "AWS_REGION", "AWS_BEARER_TOKEN_BEDROCK"),
    "azure": ("AZURE_API_KEY", "AZURE_RESOURCE_NAME"),
}
"""The keys of providers with names other than the usual `XAI_API_KEY`."""

_FIXED = {
    "OPENCODE_DB": ":memory:",
    "OPENCODE_PURE": "1",
    "OPENCODE_DISABLE_PROJECT_CONFIG": "1",
    "OPENCODE_DISABLE_CLAUDE_CODE": "1",
    "OPENCODE_DISABLE_EXTERNAL_SKILLS": "1",
    "OPENCODE_DISABLE_AUTOUPDATE": "1",
    "OPENCODE_DISABLE_LSP_DOWNLOAD": "1",
    "OPENCODE_DISABLE_SHARE": "1",
}
_SETTINGS = {
    "share": "disabled",
    "autoupdate": False,
    "snapshot": False,
    "lsp": False,
    "formatter": False,
}
_READING = {"*": "deny", "read": "allow", "grep": "allow", "glob": "allow"}
_EDITS = {"*": "allow", ".git": "deny", ".git/*": "deny"}
_WILD = re.compile(r"[*?]")
_TITLE = "Review"
_MAX_LENGTH = "length"
_DENIED = "specified a rule which prevents"
_FILTERED = "content-filter"


class Opencode(Agent):
    """`opencode run`."""

    def command(self, run: Run) -> AgentCommand:
        """Return how to start it."""
        # Without a title, it sends a request to generate one.
        argv = [str(run.program), "run", "--format", "json", "--pure", "--title", _TITLE]
        if run.model:
            argv += ["-m", run.model]
        if run.effort:
            argv += ["--variant", run.effort]
        prompt = run.prompt(Structure.PLAIN)
        return AgentCommand(argv, run.folder, self.environment(run), prompt)

    def reader(self, run: Run) -> "OpencodeReader":
        """Return the reader of its events."""
        return OpencodeReader(run)

    def environment(self, run: Run) -> dict[str, str]:
        """Return its variables: the key for its model's provider, and our settings."""
        file = run.scratch.write("opencode.json", json.dumps(_settings(run)))
        return {**super().environment(run), **_FIXED, "OPENCODE_CONFIG": str(file)}

    def variables_of(self, model: str) -> tuple[str, ...]:
        """Return the variables for the provider of `provider/model`."""
        provider, separator, _ = model.partition("/")
        if not separator:
            return ()
        usual = re.sub(r"[^A-Z0-9]", "_", provider.upper()) + "_API_KEY"
        return _KEYS.get(provider, (usual,))

    def setup(self, environ: Mapping[str, str], model: str) -> AgentSetup:
        """Read its login and model (opencode.ai/docs/config)."""
        home = Path(environ.get("HOME", ""))
        settings = Path(environ.get("XDG_CONFIG_HOME") or home / ".config", "opencode")
        names = ("opencode.jsonc", "opencode.json", "config.json")
        files = [json_file(settings / name) for name in names]
        found = (text_in(file, "model") for file in files)
        model = model or next(filter(None, found), "")
        model = model or _last_used(Path(environ.get("XDG_STATE_HOME") or home / ".local/state"))
        data = Path(environ.get("XDG_DATA_HOME") or home / ".local/share", "opencode")
        has_key = any(environ.get(key) for key in self.variables_of(model))
        # Its own free models and those on this machine need no login.
        known = has_key or (data / "auth.json").is_file()
        login = Login.LOGGED_IN if known else Login.UNKNOWN
        return AgentSetup(login, model, family_of(model), _destination(environ, model, files))


PROVIDER = Opencode(
    name="opencode",
    label="opencode",
    program="opencode",
    package="opencode-ai",
    tested=(1, 18),
    obeys_folder=True,
    instructions=(".opencode", "opencode.json", "opencode.jsonc"),
)


def _settings(run: Run) -> dict[str, object]:
    permission: dict[str, object] = dict(_READING)
    if run.writable is not None:
        # A command with a wildcard would permit others.
        exact = (one for one in run.writable.commands if not _WILD.search(one))
        shell = {"*": "deny", **dict.fromkeys(exact, "allow")}
        permission |= {"edit": _EDITS, "bash": shell, "external_directory": "deny"}
    return {"permission": permission, **_SETTINGS}


def _destination(
    environ: Mapping[str, str], model: str, files: Sequence[JsonObject]
) -> Destination:
    """Return where it sends requests: its own service, or the model's provider."""
    provider, separator, _ = model.partition("/")
    options = [object_in(file, "provider", provider, "options") for file in files]
    url = next(filter(None, (text_in(one, "baseURL") for one in options)), "")
    if "{" in url:  # a reference to a variable or file, which only opencode reads
        return replace(destination(environ), host=f"{provider}, at an address from your settings")
    there = destination(environ, url, name=f"provider.{provider}.options.baseURL")
    is_own = not separator or provider in ("opencode", family_of(model))
    return there if is_own or there.host else replace(there, host=provider)


def _last_used(state: Path) -> str:
    """Return the model last chosen in its own interface."""
    for entry in list_in(json_file(state / "opencode" / "model.json"), "recent"):
        provider, model = text_in(entry, "providerID"), text_in(entry, "modelID")
        if provider and model:
            return f"{provider}/{model}"
    return ""


class OpencodeReader(AgentEventReader):
    """Reads `--format json`."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._said = ""
        self._tokens = Tokens()
        self._reason = ""
        self._error: JsonObject | None = None

    def read(self, event: JsonObject) -> Iterator[ModelSignal]:
        """Return the signals of one line."""
        part = object_in(event, "part")
        match text_in(event, "type"):
            case "step_start":
                yield THINKING
            case "text":
                if self._said:  # earlier text isn't part of the answer
                    yield Restarted()
                self._said = text_in(part, "text")
                yield TextDelta(self._said)
            case "tool_use":
                state = object_in(part, "state")
                is_ok = text_in(state, "status") == "completed"
                self.attempts.add(is_ok=is_ok, output=text_in(state, "error"))
                given = object_in(state, "input")
                activity = tool_activity(text_in(part, "tool"), given, self._run.folder)
                yield activity
                if _DENIED in text_in(state, "error"):
                    yield from self.refusals.add(activity)
            case "step_finish":
                self._reason = text_in(part, "reason")
                self._tokens = _sum(self._tokens, part)
                yield self._tokens
            case "error":
                self._error = object_in(event, "error")
            case _:
                pass

    def finish(self, ended: Exit) -> Iterator[ModelSignal]:
        """Return the end; an error counts whatever the exit status."""
        model = self._run.model
        if self._error is not None:
            data = object_in(self._error, "data")
            said = text_in(data, "message") or text_in(self._error, "name")
            status = count_in(data, "statusCode")
            raise reported_error(PROVIDER, self._run, said, status)
        if not self._reason:
            raise exit_error(PROVIDER, ended)
        yield self._tokens
        if self._reason == _FILTERED:
            yield Finished(Stop.REFUSED, model)
            return
        if self._reason == _MAX_LENGTH:
            yield Finished(Stop.TRUNCATED, model, echo=self._said)
            return
        if not self._said.strip():
            raise no_answer_error(PROVIDER)
        yield Finished(Stop.OK, model, echo=self._said)


def _sum(before: Tokens, part: JsonObject) -> Tokens:
    """Add one step's tokens; opencode counts cached and reasoning tokens separately."""
    tokens = object_in(part, "tokens")
    read = count_in(object_in(tokens, "cache"), "read") or 0
    written = count_in(object_in(tokens, "cache"), "write") or 0
    reasoning = count_in(tokens, "reasoning") or 0
    # It reports 0 for models with an unknown price.
    cost = amount_in(part, "cost") or None
    step = Tokens(
        input=(count_in(tokens, "input") or 0) + read + written,
        cached=read,
        cache_written=written,
        output=(count_in(tokens, "output") or 0) + reasoning,
        reasoning=reasoning,
        cost=cost,
    )
    return before.plus(step)
