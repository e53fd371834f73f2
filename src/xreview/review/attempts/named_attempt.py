"""Finding an attempt again by its name, from the journal and its disposable tree."""

from collections.abc import Mapping
from pathlib import Path

from xreview.domain.attempt.seat import Seat
from xreview.domain.attempt.task import attempt_title
from xreview.domain.errors import UsageError
from xreview.domain.events.attempt_events import AttemptWritten, TrialDiscarded, TrialStarted
from xreview.domain.record import dataclass, field
from xreview.domain.text import shorten, visible
from xreview.journal.store import Journal
from xreview.repo.change.collecting import CollectedChange
from xreview.repo.disposable.tree import DisposableTree
from xreview.repo.repository import find_repository
from xreview.review.assembly.run_options import RunOptions
from xreview.review.attempts.attempt_change import WrittenAttempt, attempt_change
from xreview.review.attempts.listed import entry_of, trial_shelf

_LONGEST_NAME = 60
_LIST = "List them with `xreview-tui attempt --list`."


def collect_attempt(cwd: Path, named: str, options: RunOptions) -> CollectedChange:
    """Start reading the attempt `TRIAL:LABEL` of the repository around a folder.

    Blocks. Raises UsageError if there is no such attempt, if it changed nothing, or if its files
    were thrown away; ChangeError, JournalError.
    """
    beginning, _, label = named.strip().rpartition(":")
    if not beginning or not label:
        raise UsageError(
            f"--attempt {_quoted(named)} doesn't name an attempt.", f"Write TRIAL:LABEL. {_LIST}"
        )
    repository = find_repository(cwd)
    known = _trials(options.journal, repository.identity)
    found = [one for one in known if one.id == beginning]
    found = found or [one for one in known if one.id.startswith(beginning)]
    if len(found) != 1:
        said = "Several trials match" if found else "No trial of this repository matches"
        raise UsageError(f"{said} {_quoted(beginning)}.", _LIST)
    trial = found[0]
    seat, after = trial.written(label.upper())
    folder = trial_shelf(options.folders.state).place(entry_of(trial.id, seat.label))
    if trial.is_discarded or not folder.is_dir():
        raise UsageError(
            f"The files of trial {_quoted(trial.id)} are gone.", f"Start another. {_LIST}"
        )
    tree = DisposableTree.open(repository, folder)
    title = attempt_title(seat.label, trial.task)
    written = WrittenAttempt(seat.label, title, trial.task, tree, after, seat.writer)
    return attempt_change(repository, written)


@dataclass
class _RecordedTrial:
    id: str
    task: str
    seats: Mapping[str, Seat]
    trees: dict[str, str] = field(default_factory=dict[str, str])
    is_discarded: bool = False

    def written(self, label: str) -> tuple[Seat, str]:
        """The seat of an attempt and the git tree it made. Raises UsageError."""
        if label not in self.seats:
            there = ", ".join(self.seats)
            raise UsageError(f"This trial has no attempt {_quoted(label)}.", f"It has {there}.")
        if label not in self.trees:
            raise UsageError(f"Attempt {label} isn't written yet.", "Wait for its writer.")
        if not self.trees[label]:
            raise UsageError(f"Attempt {label} changed nothing.", "There is nothing to review.")
        return self.seats[label], self.trees[label]


def _trials(journal: Path, repository: str) -> list[_RecordedTrial]:
    """The trials of a repository, the oldest first. Raises JournalError."""
    if not journal.exists():
        return []
    found: dict[str, _RecordedTrial] = {}
    with Journal.open(journal) as opened:
        types = (TrialStarted, AttemptWritten, TrialDiscarded)
        for event in opened.events(repository=repository, types=types):
            payload = event.payload
            if isinstance(payload, TrialStarted):
                seats = {seat.label: seat for seat in payload.seats}
                found[payload.trial] = _RecordedTrial(payload.trial, payload.task, seats)
            elif isinstance(payload, AttemptWritten) and payload.trial in found:
                found[payload.trial].trees[payload.label] = payload.tree
            elif isinstance(payload, TrialDiscarded) and payload.trial in found:
                found[payload.trial].is_discarded = True
    return list(found.values())


def _quoted(text: str) -> str:
    return f"“{visible(shorten(text, _LONGEST_NAME))}”"
