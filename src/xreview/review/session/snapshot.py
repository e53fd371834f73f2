"""A frozen picture of a session, for front ends.

The first one is taken before there is anything but the change, so nothing else is loaded for it.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from xreview.domain.authorship.author import UNKNOWN_AUTHOR, Attribution, Author
from xreview.domain.events.carried import CarriedState, carry_counts, state_in, suppression_in
from xreview.domain.fixing.state import FindingFix, FixState
from xreview.domain.record import dataclass, field
from xreview.domain.related import RELATED_UNKNOWN, RelatedCode
from xreview.domain.report import Lens, ReviewerIdentity, ReviewerKind
from xreview.domain.state import Triage
from xreview.review.session.pending import NOTHING_PENDING, Pending

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from xreview.domain.account import Account
    from xreview.domain.attention.attention import ChangeAttention
    from xreview.domain.change import ChangeSource, FileDiff, Unshown
    from xreview.domain.coverage import CoverageEntry, CoverageSummary
    from xreview.domain.events.carried import CarriedOver, Suppression
    from xreview.domain.events.fix_events import FixApplied
    from xreview.domain.finding import Finding
    from xreview.domain.identity.carry_over import Carried, Fixed
    from xreview.domain.proposal import Proposal
    from xreview.domain.pull.discussion import RemoteComment, ReviewThread
    from xreview.domain.pull.pull import Pull
    from xreview.domain.pull.sight import BotSight
    from xreview.ports.reviewer import Asked, Usage
    from xreview.review.choosing.choice import ReaderChoice

STOPPED = "the review was stopped before its end"

_UNTOUCHED = (None, "", False, CarriedState.NEW.value, None, (), None)
"""The handling of a new finding that nobody has said anything about."""


def _unused() -> Usage:
    from xreview.ports.reviewer import Usage

    return Usage()


class ReviewerState(StrEnum):
    """The state of one reviewer."""

    WAITING = "waiting"
    READING = "reading"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ReviewerProgress:
    """The progress of one reviewer.

    `asked` is set at the end of a model's review.
    """

    identity: ReviewerIdentity
    lens: Lens
    state: ReviewerState = ReviewerState.WAITING
    done: int = 0
    total: int = 0
    doing: str = ""
    error: str = ""
    usage: Usage = field(default_factory=_unused)
    asked: Asked | None = None

    @property
    def is_over(self) -> bool:
        """Whether it is done, failed, or cancelled."""
        return self.state not in (ReviewerState.WAITING, ReviewerState.READING)


def failures_of(reviewers: Iterable[ReviewerProgress]) -> dict[str, str]:
    """Why each reviewer that failed or was cancelled did, by name."""
    return {
        one.identity.name: one.error or STOPPED
        for one in reviewers
        if one.state in (ReviewerState.FAILED, ReviewerState.CANCELLED)
    }


@dataclass(frozen=True, slots=True)
class Answering:
    """The progress of a model that answers others' reports."""

    party: ReviewerIdentity
    done: int = 0
    total: int = 0
    doing: str = ""
    usage: Usage = field(default_factory=_unused)


