"""Gemini CLI (reference `providers.md`, section 6: 0.61.0, seen running).

It obeys the GEMINI.md of any folder it runs in, so the copy that it runs in is without such files.
It has a home of its own to which only its login is linked: no session stays behind, and the user's
servers, hooks and extensions are not started either.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from xreview.agents.attempts import Attempts
from xreview.agents.doing import calling
from xreview.agents.failures import failed, no_answer, unheard
from xreview.agents.finding.detected import Configured, Login
from xreview.agents.finding.elsewhere import destination
from xreview.agents.finding.settings_files import json_file
from xreview.agents.program import Exit, Run
from xreview.agents.prompt import prompt_of
from xreview.agents.running.environment import agent_environment
from xreview.agents.running.process import AgentCommand
from xreview.domain.authorship.family import family_of
from xreview.ports.json_value import JsonObject, count_in, object_in, text_in
from xreview.ports.model import Finished, ModelSignal, Restarted, Stop, TextDelta, Tokens
from xreview.ports.request import Structure

VARIABLES = (
    "GEMINI_API_KEY",
    "GOOGLE_API_KEY",
    "GOOGLE_GENAI_USE_VERTEXAI",
    "GOOGLE_CLOUD_PROJECT",
    "GOOGLE_CLOUD_LOCATION",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GOOGLE_GEMINI_BASE_URL",
)
"""What it gets of the user's environment beside what all agents get."""

LOGIN_FILES = ("oauth_creds.json", "gemini-credentials.json")
"""Where a login is kept, in `.gemini` of its home."""

_LINKED = (*LOGIN_FILES, "google_accounts.json", "installation_id")
_REFUSED = ("blocked", "safety", "prohibited", "blocklist", "recitation", "spii")


class GeminiCli:
    """`gemini -p`."""

    label = "Gemini CLI"
    structured = False

    def command(self, run: Run) -> AgentCommand:
        """How to start it."""
        home = run.scratch.top / "home"
        run.scratch.write("home/.gemini/settings.json", json.dumps(_settings(run)))
        # It takes variables, its server's address too, from the nearest `.env` above: this one.
        run.scratch.write(".env", "")
        for name in _LINKED:
            login = gemini_folder(run.environ) / name
            if login.is_file():
                (home / ".gemini" / name).symlink_to(login)
        argv = [str(run.program), "-o", "stream-json", "--approval-mode", "plan", "--skip-trust"]
        argv += ["-e", "none"]
        if run.model:
            argv += ["-m", run.model]
        argv += ["-p", "Do what the text before this line asks for."]
        environment = {**environment_of(run), "GEMINI_CLI_HOME": str(home)}
        prompt = prompt_of(run.request, Structure.PLAIN, with_instructions=True)
        return AgentCommand(argv, run.scratch.work, environment, prompt)

    def trial(self, run: Run) -> None:
        """Its tools are its own: nothing can be missing."""

    def reader(self, run: Run) -> "GeminiReader":
        """Reads its events."""
        return GeminiReader(run)


def environment_of(run: Run) -> dict[str, str]:
    """What it is started with: its own login."""
    return agent_environment(run.environ, run.readable.top, run.scratch.temporary, VARIABLES)


def gemini_folder(environ: Mapping[str, str]) -> Path:
    """Where it keeps the user's settings and login."""
    home = environ.get("GEMINI_CLI_HOME") or environ.get("HOME", "")
    return Path(home, ".gemini")


def _settings(run: Run) -> dict[str, object]:
    tools = ["read_file", "read_many_files", "list_directory", "glob", "grep_search"]
    settings: dict[str, object] = {
        "security": {"auth": {"selectedType": _auth(run.environ)}},
        "tools": {"core": tools if run.readable.copy_to else []},
        "hooksConfig": {"enabled": False},
        "mcp": {"allowed": []},
        # It would obey the GEMINI.md of folders above too, where others may write.
        "context": {"memoryBoundaryMarkers": []},
        "privacy": {"usageStatisticsEnabled": False},
        "telemetry": {"enabled": False},
        "general": {"enableAutoUpdate": False, "enableAutoUpdateNotification": False},
        "skills": {"enabled": False},
    }
    return settings


def _auth(environ: Mapping[str, str]) -> str:
    """The kind of login, as its settings call it."""
    if environ.get("GEMINI_API_KEY"):
        return "gemini-api-key"
    if environ.get("GOOGLE_GENAI_USE_VERTEXAI") == "true":
        return "vertex-ai"
    return "oauth-personal"


def configured(environ: Mapping[str, str], model: str) -> Configured:
    """Its login and model, by its own variables and files (geminicli.com, configuration)."""
    folder = gemini_folder(environ)
    model = model or environ.get("GEMINI_MODEL", "")
    model = model or text_in(object_in(json_file(folder / "settings.json"), "model"), "name")
    keys = ("GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_APPLICATION_CREDENTIALS")
    files = (folder / name for name in LOGIN_FILES)
    known = any(environ.get(key) for key in keys) or any(file.is_file() for file in files)
    login = Login.LOGGED_IN if known else Login.LOGGED_OUT
    name = "GOOGLE_GEMINI_BASE_URL"
    there = destination(environ, environ.get(name, ""), "googleapis.com", name=name)
    usual = "" if there.host else "google"
    return Configured(login, model, family_of(model) or usual, there)


class GeminiReader:
    """Reads `-o stream-json`."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._said = ""
        self._is_void = False
        self._model = ""
        self._error = ""
        self._result: JsonObject = {}
        self.attempts = Attempts()

    @property
    def is_over(self) -> bool:
        """Whether the `result` has come."""
        return bool(self._result)

    def read(self, event: JsonObject) -> Iterator[ModelSignal]:
        """What one line means."""
        match text_in(event, "type"):
            case "init":
                self._model = text_in(event, "model")
            case "message" if text_in(event, "role") == "assistant":
                yield from self._say(text_in(event, "content"))
            case "tool_use":
                # What was said before is no part of the answer.
                self._is_void = True
                parameters = object_in(event, "parameters")
                yield calling(text_in(event, "tool_name"), parameters, self._run.scratch.work)
            case "tool_result":
                is_ok = text_in(event, "status") == "success"
                said = text_in(object_in(event, "error"), "message") or text_in(event, "output")
                self.attempts.ended(is_ok=is_ok, said=said)
            case "error":
                self._error = text_in(event, "message") or "?"
            case "result":
                self._result = event
                error = object_in(event, "error")
                self._error = text_in(error, "message") or self._error
            case _:
                pass

    def finish(self, ended: Exit) -> Iterator[ModelSignal]:
        """The end: an error counts whatever the exit status."""
        stats = object_in(self._result, "stats")
        if stats:
            yield _tokens(stats)
        environment = environment_of(self._run)
        if self._error or (self._result and text_in(self._result, "status") != "success"):
            if any(word in self._error.lower() for word in _REFUSED):
                yield Finished(Stop.REFUSED, self._model)
                return
            raise failed(GeminiCli.label, self._error, environment)
        if not self._result:
            raise unheard(GeminiCli.label, ended.code, ended.complaint)
        if not self._said.strip() or self._is_void:
            raise no_answer(GeminiCli.label, "its last message is empty")
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


def _tokens(stats: JsonObject) -> Tokens:
    return Tokens(
        input=count_in(stats, "input_tokens") or 0,
        cached=count_in(stats, "cached") or 0,
        output=max(
            (count_in(stats, "total_tokens") or 0) - (count_in(stats, "input_tokens") or 0),
            count_in(stats, "output_tokens") or 0,
        ),
    )
