"""What the user took from attempts, as evidence of who wrote a change."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from xreview.domain.attempt.takes import TAKE_EVENTS, HeldTake, takes_in
from xreview.journal.store import Journal
from xreview.repo.attribution.attempt_lines import TakenFromAttempt


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
