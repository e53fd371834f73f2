"""What a coding agent's file in `tools` provides so that its transcripts can be searched."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import NamedTuple

from xreview.domain.record import dataclass
from xreview.repo.attribution.sessions.locations import SessionLocations
from xreview.repo.attribution.sessions.transcript import Transcript
from xreview.repo.attribution.sessions.writes import Written

_MILLISECONDS_FROM = 1e11  # as seconds, this would be in the year 5138


class SessionStep(NamedTuple):
    """What one step of a session wrote.

    Args:
        folder: the agent's working folder, absolute, which paths are relative to.
        model: as the transcript names it; "" if it doesn't.
        when: as the transcript has it; see `transcript_moment`.
    """

    folder: str
    model: str
    when: object
    changes: Iterable[Written]


@dataclass(frozen=True, slots=True)
class SessionTool:
    """A coding agent that keeps transcripts of its sessions on this machine.

    Args:
        name: the tool's name in evidence.
        transcripts: finds files that may hold sessions in the worktree, in any order, without
            reading them.
        steps: what sessions in the worktree wrote, in the order of the transcript; reads lazily,
            within the bounds, and raises nothing for a transcript's content.
    """

    name: str
    transcripts: Callable[[SessionLocations], Iterator[Transcript]]
    steps: Callable[[Transcript, SessionLocations], Iterator[SessionStep]]


@cache
def session_tools() -> tuple[SessionTool, ...]:
    """Every tool: each module in `tools` has one as `TOOL`."""
    package = import_module("xreview.repo.attribution.sessions.tools")
    names = sorted(module.name for module in iter_modules(package.__path__))
    return tuple(import_module(f"{package.__name__}.{name}").TOOL for name in names)


def transcript_moment(value: object) -> str:
    """A transcript's time as ISO 8601 in UTC, to the second; "" if it isn't one.

    Args:
        value: ISO 8601 (local time if it has no zone), or seconds or milliseconds since the epoch.
    """
    try:
        if isinstance(value, str):
            when = datetime.fromisoformat(value[:40])
        elif isinstance(value, int | float) and not isinstance(value, bool):
            seconds = value / 1000 if abs(value) > _MILLISECONDS_FROM else value
            when = datetime.fromtimestamp(seconds, UTC)
        else:
            return ""
        return when.astimezone(UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        return ""
