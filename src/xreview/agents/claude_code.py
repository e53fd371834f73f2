"""Claude Code (reference `providers.md`, section 6: 2.1.330, seen running).

It runs in a copy of what may be read. `--restricted`, `--safe-mode` and no setting sources keep
settings, hooks, servers and instructions out, and its tools only read, and only there.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from xreview.agents.amount import amount_in
from xreview.agents.attempts import Attempts
from xreview.agents.doing import THINKING, calling
from xreview.agents.failures import failed, no_answer, unheard
from xreview.agents.finding.detected import Configured, Login
from xreview.agents.finding.elsewhere import (
    PROXIES,
    Destination,
    destination,
    json_variables,
)
from xreview.agents.finding.settings_files import json_file
from xreview.agents.program import Exit, Run
from xreview.agents.prompt import prompt_of
from xreview.agents.running.environment import agent_environment
from xreview.agents.running.process import AgentCommand
from xreview.domain.authorship.family import family_of
from xreview.ports.json_value import JsonObject, count_in, list_in, object_in, text_in
from xreview.ports.model import (
    Doing,
    Finished,
    ModelSignal,
    Restarted,
    Stop,
    TextDelta,
    Tokens,
    Waiting,
)
from xreview.ports.request import Structure

VARIABLES = (
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "ANTHROPIC_BASE_URL",
    "CLAUDE_CODE_OAUTH_TOKEN",
    "CLAUDE_CONFIG_DIR",
)
"""What it gets of the user's environment beside what all agents get."""

MANAGED = (
    Path("/etc/claude-code/managed-settings.json"),
    Path("/Library/Application Support/ClaudeCode/managed-settings.json"),
)
"""Where an administrator's settings are, which nothing switches off."""

_CLOUDS = (
    ("CLAUDE_CODE_USE_BEDROCK", "ANTHROPIC_BEDROCK_BASE_URL", "Amazon Bedrock"),
    ("CLAUDE_CODE_USE_VERTEX", "ANTHROPIC_VERTEX_BASE_URL", "Google Vertex AI"),
    ("CLAUDE_CODE_USE_FOUNDRY", "ANTHROPIC_FOUNDRY_BASE_URL", "Microsoft Foundry"),
)
"""What sends its requests to a cloud instead, the variable of that one's address, its name."""

_ANSWER_TOOL = "StructuredOutput"
_LOGIN_REFUSED = (401, 403)
_LOGIN_ATTEMPTS = 3
"""It renews an expired login between two attempts, so the first refusals are not the last word."""
_FLAGS = (
    "-p",
    *("--output-format", "stream-json", "--verbose", "--include-partial-messages"),
    *("--restricted", "--safe-mode", "--strict-mcp-config", "--setting-sources", ""),
    *("--tools", "Read,Grep,Glob", "--permission-mode", "dontAsk"),
    *("--permission-prompts", "none", "--no-session-persistence", "--disable-slash-commands"),
)


class ClaudeCode:
    """`claude -p`."""

    label = "Claude Code"
    structured = True

    def command(self, run: Run) -> AgentCommand:
        """How to start it."""
        request = run.request
        argv = [str(run.program), *_FLAGS]
        if run.model:
            argv += ["--model", run.model]
        if run.effort:
            argv += ["--effort", run.effort]
        if request.instructions:
            # In a file, since one argument may not be longer than 128 kB.
            path = run.scratch.write("system.txt", request.instructions)
            argv += ["--system-prompt-file", str(path)]
        if request.schema is not None:
            argv += ["--json-schema", json.dumps(request.schema)]
        prompt = prompt_of(request, Structure.SCHEMA, with_instructions=False)
        return AgentCommand(argv, run.scratch.work, environment_of(run), prompt)

    def trial(self, run: Run) -> None:
        """Its tools are its own: nothing can be missing."""

    def reader(self, run: Run) -> "ClaudeReader":
        """Reads its stream."""
        return ClaudeReader(run)


