"""Codex (reference `providers.md`, section 6; tested with 0.171.0).

It runs in a copy of the readable files, without the user's configuration. Its shell has no network
and can only read that copy and what any program needs: a permission profile
(developers.openai.com/codex/permissions) is stricter than `-s read-only`, which reads everything.

In the write mode, it runs any command, in a sandbox that can only change the tree (except `.git`
and `.codex`) and its temporary folder. Checks that need a network, or programs of the home folder,
fail in it. It doesn't report a patch that it refused, and has no limit for its cost.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from xreview.agents.base.activity import THINKING, edit_activity, shell_activity
from xreview.agents.base.agent import (
    Agent,
    AgentCommand,
    AgentEventReader,
    AgentSetup,
    Exit,
    Login,
    Probe,
    Run,
)
from xreview.agents.base.destination import (
    PROXIES,
    Destination,
    destination,
    file_variables,
    toml_file,
)
from xreview.agents.base.failures import exit_error, no_answer_error, reported_error
from xreview.domain.authorship.family import family_of
from xreview.domain.record import dataclass, replace
from xreview.ports.json_value import JsonObject, count_in, list_in, object_in, text_in
from xreview.ports.model import Doing, Finished, ModelSignal, Stop, TextDelta, Tokens
from xreview.ports.request import Structure

_KEYS = ("CODEX_API_KEY", "CODEX_ACCESS_TOKEN")
_MANAGED = (Path("/etc/codex/managed_config.toml"), Path("/etc/codex/config.toml"))
"""The administrator's configuration, which can't be switched off."""

_FLAGS = (
    *("exec", "--json", "--ephemeral", "--ignore-user-config", "--ignore-rules"),
    "--skip-git-repo-check",
)
_SETTINGS = (
    "project_doc_max_bytes=0",
    "analytics.enabled=false",
    'web_search="disabled"',
    "check_for_update_on_startup=false",
    "skills.include_instructions=false",
    'shell_environment_policy.inherit="core"',
    # Switches its own agents off; disabling the feature doesn't, since models override it.
    "agents.enabled=false",
)
_DISABLED = (
    *("multi_agent", "multi_agent_v2", "goals", "hooks", "plugins", "apps", "image_generation"),
    *("shell_snapshot", "browser_use", "computer_use", "memories", "view_image", "sleep_tool"),
    "tool_suggest",
)
_DECLINED = "declined"
_NO_SANDBOX = (
    (r"(?i)bubblewrap is unavailable", "its sandbox needs bubblewrap, which isn't installed"),
    (r"(?i)namespace|operation not permitted", "this system doesn't let it create a sandbox"),
    (r"(?i)landlock", "its sandbox needs Landlock, which this system lacks"),
    (r"execvp .*: No such file", "its sandbox can't find its own program"),
)
_PACKED = ("vendor/*/bin/codex", "vendor/*/codex/codex", "vendor/*/codex-path/rg")
"""The programs in a platform's package: Codex itself, and its search."""


@dataclass(frozen=True, kw_only=True)
class Codex(Agent):
    """`codex exec`.

    Args:
        further: more settings for `-c`, after ours, such as another server.
    """

    further: Sequence[str] = ()

    def command(self, run: Run) -> AgentCommand:
        """Return how to start it."""
        request = run.request
        argv = [str(run.program), *_FLAGS, "-C", str(run.folder)]
        for setting in (*_SETTINGS, *self.further, *_sandbox(run)):
            argv += ["-c", setting]
        for feature in _DISABLED:
            argv += ["--disable", feature]
        if run.model:
            argv += ["-m", run.model]
        if run.effort:
            argv += ["-c", f'model_reasoning_effort="{run.effort}"']
        if request.schema is not None:
            path = run.scratch.write("schema.json", json.dumps(request.schema))
            argv += ["--output-schema", str(path)]
        prompt = run.prompt(Structure.SCHEMA)
        return AgentCommand([*argv, "-"], run.folder, self.environment(run), prompt)

    def probe(self, run: Run) -> Probe:
        """Try its sandbox; without one it would answer without having read anything."""
        argv = [str(run.program), "sandbox", "-P", "review", "-C", str(run.folder)]
        for setting in _sandbox(run):
            argv += ["-c", setting]
        argv += ["--", *_trial_of(run)]
        command = AgentCommand(argv, run.folder, self.environment(run), b"")
        return Probe(command, _why_no_sandbox)

    def reader(self, run: Run) -> "CodexReader":
        """Return the reader of its events."""
        return CodexReader(run)

    def setup(self, environ: Mapping[str, str], model: str) -> AgentSetup:
        """Read its login and model (developers.openai.com/codex)."""
        folder = Path(environ.get("CODEX_HOME") or Path(environ.get("HOME", ""), ".codex"))
        settings = toml_file(folder / "config.toml")
        # Another provider's model isn't available, since the configuration is ignored.
        if not model and text_in(settings, "model_provider") in ("", "openai"):
            model = text_in(settings, "model")
        login = _login(environ, folder, settings)
        return AgentSetup(login, model, family_of(model) or "openai", _destination(environ, folder))


