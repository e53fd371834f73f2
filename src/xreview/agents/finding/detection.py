"""Finding the coding agents on this machine, and whether they can be asked.

    detected = detect(settings, os.environ, folder)

It starts no network requests and reads no secrets. It blocks while a program prints its version, so
call it in a thread.
"""

import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from xreview.agents.base.agent import Agent, Login, agent_named
from xreview.agents.base.destination import USUAL, Destination
from xreview.agents.base.environment import agent_environment
from xreview.domain.record import dataclass
from xreview.hardening.programs import find_program, is_program, repository_folders
from xreview.ports.json_value import object_in, parse_json, text_in
from xreview.ports.model import ModelIdentity
from xreview.ports.provider import ReviewerSettings

Version = tuple[int, ...]
_VERSION = re.compile(r"(?<![\d.])(\d{1,6}(?:\.\d{1,6}){1,3})(?![\d.])")
_SECONDS = 10.0
_LARGEST_FILE = 1_000_000
_MOST_OUTPUT = 10_000


def version_of(program: Path, package: str, environ: Mapping[str, str], folder: Path) -> str:
    """Return the version of a program, "2.1.330", or "" if unknown.

    The version of an npm package is in `package.json`, which is fast to read. Other programs run
    with `--version`, in an empty folder and without keys.
    """
    real = program.resolve()
    if found := _packaged(real, package):
        return found
    with suppress(OSError):
        at = real.stat()
        kept = tuple(sorted(agent_environment(environ, folder, Path(os.devnull)).items()))
        return _said(program, (at.st_ino, at.st_size, at.st_mtime_ns), kept)
    return ""


def version_numbers(version: str) -> Version:
    """Return the version as comparable numbers; empty for none."""
    return tuple(map(int, version.split("."))) if version else ()


def _packaged(real: Path, package: str) -> str:
    for folder in real.parents[:3]:
        with suppress(OSError, ValueError):
            file = folder / "package.json"
            if file.stat().st_size <= _LARGEST_FILE:
                document = object_in(parse_json(file.read_bytes()))
                if text_in(document, "name") == package:
                    return _first(text_in(document, "version"))
    return ""


@lru_cache(maxsize=32)
def _said(program: Path, _: object, environment: tuple[tuple[str, str], ...]) -> str:
    """Return what `--version` prints; each file is run once."""
    with tempfile.TemporaryDirectory(prefix="xreview-agent-") as empty:
        process = subprocess.Popen(
            [program, "--version"],
            cwd=empty,
            env={**dict(environment), "TMPDIR": empty},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            output = process.communicate(timeout=_SECONDS)[0]
        except subprocess.TimeoutExpired:
            output = b""
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    return _first(output[:_MOST_OUTPUT].decode("utf-8", "replace"))


def _first(text: str) -> str:
    found = _VERSION.search(text)
    return found[1] if found else ""


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
    """Look for the agent that these settings name, outside the reviewed checkout, `folder`."""
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
