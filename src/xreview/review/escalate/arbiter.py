"""Asking a third vendor's model for one opinion on a finding, with both sides anonymous.

The opinion decides nothing. The order of the two sides is drawn at random and recorded.
"""

from collections.abc import AsyncGenerator, Mapping
from functools import partial
from typing import Any

from xreview.domain.change import Change
from xreview.domain.errors import UsageError
from xreview.domain.events.escalation_events import Favour, OpinionGiven
from xreview.domain.finding import Finding
from xreview.domain.record import dataclass
from xreview.domain.report import Report
from xreview.ports.reviewer import Asked, ContentReader, Notice, Progress, Usage
from xreview.review.asking.answerer import Answerer
from xreview.review.asking.inquiry import Question
from xreview.review.egress.secrets import PROSE
from xreview.review.escalate.positions import Position, families_in, positions_in
from xreview.review.prompt.brief import NO_BACKGROUND, Background
from xreview.review.prompt.own import NO_OWN_PROMPTS, OwnPrompts
from xreview.review.prompt.pieces import shown_in
from xreview.review.prompt.template import Template
from xreview.review.rebut.excerpts import Excerpts
from xreview.review.rebut.grounding import AnswerGrounding, ReadElsewhere
from xreview.review.rebut.question import (
    QUOTED,
    QuestionMaker,
    answer_schema,
    ask_once,
    question_maker,
    quoted_in,
    statement_about,
)
from xreview.review.reply.check import Checker, StatedFinding
from xreview.review.reply.fields import Fields
from xreview.review.reply.schema import FIELDS, text_schema, word_schema

_WORDS = ("A", "B", "both", "neither")

OPINION_SCHEMA = answer_schema(
    {
        **QUOTED,
        "argument": text_schema(
            "What the code says about the two positions, in one to five sentences."
        ),
        "bears_out": word_schema(_WORDS, "Which position the code bears out."),
        "settle": FIELDS["settle"],
    }
)


@dataclass(frozen=True, slots=True)
class StatedOpinion(StatedFinding):
    """A valid opinion."""

    favours: Favour


@dataclass(frozen=True, slots=True)
class OpinionChecker(Checker):
    """Checks the one opinion about the report `subject`, which may be shown as B."""

    subject: Report
    is_report_second: bool

    def check(
        self, found: Mapping[str, Any], place: str = "findings[0]"
    ) -> StatedOpinion | list[str]:
        """The opinion, or sentences that say what is wrong at which place."""
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


def arbiter_template(own: OwnPrompts = NO_OWN_PROMPTS) -> Template:
    """The template for the opinion."""
    return own.question("arbiter", OPINION_SCHEMA)


def check_is_third(answerer: Answerer, finding: Finding, author: str) -> None:
    """Raise UsageError if the answerer's family is the author's ("" if unknown) or already
    involved."""
    family = answerer.identity.family
    if not family:
        raise UsageError(
            f"The vendor of {answerer.identity.name} is unknown.",
            "Set its `vendor` in the configuration, or choose another arbiter.",
        )
    if family in {*families_in(finding), author}:
        raise UsageError(
            f"{answerer.identity.name} is from {family}, which is already involved.",
            "Choose an arbiter from a third vendor.",
        )


def ask_arbiter(
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
    """Ask for one opinion and stream it, or a notice that says why none was given.

    The stream raises ReviewerError if the code isn't available or doesn't fit; closing it cancels
    what runs. Raises UsageError if the answerer isn't a third party.

    Args:
        action: of the decision that escalated.
        author: the vendor that wrote the code; "" if unknown.
        is_report_second: the order, drawn at random.
    """
    check_is_third(answerer, finding, author)
    grounding = AnswerGrounding(change, contents, elsewhere)

    async def opinion(stated: StatedOpinion) -> OpinionGiven:
        said, found = stated.report, await grounding.find(stated.report)
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

    making = question_maker(
        arbiter_template(answerer.prompts), change, contents, answerer, background
    )
    make = partial(_question, finding, is_report_second)
    return ask_once(making, make, StatedOpinion, opinion, "gave no opinion")


async def _question(finding: Finding, is_report_second: bool, maker: QuestionMaker) -> Question:
    excerpt = await maker.code_of(finding)
    positions = positions_in(finding)
    report = await _position(positions.report, maker.excerpts, finding.lead)
    answer = await _position(positions.answer, maker.excerpts, None)
    first, second = (answer, report) if is_report_second else (report, answer)
    checker = OpinionChecker(
        maker.answerer.identity, shown_in([excerpt]), finding.lead, is_report_second
    )
    return maker.question(excerpt, {"A": first, "B": second}, checker)


async def _position(
    position: Position, excerpts: Excerpts, report: Report | None
) -> dict[str, str]:
    """A side as it is sent, with the same keys for both, so that nothing identifies the report."""
    quote = await excerpts.text(position.quote, position.path or PROSE)
    if report is not None:
        quote = await excerpts.quote(report.anchor, is_there=report.anchored)
    return {
        "argument": await excerpts.text(position.argument),
        "path": position.path,
        "quote": quote,
    }
