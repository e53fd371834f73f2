"""Codex (reference `providers.md`, section 6; 0.171.0 seen running).

It runs in a copy of what may be read, without anybody's configuration. Its shell may read that copy
and what any program needs, nothing else of the disk, and has no network: a permission profile
(developers.openai.com/codex/permissions) is tighter than `-s read-only`, which reads all.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from xreview.agents.attempts import Attempts
from xreview.agents.doing import THINKING, running
from xreview.agents.failures import failed, no_answer, unheard
from xreview.agents.finding.detected import Configured, Login
from xreview.agents.finding.elsewhere import (
    PROXIES,
    Destination,
    destination,
    file_variables,
)
from xreview.agents.finding.settings_files import toml_file
from xreview.agents.program import Exit, Run, Trial
from xreview.agents.prompt import prompt_of
from xreview.agents.running.environment import agent_environment
from xreview.agents.running.process import AgentCommand
from xreview.domain.authorship.family import family_of
from xreview.ports.json_value import JsonObject, count_in, object_in, text_in
from xreview.ports.model import Doing, Finished, ModelSignal, Stop, TextDelta, Tokens
from xreview.ports.request import Structure

VARIABLES = ("CODEX_API_KEY", "CODEX_ACCESS_TOKEN", "CODEX_HOME")
"""What it gets of the user's environment beside what all agents get."""

MANAGED = (Path("/etc/codex/managed_config.toml"), Path("/etc/codex/config.toml"))
"""Where an administrator's configuration is, which nothing switches off."""

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
    # What offers agents of its own; disabling the feature does not, since models choose theirs.
    "agents.enabled=false",
)
_DISABLED = (
    *(
        "multi_agent",
        "multi_agent_v2",
        "goals",
        "hooks",
        "plugins",
        "apps",
        "image_generation",
        "shell_snapshot",
    ),
    *("browser_use", "computer_use", "memories", "view_image", "sleep_tool", "tool_suggest"),
)
_NO_SANDBOX = (
    (r"(?i)bubblewrap is unavailable", "its sandbox needs bubblewrap, which is not installed"),
    (r"(?i)namespace|operation not permitted", "this system lets it make no sandbox"),
    (r"(?i)landlock", "its sandbox needs Landlock, which this system has not"),
    (r"execvp .*: No such file", "its sandbox does not find its own program"),
)
_PACKED = ("vendor/*/bin/codex", "vendor/*/codex/codex", "vendor/*/codex-path/rg")
"""The programs in the package of a platform: itself, and what it searches with."""


class Codex:
    """`codex exec`.

    Args:
        further: more settings for `-c`, after ours: another server than OpenAI's.
    """

    label = "Codex"
    structured = True

    def __init__(self, further: Sequence[str] = ()) -> None:
        self._further = further

    def command(self, run: Run) -> AgentCommand:
        """How to start it."""
        request = run.request
        argv = [str(run.program), *_FLAGS, "-C", str(run.scratch.work)]
        for setting in (*_SETTINGS, *self._further, *_sandbox(run)):
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
        prompt = prompt_of(request, Structure.SCHEMA, with_instructions=True)
        return AgentCommand([*argv, "-"], run.scratch.work, environment_of(run), prompt)

    def trial(self, run: Run) -> Trial:
        """Its sandbox: where that does not start it answers all the same, having read nothing."""
        argv = [str(run.program), "sandbox", "-P", "review", "-C", str(run.scratch.work)]
        for setting in _sandbox(run):
            argv += ["-c", setting]
        argv += ["--", "ls", str(run.scratch.work)]
        return Trial(
            AgentCommand(argv, run.scratch.work, environment_of(run), b""), _why_no_sandbox
        )

    def reader(self, run: Run) -> "CodexReader":
        """Reads its events."""
        return CodexReader(run)


def environment_of(run: Run) -> dict[str, str]:
    """What it is started with: its own login."""
    return agent_environment(run.environ, run.readable.top, run.scratch.temporary, VARIABLES)


def _sandbox(run: Run) -> tuple[str, ...]:
    """Which files its shell may read.

    Its own program is among them: it starts itself again inside of the sandbox.
    """
    readable = [":minimal", *map(str, own_files(run.program)), ":workspace_roots"]
    table = ",".join(f'{json.dumps(one)}="read"' for one in readable)
    return 'default_permissions="review"', f"permissions.review.filesystem={{{table}}}"


