"""The account of a session, as figures; each whole is the sum of its parts."""

from collections.abc import Mapping
from enum import StrEnum

from xreview.domain.account import EMPTY_ACCOUNT, Account
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.decision import Reason
from xreview.domain.events.outcome_events import AftermathKind
from xreview.domain.events.person_events import FoundIn
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.record import dataclass, field
from xreview.domain.remaining.remaining import Remaining
from xreview.domain.ruling import Ruling
from xreview.domain.scorecard.proportion import Proportion
from xreview.domain.scorecard.scored import Arm, ScoredReviewer
from xreview.domain.session_account.facts import PartySpending


class FindingFate(StrEnum):
    """What came of a finding; each has exactly one.

    `PASSED_OVER` is only of a reviewer: another side of its finding was accepted.
    """

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    ESCALATED = "escalated"
    UNDECIDED = "undecided"
    SETTLED = "settled"
    """It wasn't asked again."""
    UNANCHORED = "unanchored"
    """Undecided, and its quote isn't in the code: it counts for nothing."""
    PASSED_OVER = "passed-over"


@dataclass(frozen=True)
class FateCounts:
    """How many findings came to what."""

    by_fate: Mapping[FindingFate, int] = field(default_factory=dict[FindingFate, int])

    def of(self, fate: FindingFate) -> int:
        """How many have this fate."""
        return self.by_fate.get(fate, 0)

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_fate.values())

    @property
    def accepted_share(self) -> Proportion:
        """The accepted of those that were decided for or against."""
        accepted = self.of(FindingFate.ACCEPTED)
        against = self.of(FindingFate.REJECTED) + self.of(FindingFate.PASSED_OVER)
        return Proportion(accepted, accepted + against)


@dataclass(frozen=True)
class ContestCount:
    """The findings on which models disagree, and how the user settled them.

    Args:
        total: all of them. rulings: where a model argued against it, who was right.
        sides: conflicts of which one side was accepted.
        otherwise: decided without saying who was right. open: undecided or escalated.
    """

    total: int = 0
    rulings: Mapping[Ruling, int] = field(default_factory=dict[Ruling, int])
    sides: int = 0
    otherwise: int = 0
    open: int = 0


@dataclass(frozen=True, slots=True)
class EscalationCount:
    """The findings that were escalated.

    Args:
        asked: all of them. answered: something came back. unknown: whether something did isn't
            known.
        settled: accepted or rejected since.
    """

    asked: int = 0
    answered: int = 0
    unknown: int = 0
    settled: int = 0

    @property
    def waiting(self) -> int:
        """Nothing came back."""
        return self.asked - self.answered - self.unknown


@dataclass(frozen=True)
class ArmAccount:
    """What the reviewers that stand in one relation to the author raised and read.

    Args:
        findings: those that one of them raised; a finding can count for several arms.
        files, lines: how much of the change one of them read in full; None if unknown.
    """

    findings: FateCounts = field(default_factory=FateCounts)
    files: Proportion | None = None
    lines: Proportion | None = None


@dataclass(frozen=True)
class LevelCount:
    """How many files deserve one level of attention, and what was decided at it."""

    level: AttentionLevel
    files: int
    findings: FateCounts


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """A file that deserves a person's reading and that no model and no person has read."""

    path: str
    level: AttentionLevel
    why: str


@dataclass(frozen=True)
class LevelAccount:
    """The attention of a session.

    Args:
        change: the level of the whole change.
        levels: every level, the highest first. unread: the files at level 4 and 5 that only pattern
            checks, or nothing, read.
    """

    change: AttentionLevel
    levels: tuple[LevelCount, ...]
    unread: tuple[UnreadFile, ...]


@dataclass(frozen=True)
class SpendingAccount:
    """What several parties used together; what isn't known is named, never 0."""

    parties: tuple[PartySpending, ...] = ()

    @property
    def dollars(self) -> float | None:
        """US dollars of the parties whose cost is known; None if none is."""
        known = [one.dollars for one in self.parties if one.dollars is not None]
        return sum(known) if known else None

    @property
    def unpriced(self) -> tuple[str, ...]:
        """The parties whose cost is unknown."""
        return tuple(one.name for one in self.parties if one.dollars is None)

    @property
    def seconds(self) -> float | None:
        """The time of the parties for which it is known, added up; None if it is for none."""
        known = [one.seconds for one in self.parties if one.seconds is not None]
        return sum(known) if known else None

    @property
    def untimed(self) -> tuple[str, ...]:
        """The parties whose time is unknown."""
        return tuple(one.name for one in self.parties if one.seconds is None)


class ForeseenAs(StrEnum):
    """What the review had said of lines that a later commit took back or fixed."""

    ACCEPTED = "accepted"
    """It had an accepted finding there: a fix of it is no miss."""
    NOT_ACCEPTED = "not-accepted"
    NOTHING = "nothing"


@dataclass(frozen=True)
class LaterCount:
    """What came to light after the review.

    Args:
        missed: problems that someone recorded, by where they came to light.
        aftermath: files whose reviewed lines a later commit took back or fixed, by what the review
            had said there.
    """

    missed: Mapping[FoundIn, int] = field(default_factory=dict[FoundIn, int])
    aftermath: Mapping[tuple[AftermathKind, ForeseenAs], int] = field(
        default_factory=dict[tuple[AftermathKind, ForeseenAs], int]
    )


@dataclass(frozen=True)
class SessionAccount:
    """What one session of review came to.

    Args:
        findings: by what came of them. reasons: of the rejected ones.
        own: the accepted ones that only people raised. elsewhere: the accepted, rejected and
            escalated ones whose decision another session made.
        reviewers: what came of each one's findings.
        fixes: the latest outcomes, of findings. working: how many work now.
        later: None if it isn't known. attention: None if it wasn't weighed.
        read: whether each changed line was read. failures: why reviewers didn't finish, by name.
        models: what reviewers and other models used. fixing: what fixes used; None if unknown.
        seconds: from opening to the last decision of this session that holds, breaks and waiting
            included; None if unknown.
        remaining: how many problems no reader found; None if no model read the change.
    """

    session: str
    findings: FateCounts = field(default_factory=FateCounts)
    reasons: Mapping[Reason, int] = field(default_factory=dict[Reason, int])
    own: int = 0
    elsewhere: int = 0
    reviewers: Mapping[ScoredReviewer, FateCounts] = field(
        default_factory=dict[ScoredReviewer, FateCounts]
    )
    contests: ContestCount = field(default_factory=ContestCount)
    escalations: EscalationCount = field(default_factory=EscalationCount)
    fixes: Mapping[FixOutcome, int] = field(default_factory=dict[FixOutcome, int])
    working: int = 0
    later: LaterCount | None = None
    arms: Mapping[Arm, ArmAccount] = field(default_factory=dict[Arm, ArmAccount])
    attention: LevelAccount | None = None
    read: Account = EMPTY_ACCOUNT
    failures: Mapping[str, str] = field(default_factory=dict[str, str])
    is_over: bool = False
    models: SpendingAccount = field(default_factory=SpendingAccount)
    fixing: SpendingAccount | None = field(default_factory=SpendingAccount)
    seconds: float | None = None
    remaining: Remaining | None = None
