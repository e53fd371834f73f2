"""The figures of the scorecard, from the user's own decisions.

A report counts once for each reviewer, repository and fingerprint, however many sessions had it.
A share always has its denominator; unknown is None, never 0.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from xreview.domain.calibration.figures import Calibration
from xreview.domain.decision import Reason
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.record import dataclass, field
from xreview.domain.report import Category
from xreview.domain.ruling import Ruling
from xreview.domain.scorecard.attempt_figures import AttemptAccount
from xreview.domain.scorecard.prompt_figures import PromptAccount
from xreview.domain.scorecard.proportion import Proportion
from xreview.domain.scorecard.scored import Arm, ScoredFixer, ScoredReviewer, reviewer_order

_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class OutcomeTally:
    """The outcomes of reports: `raised` is the sum of the others, except of the `fixed` among the
    accepted, the `resolved` among the escalated, and the `rulings`.

    `passed_over` counts reports of accepted findings in which the user took another side.
    `rulings` counts who was right about reports that a model argued against.
    """

    raised: int = 0
    accepted: int = 0
    rejected: Mapping[Reason, int] = field(default_factory=dict[Reason, int])
    escalated: int = 0
    open: int = 0
    fixed: int = 0
    resolved: int = 0
    passed_over: int = 0
    rulings: Mapping[Ruling, int] = field(default_factory=dict[Ruling, int])

    @property
    def rejections(self) -> int:
        """The rejected ones, for any reason, and those passed over."""
        return sum(self.rejected.values()) + self.passed_over

    @property
    def accepted_share(self) -> Proportion:
        """The accepted ones of those accepted or rejected; escalated ones are undecided."""
        return Proportion(self.accepted, self.accepted + self.rejections)

    def __add__(self, other: "OutcomeTally") -> "OutcomeTally":
        return OutcomeTally(
            self.raised + other.raised,
            self.accepted + other.accepted,
            _added(Reason, self.rejected, other.rejected),
            self.escalated + other.escalated,
            self.open + other.open,
            self.fixed + other.fixed,
            self.resolved + other.resolved,
            self.passed_over + other.passed_over,
            _added(Ruling, self.rulings, other.rulings),
        )


def _added(
    order: Iterable[_Key], one: Mapping[_Key, int], other: Mapping[_Key, int]
) -> dict[_Key, int]:
    """The sums by key, in an order."""
    return {key: one.get(key, 0) + other.get(key, 0) for key in order if key in one or key in other}


@dataclass(frozen=True, slots=True)
class ScorecardRow:
    """One cell of author × reviewer × category. `author` is a vendor; "" for unknown."""

    author: str
    reviewer: ScoredReviewer
    category: Category
    tally: OutcomeTally


@dataclass(frozen=True, slots=True)
class Rate:
    """Bugs caught per effort: `accepted` in the `sessions` with a known `effort`.

    `of_sessions` counts all sessions of the reviewer.
    """

    accepted: int
    effort: float
    sessions: int
    of_sessions: int

    @property
    def is_known(self) -> bool:
        """Whether the effort of any session is known."""
        return self.sessions > 0

    @property
    def per_unit(self) -> float | None:
        """Bugs per unit; None if the effort is unknown or zero."""
        return self.accepted / self.effort if self.effort > 0 else None


@dataclass(frozen=True, slots=True)
class Yield:
    """Bugs per US dollar and per minute of reviewing."""

    dollars: Rate
    minutes: Rate


@dataclass(frozen=True, slots=True)
class Delay:
    """Seconds from a finding's first report to its first decision that still holds.

    `median` and `p90` (nearest rank) are None if nothing was decided.
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


@dataclass(frozen=True, slots=True)
class CatchCount:
    """The account of a review's purpose.

    Args:
        caught: accepted problems that a reviewer raised.
        missed: problems that no reviewer raised, found by a person or in testing.
        shipped: problems found in production.
    """

    caught: int = 0
    missed: int = 0
    shipped: int = 0


@dataclass(frozen=True, slots=True)
class FixSpending:
    """What a fixer cost: `dollars` for the `known` of its `fixes`, which made `working` ones."""

    working: int
    dollars: float
    known: int
    fixes: int

    @property
    def per_working(self) -> float | None:
        """US dollars for each finding that works now, those of failed fixes included; None if no
        cost is known or none works."""
        return self.dollars / self.working if self.known and self.working else None


