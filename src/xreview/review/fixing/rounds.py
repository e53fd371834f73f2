"""The verdicts of two rounds on a finding: both are kept, and one of them holds.

A second round that is judged replaces the first one's verdict. One that was stopped proves nothing,
so of the two the worse holds. A finding that the first round fixed isn't handed over again: its
verdict is carried along, unless the second round changed its files: then it is judged again.
"""

from collections.abc import Collection

from xreview.domain.fixing.outcome import FixOutcome, FixVerdict
from xreview.domain.record import dataclass, replace
from xreview.repo.disposable.taking import TreePatch

FIRST, SECOND = "first round", "second round"


@dataclass(frozen=True, slots=True)
class RoundVerdict:
    """How one of two rounds ended for a finding; `round` is 1 or 2."""

    round: int
    verdict: FixVerdict

    @property
    def words(self) -> str:
        """`first round: still there, the patch is empty`."""
        name = FIRST if self.round == 1 else SECOND
        return f"{name}: {self.verdict.outcome}, {self.verdict.evidence}"


def holding_verdict(rounds: tuple[RoundVerdict, ...]) -> FixVerdict:
    """The verdict that holds after a second round that proved nothing: the worse one."""
    order = list(FixOutcome)
    worst = min((one.verdict for one in rounds), key=lambda one: order.index(one.outcome))
    return replace(worst, evidence="; ".join(one.words for one in rounds))


def carried_verdict(verdict: FixVerdict) -> FixVerdict:
    """The verdict of a first round on a finding that the second isn't about."""
    return replace(verdict, evidence=f"{FIRST}: {verdict.evidence}")


def is_same_for(paths: Collection[str], one: TreePatch, other: TreePatch) -> bool:
    """Whether two patches do the same to these files, as far as their texts tell."""

    def told(patch: TreePatch) -> list[object]:
        files = (file for file in patch.files if file.path in paths)
        return [(file.path, file.status, file.body, file.binary) for file in files]

    has_binary = any(file.binary for file in other.files if file.path in paths)
    return told(one) == told(other) and not has_binary
