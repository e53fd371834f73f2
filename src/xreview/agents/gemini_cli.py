"""Gemini CLI (reference `providers.md`, section 6; tested with 0.61.0).

It obeys any GEMINI.md in its working directory, so its copy of the files has none. Its home folder
is temporary and contains only links to the login: no session remains, and the user's servers, hooks
and extensions don't start.

In the write mode, its tools can only read and change the tree, also through links, and a policy
permits exactly the checks, which run without a sandbox. Nothing keeps it from obeying an `.env` in
the tree, so it doesn't start there. It takes no schema, and has no limit for its cost.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from xreview.agents.base.activity import tool_activity
from xreview.agents.base.agent import (
    Agent,
    AgentCommand,
    AgentEventReader,
    AgentSetup,
    Exit,
    Login,
    Run,
)
from xreview.agents.base.destination import destination, json_file
from xreview.agents.base.failures import exit_error, no_answer_error, reported_error
from xreview.domain.authorship.family import family_of
from xreview.ports.json_value import JsonObject, count_in, object_in, text_in
from xreview.ports.model import Doing, Finished, ModelSignal, Restarted, Stop, TextDelta, Tokens
from xreview.ports.request import Structure

_KEYS = ("GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_APPLICATION_CREDENTIALS")
_BASE_URL = "GOOGLE_GEMINI_BASE_URL"
_LOGIN_FILES = ("oauth_creds.json", "gemini-credentials.json")
_LINKED = (*_LOGIN_FILES, "google_accounts.json", "installation_id")
_READ_TOOLS = ("read_file", "read_many_files", "list_directory", "glob", "grep_search")
_WRITE_TOOLS = ("replace", "write_file")
_SHELL = "run_shell_command"
_SPECIAL = re.compile(r'[-\[\]{}()*+?.,\\^$|#\s"/]')
_ESCAPED = r"\\\g<0>"
"""What has a meaning in JavaScript's regular expressions, and how it loses that."""

_NO_COMMANDS = {"argsPattern": ".", "decision": "deny", "priority": 800}
"""Without this rule, the list of tools would permit all commands."""

_REFUSED = ("blocked", "safety", "prohibited", "blocklist", "recitation", "spii")


class GeminiCli(Agent):
    """`gemini -p`."""

    def command(self, run: Run) -> AgentCommand:
        """Return how to start it."""
        home = run.scratch.top / "home"
        run.scratch.write("home/.gemini/settings.json", json.dumps(_settings(run)))
        # It reads variables, including its server's URL, from the nearest `.env` above: this one.
        run.scratch.write(".env", "")
        for name in _LINKED:
            login = gemini_folder(run.environ) / name
            if login.is_file():
                (home / ".gemini" / name).symlink_to(login)
        if run.writable is not None:
            # Apart, so that nothing is permitted if the second isn't understood.
            run.scratch.write("home/.gemini/policies/shell.toml", _rule(_NO_COMMANDS))
            run.scratch.write("home/.gemini/policies/checks.toml", _rules(run.writable.commands))
        mode = "auto_edit" if run.writable else "plan"
        argv = [str(run.program), "-o", "stream-json", "--approval-mode", mode, "--skip-trust"]
        argv += ["-e", "none"]
        if run.model:
            argv += ["-m", run.model]
        argv += ["-p", "Do what the text before this line asks for."]
        environment = {**self.environment(run), "GEMINI_CLI_HOME": str(home)}
        return AgentCommand(argv, run.folder, environment, run.prompt(Structure.PLAIN))

    def reader(self, run: Run) -> "GeminiReader":
        """Return the reader of its events."""
        return GeminiReader(run)

    def setup(self, environ: Mapping[str, str], model: str) -> AgentSetup:
        """Read its login and model (geminicli.com, configuration)."""
        folder = gemini_folder(environ)
        model = model or environ.get("GEMINI_MODEL", "")
        model = model or text_in(object_in(json_file(folder / "settings.json"), "model"), "name")
        files = (folder / name for name in _LOGIN_FILES)
        known = any(environ.get(key) for key in _KEYS) or any(file.is_file() for file in files)
        login = Login.LOGGED_IN if known else Login.LOGGED_OUT
        there = destination(environ, environ.get(_BASE_URL, ""), "googleapis.com", name=_BASE_URL)
        usual = "" if there.host else "google"
        return AgentSetup(login, model, family_of(model) or usual, there)


PROVIDER = GeminiCli(
    name="gemini-cli",
    label="Gemini CLI",
    program="gemini",
    package="@google/gemini-cli",
    tested=(0, 61),
    variables=(
        *_KEYS,
        _BASE_URL,
        "GOOGLE_GENAI_USE_VERTEXAI",
        "GOOGLE_CLOUD_PROJECT",
        "GOOGLE_CLOUD_LOCATION",
    ),
    obeys_folder=True,
    instructions=("gemini.md", ".gemini", ".geminiignore"),
)


def gemini_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder with the user's settings and login."""
    home = environ.get("GEMINI_CLI_HOME") or environ.get("HOME", "")
    return Path(home, ".gemini")


