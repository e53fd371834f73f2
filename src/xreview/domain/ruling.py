"""Which side of a disagreement the user takes."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from xreview.domain.decision import Decision, Reason
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.record import dataclass
from xreview.domain.report import Report
from xreview.domain.stance import StanceKind


class Ruling(StrEnum):
    """Who was right about a finding that its author's model rebuts or calls a trade-off."""

    REVIEWER = "reviewer"
    AUTHOR = "author"
    TRADE_OFF = "trade-off"

    @property
    def words(self) -> str:
        """A few words for a decision: `reviewer right`."""
        return "both have a point" if self is Ruling.TRADE_OFF else f"{self.value} right"


RULINGS: dict[Reason, Ruling] = {
    Reason.FIX: Ruling.REVIEWER,
    Reason.FIX_DIFFERENTLY: Ruling.REVIEWER,
    Reason.REVIEWER_WRONG: Ruling.AUTHOR,
    Reason.INTENDED: Ruling.AUTHOR,
    Reason.TRADE_OFF: Ruling.TRADE_OFF,
}
"""The ruling that a reason implies.

What is intended stays as its author wrote it, so the author was right. The other reasons put the
question off, and imply none.
"""

_CONTESTS = (Disagreement.CONTESTED, Disagreement.TRADE_OFF)


def ruling_on(finding: Finding, decision: Decision) -> Ruling | None:
    """The ruling in a decision about a finding; None where no model argued against it."""
    if finding.disagreement not in _CONTESTS:
        return None
    return RULINGS.get(decision.reason)


@dataclass(frozen=True, slots=True)
class ChosenReport:
    """A report that the user sides with. Reports of two reviewers can share a fingerprint."""

    fingerprint: str
    reviewer: str


def chosen_of(reports: Iterable[Report]) -> tuple[ChosenReport, ...]:
    """These reports, as a decision names them."""
    return tuple(ChosenReport(one.fingerprint, one.reviewer.name) for one in reports)


def chosen_among(reports: Sequence[Report], chosen: Sequence[ChosenReport]) -> tuple[Report, ...]:
    """The reports that a decision is about: all if it chose none."""
    if not chosen:
        return tuple(reports)
    return tuple(
        one for one in reports if ChosenReport(one.fingerprint, one.reviewer.name) in chosen
    )


def narrowed(finding: Finding, chosen: Sequence[ChosenReport]) -> Finding:
    """The finding with only the chosen reports, of the same disagreement; unchanged if none of them
    is in it."""
    kept = chosen_among(finding.reports, chosen)
    if not kept or len(kept) == len(finding.reports):
        return finding
    raised = {(report.reviewer, report.claim) for report in kept}
    stances = tuple(
        stance
        for stance in finding.stances
        if stance.kind is not StanceKind.RAISES or (stance.party, stance.argument) in raised
    )
    return Finding(kept, stances, finding.disagreement)
