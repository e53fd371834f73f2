"""The trials on the shelf, of all repositories."""

from pathlib import Path

from xreview.domain.attempt.seat import LABELS
from xreview.domain.errors import ChangeError
from xreview.domain.record import dataclass
from xreview.domain.text import count_of
from xreview.repo.disposable.shelf import ATTEMPT_WARES, FixShelf
from xreview.review.attempts.kept import KeptTrial, kept_trial


@dataclass(frozen=True, slots=True)
class ListedTrial:
    """A trial on the shelf.

    Args:
        title: the task in one line, raw.
        started: UTC, ISO 8601.
        labels: its attempts.
        state: in a few words: what became of it.
        repository: the identity of the user's repository.
        is_here: whether that is this repository.
        is_running: whether a process works on it or has it open.
        is_over: whether all attempts came to their end.
    """

    id: str
    title: str
    started: str
    labels: tuple[str, ...]
    state: str
    repository: str
    is_here: bool
    is_running: bool
    is_over: bool


_SHELF = "attempts"


def trial_shelf(state: Path) -> FixShelf:
    """The shelf with all trials, below the program's state folder."""
    return FixShelf(state / _SHELF, ATTEMPT_WARES)


def entry_of(trial: str, label: str) -> str:
    """The name on the shelf of an attempt's tree."""
    return f"{trial}-{label}"


def entries_of(shelf: FixShelf, trial: str) -> list[str]:
    """The names on the shelf of all that belongs to a trial but the trial itself."""
    return [one.id for one in shelf.list() if one.id.startswith(f"{trial}-")]


def listed_trials(shelf: FixShelf, here: str) -> list[ListedTrial]:
    """All trials, the oldest first; `here` is the identity of this repository. Reads the disk."""
    found: list[ListedTrial] = []
    for one in shelf.list():
        if "-" in one.id:
            continue
        try:
            kept = kept_trial(shelf.place(one.id))
        except ChangeError:
            kept = None
        found.append(
            ListedTrial(
                one.id,
                one.title,
                one.started,
                tuple(attempt.seat.label for attempt in kept.attempts) if kept else (),
                _state(kept, is_running=one.is_running),
                one.repository,
                one.repository == here,
                one.is_running,
                kept is not None and kept.is_over,
            )
        )
    return found


def _state(kept: KeptTrial | None, *, is_running: bool) -> str:
    if kept is None:
        return "being prepared" if is_running else "cut off before it began"
    over = sum(one.is_over for one in kept.attempts)
    if over < len(kept.attempts):
        told = f"{over}/{len(kept.attempts)} over"
        return f"running, {told}" if is_running else f"cut off, {told}"
    if kept.taken:
        labels = sorted({label for one in kept.taken for label in one.labels}, key=LABELS.find)
        return f"{' and '.join(labels)} taken"
    written = sum(bool(one.tree) for one in kept.attempts)
    return f"{written} of {count_of(len(kept.attempts), 'attempt')} to take"
