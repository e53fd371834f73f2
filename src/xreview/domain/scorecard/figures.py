"""What became of what reviewers said: the figures that a person's own decisions give.

A report counts once for each reviewer, repository and fingerprint, however many sessions saw it.
A share always carries the number it is a share of; what is not known is None, never 0.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, TypeVar

from xreview.domain.decision import Reason
from xreview.domain.report import Category, ReviewerIdentity, ReviewerKind

_Key = TypeVar("_Key")

FEWEST = 5
"""A share of fewer decisions than this says little and is marked."""


class ScoredReviewer(NamedTuple):
    """A reviewer as the scorecard tells them apart.

    `vendor` is the model family, "" for an analyser, whose engines count together. `kind` is None
    for a reviewer that read something and never reported anything.
    """

    name: str
    kind: ReviewerKind | None
    vendor: str

    @property
    def label(self) -> str:
        """`opus (anthropic)`, `risk (analyser)`, or the name alone."""
        what = self.vendor or (self.kind.value if self.kind else "")
        return f"{self.name} ({what})" if what and what != self.name else self.name


def scored(identity: ReviewerIdentity) -> ScoredReviewer:
    """The reviewer of a report as the scorecard names it."""
    is_analyser = identity.kind is ReviewerKind.ANALYSER
    return ScoredReviewer(identity.name, identity.kind, "" if is_analyser else identity.family)


class Arm(StrEnum):
    """Who reviewed whom: the comparison that this program exists for."""

    CROSS_FAMILY = "cross-family"
    SAME_FAMILY = "same-family"
    ANALYSER = "analyser"
    UNKNOWN_AUTHOR = "unknown-author"


def arm_of(author: str, reviewer: ScoredReviewer) -> Arm:
    """The arm a report belongs to. `author` is the author's vendor, "" for not known."""
    if reviewer.kind in (ReviewerKind.ANALYSER, None):
        return Arm.ANALYSER
    if not author:
        return Arm.UNKNOWN_AUTHOR
    return Arm.SAME_FAMILY if author == reviewer.vendor else Arm.CROSS_FAMILY


@dataclass(frozen=True, slots=True)
class Proportion:
    """`count` of `of`."""

    count: int
    of: int

    @property
    def fraction(self) -> float | None:
        """Between 0 and 1; None where there is nothing to take a share of."""
        return self.count / self.of if self.of else None

    @property
    def is_thin(self) -> bool:
        """Whether it rests on too little to be trusted."""
        return self.of < FEWEST


@dataclass(frozen=True, slots=True)
class OutcomeTally:
    """What became of some reports.

    Args:
        raised: all of them; the other numbers but `fixed` and `resolved` add up to it.
        rejected: by reason; reasons that were not given are left out.
        fixed: accepted ones of which a later review confirmed that the problem is gone.
        resolved: escalated ones to which an answer came.
    """

    raised: int = 0
    accepted: int = 0
    rejected: Mapping[Reason, int] = field(default_factory=dict[Reason, int])
    escalated: int = 0
    open: int = 0
    fixed: int = 0
    resolved: int = 0

    @property
    def rejections(self) -> int:
        """The rejected ones, whatever the reason."""
        return sum(self.rejected.values())

    @property
    def accepted_share(self) -> Proportion:
        """The accepted ones of those accepted or rejected; an escalation leaves it undecided."""
        return Proportion(self.accepted, self.accepted + self.rejections)

    def __add__(self, other: "OutcomeTally") -> "OutcomeTally":
        reasons = [
            reason for reason in Reason if reason in self.rejected or reason in other.rejected
        ]
        return OutcomeTally(
            self.raised + other.raised,
            self.accepted + other.accepted,
            {
                reason: self.rejected.get(reason, 0) + other.rejected.get(reason, 0)
                for reason in reasons
            },
            self.escalated + other.escalated,
            self.open + other.open,
            self.fixed + other.fixed,
            self.resolved + other.resolved,
        )