PROVIDER = Codex(
    name="codex",
    label="Codex",
    program="codex",
    package="@openai/codex",
    tested=(0, 171),
    structured=True,
    variables=(*_KEYS, "CODEX_HOME"),
    instructions=("agents.override.md", ".codex"),
)


def _sandbox(run: Run) -> tuple[str, ...]:
    """Return the settings for the files that its shell can read, and in the write mode change.

    They include its own program, which it starts again inside the sandbox. The tree's `.git` and
    `.codex` can't be changed in any profile.
    """
    rights = dict.fromkeys((":minimal", *map(str, own_files(run.program))), "read")
    rights[":workspace_roots"] = "write" if run.writable else "read"
    if run.writable is not None:
        rights |= dict.fromkeys(map(str, run.writable.linked), "read")
        rights[str(run.scratch.temporary)] = "write"
    table = ",".join(f'{json.dumps(path)}="{right}"' for path, right in rights.items())
    return 'default_permissions="review"', f"permissions.review.filesystem={{{table}}}"


def _trial_of(run: Run) -> tuple[str, ...]:
    """Return the command to try: it reads, and in the write mode writes, and leaves nothing."""
    if run.writable is None:
        return "ls", str(run.folder)
    return "sh", "-c", 'rm "$(mktemp ./.xreview-XXXXXX)" && rm "$(mktemp)"'


def _why_no_sandbox(complaint: str) -> str:
    """Return why the sandbox doesn't work, from its error message."""
    said = next((why for pattern, why in _NO_SANDBOX if re.search(pattern, complaint)), "")
    return said or "its sandbox doesn't start"


def own_files(program: Path) -> tuple[Path, ...]:
    """Return the files of the program itself.

    Only files, since a program's folder can be the home folder, or contain anything.
    """
    real = program.resolve()
    found = {real: None}
    for parent in real.parents:
        # Node looks here for the platform's package, which its small script starts.
        modules = parent if parent.name == "node_modules" else parent / "node_modules"
        for package in modules.glob("@openai/codex-*"):
            for name in _PACKED:
                found |= dict.fromkeys(file for file in package.glob(name) if file.is_file())
    return tuple(sorted(found))


def _destination(environ: Mapping[str, str], folder: Path) -> Destination:
    """Return where it sends requests.

    It ignores the user's configuration, except their `.env`, but not the administrator's.
    """
    given = {name: environ[name] for name in PROXIES if name in environ}
    variables = {**given, **file_variables(folder / ".env")}
    for file in _MANAGED:
        settings = toml_file(file)
        provider = text_in(settings, "model_provider")
        if provider not in ("", "openai"):
            url = text_in(object_in(settings, "model_providers", provider), "base_url")
            there = destination(variables, url, name=str(file))
            return replace(there, host=there.host or provider)
        for name, own in (("openai_base_url", "openai.com"), ("chatgpt_base_url", "chatgpt.com")):
            if url := text_in(settings, name):
                there = destination(variables, url, own, name=f"{name} in {file}")
                if there.host:
                    return there
    return destination(variables)


