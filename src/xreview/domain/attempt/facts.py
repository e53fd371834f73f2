"""What is measured of an attempt: the columns of the comparison. Never one score."""

from xreview.domain.amount import check_amounts
from xreview.domain.record import dataclass
from xreview.domain.report import Severity


@dataclass(frozen=True, slots=True)
class AttemptFacts:
    """One attempt in numbers.

    Args:
        checks_passed, checks_run: tests where the output tells, else commands, as in a fix.
        checks_broken: those that pass on the base and not here.
        open: how many findings are open, by severity from low to critical.
        contested: how many of them another model disputes.
        added, removed, files: the size of the patch.
        dependencies: what it adds to manifests, as `name (manifest)`.
        complexity: the change of cyclomatic complexity in all functions; None if unknown.
        cost: US dollars of writing and reviewing; None if unknown.
        seconds: of writing it.

    Raises ValueError for an amount that is negative or not finite.
    """

    checks_passed: int = 0
    checks_run: int = 0
    checks_broken: int = 0
    open: tuple[int, ...] = (0, 0, 0, 0)
    contested: int = 0
    added: int = 0
    removed: int = 0
    files: int = 0
    dependencies: tuple[str, ...] = ()
    complexity: int | None = None
    cost: float | None = None
    seconds: float = 0.0

    def __post_init__(self) -> None:
        check_amounts(self.cost, self.seconds)

    @property
    def is_green(self) -> bool:
        """Whether checks ran and all pass; False where there are none."""
        return self.checks_run > 0 and self.checks_passed == self.checks_run

    def open_of(self, severity: Severity) -> int:
        """How many findings of a severity are open."""
        return self.open[severity - 1]
