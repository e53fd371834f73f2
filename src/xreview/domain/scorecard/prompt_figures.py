"""What each prompt of a review brought, and whether two versions can be told apart."""

from collections.abc import Mapping
from enum import StrEnum
from itertools import groupby, pairwise
from typing import NamedTuple

from xreview.domain.record import dataclass, field
from xreview.domain.reply_count import ReplyCount
from xreview.domain.scorecard.proportion import Proportion


class ScoredPrompt(NamedTuple):
    """A prompt as the journal names it: `risk/2`, or `risk/2+yours` with words of the user's, and
    the beginning of its digest."""

    reference: str
    digest: str

    @property
    def label(self) -> str:
        """`risk/2 (0123456789ab)`; raw."""
        return f"{self.reference} ({self.digest})"

    @property
    def name(self) -> str:
        """The name without its version."""
        return self.reference.partition("/")[0]

    @property
    def is_own(self) -> bool:
        """Whether it has words of the user's."""
        return "+" in self.reference

    @property
    def order(self) -> tuple[str, int, str, str]:
        """The sort key: versions of one prompt by number, ours before the user's."""
        version, _, whose = self.reference.partition("/")[2].partition("+")
        is_number = version.isascii() and version.isdigit() and len(version) < 10
        return self.name, int(version) if is_number else 0, whose, self.digest


@dataclass(frozen=True, slots=True)
class PromptEffort:
    """US dollars or minutes of the `known` of a prompt's reviews, `of` which there are more."""

    amount: float = 0.0
    known: int = 0
    of: int = 0

    def plus(self, amount: float | None) -> "PromptEffort":
        """The same with one more review; None for an unknown amount."""
        if amount is None:
            return PromptEffort(self.amount, self.known, self.of + 1)
        return PromptEffort(self.amount + amount, self.known + 1, self.of + 1)


@dataclass(frozen=True, slots=True)
class PromptRecord:
    """What a prompt brought.

    Args:
        sessions: in how many it was used.
        reports: of its reviewers in these; a report counts once for each prompt.
        decided: how many of them were accepted, rejected or escalated.
        precision: the accepted of those accepted or rejected.
        dollars, minutes: what its reviewers used.
        replies: how many followed the schema; None if unknown.
    """

    prompt: ScoredPrompt
    sessions: int
    reports: int
    decided: int
    precision: Proportion
    dollars: PromptEffort
    minutes: PromptEffort
    replies: ReplyCount | None = None


class PromptVerdict(StrEnum):
    """What the precision of two prompts says."""

    THIN = "thin"
    OVERLAP = "overlap"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class PromptComparison:
    """Two versions of one prompt, the older first."""

    one: PromptRecord
    other: PromptRecord

    @property
    def verdict(self) -> PromptVerdict:
        """Whether their intervals overlap; for intervals of 95 % that is stricter than a test at
        5 %, so what is told apart here differs."""
        one, other = self.one.precision, self.other.precision
        if one.is_thin or other.is_thin or not one.interval or not other.interval:
            return PromptVerdict.THIN
        is_apart = one.interval.high < other.interval.low or other.interval.high < one.interval.low
        return PromptVerdict.APART if is_apart else PromptVerdict.OVERLAP


@dataclass(frozen=True)
class PromptAccount:
    """All prompts of reviews, versions of one side by side.

    Args:
        unattributed: reports of models whose prompt isn't in the journal.
        replies: how many replies to any prompt followed the schema, by model.
    """

    records: tuple[PromptRecord, ...] = ()
    unattributed: int = 0
    replies: Mapping[str, ReplyCount] = field(default_factory=dict[str, ReplyCount])

    @property
    def comparisons(self) -> tuple[PromptComparison, ...]:
        """Each version of a prompt with the one before."""
        groups = groupby(self.records, key=lambda one: one.prompt.name)
        return tuple(PromptComparison(*pair) for _, group in groups for pair in pairwise(group))
