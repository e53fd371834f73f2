"""Claude Code (reference `providers.md`, section 6; tested with 2.1.330).

It runs in a copy of the readable files. `--restricted`, `--safe-mode` and empty setting sources
exclude settings, hooks, servers and instructions, and its tools can only read that copy.

In the write mode, its tools can only read and change the tree, also through links, and it runs
exactly the checks, without a sandbox: what a check runs has the user's rights. It has no network
tools. It stops at its budget, with what it has changed.
"""

import json
import sys
from collections.abc import Iterator, Mapping
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
    WritableFolder,
)
from xreview.agents.base.destination import (
    PROXIES,
    Destination,
    destination,
    json_file,
    json_variables,
)
from xreview.agents.base.failures import exit_error, no_answer_error, reported_error
from xreview.domain.authorship.family import family_of
from xreview.domain.record import replace
from xreview.ports.failure import Failure, ModelError
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

_KEYS = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN")
_BASE_URL = "ANTHROPIC_BASE_URL"
_MANAGED = (
    Path("/etc/claude-code/managed-settings.json"),
    Path("/Library/Application Support/ClaudeCode/managed-settings.json"),
)
"""The administrator's settings, which can't be switched off."""

_CLOUDS = (
    ("CLAUDE_CODE_USE_BEDROCK", "ANTHROPIC_BEDROCK_BASE_URL", "Amazon Bedrock"),
    ("CLAUDE_CODE_USE_VERTEX", "ANTHROPIC_VERTEX_BASE_URL", "Google Vertex AI"),
    ("CLAUDE_CODE_USE_FOUNDRY", "ANTHROPIC_FOUNDRY_BASE_URL", "Microsoft Foundry"),
)
"""Clouds: the switch that selects one, the variable with its URL, its name."""

_OVER_BUDGET = "error_max_budget_usd"
_ANSWER_TOOL = "StructuredOutput"
_LOGIN_REFUSED = (401, 403)
_LOGIN_ATTEMPTS = 3
"""It renews an expired login between attempts, so the first rejections aren't final."""
_FLAGS = (
    "-p",
    *("--output-format", "stream-json", "--verbose", "--include-partial-messages"),
    *("--restricted", "--safe-mode", "--strict-mcp-config", "--setting-sources", ""),
    *("--permission-mode", "dontAsk", "--permission-prompts", "none"),
    *("--no-session-persistence", "--disable-slash-commands"),
)
_READ_TOOLS = ("Read", "Grep", "Glob")
_WRITE_TOOLS = (*_READ_TOOLS, "Edit", "Write")


class ClaudeCode(Agent):
    """`claude -p`."""

    def command(self, run: Run) -> AgentCommand:
        """Return how to start it."""
        request = run.request
        argv = [str(run.program), *_FLAGS]
        argv += _tools(run.writable) if run.writable else ["--tools", ",".join(_READ_TOOLS)]
        if run.budget is not None:
            argv += ["--max-budget-usd", f"{run.budget:.4f}"]
        if run.model:
            argv += ["--model", run.model]
        if run.effort:
            argv += ["--effort", run.effort]
        if request.instructions:
            # In a file, since an argument can have 128 kB at most.
            path = run.scratch.write("system.txt", request.instructions)
            argv += ["--system-prompt-file", str(path)]
        if request.schema is not None:
            argv += ["--json-schema", json.dumps(request.schema)]
        prompt = run.prompt(Structure.SCHEMA, with_instructions=False)
        return AgentCommand(argv, run.folder, self.environment(run), prompt)

    def reader(self, run: Run) -> "ClaudeReader":
        """Return the reader of its stream."""
        return ClaudeReader(run)

    def environment(self, run: Run) -> dict[str, str]:
        """Return its variables: its login, and no analytics."""
        return {
            **super().environment(run),
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            "CLAUDE_CODE_MAX_OUTPUT_TOKENS": str(run.request.max_output_tokens),
            "DISABLE_AUTOUPDATER": "1",
        }

    def setup(self, environ: Mapping[str, str], model: str) -> AgentSetup:
        """Read its login and model (code.claude.com/docs, settings)."""
        folder = Path(environ.get("CLAUDE_CONFIG_DIR") or Path(environ.get("HOME", ""), ".claude"))
        model = model or environ.get("ANTHROPIC_MODEL", "")
        model = model or text_in(json_file(folder / "settings.json"), "model")
        there = _destination(environ)
        # At another address, its default model can be anyone's.
        usual = "" if there.host else "anthropic"
        return AgentSetup(_login(environ, folder), model, family_of(model) or usual, there)


PROVIDER = ClaudeCode(
    name="claude-code",
    label="Claude Code",
    program="claude",
    package="@anthropic-ai/claude-code",
    tested=(2, 1),
    structured=True,
    variables=(*_KEYS, _BASE_URL, "CLAUDE_CONFIG_DIR"),
    instructions=("claude.md", "claude.local.md", ".claude"),
)