def _why_no_sandbox(complaint: str) -> str:
    """Why its commands can't run, of what the sandbox said."""
    said = next((why for pattern, why in _NO_SANDBOX if re.search(pattern, complaint)), "")
    return said or "its sandbox does not start"


def own_files(program: Path) -> tuple[Path, ...]:
    """The files of the program itself: what it starts again inside of its sandbox.

    Only files, never a folder: the folder of a program may be the home, or hold anything.
    """
    real = program.resolve()
    found = {real: None}
    for parent in real.parents:
        # Where Node looks for the package of the platform, which its small script starts.
        modules = parent if parent.name == "node_modules" else parent / "node_modules"
        for package in modules.glob("@openai/codex-*"):
            for name in _PACKED:
                found |= dict.fromkeys(file for file in package.glob(name) if file.is_file())
    return tuple(sorted(found))


def configured(environ: Mapping[str, str], model: str) -> Configured:
    """Its login and model, by its own variables and files (developers.openai.com/codex)."""
    folder = Path(environ.get("CODEX_HOME") or Path(environ.get("HOME", ""), ".codex"))
    settings = toml_file(folder / "config.toml")
    # A model of another provider can't be had: its configuration is left out.
    if not model and text_in(settings, "model_provider") in ("", "openai"):
        model = text_in(settings, "model")
    login = _login(environ, folder, settings)
    return Configured(login, model, family_of(model) or "openai", _destination(environ, folder))


def _destination(environ: Mapping[str, str], folder: Path) -> Destination:
    """Where it sends requests: it takes no configuration of the user's, but their `.env`, and an
    administrator's configuration."""
    given = {name: environ[name] for name in PROXIES if name in environ}
    variables = {**given, **file_variables(folder / ".env")}
    for file in MANAGED:
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
    keys = ("CODEX_API_KEY", "CODEX_ACCESS_TOKEN")
    if any(environ.get(key) for key in keys) or (folder / "auth.json").is_file():
        return Login.LOGGED_IN
    store = text_in(settings, "cli_auth_credentials_store")
    return Login.UNKNOWN if store in ("keyring", "auto") else Login.LOGGED_OUT


class CodexReader:
    """Reads `--json`."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._answer = ""
        self._said = ""
        self._usage: JsonObject = {}
        self._is_complete = False
        self._failure = ""
        self.attempts = Attempts()

    @property
    def is_over(self) -> bool:
        """Whether the turn ended, one way or the other."""
        return self._is_complete or bool(self._failure)

    def read(self, event: JsonObject) -> Iterator[ModelSignal]:
        """What one line means."""
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
                # Also said before each new attempt; the end is `turn.failed`.
                self._said = text_in(event, "message")
                yield Doing("trying again to reach the server")
            case _:
                pass

    def finish(self, ended: Exit) -> Iterator[ModelSignal]:
        """The end: the last message is the answer, and none or an empty one is a refusal."""
        if self._answer and "max_output_tokens" in self._failure:
            yield Finished(Stop.TRUNCATED, self._run.model, echo=self._answer)
            return
        if self._failure or (self._said and not self._is_complete):
            raise failed(Codex.label, self._failure or self._said, environment_of(self._run))
        if not self._is_complete:
            raise unheard(Codex.label, ended.code, ended.complaint)
        yield _tokens(self._usage)
        if not self._answer.strip():
            raise no_answer(Codex.label, "its last message is empty, which is how it refuses")
        yield TextDelta(self._answer)
        yield Finished(Stop.OK, self._run.model, echo=self._answer)

    def _item(self, item: JsonObject, is_whole: bool) -> Iterator[ModelSignal]:
        match text_in(item, "type"):
            case "agent_message" if is_whole:
                # Any but the last one is a remark on the way.
                self._answer = text_in(item, "text")
            case "command_execution" if not is_whole:
                yield running(_inner(text_in(item, "command")))
            case "command_execution":
                self.attempts.ended(is_ok=_worked(item), said=text_in(item, "aggregated_output"))
            case "error":
                # Not fatal to it: that what starts its commands is missing, for one.
                self.attempts.ended(is_ok=False, said=text_in(item, "message"))
            case "reasoning":
                yield THINKING
            case _:
                pass


def _worked(item: JsonObject) -> bool:
    """Whether a command did what it was for; a search that finds nothing ends with 1 too."""
    code = item.get("exit_code")
    return code == 0 or (code == 1 and not text_in(item, "aggregated_output").strip())


def _inner(command: str) -> str:
    """The command without the shell around it."""
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