def environment_of(run: Run) -> dict[str, str]:
    """What it is started with: its own login, and no analytics."""
    own = agent_environment(run.environ, run.readable.top, run.scratch.temporary, VARIABLES)
    return {
        **own,
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "CLAUDE_CODE_MAX_OUTPUT_TOKENS": str(run.request.max_output_tokens),
        "DISABLE_AUTOUPDATER": "1",
    }


def configured(environ: Mapping[str, str], model: str) -> Configured:
    """Its login and model, by its own variables and files (docs: code.claude.com, settings)."""
    folder = Path(environ.get("CLAUDE_CONFIG_DIR") or Path(environ.get("HOME", ""), ".claude"))
    model = model or environ.get("ANTHROPIC_MODEL", "")
    model = model or text_in(json_file(folder / "settings.json"), "model")
    there = _destination(environ, folder)
    # Behind another address its usual model may be anybody's.
    usual = "" if there.host else "anthropic"
    return Configured(_login(environ, folder), model, family_of(model) or usual, there)


def _destination(environ: Mapping[str, str], folder: Path) -> Destination:
    """Where it sends requests: by what it is started with, and what files add even so.

    It takes no settings of the user's, but the `env` of its global file and of an administrator's.
    """
    own = environ.get("CLAUDE_CONFIG_DIR")
    state = Path(own, ".claude.json") if own else Path(environ.get("HOME", ""), ".claude.json")
    given = {name: environ[name] for name in (*VARIABLES, *PROXIES) if name in environ}
    variables = {**given, **json_variables(state, *MANAGED)}
    for switch, name, cloud in _CLOUDS:
        if variables.get(switch, "").lower() not in ("", "0", "false"):
            there = destination(variables, variables.get(name, ""), name=name)
            return replace(there, host=there.host or cloud)
    name = "ANTHROPIC_BASE_URL"
    return destination(variables, variables.get(name, ""), "anthropic.com", name=name)


def _login(environ: Mapping[str, str], folder: Path) -> Login:
    keys = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN")
    if any(environ.get(key) for key in keys) or (folder / ".credentials.json").is_file():
        return Login.LOGGED_IN
    # macOS keeps it in the keychain; having been started at all leaves traces.
    return Login.UNKNOWN if sys.platform == "darwin" and folder.is_dir() else Login.LOGGED_OUT


