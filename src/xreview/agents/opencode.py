"""opencode (reference `providers.md`, section 6: 1.18.33, seen running).

It runs any vendor's models. It runs the plugins of a repository even with `--pure` and
`OPENCODE_DISABLE_PROJECT_CONFIG`, so the copy that it runs in is without them.
Its permissions leave it three tools that read. Its database is in memory, so that no session
stays behind.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from xreview.agents.amount import amount_in
from xreview.agents.attempts import Attempts
from xreview.agents.doing import THINKING, calling
from xreview.agents.failures import failed, no_answer, unheard
from xreview.agents.finding.detected import Configured, Login
from xreview.agents.finding.elsewhere import Destination, destination
from xreview.agents.finding.settings_files import json_file
from xreview.agents.program import Exit, Run
from xreview.agents.prompt import prompt_of
from xreview.agents.running.environment import agent_environment
from xreview.agents.running.process import AgentCommand
from xreview.domain.authorship.family import family_of
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
"""Variables of the providers that do not name theirs like all others: `XAI_API_KEY`."""

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
_TITLE = "Review"
_MAX_LENGTH = "length"
_FILTERED = "content-filter"


class Opencode:
    """`opencode run`."""

    label = "opencode"
    structured = False

    def command(self, run: Run) -> AgentCommand:
        """How to start it."""
        # A title of our own saves the request by which it would make one up.
        argv = [str(run.program), "run", "--format", "json", "--pure", "--title", _TITLE]
        if run.model:
            argv += ["-m", run.model]
        if run.effort:
            argv += ["--variant", run.effort]
        prompt = prompt_of(run.request, Structure.PLAIN, with_instructions=True)
        return AgentCommand(argv, run.scratch.work, environment_of(run), prompt)

    def trial(self, run: Run) -> None:
        """Its tools are its own: nothing can be missing."""

    def reader(self, run: Run) -> "OpencodeReader":
        """Reads its events."""
        return OpencodeReader(run)


def environment_of(run: Run) -> dict[str, str]:
    """What it is started with: the key of the provider of its model, and our settings."""
    top, temporary = run.readable.top, run.scratch.temporary
    own = agent_environment(run.environ, top, temporary, variables(run.model))
    return {**own, **_FIXED, "OPENCODE_CONFIG": str(run.scratch.write("opencode.json", _SETTINGS))}


def variables(model: str) -> tuple[str, ...]:
    """What it gets of the user's environment beside what all agents get, by `provider/model`."""
    provider, separator, _ = model.partition("/")
    if not separator:
        return ()
    usual = re.sub(r"[^A-Z0-9]", "_", provider.upper()) + "_API_KEY"
    return _KEYS.get(provider, (usual,))


_SETTINGS = json.dumps(
    {
        "permission": {"*": "deny", "read": "allow", "grep": "allow", "glob": "allow"},
        "share": "disabled",
        "autoupdate": False,
        "snapshot": False,
        "lsp": False,
        "formatter": False,
    }
)


def configured(environ: Mapping[str, str], model: str) -> Configured:
    """Its login and model, by its own variables and files (opencode.ai/docs/config)."""
    home = Path(environ.get("HOME", ""))
    settings = Path(environ.get("XDG_CONFIG_HOME") or home / ".config", "opencode")
    names = ("opencode.jsonc", "opencode.json", "config.json")
    files = [json_file(settings / name) for name in names]
    found = (text_in(file, "model") for file in files)
    model = model or next(filter(None, found), "")
    model = model or _last_used(Path(environ.get("XDG_STATE_HOME") or home / ".local/state"))
    data = Path(environ.get("XDG_DATA_HOME") or home / ".local/share", "opencode")
    if any(environ.get(key) for key in variables(model)) or (data / "auth.json").is_file():
        login = Login.LOGGED_IN
    else:
        # Its own free models and those on this machine need none.
        login = Login.UNKNOWN
    return Configured(login, model, family_of(model), _destination(environ, model, files))


