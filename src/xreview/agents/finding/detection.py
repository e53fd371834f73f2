"""Finding the coding agents of this machine, and whether they can be asked.

    detected = detect(settings, os.environ, folder)

Calls nothing out and starts no network: what is not in a file or a variable stays unknown. Blocks
while a program says its version; call it in a thread.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from xreview.agents import claude_code, codex, gemini_cli, opencode
from xreview.agents.finding.detected import Configured, Detected, Login
from xreview.agents.finding.version import Version, version_numbers, version_of
from xreview.agents.program import Agent
from xreview.hardening.programs import find_program, is_program, repository_folders


class AgentSettings(Protocol):
    """What the configuration says of an agent (`config.reviewers.ReviewerSettings`)."""

    @property
    def name(self) -> str:
        """The name of the reviewer."""
        ...

    @property
    def provider(self) -> str:
        """Which of `KINDS` it is."""
        ...

    @property
    def model(self) -> str:
        """Which model it is to run; "" for its own choice."""
        ...

    @property
    def vendor(self) -> str:
        """The model's family, where its name does not tell."""
        ...

    @property
    def effort(self) -> str:
        """One of `Effort`; "" for its own."""
        ...

    @property
    def context(self) -> int:
        """How many tokens its model reads; 0 for unknown."""
        ...

    @property
    def max_output(self) -> int:
        """How many tokens its model writes; 0 for unknown."""
        ...

    @property
    def command(self) -> str:
        """The program: a name on PATH or a path; "" for its usual name."""
        ...


class Configuring(Protocol):
    """Reads what an agent is configured to; `model` is what our settings name, "" for nothing."""

    def __call__(self, environ: Mapping[str, str], model: str) -> Configured:
        """Never reads a secret."""
        ...


@dataclass(frozen=True)
class AgentKind:
    """One kind of agent.

    Args:
        command: its usual name on PATH.
        package: its name in the npm registry.
        tried: the version that was tried, by its first two numbers.
        configured: reads its own settings.
    """

    agent: Agent
    command: str
    package: str
    tried: Version
    configured: Configuring


KINDS: Mapping[str, AgentKind] = {
    "claude-code": AgentKind(
        claude_code.ClaudeCode(),
        "claude",
        "@anthropic-ai/claude-code",
        (2, 1),
        claude_code.configured,
    ),
    "codex": AgentKind(codex.Codex(), "codex", "@openai/codex", (0, 171), codex.configured),
    "gemini-cli": AgentKind(
        gemini_cli.GeminiCli(),
        "gemini",
        "@google/gemini-cli",
        (0, 61),
        gemini_cli.configured,
    ),
    "opencode": AgentKind(
        opencode.Opencode(), "opencode", "opencode-ai", (1, 18), opencode.configured
    ),
}
"""By the provider's name in the configuration; versions of reference `providers.md` section 6."""


def detect(settings: AgentSettings, environ: Mapping[str, str], folder: Path) -> Detected:
    """What there is of the agent that these settings name.

    Args:
        environ: the user's environment.
        folder: the reviewed checkout, none of whose programs is ever run.
    """
    kind = KINDS[settings.provider]
    command = settings.command or kind.command
    program = _program(command, environ, folder)
    configured = kind.configured(environ, settings.model)
    vendor = settings.vendor or configured.vendor
    if program is None:
        return Detected(
            login=configured.login,
            vendor=vendor,
            model=configured.model,
            why_not=f"{command} is not on PATH",
            destination=configured.destination,
        )
    version = version_of(program, kind.package, environ, folder)
    return Detected(
        program,
        version,
        version_numbers(version)[:2] == kind.tried,
        configured.login,
        vendor,
        configured.model,
        _why_not(kind, version, configured.login) or configured.destination.why_not,
        _notice(kind, version),
        configured.destination,
    )


def _program(command: str, environ: Mapping[str, str], folder: Path) -> Path | None:
    """The program's absolute path; None where there is none, or only the checkout's own."""
    given = Path(
        command.replace("~", environ.get("HOME", "~"), 1) if command[:2] == "~/" else command
    )
    folders = repository_folders(folder, environ)
    if given.is_absolute():
        return given if is_program(given, folders) else None
    return find_program(command, environ, folders)


def _why_not(kind: AgentKind, version: str, login: Login) -> str:
    if version and version_numbers(version)[:2] < kind.tried:
        return f"version {version} is too old, update it to {_dotted(kind)} or newer"
    return "not logged in" if login is Login.LOGGED_OUT else ""


def _notice(kind: AgentKind, version: str) -> str:
    label = kind.agent.label
    if not version:
        return f"{label} does not tell its version; {_dotted(kind)} was tried."
    if version_numbers(version)[:2] > kind.tried:
        return f"{label} {version} is newer than {_dotted(kind)}, the last version that was tried."
    return ""


def _dotted(kind: AgentKind) -> str:
    return ".".join(map(str, kind.tried))