class ClaudeReader:
    """Reads `--output-format stream-json`."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._has_schema = run.request.schema is not None
        self._answering = False
        self._said = ""
        self._model = ""
        self._stop = ""
        self._detail = ""
        self._result: JsonObject = {}
        self._reading: set[str] = set()
        self.attempts = Attempts()

    @property
    def is_over(self) -> bool:
        """Whether the `result` has come."""
        return bool(self._result)

    def read(self, event: JsonObject) -> Iterator[ModelSignal]:
        """What one line of the stream means."""
        match text_in(event, "type"):
            case "stream_event" if not event.get("parent_tool_use_id"):
                yield from self._streamed(object_in(event, "event"))
            case "assistant":
                for block in list_in(object_in(event, "message"), "content"):
                    yield from self._called(object_in(block))
            case "user":
                for block in list_in(object_in(event, "message"), "content"):
                    self._came_back(object_in(block))
            case "system" if text_in(event, "subtype") == "api_retry":
                yield self._retry(event)
            case "result":
                self._result = event
            case _:
                pass

    def finish(self, ended: Exit) -> Iterator[ModelSignal]:
        """The end: `is_error` counts, never `subtype`, which says success for failures too."""
        result = self._result
        if not result:
            raise unheard(ClaudeCode.label, ended.code, ended.complaint)
        yield _tokens(result)
        stop = text_in(result, "stop_reason") or self._stop
        if stop == "refusal":
            yield Finished(Stop.REFUSED, self._model, self._detail)
            return
        if result.get("is_error") is not False:
            raise self._failure(result)
        answer = result.get("structured_output")
        if self._has_schema and answer is not None:
            text = json.dumps(answer, ensure_ascii=False)
            yield Finished(Stop.OK, self._model, echo=text, answer=text)
            return
        said = text_in(result, "result")
        if stop == "max_tokens":
            yield Finished(Stop.TRUNCATED, self._model, echo=said)
            return
        if not said.strip():
            raise no_answer(ClaudeCode.label, "its last message is empty")
        if self._said != said:
            if self._said:
                yield Restarted()
            yield TextDelta(said)
            yield _tokens(result)
        yield Finished(Stop.OK, self._model, echo=said)

    def _streamed(self, event: JsonObject) -> Iterator[ModelSignal]:
        match text_in(event, "type"):
            case "message_start":
                self._model = text_in(object_in(event, "message"), "model") or self._model
            case "content_block_start":
                yield from self._begun(object_in(event, "content_block"))
            case "content_block_delta":
                delta = object_in(event, "delta")
                if self._answering:
                    yield from self._say(text_in(delta, "partial_json"))
                elif not self._has_schema:
                    yield from self._say(text_in(delta, "text"))
            case "content_block_stop":
                self._answering = False
            case "message_delta":
                delta = object_in(event, "delta")
                self._stop = text_in(delta, "stop_reason") or self._stop
                detail = text_in(object_in(delta, "stop_details"), "explanation")
                self._detail = detail or self._detail
            case _:
                pass

    def _begun(self, block: JsonObject) -> Iterator[ModelSignal]:
        kind = text_in(block, "type")
        if kind == "thinking":
            yield THINKING
        self._answering = (
            self._has_schema and kind == "tool_use" and text_in(block, "name") == _ANSWER_TOOL
        )
        # Of several answers, and of texts between calls of tools, the last one counts.
        if (self._answering or (kind == "text" and not self._has_schema)) and self._said:
            self._said = ""
            yield Restarted()

    def _called(self, block: JsonObject) -> Iterator[ModelSignal]:
        name = text_in(block, "name")
        if text_in(block, "type") == "tool_use" and name != _ANSWER_TOOL:
            self._reading.add(text_in(block, "id"))
            yield calling(name, object_in(block, "input"), self._run.scratch.work)

    def _came_back(self, block: JsonObject) -> None:
        if (
            text_in(block, "type") == "tool_result"
            and text_in(block, "tool_use_id") in self._reading
        ):
            is_ok = block.get("is_error") is not True
            self.attempts.ended(is_ok=is_ok, said=text_in(block, "content"))

    def _say(self, text: str) -> Iterator[ModelSignal]:
        if text:
            self._said += text
            yield TextDelta(text)

    def _retry(self, event: JsonObject) -> Waiting | Doing:
        """What it says before another attempt; a refused login is tried for minutes otherwise."""
        status = count_in(event, "error_status")
        if status in _LOGIN_REFUSED and (count_in(event, "attempt") or 0) >= _LOGIN_ATTEMPTS:
            raise failed(ClaudeCode.label, "", {}, status)
        why = f"the server answered {status}" if status else "the server is not reached"
        delay = amount_in(event, "retry_delay_ms")
        if delay is None:
            return Doing(f"trying again: {why}")
        return Waiting(delay / 1000, f"Claude Code tries again: {why}.")

    def _failure(self, result: JsonObject) -> Exception:
        errors = [text for text in list_in(result, "errors") if isinstance(text, str)]
        said = text_in(result, "result") or "; ".join(errors) or text_in(result, "subtype")
        status = count_in(result, "api_error_status")
        return failed(ClaudeCode.label, said, environment_of(self._run), status)


def _tokens(result: JsonObject) -> Tokens:
    usage = object_in(result, "usage")
    cached = count_in(usage, "cache_read_input_tokens") or 0
    written = count_in(usage, "cache_creation_input_tokens") or 0
    return Tokens(
        input=(count_in(usage, "input_tokens") or 0) + cached + written,
        cached=cached,
        cache_written=written,
        output=count_in(usage, "output_tokens") or 0,
        reasoning=count_in(object_in(usage, "output_tokens_details"), "thinking_tokens") or 0,
        cost=amount_in(result, "total_cost_usd"),
    )
