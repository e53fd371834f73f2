"""What a front end shows at one moment: a frozen picture of a session."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from xreview.domain.account import Account, account_of, gaps_in
from xreview.domain.authorship.author import UNKNOWN_AUTHOR, Attribution, Author
from xreview.domain.change import ChangeSource, FileDiff, Unshown
from xreview.domain.coverage import CoverageEntry, CoverageSummary, summarise
from xreview.domain.finding import Finding
from xreview.domain.identity.carry_over import (
    Carried,
    CarriedState,
    Fixed,
    Suppression,
    carry_counts,
)
from xreview.domain.proposal import Proposal, proposed_about
from xreview.domain.report import Lens, ReviewerIdentity, ReviewerKind
from xreview.domain.state import Triage
from xreview.ports.reviewer import Asked, Usage
from xreview.review.choosing.choice import ReaderChoice
from xreview.review.session.pending import NOTHING_PENDING, Pending


class ReviewerState(StrEnum):
    """Where one reviewer is."""

    WAITING = "waiting"
    READING = "reading"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ReviewerProgress:
    """One reviewer: who it is, how far it is, what it used, and why it failed if it did.

    `asked` is said at the end of a model's review.
    """

    identity: ReviewerIdentity
    lens: Lens
    state: ReviewerState = ReviewerState.WAITING
    done: int = 0
    total: int = 0
    doing: str = ""
    error: str = ""
    usage: Usage = field(default_factory=Usage)
    asked: Asked | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes from it."""
        return self.state not in (ReviewerState.WAITING, ReviewerState.READING)