@dataclass(frozen=True)
class ReviewSnapshot:
    """The state of one session.

    Args:
        files, is_collected: the change so far; `is_collected` is False while git still streams.
        is_joining: more reviewers are still being chosen.
        is_counting, unread: git still counts the change; what no diff shows of it.
        answering, answered: the model that answers reports now, and those that are done.
        findings: ranked.
        triage, pending: decisions on disk, and those not written yet.
        left_out: how many imported results aren't findings here.
        attribution, choice: who wrote the change and who reads it for that; None until known.
        proposals: by fingerprint. taken: the action that took up a proposal, by its id.
        actor: the user who decides. viewed: the paths of the files that they have viewed.
        related: what is related to the change and isn't in it.
        fixes: what fixes did to findings.
        pull, sights: the pull request under review, and how far bots have seen it; None, () for
            other changes.
        threads: what is said on it, by the ids in `Report.source`.
        said: what is said on it as a whole, the oldest first; recorded nowhere.
        attention: how much human reading it deserves; None until known.
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
    carried: Mapping[str, Carried] = field(default_factory=dict[str, "Carried"])
    fixed: tuple[Fixed, ...] = ()
    pending: Pending = NOTHING_PENDING
    attribution: Attribution | None = None
    choice: ReaderChoice | None = None
    proposals: Mapping[str, tuple[Proposal, ...]] = field(
        default_factory=dict[str, "tuple[Proposal, ...]"]
    )
    taken: Mapping[str, str] = field(default_factory=dict[str, str])
    actor: str = ""
    viewed: frozenset[str] = frozenset()
    related: RelatedCode = RELATED_UNKNOWN
    fixes: FixState = field(default_factory=FixState)
    pull: Pull | None = None
    sights: tuple[BotSight, ...] = ()
    threads: Mapping[str, ReviewThread] = field(default_factory=dict[str, "ReviewThread"])
    said: tuple[RemoteComment, ...] = ()
    attention: ChangeAttention | None = None

    def threads_of(self, finding: Finding) -> tuple[ReviewThread, ...]:
        """The threads that a finding was read from, in the order of its reports."""
        ids = dict.fromkeys(report.source for report in finding.reports)
        return tuple(self.threads[id] for id in ids if id in self.threads)

    @property
    def last_applied(self) -> FixApplied | None:
        """The applied fix that the next undo takes back; None if that undoes something else."""
        undoable = self.triage.undoable
        return self.fixes.applied.get(undoable[-1]) if undoable else None

    def fix_of(self, finding: Finding) -> FindingFix | None:
        """What the latest fix of a finding did; where its code was edited since, the fix before."""
        replaced = (kept.replaces for kept in self._kept(finding) if kept.replaces)
        return self.fixes.of(finding) or self.fixes.of_any(replaced)

    def is_regressed(self, finding: Finding) -> bool:
        """Whether a fix of the finding didn't hold, and no later one was judged."""
        if self.state_of(finding) is not CarriedState.REGRESSED:
            return False
        fix = self.fix_of(finding)
        return fix is None or fix.session != self.session

    def proposed(self, finding: Finding) -> tuple[Proposal, ...]:
        """The open proposals about the finding."""
        if not self.proposals:
            return ()
        from xreview.domain.proposal import proposed_about

        found = proposed_about(self.proposals, finding.fingerprints)
        return tuple(one for one in found if not self._is_taken(one))

    def _is_taken(self, proposal: Proposal) -> bool:
        action = self.taken.get(proposal.id)
        return action is not None and action not in self.triage.undone

    @property
    def failures(self) -> Mapping[str, str]:
        """Why each reviewer that failed or was cancelled did, by name."""
        return failures_of(self.reviewers)

    @property
    def unsaved(self) -> int:
        """How many of the user's actions aren't on disk and would be lost now."""
        return self.pending.count

    @property
    def doing(self) -> str:
        """What is being done now, raw, models first since they take longest; "" for nothing."""
        reading = [one for one in self.reviewers if one.doing and not one.is_over]
        models = [one for one in reading if one.identity.kind is not ReviewerKind.ANALYSER]
        told = next(iter([*models, *reading]), None)
        if told is not None:
            return told.doing
        return self.answering.doing if self.answering is not None else ""

    def is_pending(self, finding: Finding) -> bool:
        """Whether an action about the finding isn't on disk yet."""
        return not self.pending.subjects.isdisjoint(finding.fingerprints)

    def suppression(self, finding: Finding) -> Suppression | None:
        """Why the finding isn't asked again; None if one of its reports must be."""
        return suppression_in(self._kept(finding))

    def state_of(self, finding: Finding) -> CarriedState:
        """How the finding compares with earlier reviews."""
        return state_in(self._kept(finding)) or CarriedState.NEW

    def _kept(self, finding: Finding) -> list[CarriedOver]:
        known = (self.carried.get(name) for name in finding.fingerprints)
        return [one.kept for one in known if one]

    @cached_property
    def _told_of(self) -> frozenset[str]:
        """The fingerprints about which there is anything to know: few of many."""
        known = self.carried.items()
        triage = self.triage
        return self.pending.subjects.union(
            *(triage.history, triage.notes, self.proposals, self.fixes.by_fingerprint),
            (name for name, one in known if one.suppression or one.state is not CarriedState.NEW),
        )

    def handling(self, finding: Finding) -> Hashable:
        """What was done about the finding, and what earlier sessions and others say about it."""
        if self._told_of.isdisjoint(finding.fingerprints):
            return _UNTOUCHED
        decided, kept = self.triage.decided(finding), self._kept(finding)
        return (
            decided and decided.action,
            self.triage.note(finding),
            self.is_pending(finding),
            (state_in(kept) or CarriedState.NEW).value,
            suppression_in(kept),
            tuple(one.id for one in self.proposed(finding)),
            self.fix_of(finding),
        )

    @property
    def handling_basis(self) -> tuple[object, ...]:
        """What `handling` depends on: while this is equal, it returns the same for a finding."""
        return (
            *(self.triage, self.pending, self.carried),
            *(self.proposals, self.taken, self.fixes),
        )

    @cached_property
    def carried_counts(self) -> Mapping[CarriedState, int]:
        """How many findings are new, still there, and back, and how many problems are fixed."""
        return carry_counts(
            [*map(self.state_of, self.findings), *(CarriedState.FIXED for _ in self.fixed)]
        )

    @cached_property
    def open_findings(self) -> tuple[Finding, ...]:
        """The undecided findings, without suppressed and unanchored ones: those can be decided, but
        don't have to be."""
        return tuple(
            finding
            for finding in self.findings
            if self.triage.is_open(finding)
            and finding.is_anchored
            and self.suppression(finding) is None
        )

    @cached_property
    def unanchored(self) -> tuple[Finding, ...]:
        """The findings whose quotes aren't in the code."""
        return tuple(finding for finding in self.findings if not finding.is_anchored)

    @cached_property
    def coverage_summary(self) -> CoverageSummary:
        """Counts of what was read, skipped, or is a gap."""
        from xreview.domain.coverage import summarise

        return summarise(self.coverage)

    @cached_property
    def account(self) -> Account:
        """Whether each path and changed line was read; one pass over files and coverage."""
        from xreview.domain.account import account_of

        return account_of(self.files, self.coverage, self.unread)

    @cached_property
    def gaps(self) -> tuple[CoverageEntry, ...]:
        """Everything not read (`account.gaps_in`)."""
        from xreview.domain.account import gaps_in

        return gaps_in(self.account, self.coverage)

    @property
    def is_by_analysers(self) -> bool:
        """Whether only pattern checks read the change."""
        kinds = {reviewer.identity.kind for reviewer in self.reviewers}
        return kinds == {ReviewerKind.ANALYSER}

    @property
    def is_running(self) -> bool:
        """Whether reports may still come, or git is still counting the change."""
        return (
            self.is_joining
            or self.is_counting
            or any(not reviewer.is_over for reviewer in self.reviewers)
        )

    @property
    def is_complete(self) -> bool:
        """Whether every reviewer is done without gaps and every changed line was read."""
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
        """US dollars spent so far; None if a price is unknown."""
        answers = [*self.answered, *([self.answering] if self.answering else [])]
        costs = [one.usage.cost for one in (*self.reviewers, *answers)]
        known = [cost for cost in costs if cost is not None]
        return sum(known) if len(known) == len(costs) else None