@dataclass(frozen=True, slots=True)
class FixerRecord:
    """What a fixer made of findings. A finding counts once for each time that it was handed over.

    Args:
        fixes: how many hand-overs. outcomes: of the judged findings.
        working: how many findings were judged fixed, with all of it applied and not undone.
    """

    fixer: ScoredFixer
    fixes: int
    outcomes: Mapping[FixOutcome, int]
    working: int
    spending: FixSpending

    @property
    def success(self) -> Proportion:
        """The findings judged fixed, of all judged."""
        return Proportion(self.outcomes.get(FixOutcome.FIXED, 0), sum(self.outcomes.values()))


@dataclass(frozen=True)
class Scorecard:
    """All figures.

    Args:
        since: only reports first seen from this time on (ISO 8601); None for all.
        sessions, repositories: how many had these reports.
        rows: every non-empty cell of author × reviewer × category, ordered.
        arms: every arm, even empty ones.
        sight: by reviewer and category, how many of the accepted problems in files it read and
            within its lens it raised. The rest are its blind spots.
        catches: what all reviewers together caught, missed and shipped; catches_by: each of them,
            charged only with files it read, within its lens.
        fixers: what each made of accepted findings. refuted: the accepted findings that a fixer
            was blocked on and the user then rejected, of those judged.
        attempts: what became of tasks that several writers attempted.
        prompts: what each prompt brought.
        calibration: how levels and confidences agreed with what happened.
        yields, delays: by reviewer; `delay` is over all.
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
    catches: CatchCount = CatchCount()
    catches_by: Mapping[ScoredReviewer, CatchCount] = field(
        default_factory=dict[ScoredReviewer, CatchCount]
    )
    fixers: tuple[FixerRecord, ...] = ()
    refuted: Proportion = field(default_factory=lambda: Proportion(0, 0))
    attempts: AttemptAccount = field(default_factory=AttemptAccount)
    prompts: PromptAccount = field(default_factory=PromptAccount)
    calibration: Calibration = field(default_factory=Calibration)

    @property
    def total(self) -> OutcomeTally:
        """All reports together."""
        return sum((row.tally for row in self.rows), OutcomeTally())

    @property
    def reviewers(self) -> tuple[ScoredReviewer, ...]:
        """All who reported, or read a file with an accepted problem, by name."""
        named = {row.reviewer for row in self.rows} | {reviewer for reviewer, _ in self.sight}
        return tuple(sorted(named, key=reviewer_order))

    @property
    def categories(self) -> tuple[Category, ...]:
        """The categories with a report, in the order of `Category`."""
        seen = {row.category for row in self.rows}
        return tuple(category for category in Category if category in seen)

    def by_author_and_reviewer(self) -> dict[tuple[str, ScoredReviewer], OutcomeTally]:
        """The rows with categories added up, in their order."""
        return self._added(lambda row: (row.author, row.reviewer))

    def rulings_by_reviewer(self) -> dict[ScoredReviewer, Mapping[Ruling, int]]:
        """The rulings on each reviewer's reports; only of reviewers with any."""
        added = self._added(lambda row: row.reviewer)
        return {reviewer: tally.rulings for reviewer, tally in added.items() if tally.rulings}

    def rulings_by_author(self) -> dict[str, Mapping[Ruling, int]]:
        """The rulings on the code of each author's vendor; only of vendors with any."""
        added = self._added(lambda row: row.author)
        return {author: tally.rulings for author, tally in added.items() if tally.rulings}

    def by_reviewer_and_category(self) -> dict[tuple[ScoredReviewer, Category], OutcomeTally]:
        """The rows with authors added up, in their order."""
        return self._added(lambda row: (row.reviewer, row.category))

    def _added(self, key: Callable[[ScorecardRow], _Key]) -> dict[_Key, OutcomeTally]:
        added: dict[_Key, OutcomeTally] = {}
        for row in self.rows:
            added[key(row)] = added.get(key(row), OutcomeTally()) + row.tally
        return added
