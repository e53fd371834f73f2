"""Finding the coding agents on this machine, and whether they can be asked.

    detected = detect(settings, os.environ, folder)

It starts no network requests and reads no secrets. It blocks while a program prints its version, so
call it in a thread.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from xreview.agents.base.agent import Agent, Login, agent_named
from xreview.agents.base.destination import USUAL, Destination
from xreview.agents.finding.version import version_numbers, version_of
from xreview.hardening.programs import find_program, is_program, repository_folders
from xreview.ports.model import ModelIdentity
from xreview.ports.provider import ReviewerSettings


@dataclass(frozen=True, slots=True)
class Detected:
    """An agent on this machine.

    Args:
        program: its absolute path; None if it wasn't found.
        version: "2.1.330"; "" if unknown.
        is_known_version: whether we tested this version.
        why_not: why it can't be used, as a clause; "" if it can.
        notice: a sentence to show before it is used; "" for none.
    """

    agent: Agent
    program: Path | None = None
    version: str = ""
    is_known_version: bool = False
    login: Login = Login.UNKNOWN
    vendor: str = ""
    model: str = ""
    why_not: str = ""
    notice: str = ""
    destination: Destination = USUAL

    def identity(self, settings: ReviewerSettings) -> ModelIdentity:
        """Return its model's identity, with the agent's name as the host."""
        where = self.destination.of(self.agent.label)
        notices = (self.notice,) if self.notice else ()
        return ModelIdentity(settings.name, self.vendor, self.model, where, notices=notices)


def detect(settings: ReviewerSettings, environ: Mapping[str, str], folder: Path) -> Detected:
    """Look for the agent that these settings name.

    Args:
        environ: the user's environment.
        folder: the reviewed checkout, none of whose programs is ever run.
    """
    agent = agent_named(settings.provider)
    command = settings.command or agent.program
    program = _program(command, environ, folder)
    setup = agent.setup(environ, settings.model)
    version = version_of(program, agent.package, environ, folder) if program else ""
    why_not = _why_not(agent, version, setup.login) or setup.destination.why_not
    return Detected(
        agent,
        program,
        version,
        version_numbers(version)[:2] == agent.tested,
        setup.login,
        settings.vendor or setup.vendor,
        setup.model,
        why_not if program else f"{command} is not on PATH",
        _notice(agent, version) if program else "",
        setup.destination,
    )


def _program(command: str, environ: Mapping[str, str], folder: Path) -> Path | None:
    """Return the program's absolute path, never a program of the checkout."""
    given = Path(
        command.replace("~", environ.get("HOME", "~"), 1) if command[:2] == "~/" else command
    )
    folders = repository_folders(folder, environ)
    if given.is_absolute():
        return given if is_program(given, folders) else None
    return find_program(command, environ, folders)


def _why_not(agent: Agent, version: str, login: Login) -> str:
    if version and version_numbers(version)[:2] < agent.tested:
        return f"version {version} is too old; update to {_dotted(agent)} or newer"
    return "not logged in" if login is Login.LOGGED_OUT else ""


def _notice(agent: Agent, version: str) -> str:
    if not version:
        return f"{agent.label} doesn't report its version; we tested {_dotted(agent)}."
    if version_numbers(version)[:2] > agent.tested:
        return f"{agent.label} {version} is newer than {_dotted(agent)}, the latest tested version."
    return ""


def _dotted(agent: Agent) -> str:
    return ".".join(map(str, agent.tested))