def _tools(writable: WritableFolder) -> list[str]:
    """Return the options for the tools of the write mode: files in the tree, and the checks."""
    checks = [one for one in writable.commands if "*" not in one]
    tools = (*_WRITE_TOOLS, "Bash") if checks else _WRITE_TOOLS
    allow = [f"Edit(/{writable.work}/**)", *(f"Bash({command})" for command in checks)]
    settings = {"permissions": {"allow": allow}, "disableAllHooks": True}
    return ["--tools", ",".join(tools), "--settings", json.dumps(settings)]


def _destination(environ: Mapping[str, str]) -> Destination:
    """Return where it sends requests.

    It ignores the user's settings, except the `env` of its global file and of the administrator's.
    """
    own = environ.get("CLAUDE_CONFIG_DIR")
    state = Path(own, ".claude.json") if own else Path(environ.get("HOME", ""), ".claude.json")
    given = {name: environ[name] for name in (*PROVIDER.variables, *PROXIES) if name in environ}
    variables = {**given, **json_variables(state, *_MANAGED)}
    for switch, name, cloud in _CLOUDS:
        if variables.get(switch, "").lower() not in ("", "0", "false"):
            there = destination(variables, variables.get(name, ""), name=name)
            return replace(there, host=there.host or cloud)
    return destination(variables, variables.get(_BASE_URL, ""), "anthropic.com", name=_BASE_URL)


def _login(environ: Mapping[str, str], folder: Path) -> Login:
    if any(environ.get(key) for key in _KEYS) or (folder / ".credentials.json").is_file():
        return Login.LOGGED_IN
    # macOS keeps the login in the keychain; the folder shows that the agent has run.
    return Login.UNKNOWN if sys.platform == "darwin" and folder.is_dir() else Login.LOGGED_OUT


class ClaudeReader(AgentEventReader):
    """Reads `--output-format stream-json`."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._has_schema = run.request.schema is not None
        self._answering = False
        self._said = ""
        self._model = ""
        self._stop = ""
        self._detail = ""
        self._result: JsonObject = {}
        self._calls: dict[str, Doing] = {}

    @property
    def is_over(self) -> bool:
        """Whether the `result` has arrived."""
        return bool(self._result)

    def read(self, event: JsonObject) -> Iterator[ModelSignal]:
        """Return the signals of one line."""
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
            case "system" if text_in(event, "subtype") == "permission_denied":
                usual = Doing(f"using {text_in(event, 'tool_name')}")
                yield from self.refusals.add(self._calls.get(text_in(event, "tool_use_id"), usual))
            case "result":
                self._result = event
            case _:
                pass

    def finish(self, ended: Exit) -> Iterator[ModelSignal]:
        """Return the end; `is_error` decides, since `subtype` says success for failures too."""
        result = self._result
        if not result:
            raise exit_error(PROVIDER, ended)
        yield _tokens(result)
        for denial in list_in(result, "permission_denials"):
            given = object_in(denial, "tool_input")
            name = text_in(denial, "tool_name")
            yield from self.refusals.add(tool_activity(name, given, self._run.folder))
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
            raise no_answer_error(PROVIDER)
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
        # The last answer counts, and the last text between tool calls.
        if (self._answering or (kind == "text" and not self._has_schema)) and self._said:
            self._said = ""
            yield Restarted()

    def _called(self, block: JsonObject) -> Iterator[ModelSignal]:
        name = text_in(block, "name")
        if text_in(block, "type") == "tool_use" and name != _ANSWER_TOOL:
            activity = tool_activity(name, object_in(block, "input"), self._run.folder)
            self._calls[text_in(block, "id")] = activity
            yield activity

    def _came_back(self, block: JsonObject) -> None:
        if text_in(block, "type") == "tool_result" and text_in(block, "tool_use_id") in self._calls:
            is_ok = block.get("is_error") is not True
            self.attempts.add(is_ok=is_ok, output=text_in(block, "content"))

    def _say(self, text: str) -> Iterator[ModelSignal]:
        if text:
            self._said += text
            yield TextDelta(text)

    def _retry(self, event: JsonObject) -> Waiting | Doing:
        """Report a retry, or stop a rejected login, which it would retry for minutes."""
        status = count_in(event, "error_status")
        if status in _LOGIN_REFUSED and (count_in(event, "attempt") or 0) >= _LOGIN_ATTEMPTS:
            raise reported_error(PROVIDER, self._run, "", status)
        why = f"the server answered {status}" if status else "the server can't be reached"
        delay = amount_in(event, "retry_delay_ms")
        if delay is None:
            return Doing(f"retrying: {why}")
        return Waiting(delay / 1000, f"Claude Code retries: {why}.")

    def _failure(self, result: JsonObject) -> ModelError:
        budget = self._run.budget
        if text_in(result, "subtype") == _OVER_BUDGET and budget is not None:
            return ModelError(
                Failure.MONEY,
                f"{PROVIDER.label} has spent the ${budget:.2f} that it may cost, and stopped.",
                "Raise `budget`, or ask for less at once.",
            )
        errors = [text for text in list_in(result, "errors") if isinstance(text, str)]
        said = text_in(result, "result") or "; ".join(errors) or text_in(result, "subtype")
        status = count_in(result, "api_error_status")
        return reported_error(PROVIDER, self._run, said, status)


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
