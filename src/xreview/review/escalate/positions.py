"""The two sides of a finding: what is claimed, and what stands against it."""

from xreview.disagreement.opposition import opposed
from xreview.domain.finding import Finding
from xreview.domain.record import dataclass
from xreview.domain.report import Report
from xreview.domain.stance import Stance, StanceKind

NO_ANSWER = "The code is right as it is. No reasons were given."
"""The other side of a report that has no answer."""

_AGAINST = (StanceKind.REBUTS, StanceKind.TRADE_OFF, StanceKind.CONCEDES)


@dataclass(frozen=True, slots=True)
class Position:
    """One side, as written: its argument, the code it quotes, and what would settle it."""

    argument: str
    quote: str = ""
    path: str = ""
    settle: str = ""


@dataclass(frozen=True, slots=True)
class Positions:
    """Both sides of a finding, and the distinct suggestions of what would settle it, as written.

    `answer` is the strongest counter-position: an answer, a report that asks for the opposite, or
    `NO_ANSWER`.
    """

    report: Position
    answer: Position
    settles: tuple[str, ...]


def positions_in(finding: Finding) -> Positions:
    """The two sides. An answer whose quote wasn't found counts only without a better one."""
    report = _of_report(finding.lead)
    return Positions(report, _against(finding), _settles(finding))


def _of_report(report: Report) -> Position:
    said = "\n\n".join(filter(None, (report.title, report.claim, report.scenario)))
    return Position(said, report.anchor.quote, report.anchor.path, report.settle)


def _against(finding: Finding) -> Position:
    answers = [stance for stance in finding.stances if stance.kind in _AGAINST and stance.argument]
    lead = finding.lead
    opposite = next((report for report in finding.reports[1:] if opposed(lead, report)), None)
    best = min(answers, key=_weakness, default=None)
    if best is not None and (opposite is None or _weakness(best) == (False, 0)):
        return Position(best.argument, best.quote, best.path, best.settles)
    return Position(NO_ANSWER) if opposite is None else _of_report(opposite)


def _weakness(stance: Stance) -> tuple[bool, int]:
    return not stance.anchored, _AGAINST.index(stance.kind)


def _settles(finding: Finding) -> tuple[str, ...]:
    said = (
        *(report.settle for report in finding.reports),
        *(stance.settles for stance in finding.stances),
    )
    return tuple(dict.fromkeys(text.strip() for text in said if text.strip()))


def families_in(finding: Finding) -> frozenset[str]:
    """The families that reported the finding or took a stance on it other than silence."""
    return frozenset(
        {
            *(report.reviewer.family for report in finding.reports),
            *(one.party.family for one in finding.stances if one.kind is not StanceKind.SILENT),
        }
    )
