"""What the user took from attempts: who wrote a change, and what for."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from xreview.domain.attempt.takes import TAKE_EVENTS, HeldTake, takes_in
from xreview.domain.change import FileDiff
from xreview.journal.store import Journal
from xreview.repo.attribution.attempt_lines import TakenFromAttempt, attempt_evidence
from xreview.repo.attribution.sessions.scoring import added_lines_by_file


def takes_of(journal: Path, repository: str) -> tuple[HeldTake, ...]:
    """What holds of a repository, the oldest first. Makes no journal. Raises JournalError."""
    if not journal.exists():
        return ()
    with Journal.open(journal) as opened:
        return takes_in(opened.events(repository=repository, types=TAKE_EVENTS))


def taken_from(takes: Sequence[HeldTake]) -> Iterator[TakenFromAttempt]:
    """What was taken of each attempt whose writer is known."""
    for take in takes:
        for label, seat in take.seats.items():
            lines = tuple(one for one in take.taken.lines if one.label == label)
            if lines:
                yield TakenFromAttempt(label, seat.writer, take.at, lines)


def latest_in(takes: Sequence[HeldTake], files: Sequence[FileDiff]) -> HeldTake | None:
    """The latest take of which a part is in a change."""
    return next((take for take in reversed(takes) if _is_in(take, files)), None)


def _is_in(take: HeldTake, files: Sequence[FileDiff]) -> bool:
    paths = set(take.taken.paths)
    touching = [file for file in files if {file.path, file.old_path} & paths]
    if not touching:
        return False
    taken = tuple(taken_from([take]))
    return not taken or bool(attempt_evidence(taken, added_lines_by_file(touching)))
