"""The filter of the findings list."""

from dataclasses import dataclass
from enum import StrEnum

from xreview.domain.decision import Verdict
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.report import Lens, Severity
from xreview.domain.state import Triage


class Status(StrEnum):
    """What a filter asks of a finding's decision."""

    ALL = "all"
    OPEN = "open"
    DECIDED = "decided"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    ESCALATED = "escalated"
    SUPPRESSED = "suppressed"


_VERDICTS = {
    Status.ACCEPTED: Verdict.ACCEPT,
    Status.REJECTED: Verdict.REJECT,
    Status.ESCALATED: Verdict.ESCALATE,
}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which findings to show; all parts must match."""

    status: Status = Status.ALL
    at_least: Severity = Severity.LOW
    lens: Lens | None = None
    path: str = ""
    disputed_only: bool = False

    def admits(self, finding: Finding, triage: Triage, *, is_suppressed: bool = False) -> bool:
        """Whether to show the finding. A suppressed one doesn't count as open."""
        return (
            self._admits_status(triage.verdict(finding), is_suppressed)
            and finding.severity >= self.at_least
            and (self.lens is None or any(r.lens is self.lens for r in finding.reports))
            and (not self.path or finding.anchor.path == self.path)
            and (not self.disputed_only or finding.disagreement is not Disagreement.LONE)
        )

    def _admits_status(self, verdict: Verdict | None, is_suppressed: bool) -> bool:
        if self.status is Status.SUPPRESSED:
            return is_suppressed
        if self.status is Status.ALL:
            return True
        if self.status is Status.OPEN:
            return verdict is None and not is_suppressed
        if self.status is Status.DECIDED:
            return verdict is not None
        return verdict is _VERDICTS[self.status]

    @property
    def label(self) -> str:
        """The filter in words; "" for no filter."""
        parts = [
            self.status.value if self.status is not Status.ALL else "",
            f"{self.at_least.word} or higher" if self.at_least > Severity.LOW else "",
            self.lens.value if self.lens else "",
            "not lone" if self.disputed_only else "",
            f"in {self.path}" if self.path else "",
        ]
        return ", ".join(filter(None, parts))
