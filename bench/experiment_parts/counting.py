"""What two arms of reviewers caught of the same known problems: pure, and so tested."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import comb

from xreview.domain.scorecard.proportion import FEWEST, Proportion
from xreview.domain.scorecard.scored import Arm

ARMS: tuple[Arm, ...] = (Arm.SAME_FAMILY, Arm.CROSS_FAMILY)
FEWEST_DISCORDANT = 6
"""With fewer problems that only one arm caught, an exact McNemar test can't reach 5 %."""
_CERTAIN = 0.05


class ProblemSource(StrEnum):
    """How a problem is known. A finding that was accepted was found by a reviewer: it counts apart,
    since it favours the family that the user reviews with."""

    FIXED = "fixed later"
    REVERTED = "reverted"
    RECORDED = "recorded as missed"
    ACCEPTED = "accepted finding"


@dataclass(frozen=True, slots=True)
class Spot:
    """The lines of one problem in one file of a commit.

    Args:
        lines: how many changed lines it takes. added: the numbers of the lines that the commit
            added to the file, in order; () if unknown.
    """

    commit: str
    path: str
    lines: int
    added: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownProblem:
    """Something that is known to be wrong in the reviewed commits.

    Args:
        id: the later commit's full id, or the action in the journal.
        has_shipped: whether it was found in production, or reached a release.
        caught_by: the arms with a finding that meets it; by_words: those of them that say the same.
        unread_by: the arms that didn't read its files.
        chance: by arm, how likely as many findings put elsewhere would have met it.
    """

    id: str
    source: ProblemSource
    spots: tuple[Spot, ...]
    has_shipped: bool = False
    caught_by: frozenset[Arm] = frozenset()
    by_words: frozenset[Arm] = frozenset()
    unread_by: frozenset[Arm] = frozenset()
    chance: tuple[tuple[Arm, float], ...] = ()


@dataclass(frozen=True, slots=True)
class ArmCount:
    """What one arm did with the problems."""

    caught: Proportion
    by_words: int
    unread: int
    shipped: int
    by_chance: float

    @property
    def missed(self) -> int:
        """How many problems it didn't catch."""
        return self.caught.of - self.caught.count


@dataclass(frozen=True, slots=True)
class Pairing:
    """The problems by which arms caught them, and what that says."""

    both: int
    only_same: int
    only_cross: int
    neither: int

    @property
    def p(self) -> float:
        """The two-sided p-value of the exact McNemar test.

        Q. McNemar, Psychometrika 12 (1947), 153-157; exact: a binomial test of the problems that
        only one arm caught.
        """
        return mcnemar(self.only_same, self.only_cross)

    @property
    def verdict(self) -> str:
        """What can be said, in words."""
        total = self.both + self.only_same + self.only_cross + self.neither
        discordant = self.only_same + self.only_cross
        if total < FEWEST:
            return f"too few to tell: {total} known problems, {FEWEST} are needed"
        if discordant < FEWEST_DISCORDANT:
            return (
                f"too few to tell: the arms differ in {discordant} problems, "
                f"{FEWEST_DISCORDANT} are needed"
            )
        if self.p >= _CERTAIN:
            return "the difference can be chance"
        better = Arm.CROSS_FAMILY if self.only_cross > self.only_same else Arm.SAME_FAMILY
        return f"the {better} arm caught more, and chance is an unlikely reason"


def mcnemar(first: int, second: int) -> float:
    """The two-sided p-value for the numbers of cases in which only one of two succeeded."""
    total = first + second
    tail = sum(comb(total, one) for one in range(min(first, second) + 1)) / 2**total
    return min(1.0, 2 * tail)


def count_arm(arm: Arm, problems: Collection[KnownProblem]) -> ArmCount:
    """What an arm caught of these problems."""
    missed = [one for one in problems if arm not in one.caught_by]
    return ArmCount(
        Proportion(len(problems) - len(missed), len(problems)),
        sum(arm in one.by_words for one in problems),
        sum(arm in one.unread_by for one in missed),
        sum(one.has_shipped for one in missed),
        sum(dict(one.chance).get(arm, 0.0) for one in problems),
    )


def pair(problems: Iterable[KnownProblem]) -> Pairing:
    """How the arms agree about these problems."""
    counts = {"both": 0, "only_same": 0, "only_cross": 0, "neither": 0}
    for one in problems:
        is_same, is_cross = (arm in one.caught_by for arm in ARMS)
        if is_same and is_cross:
            counts["both"] += 1
        elif is_same:
            counts["only_same"] += 1
        elif is_cross:
            counts["only_cross"] += 1
        else:
            counts["neither"] += 1
    return Pairing(**counts)


def independent(problems: Iterable[KnownProblem]) -> list[KnownProblem]:
    """The problems that weren't found by a reviewer of the program."""
    return [one for one in problems if one.source is not ProblemSource.ACCEPTED]


def chance_of_meeting(added: Sequence[int], lines: int, spans: Iterable[tuple[int, int]]) -> float:
    """How likely a problem of so many neighbouring changed lines meets one of the findings' spans
    (first and last line) if it lies anywhere in the changed lines of the file.

    A reviewer that complains about every line "catches" everything; this is what that is worth.
    """
    if not added:
        return 0.0
    ranges = list(spans)
    covered = [any(first <= number <= last for first, last in ranges) for number in added]
    size = min(max(lines, 1), len(covered))
    places = len(covered) - size + 1
    met = sum(any(covered[start : start + size]) for start in range(places))
    return met / places


def any_of(chances: Iterable[float]) -> float:
    """How likely at least one of independent chances comes true."""
    none = 1.0
    for one in chances:
        none *= 1 - one
    return 1 - none
