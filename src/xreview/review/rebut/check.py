"""Checking one answer to a report, and making a statement of it that can be grounded as one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xreview.domain.change import Side
from xreview.domain.report import Report, ReviewerIdentity
from xreview.domain.stance import StanceKind
from xreview.ports.reviewer import RawReport
from xreview.review.rebut.schema import KINDS
from xreview.review.reply.check import Checker, Stated
from xreview.review.reply.fields import Fields
from xreview.review.reply.quote import Shown

_SIDES = {side.value: side for side in Side}


@dataclass(frozen=True, slots=True)
class Quoted:
    """The code an answer quotes: as in `RawReport`."""

    path: str
    side: Side
    start_line: int
    quote: str


def quoted_in(fields: Fields, shown: Shown) -> Quoted:
    """What the fields of `schema.QUOTED` quote; what is wrong is said in `fields`."""
    side = fields.word("side", _SIDES)
    start_line = fields.whole("start_line")
    path = shown.path_of(fields.text("path"))
    said = fields.text("quote")
    if said.strip() and not any(map(str.isalnum, said)):
        # A bracket stands in every file, and decides nothing.
        fields.refuse("quote", "holds punctuation only; quote the lines that decide it")
    return Quoted(path, side, start_line, shown.verbatim(said, path, side))


def statement_about(
    report: Report, party: ReviewerIdentity, quoted: Quoted, argument: str, settle: str, key: str
) -> RawReport:
    """An answer in the form of a report, so that it is grounded by the same rules.

    Args:
        report: what is answered; the answer takes over what it does not say itself.
        key: tells two answers of one request apart.
    """
    return RawReport(
        reviewer=party,
        claim_key=key,
        rule="",
        title=report.title,
        claim=argument.strip(),
        scenario="",
        category=report.category,
        severity=report.severity,
        confidence=report.confidence,
        path=quoted.path,
        side=quoted.side,
        start_line=quoted.start_line,
        end_line=quoted.start_line + quoted.quote.count("\n"),
        quote=quoted.quote,
        settle=settle.strip(),
    )


@dataclass(frozen=True, slots=True)
class StatedStance(Stated):
    """An answer that is as it was asked for: of which kind, to which report."""

    kind: StanceKind
    subject: Report


@dataclass(frozen=True, slots=True)
class StanceChecker(Checker):
    """Checks the answers to one question.

    Args:
        subjects: the reports that were sent, by the number they were sent under.
    """

    subjects: Mapping[int, Report]

    def check(
        self, found: Mapping[str, Any], place: str = "findings[0]"
    ) -> StatedStance | list[str]:
        """The answer, or sentences about what is wrong with it, each naming the place."""
        fields = Fields(found, place)
        number = fields.whole("claim")
        if not fields.errors and number not in self.subjects:
            fields.refuse("claim", f"is {number}; there are 1 to {len(self.subjects)}")
        quoted = quoted_in(fields, self.shown)
        argument = fields.text("argument")
        kind = fields.word("stance", KINDS)
        settle = fields.text("settle", may_be_blank=True)
        if fields.errors:
            return fields.errors
        subject = self.subjects[number]
        key = f"{number}/{kind.value}"
        statement = statement_about(subject, self.reviewer, quoted, argument, settle, key)
        return StatedStance(statement, kind, subject)
