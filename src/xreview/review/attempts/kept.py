"""What is kept of a trial beside its trees, so that a later run finds it again.

    <trial>/trial.json   all but the patches, which are in the trees' own git folders

Written anew after each step, so that a kill loses little; in the form of the journal's codec.
"""

from collections.abc import Mapping
from pathlib import Path

from xreview.domain.attempt.facts import AttemptFacts
from xreview.domain.attempt.seat import Preset, Seat
from xreview.domain.attempt.statement import AttemptStatement
from xreview.domain.errors import ChangeError
from xreview.domain.events.attempt_events import AttemptTaken
from xreview.domain.events.codec import from_json, to_json
from xreview.domain.finding import Finding
from xreview.domain.fixing.check_run import CheckChange, CheckRun
from xreview.domain.fixing.tampering import Tampering
from xreview.domain.record import dataclass, replace
from xreview.domain.report import ReviewerIdentity
from xreview.repo.disposable.state_file import read_state, write_state
from xreview.review.attempts.snapshot import AttemptSnapshot, AttemptStage, TrialSnapshot

_FILE = "trial.json"
ENDED = "The program ended before this attempt did."


@dataclass(frozen=True, slots=True)
class KeptAttempt:
    """One attempt; as in its snapshot, but for `tree`: the git tree of its patch, "" for none."""

    seat: Seat
    stage: AttemptStage
    tree: str
    cost: float | None
    most: float | None
    seconds: float
    why: str
    is_stopped: bool
    refused: Mapping[str, str]
    statement: AttemptStatement | None
    checks: tuple[CheckChange, ...]
    tampering: tuple[Tampering, ...]
    findings: tuple[Finding, ...]
    reviewers: tuple[ReviewerIdentity, ...]
    session: str
    unread: tuple[str, ...]
    facts: AttemptFacts
    notices: tuple[str, ...]

    @property
    def is_over(self) -> bool:
        """Whether it came to its end."""
        return self.stage is AttemptStage.OVER

    def snapshot(self) -> AttemptSnapshot:
        """How it stands, without its files; one that was cut off is over now."""
        found = AttemptSnapshot(
            self.seat,
            AttemptStage.OVER,
            cost=self.cost,
            most=self.most,
            seconds=self.seconds,
            why=self.why,
            is_stopped=self.is_stopped,
            refused=self.refused,
            statement=self.statement,
            checks=self.checks,
            tampering=self.tampering,
            findings=self.findings,
            reviewers=self.reviewers,
            session=self.session,
            unread=self.unread,
            facts=self.facts,
            notices=self.notices,
        )
        return found if self.is_over else replace(found, why=ENDED, is_stopped=True)


@dataclass(frozen=True, slots=True)
class KeptTrial:
    """A trial; as in its snapshot."""

    id: str
    task: str
    kind: str
    why: str
    base: str
    revision: str
    preset: Preset | None
    started: str
    before: tuple[CheckRun, ...]
    most: float | None
    is_revealed: bool
    taken: tuple[AttemptTaken, ...]
    notices: tuple[str, ...]
    attempts: tuple[KeptAttempt, ...]

    @property
    def is_over(self) -> bool:
        """Whether all attempts came to their end."""
        return all(one.is_over for one in self.attempts)

    def snapshot(self) -> TrialSnapshot:
        """How it stands, without files and comparison."""
        return TrialSnapshot(
            self.id,
            self.task,
            tuple(one.snapshot() for one in self.attempts),
            kind=self.kind,
            why=self.why,
            base=self.base,
            revision=self.revision,
            preset=self.preset,
            started=self.started,
            before=self.before,
            most=self.most,
            is_revealed=self.is_revealed,
            taken=self.taken,
            notices=self.notices,
        )


def keep_trial(folder: Path, snapshot: TrialSnapshot, trees: Mapping[str, str]) -> None:
    """Write what `kept_trial` reads; `trees` has the git tree of each patch, by label.

    Raises ChangeError if the disk refuses.
    """
    write_state(folder / _FILE, to_json(_kept(snapshot, trees)))


def kept_trial(folder: Path) -> KeptTrial:
    """Read what was kept. Raises ChangeError if the trial was cut off before it began, or if a
    newer version of the program wrote it."""
    found = read_state(folder / _FILE)
    try:
        if found is not None:
            return from_json(KeptTrial, found)
    except (KeyError, ValueError):
        pass  # the sentence is the same
    raise ChangeError(
        f"{folder.name} can't be read: it never began, or another version of xreview-tui wrote it.",
        f"Remove it with `xreview-tui attempt --clean {folder.name}`.",
    )


def _kept(snapshot: TrialSnapshot, trees: Mapping[str, str]) -> KeptTrial:
    return KeptTrial(
        snapshot.id,
        snapshot.task,
        snapshot.kind,
        snapshot.why,
        snapshot.base,
        snapshot.revision,
        snapshot.preset,
        snapshot.started,
        snapshot.before,
        snapshot.most,
        snapshot.is_revealed,
        snapshot.taken,
        snapshot.notices,
        tuple(_kept_attempt(one, trees.get(one.label, "")) for one in snapshot.attempts),
    )


def _kept_attempt(one: AttemptSnapshot, tree: str) -> KeptAttempt:
    return KeptAttempt(
        one.seat,
        one.stage,
        tree,
        one.cost,
        one.most,
        one.seconds,
        one.why,
        one.is_stopped,
        one.refused,
        one.statement,
        one.checks,
        one.tampering,
        one.findings,
        one.reviewers,
        one.session,
        one.unread,
        one.facts,
        one.notices,
    )