@dataclass(frozen=True, slots=True)
class ScorecardRow:
    """One cell of author × reviewer × category. `author` is a vendor, "" for not known."""

    author: str
    reviewer: ScoredReviewer
    category: Category
    tally: OutcomeTally


@dataclass(frozen=True, slots=True)
class Rate:
    """Bugs caught for an effort: `accepted` in those `sessions` of which the `effort` is known.

    `of_sessions` are all that the reviewer took part in.
    """

    accepted: int
    effort: float
    sessions: int
    of_sessions: int

    @property
    def is_known(self) -> bool:
        """Whether the effort of at least one session is known."""
        return self.sessions > 0

    @property
    def per_unit(self) -> float | None:
        """Bugs for each unit; None where the effort is not known, or where it took none."""
        return self.accepted / self.effort if self.effort > 0 else None


@dataclass(frozen=True, slots=True)
class Yield:
    """What a reviewer's time and money brought: bugs per US dollar, and per minute of reviewing."""

    dollars: Rate
    minutes: Rate


@dataclass(frozen=True, slots=True)
class Delay:
    """Seconds from a finding's first report to the first decision on it that still holds.

    `median` and `p90` (nearest rank) are None where nothing was decided.
    """

    decided: int
    median: float | None
    p90: float | None


def delay_of(seconds: Iterable[float]) -> Delay:
    """The summary of some delays."""
    ordered = sorted(seconds)
    if not ordered:
        return Delay(0, None, None)
    middle = len(ordered) // 2
    median = ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    return Delay(len(ordered), median, ordered[-(-len(ordered) * 9 // 10) - 1])


@dataclass(frozen=True)
class Scorecard:
    """All figures.

    Args:
        since: only reports first seen from this moment on, as ISO 8601; None for all.
        sessions, repositories: how many these reports were seen in.
        rows: every cell of author × reviewer × category that is not empty, ordered.
        arms: every arm, also empty ones.
        sight: for reviewer and category, how many of the accepted problems in files that it read,
            and that its lens asks for, the reviewer raised. What is missing are its blind spots.
        yields: for each reviewer. delays: for each reviewer; `delay` is over all.
    """

    since: str | None
    sessions: int
    repositories: int
    rows: tuple[ScorecardRow, ...]
    arms: Mapping[Arm, OutcomeTally]
    sight: Mapping[tuple[ScoredReviewer, Category], Proportion]
    yields: Mapping[ScoredReviewer, Yield]
    delays: Mapping[ScoredReviewer, Delay]
    delay: Delay

    @property
    def total(self) -> OutcomeTally:
        """All reports together."""
        return sum((row.tally for row in self.rows), OutcomeTally())

    @property
    def reviewers(self) -> tuple[ScoredReviewer, ...]:
        """Everyone who reported, or read a file with an accepted problem, by name."""
        named = {row.reviewer for row in self.rows} | {reviewer for reviewer, _ in self.sight}
        return tuple(sorted(named, key=reviewer_order))

    @property
    def categories(self) -> tuple[Category, ...]:
        """The categories of which there is a report, in the order of `Category`."""
        seen = {row.category for row in self.rows}
        return tuple(category for category in Category if category in seen)

    def by_author_and_reviewer(self) -> dict[tuple[str, ScoredReviewer], OutcomeTally]:
        """The rows with categories added up, in their order."""
        return self._added(lambda row: (row.author, row.reviewer))

    def by_reviewer_and_category(self) -> dict[tuple[ScoredReviewer, Category], OutcomeTally]:
        """The rows with authors added up, in their order."""
        return self._added(lambda row: (row.reviewer, row.category))

    def _added(self, key: Callable[[ScorecardRow], _Key]) -> dict[_Key, OutcomeTally]:
        added: dict[_Key, OutcomeTally] = {}
        for row in self.rows:
            added[key(row)] = added.get(key(row), OutcomeTally()) + row.tally
        return added


def reviewer_order(reviewer: ScoredReviewer) -> tuple[str, str, str]:
    """What to sort reviewers by: models and agents by name among analysers by name."""
    return (reviewer.name, reviewer.kind.value if reviewer.kind else "", reviewer.vendor)