def _login(environ: Mapping[str, str], folder: Path, settings: JsonObject) -> Login:
    if any(environ.get(key) for key in _KEYS) or (folder / "auth.json").is_file():
        return Login.LOGGED_IN
    store = text_in(settings, "cli_auth_credentials_store")
    return Login.UNKNOWN if store in ("keyring", "auto") else Login.LOGGED_OUT


class CodexReader(AgentEventReader):
    """Reads `--json`."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._answer = ""
        self._said = ""
        self._usage: JsonObject = {}
        self._is_complete = False
        self._failure = ""

    @property
    def is_over(self) -> bool:
        """Whether the turn has ended."""
        return self._is_complete or bool(self._failure)

    def read(self, event: JsonObject) -> Iterator[ModelSignal]:
        """Return the signals of one line."""
        match text_in(event, "type"):
            case "turn.started":
                yield THINKING
            case "item.started" | "item.completed" as moment:
                yield from self._item(object_in(event, "item"), moment == "item.completed")
            case "turn.completed":
                self._is_complete = True
                self._usage = object_in(event, "usage")
            case "turn.failed":
                self._failure = text_in(object_in(event, "error"), "message") or self._said or "?"
            case "error":
                # Also reported before each retry; the last event is `turn.failed`.
                self._said = text_in(event, "message")
                yield Doing("retrying the connection to the server")
            case _:
                pass

    def finish(self, ended: Exit) -> Iterator[ModelSignal]:
        """Return the end; the last message is the answer, and an empty one a refusal."""
        if self._answer and "max_output_tokens" in self._failure:
            yield Finished(Stop.TRUNCATED, self._run.model, echo=self._answer)
            return
        if self._failure or (self._said and not self._is_complete):
            raise reported_error(PROVIDER, self._run, self._failure or self._said)
        if not self._is_complete:
            raise exit_error(PROVIDER, ended)
        yield _tokens(self._usage)
        if not self._answer.strip():
            raise no_answer_error(PROVIDER, "its last message is empty, which is how it refuses")
        yield TextDelta(self._answer)
        yield Finished(Stop.OK, self._run.model, echo=self._answer)

    def _item(self, item: JsonObject, is_whole: bool) -> Iterator[ModelSignal]:
        match text_in(item, "type"):
            case "agent_message" if is_whole:
                # The last one is the answer.
                self._answer = text_in(item, "text")
            case "command_execution" if not is_whole:
                yield shell_activity(_inner(text_in(item, "command")))
            case "command_execution":
                output = text_in(item, "aggregated_output")
                self.attempts.add(is_ok=_worked(item), output=output)
                if text_in(item, "status") == _DECLINED:
                    yield from self.refusals.add(shell_activity(_inner(text_in(item, "command"))))
            case "file_change":
                yield from self._changed(item, is_whole)
            case "error":
                # Not fatal, such as a missing program to start commands with.
                self.attempts.add(is_ok=False, output=text_in(item, "message"))
            case "reasoning":
                yield THINKING
            case _:
                pass

    def _changed(self, item: JsonObject, is_whole: bool) -> Iterator[ModelSignal]:
        paths = [text_in(one, "path") for one in list_in(item, "changes")]
        activity = edit_activity(paths, self._run.folder)
        if not is_whole:
            yield activity
            return
        is_ok = text_in(item, "status") == "completed"
        self.attempts.add(is_ok=is_ok)
        if not is_ok:
            yield from self.refusals.add(activity)


def _worked(item: JsonObject) -> bool:
    """Return whether a command worked; a search without results exits with 1."""
    code = item.get("exit_code")
    return code == 0 or (code == 1 and not text_in(item, "aggregated_output").strip())


def _inner(command: str) -> str:
    """Return the command without the shell around it."""
    _, separator, inner = command.partition(" -lc ")
    return inner.strip("'\"") if separator else command


def _tokens(usage: JsonObject) -> Tokens:
    return Tokens(
        input=count_in(usage, "input_tokens") or 0,
        cached=count_in(usage, "cached_input_tokens") or 0,
        cache_written=count_in(usage, "cache_write_input_tokens") or 0,
        output=count_in(usage, "output_tokens") or 0,
        reasoning=count_in(usage, "reasoning_output_tokens") or 0,
    )