def _settings(run: Run) -> dict[str, object]:
    return {
        "security": {"auth": {"selectedType": _auth(run.environ)}},
        "tools": {"core": _tools(run)},
        "hooksConfig": {"enabled": False},
        "mcp": {"allowed": []},
        # It would also obey a GEMINI.md in folders above, where others can write.
        "context": {"memoryBoundaryMarkers": [], "fileName": [f"none-{run.marker}"]},
        "privacy": {"usageStatisticsEnabled": False},
        "telemetry": {"enabled": False},
        "general": {"enableAutoUpdate": False, "enableAutoUpdateNotification": False},
        "skills": {"enabled": False},
    }


def _tools(run: Run) -> list[str]:
    if run.writable is not None:
        return [*_READ_TOOLS, *_WRITE_TOOLS, *([_SHELL] if run.writable.checks else [])]
    return list(_READ_TOOLS) if run.readable.copy_to else []


def _rules(commands: Sequence[str]) -> str:
    """Return the policy that permits exactly these commands.

    It matches the call's arguments as JSON, with a NUL around each (the package's policy-engine.md,
    and `stableStringify` in its code).
    """
    said = (f'"command":{json.dumps(command, ensure_ascii=False)}' for command in commands)
    patterns = (rf"\0{_SPECIAL.sub(_ESCAPED, one)}\0" for one in said)
    allowed = {"decision": "allow", "priority": 900}
    return "\n".join(_rule({"argsPattern": pattern, **allowed}) for pattern in patterns)


def _rule(fields: Mapping[str, object]) -> str:
    """Return a rule for the shell as TOML, whose texts and numbers are written as in JSON."""
    given = {"toolName": _SHELL, **fields}
    rows = (f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in given.items())
    return "\n".join(("[[rule]]", *rows, ""))


def _auth(environ: Mapping[str, str]) -> str:
    """Return its settings' name for the kind of login."""
    if environ.get("GEMINI_API_KEY"):
        return "gemini-api-key"
    if environ.get("GOOGLE_GENAI_USE_VERTEXAI") == "true":
        return "vertex-ai"
    return "oauth-personal"


class GeminiReader(AgentEventReader):
    """Reads `-o stream-json`."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._said = ""
        self._is_void = False
        self._model = ""
        self._error = ""
        self._result: JsonObject = {}
        self._calls: dict[str, Doing] = {}

    @property
    def is_over(self) -> bool:
        """Whether the `result` has arrived."""
        return bool(self._result)

    def read(self, event: JsonObject) -> Iterator[ModelSignal]:
        """Return the signals of one line."""
        match text_in(event, "type"):
            case "init":
                self._model = text_in(event, "model")
            case "message" if text_in(event, "role") == "assistant":
                yield from self._say(text_in(event, "content"))
            case "tool_use":
                # Earlier text isn't part of the answer.
                self._is_void = True
                parameters = object_in(event, "parameters")
                name = text_in(event, "tool_name")
                activity = tool_activity(name, parameters, self._run.folder)
                self._calls[text_in(event, "tool_id")] = activity
                yield activity
            case "tool_result":
                is_ok = text_in(event, "status") == "success"
                output = text_in(object_in(event, "error"), "message") or text_in(event, "output")
                self.attempts.add(is_ok=is_ok, output=output)
                known = self._calls.get(text_in(event, "tool_id"))
                if known is not None and _is_denied(event):
                    yield from self.refusals.add(known)
            case "error":
                self._error = text_in(event, "message") or "?"
            case "result":
                self._result = event
                error = object_in(event, "error")
                self._error = text_in(error, "message") or self._error
            case _:
                pass

    def finish(self, ended: Exit) -> Iterator[ModelSignal]:
        """Return the end; an error counts whatever the exit status."""
        stats = object_in(self._result, "stats")
        if stats:
            yield _tokens(stats)
        if self._error or (self._result and text_in(self._result, "status") != "success"):
            if any(word in self._error.lower() for word in _REFUSED):
                yield Finished(Stop.REFUSED, self._model)
                return
            raise reported_error(PROVIDER, self._run, self._error)
        if not self._result:
            raise exit_error(PROVIDER, ended)
        if not self._said.strip() or self._is_void:
            raise no_answer_error(PROVIDER)
        yield Finished(Stop.OK, self._model, echo=self._said)

    def _say(self, text: str) -> Iterator[ModelSignal]:
        if not text:
            return
        if self._is_void and self._said:
            self._said = ""
            yield Restarted()
        self._is_void = False
        self._said += text
        yield TextDelta(text)


def _is_denied(event: JsonObject) -> bool:
    """Return whether a call was refused: by the policy, or as outside of the tree."""
    error = object_in(event, "error")
    is_outside = text_in(error, "message").startswith("Path not in workspace")
    return text_in(error, "type") == "policy_violation" or is_outside


def _tokens(stats: JsonObject) -> Tokens:
    return Tokens(
        input=count_in(stats, "input_tokens") or 0,
        cached=count_in(stats, "cached") or 0,
        output=max(
            (count_in(stats, "total_tokens") or 0) - (count_in(stats, "input_tokens") or 0),
            count_in(stats, "output_tokens") or 0,
        ),
    )
