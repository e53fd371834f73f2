"""The two sides of a finding: what is claimed, and what stands against it."""

from dataclasses import dataclass

from xreview.disagreement.opposition import opposed
from xreview.domain.errors import ReviewerError
from xreview.domain.finding import Finding
from xreview.domain.report import Report
from xreview.domain.stance import Stance, StanceKind
from xreview.review.rebut.excerpts import Excerpt, Excerpts

NO_ANSWER = "The code is right as it is. No reasons were given."
"""What stands against a report that nobody answered."""

_AGAINST = (StanceKind.REBUTS, StanceKind.TRADE_OFF, StanceKind.CONCEDES)


@dataclass(frozen=True, slots=True)
class Position:
    """One side, raw: what it says, the code it quotes, and what it says would settle it."""

    argument: str
    quote: str = ""
    path: str = ""
    settle: str = ""


@dataclass(frozen=True, slots=True)
class Positions:
    """Both sides of a finding.

    Args:
        report: the lead report's.
        answer: the one that stands most against it: an answer, a report that asks for the
            opposite, or that nobody gave reasons.
        settles: everything that anybody said would settle it, each once, raw.
    """

    report: Position
    answer: Position
    settles: tuple[str, ...]


def positions_in(finding: Finding) -> Positions:
    """The two sides; answers whose quote stands nowhere count only where there is no better."""
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
    """The families of all who reported the finding or took a stance on it, silence apart."""
    return frozenset(
        {
            *(report.reviewer.family for report in finding.reports),
            *(one.party.family for one in finding.stances if one.kind is not StanceKind.SILENT),
        }
    )


async def code_of(finding: Finding, excerpts: Excerpts) -> Excerpt:
    """The code around a finding. Raises ReviewerError where there is none to be shown."""
    excerpt = await excerpts.around(finding.anchor)
    if excerpt is None:
        raise ReviewerError(
            f"The code of this finding, in {finding.anchor.path}, is not in the change.",
            "Ask a colleague instead.",
        )
    return excerpt
