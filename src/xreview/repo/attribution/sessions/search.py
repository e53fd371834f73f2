"""The search for the sessions that wrote a change: the newest first, until a deadline."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from xreview.domain.authorship.author import Evidence, EvidenceKind
from xreview.domain.authorship.family import family_of
from xreview.domain.record import dataclass
from xreview.domain.text import count_of
from xreview.repo.attribution.sessions.locations import SessionLocations
from xreview.repo.attribution.sessions.scoring import AddedLines, Board, Match, SessionEdit
from xreview.repo.attribution.sessions.tool import SessionTool, session_tools, transcript_moment
from xreview.repo.attribution.sessions.transcript import LeftOut, SearchBounds, Transcript

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class SessionsFound:
    """What local sessions say about a change: the evidence, the newest first, and what wasn't read.

    There is one piece of evidence for each session and model that wrote a line of it.
    """

    evidence: tuple[Evidence, ...] = ()
    notices: tuple[str, ...] = ()


def session_evidence(
    worktree: Path,
    added: AddedLines,
    since: datetime,
    environ: Mapping[str, str],
    deadline: float,
    clock: Callable[[], float] = time.monotonic,
) -> SessionsFound:
    """Find the sessions whose edits occur in the change.

    Args:
        worktree: its top folder, absolute.
        added: the added lines (see `added_lines_by_file`).
        since: with a zone; transcripts that weren't modified since then aren't read.
        environ: the user's environment.
        deadline: when to stop, on `clock`, and return what was found.

    Blocks: call it in a thread. Never raises for the content or the layout of transcripts.
    """
    board = Board(added)
    if board.is_full:
        return SessionsFound()
    reading = SearchBounds(deadline, clock)
    place = SessionLocations(worktree, environ, reading)
    found = _newest_first(place, since)
    evidence: list[Evidence] = []
    read = 0
    for tool, transcript in found:
        if reading.is_over or board.is_full:
            break
        try:
            for edit in _edits(tool, transcript, place):
                board.take(edit)
        except OSError:  # the disk failed halfway; what was read counts
            reading.leave_out(tool.name, LeftOut.UNREADABLE)
        evidence += (_evidence(transcript, match, place) for match in board.close_session())
        read += not reading.is_over
    return SessionsFound(tuple(evidence), _notices(reading, board, read, len(found)))


def _newest_first(place: SessionLocations, since: datetime) -> list[tuple[SessionTool, Transcript]]:
    begin = int(since.timestamp())
    found: list[tuple[SessionTool, Transcript]] = []
    for tool in session_tools():
        try:
            found += ((tool, one) for one in tool.transcripts(place) if one.modified >= begin)
        except OSError:
            place.bounds.leave_out(tool.name, LeftOut.UNREADABLE)
    return sorted(found, key=lambda pair: (-pair[1].modified, pair[1].path))


def _edits(
    tool: SessionTool, transcript: Transcript, place: SessionLocations
) -> Iterator[SessionEdit]:
    """The edits in a transcript to files of the worktree."""
    for folder, model, when, changes in tool.steps(transcript, place):
        for change in changes:
            if path := place.inside(change.path, folder):
                at = transcript_moment(when)
                yield SessionEdit(path, model, at, change.added, change.removed)


def _evidence(transcript: Transcript, match: Match, place: SessionLocations) -> Evidence:
    return Evidence(
        EvidenceKind.SESSION,
        transcript.tool,
        family_of(match.model[:_LONGEST_NAME]),
        match.model[:_LONGEST_NAME],
        match.confidence,
        _pointer(transcript.path, place.home),
        lines=match.lines,
        at=match.at,
    )


def _pointer(path: Path, home: Path | None) -> str:
    if home is not None and path.is_relative_to(home):
        return f"~/{path.relative_to(home)}"
    return str(path)


def _notices(reading: SearchBounds, board: Board, read: int, count: int) -> tuple[str, ...]:
    notices: list[str] = []
    if reading.is_over and not board.is_full and read < count:
        notices.append(
            f"The search of local agent sessions stopped after {reading.seconds:.0f} s: "
            f"{read} of {count_of(count, 'session')} read."
        )
    notices += (
        why.sentence(tool, number)
        for (tool, why), number in sorted(reading.left_out.items(), key=lambda left: left[0][0])
    )
    return tuple(notices)