@dataclass(frozen=True, slots=True)
class Answering:
    """A model that is asked what it thinks of others' reports: how far it is, and what it used."""

    party: ReviewerIdentity
    done: int = 0
    total: int = 0
    doing: str = ""
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True)
class ReviewSnapshot:
    """The state of one session.

    `findings` are in order of attention; `is_collected` is False while git still streams. `triage`
    is what is on disk; what the disk refused so far is `pending`. `attribution` and `choice` are
    None while nobody has looked who wrote the change; `is_joining` is True while it is not known
    yet who reads beside those that read already, `is_counting` while git has not said yet what
    must be in the change; `unread` is what its diffs do not show of that. `left_out` is how many
    imported results are no findings here. `answering` is the model that answers reports now,
    `answered` those that came to their end. `proposals` are what others propose, by fingerprint;
    `taken` says by which action one was taken up, by its id. `actor` is the person who decides.
    """

    session: str
    source: ChangeSource
    files: tuple[FileDiff, ...] = ()
    is_collected: bool = False
    is_joining: bool = False
    is_counting: bool = False
    unread: tuple[Unshown, ...] = ()
    answering: Answering | None = None
    answered: tuple[Answering, ...] = ()
    author: Author = UNKNOWN_AUTHOR
    findings: tuple[Finding, ...] = ()
    triage: Triage = field(default_factory=Triage)
    reviewers: tuple[ReviewerProgress, ...] = ()
    coverage: tuple[CoverageEntry, ...] = ()
    notices: tuple[str, ...] = ()
    left_out: int = 0
    carried: Mapping[str, Carried] = field(default_factory=dict[str, Carried])
    fixed: tuple[Fixed, ...] = ()
    pending: Pending = NOTHING_PENDING
    attribution: Attribution | None = None
    choice: ReaderChoice | None = None
    proposals: Mapping[str, tuple[Proposal, ...]] = field(
        default_factory=dict[str, tuple[Proposal, ...]]
    )
    taken: Mapping[str, str] = field(default_factory=dict[str, str])
    actor: str = ""

    def proposed(self, finding: Finding) -> tuple[Proposal, ...]:
        """What others propose about the finding, and the person has not taken up."""
        found = proposed_about(self.proposals, finding.fingerprints)
        return tuple(one for one in found if not self._is_taken(one))

    def _is_taken(self, proposal: Proposal) -> bool:
        action = self.taken.get(proposal.id)
        return action is not None and action not in self.triage.undone

    @property
    def unsaved(self) -> int:
        """How many actions of the person are not on disk: they are lost if the program ends now."""
        return self.pending.count

    @property
    def doing(self) -> str:
        """What is done now, raw: by a model first, since it takes longest; "" for nothing."""
        reading = [one for one in self.reviewers if one.doing and not one.is_over]
        models = [one for one in reading if one.identity.kind is not ReviewerKind.ANALYSER]
        told = next(iter([*models, *reading]), None)
        if told is not None:
            return told.doing
        return self.answering.doing if self.answering is not None else ""

    def is_pending(self, finding: Finding) -> bool:
        """Whether something was done about the finding that is not on disk yet."""
        return not self.pending.subjects.isdisjoint(finding.fingerprints)

    def suppression(self, finding: Finding) -> Suppression | None:
        """Why the finding is not asked again; None where one of its reports must be."""
        found = [
            one.suppression for name in finding.fingerprints if (one := self.carried.get(name))
        ]
        return found[0] if found and all(found) else None

    def state_of(self, finding: Finding) -> CarriedState:
        """What became of the finding: its most telling report decides."""
        states = {one.state for name in finding.fingerprints if (one := self.carried.get(name))}
        for state in (CarriedState.BACK, CarriedState.STILL_THERE):
            if state in states:
                return state
        return CarriedState.NEW

    @cached_property
    def carried_counts(self) -> Mapping[CarriedState, int]:
        """How many findings are new, still there and back, and how many problems are fixed."""
        return carry_counts(
            [*map(self.state_of, self.findings), *(CarriedState.FIXED for _ in self.fixed)]
        )

    @cached_property
    def open_findings(self) -> tuple[Finding, ...]:
        """The findings nobody has decided about, but for those that are not asked again, and those
        that nobody can show in the code: they may be decided, and wait for nobody."""
        return tuple(
            finding
            for finding in self.findings
            if self.triage.is_open(finding)
            and finding.is_anchored
            and self.suppression(finding) is None
        )

    @cached_property
    def unanchored(self) -> tuple[Finding, ...]:
        """The findings of which no quote stands in the code."""
        return tuple(finding for finding in self.findings if not finding.is_anchored)

    @cached_property
    def coverage_summary(self) -> CoverageSummary:
        """Counts of what was read, skipped and left as a gap."""
        return summarise(self.coverage)

    @cached_property
    def account(self) -> Account:
        """Where each path and changed line ended. Costs a pass over the files and the coverage."""
        return account_of(self.files, self.coverage, self.unread)

    @cached_property
    def gaps(self) -> tuple[CoverageEntry, ...]:
        """What was not read, for lists (`domain.account.gaps_in`)."""
        return gaps_in(self.account, self.coverage)

    @property
    def is_by_analysers(self) -> bool:
        """Whether only pattern checks read the change."""
        kinds = {reviewer.identity.kind for reviewer in self.reviewers}
        return kinds == {ReviewerKind.ANALYSER}

    @property
    def is_running(self) -> bool:
        """Whether a reviewer may still report something, or git is still counting the change."""
        return (
            self.is_joining
            or self.is_counting
            or any(not reviewer.is_over for reviewer in self.reviewers)
        )

    @property
    def is_complete(self) -> bool:
        """Whether every reviewer read all it was expected to, and somebody every changed line.

        False also while they read.
        """
        return (
            self.is_collected
            and not self.is_running
            and bool(self.reviewers)
            and all(reviewer.state is ReviewerState.DONE for reviewer in self.reviewers)
            and self.coverage_summary.is_complete
            and self.account.is_complete
        )

    @property
    def cost(self) -> float | None:
        """US dollars used so far; None where a price is unknown."""
        answers = [*self.answered, *([self.answering] if self.answering else [])]
        costs = [one.usage.cost for one in (*self.reviewers, *answers)]
        known = [cost for cost in costs if cost is not None]
        return sum(known) if len(known) == len(costs) else None
