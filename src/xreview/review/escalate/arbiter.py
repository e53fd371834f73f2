"""Asking a third vendor's model for one opinion on a finding, both sides without names.

The opinion is shown as one, and decides nothing. The order of the two sides is drawn by the caller,
since nothing here reads a random number, and is kept in the event.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from functools import cache
from typing import Any

from xreview.domain.change import Change
from xreview.domain.errors import UsageError
from xreview.domain.events.escalation_events import Favour, OpinionGiven
from xreview.domain.finding import Finding
from xreview.domain.report import Report
from xreview.ports.model import Doing
from xreview.ports.reviewer import Asked, ContentReader, Notice, Progress, Usage
from xreview.review.asking.answerer import Answerer
from xreview.review.asking.inquiry import Closed, Heard, Inquiry, Question
from xreview.review.egress.secrets import PROSE
from xreview.review.escalate.positions import Position, code_of, families_in, positions_in
from xreview.review.prompt.brief import NO_BACKGROUND, Background
from xreview.review.prompt.template import QuestionTemplate, question_template
from xreview.review.rebut.check import quoted_in, statement_about
from xreview.review.rebut.compose import fitted, request_about
from xreview.review.rebut.excerpts import Excerpts
from xreview.review.rebut.grounding import AnswerGrounding, QuotePlace, ReadElsewhere
from xreview.review.rebut.schema import QUOTED, answer_schema
from xreview.review.reply.check import Checker, Stated
from xreview.review.reply.fields import Fields
from xreview.review.reply.schema import FIELDS

_WORDS = ("A", "B", "both", "neither")

OPINION_SCHEMA = answer_schema(
    {
        **QUOTED,
        "argument": {
            "type": "string",
            "description": "What the code says about the two positions, in one to five sentences.",
        },
        "bears_out": {
            "type": "string",
            "enum": list(_WORDS),
            "description": "Which position the code bears out.",
        },
        "settle": FIELDS["settle"],
    }
)


@dataclass(frozen=True, slots=True)
class StatedOpinion(Stated):
    """An opinion that is as it was asked for."""

    favours: Favour


@dataclass(frozen=True, slots=True)
class OpinionChecker(Checker):
    """Checks the one opinion.

    Args:
        subject: the report that the opinion is about.
        is_report_second: whether the report was shown as B.
    """

    subject: Report
    is_report_second: bool

    def check(
        self, found: Mapping[str, Any], place: str = "findings[0]"
    ) -> StatedOpinion | list[str]:
        """The opinion, or sentences about what is wrong with it."""
        fields = Fields(found, place)
        quoted = quoted_in(fields, self.shown)
        argument = fields.text("argument")
        first, second = Favour.REPORT, Favour.ANSWER
        if self.is_report_second:
            first, second = second, first
        meant = (first, second, Favour.BOTH, Favour.NEITHER)
        favours = fields.word("bears_out", dict(zip(_WORDS, meant, strict=True)))
        settle = fields.text("settle", may_be_blank=True)
        if fields.errors:
            return fields.errors
        statement = statement_about(
            self.subject, self.reviewer, quoted, argument, settle, favours.value
        )
        return StatedOpinion(statement, favours)


@cache
def arbiter_template() -> QuestionTemplate:
    """By which words the opinion is asked for."""
    return question_template("arbiter", OPINION_SCHEMA)


def check_is_third(answerer: Answerer, finding: Finding, author: str) -> None:
    """Raise UsageError where the answerer's family has spoken on the finding already.

    Args:
        author: the vendor that wrote the code, "" where that is not known.
    """
    family = answerer.identity.family
    if not family:
        raise UsageError(
            f"Nobody knows of which family {answerer.identity.name} is.",
            "Set its `vendor` in the configuration, or choose another arbiter.",
        )
    if family in {*families_in(finding), author}:
        raise UsageError(
            f"{answerer.identity.name} is of the family {family}, which took part in this already.",
            "Choose an arbiter of a third vendor.",
        )


async def ask_arbiter(
    finding: Finding,
    action: str,
    change: Change,
    contents: ContentReader,
    answerer: Answerer,
    *,
    author: str,
    is_report_second: bool,
    background: Background = NO_BACKGROUND,
    elsewhere: ReadElsewhere | None = None,
) -> AsyncGenerator[OpinionGiven | Progress | Usage | Asked | Notice, None]:
    """Ask for one opinion, and stream it. Closing this cancels what runs.

    Where none is given, a notice says why.

    Args:
        action: of the decision that escalated.
        author: the vendor that wrote the code, "" where that is not known.
        is_report_second: the order, drawn by lot.

    Raises UsageError where the answerer is no third party, ReviewerError where nothing can be
    asked, since the code is not at hand or does not fit.
    """
    check_is_third(answerer, finding, author)
    answerer, room = await fitted(answerer, arbiter_template(), background)
    async with Excerpts(change, contents, room, answerer.gate) as excerpts:
        question = await _question(finding, excerpts, answerer, background, is_report_second)
        withheld = excerpts.withheld
    grounding = AnswerGrounding(change, contents, elsewhere)
    inquiry = Inquiry(answerer, [question], arbiter_template().frame, withheld)
    is_given = False
    async with aclosing(inquiry.answers()) as answers:
        async for told in answers:
            match told:
                case Heard(_, StatedOpinion() as stated) if not is_given:
                    is_given = True
                    found = await grounding.find(stated.report)
                    yield _opinion(action, finding, stated, found, is_report_second)
                case Heard(_, Closed(why)) if not is_given:
                    said = why or "it did not say anything"
                    yield Notice(f"{answerer.identity.name} gave no opinion: {said}")
                case Heard():
                    pass
                case Doing(what):
                    yield Progress(int(is_given), 1, what)
                case _:
                    yield told


async def _question(
    finding: Finding,
    excerpts: Excerpts,
    answerer: Answerer,
    background: Background,
    is_report_second: bool,
) -> Question:
    lead = finding.lead
    excerpt = await code_of(finding, excerpts)
    positions = positions_in(finding)
    report = await _told(positions.report, excerpts, lead)
    answer = await _told(positions.answer, excerpts, None)
    first, second = (answer, report) if is_report_second else (report, answer)
    asked = {"A": first, "B": second}
    request = request_about(arbiter_template(), background, excerpt, asked, OPINION_SCHEMA)
    checker = OpinionChecker(answerer.identity, excerpt.shown, lead, is_report_second)
    return Question(request, checker, excerpt.path)


def _opinion(
    action: str, finding: Finding, stated: StatedOpinion, found: QuotePlace, is_report_second: bool
) -> OpinionGiven:
    said = stated.report
    return OpinionGiven(
        action,
        finding.fingerprints,
        said.reviewer,
        stated.favours,
        is_report_second,
        said.claim,
        said.quote,
        said.settle,
        found.path,
        found.line,
        found.is_there,
    )


async def _told(position: Position, excerpts: Excerpts, report: Report | None) -> dict[str, str]:
    """A side as it is sent; both have the same keys, so that nothing tells which is which."""
    quote = await excerpts.text(position.quote, position.path or PROSE)
    if report is not None:
        quote = await excerpts.quote(report.anchor, is_there=report.anchored)
    return {
        "argument": await excerpts.text(position.argument),
        "path": position.path,
        "quote": quote,
    }