def _destination(
    environ: Mapping[str, str], model: str, files: Sequence[JsonObject]
) -> Destination:
    """Where it sends requests: to its own service, or to the provider of the model."""
    provider, separator, _ = model.partition("/")
    options = [object_in(file, "provider", provider, "options") for file in files]
    url = next(filter(None, (text_in(one, "baseURL") for one in options)), "")
    if "{" in url:  # of a variable or a file, which only it reads
        return replace(destination(environ), host=f"{provider}, at an address of your settings")
    there = destination(environ, url, name=f"provider.{provider}.options.baseURL")
    is_own = not separator or provider in ("opencode", family_of(model))
    return there if is_own or there.host else replace(there, host=provider)


def _last_used(state: Path) -> str:
    """The model that was chosen last in its own interface."""
    for entry in list_in(json_file(state / "opencode" / "model.json"), "recent"):
        provider, model = text_in(entry, "providerID"), text_in(entry, "modelID")
        if provider and model:
            return f"{provider}/{model}"
    return ""


class OpencodeReader:
    """Reads `--format json`."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._said = ""
        self._tokens = Tokens()
        self._reason = ""
        self._error: JsonObject | None = None
        self.attempts = Attempts()

    @property
    def is_over(self) -> bool:
        """Never before its end: it says nothing that only comes last."""
        return False

    def read(self, event: JsonObject) -> Iterator[ModelSignal]:
        """What one line means."""
        part = object_in(event, "part")
        match text_in(event, "type"):
            case "step_start":
                yield THINKING
            case "text":
                if self._said:  # what was said before is no part of the answer
                    yield Restarted()
                self._said = text_in(part, "text")
                yield TextDelta(self._said)
            case "tool_use":
                state = object_in(part, "state")
                is_ok = text_in(state, "status") == "completed"
                self.attempts.ended(is_ok=is_ok, said=text_in(state, "error"))
                given = object_in(state, "input")
                yield calling(text_in(part, "tool"), given, self._run.scratch.work)
            case "step_finish":
                self._reason = text_in(part, "reason")
                self._tokens = _sum(self._tokens, part)
                yield self._tokens
            case "error":
                self._error = object_in(event, "error")
            case _:
                pass

    def finish(self, ended: Exit) -> Iterator[ModelSignal]:
        """The end: an error counts whatever the exit status."""
        model = self._run.model
        if self._error is not None:
            data = object_in(self._error, "data")
            said = text_in(data, "message") or text_in(self._error, "name")
            status = count_in(data, "statusCode")
            raise failed(Opencode.label, said, environment_of(self._run), status)
        if not self._reason:
            raise unheard(Opencode.label, ended.code, ended.complaint)
        yield self._tokens
        if self._reason == _FILTERED:
            yield Finished(Stop.REFUSED, model)
            return
        if self._reason == _MAX_LENGTH:
            yield Finished(Stop.TRUNCATED, model, echo=self._said)
            return
        if not self._said.strip():
            raise no_answer(Opencode.label, "its last message is empty")
        yield Finished(Stop.OK, model, echo=self._said)


def _sum(before: Tokens, part: JsonObject) -> Tokens:
    """What was used so far and in this step; it counts cached and reasoning tokens apart."""
    tokens = object_in(part, "tokens")
    read = count_in(object_in(tokens, "cache"), "read") or 0
    written = count_in(object_in(tokens, "cache"), "write") or 0
    reasoning = count_in(tokens, "reasoning") or 0
    # 0 is what it says of a model whose price it does not know.
    cost = amount_in(part, "cost") or None
    return Tokens(
        input=before.input + (count_in(tokens, "input") or 0) + read + written,
        cached=before.cached + read,
        cache_written=before.cache_written + written,
        output=before.output + (count_in(tokens, "output") or 0) + reasoning,
        reasoning=before.reasoning + reasoning,
        cost=before.cost if cost is None else (before.cost or 0.0) + cost,
    )
