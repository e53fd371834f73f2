"""The signs by which the code pane shows lines that carry findings: pure, no Textual."""

from dataclasses import dataclass

from xreview.domain.change import Side
from xreview.domain.report import Severity

LinePlace = tuple[str, Side, int]
"""A line of the change: path, side, 1-based number."""

_SIGNS = {
    Severity.CRITICAL: ("◆", "◇"),
    Severity.HIGH: ("▲", "△"),
    Severity.MEDIUM: ("●", "○"),
    Severity.LOW: ("•", "◦"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """That a line carries findings: the worst severity among them, and whether one is open."""

    severity: Severity
    is_open: bool

    @property
    def sign(self) -> str:
        """One cell: the shape tells the severity, filled is open, hollow is decided."""
        return severity_sign(self.severity, self.is_open)


def severity_sign(severity: Severity, is_open: bool = True) -> str:
    """The one-cell sign of a severity; hollow where nothing is open."""
    filled, hollow = _SIGNS[severity]
    return filled if is_open else hollow
