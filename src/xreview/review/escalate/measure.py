"""Asking a model for the test or benchmark that would settle a finding.

The file is for a person to read and to run: nothing here runs it, and `measure_file` decides where
it may be written. Without a model, `measure_file.skeleton` writes down what was said would settle
it, and says that this is all it is.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from xreview.domain.change import Change
from xreview.domain.finding import Finding
from xreview.domain.report import Report
from xreview.ports.model import Doing
from xreview.ports.reviewer import Asked, ContentReader, Notice, Progress, Usage
from xreview.review.asking.answerer import Answerer
from xreview.review.asking.inquiry import Closed, Heard, Inquiry, Question
from xreview.review.escalate.languages import PYTHON, Language, measure_language
from xreview.review.escalate.positions import code_of, positions_in
from xreview.review.prompt.brief import NO_BACKGROUND, Background
from xreview.review.prompt.template import QuestionTemplate, question_template
from xreview.review.rebut.check import Quoted, statement_about
from xreview.review.rebut.compose import fitted, request_about
from xreview.review.rebut.excerpts import Excerpts
from xreview.review.rebut.schema import answer_schema
from xreview.review.reply.check import Checker, Stated
from xreview.review.reply.fields import Fields

LONGEST_CODE = 60_000
"""Characters; nobody reads a longer test before running it."""

MEASURE_SCHEMA = answer_schema(
    {
        "settles": {
            "type": "string",
            "description": "What it settles, and how to read what comes out, in one or two"
            " sentences.",
        },
        "limits": {
            "type": "string",
            "description": "What it does not show; empty for nothing.",
        },
        "code": {"type": "string", "description": "The whole file."},
    }
)


@dataclass(frozen=True, slots=True)
class Measure:
    """A test or benchmark as a model wrote it, raw: nobody ran or checked it.

    Args:
        language: that it was asked for in.
        code: the whole file.
        settles, limits: what it shows and does not, in the model's words.
        by: who wrote it.
    """

    language: Language
    code: str
    settles: str
    limits: str
    by: str


@dataclass(frozen=True, slots=True)
class StatedMeasure(Stated):
    """A file that is as it was asked for."""

    code: str
    limits: str


@dataclass(frozen=True, slots=True)
class MeasureChecker(Checker):
    """Checks the one file.

    Args:
        subject: the report it is about.
    """

    subject: Report

    def check(
        self, found: Mapping[str, Any], place: str = "findings[0]"
    ) -> StatedMeasure | list[str]:
        """The file, or sentences about what is wrong with it."""
        fields = Fields(found, place)
        settles = fields.text("settles")
        limits = fields.text("limits", may_be_blank=True)
        code = fields.text("code", longest=LONGEST_CODE)
        if fields.errors:
            return fields.errors
        anchor = self.subject.anchor
        place_of = Quoted(anchor.path, anchor.side, anchor.start_line, anchor.quote)
        statement = statement_about(self.subject, self.reviewer, place_of, settles, "", "measure")
        return StatedMeasure(statement, code, limits.strip())


def measure_template(language: Language) -> QuestionTemplate:
    """By which words a file in that language is asked for."""
    words = {"language": language.name, "framework": language.framework}
    return question_template("measure", MEASURE_SCHEMA, words)


async def ask_measure(
    finding: Finding,
    change: Change,
    contents: ContentReader,
    answerer: Answerer,
    background: Background = NO_BACKGROUND,
) -> AsyncGenerator[Measure | Progress | Usage | Asked | Notice, None]:
    """Ask for one file, and stream it. Closing this cancels what runs.

    Where none is given, a notice says why. The answerer should be of another family than the
    author's, and have tools: a test that imports what is not there settles nothing.

    Raises ReviewerError where nothing can be asked, since the code is not at hand or does not fit.
    """
    language = measure_language(finding.anchor.path) or PYTHON
    template = measure_template(language)
    answerer, room = await fitted(answerer, template, background)
    async with Excerpts(change, contents, room, answerer.gate) as excerpts:
        question = await _question(finding, excerpts, answerer, template, background)
        withheld = excerpts.withheld
    inquiry = Inquiry(answerer, [question], template.frame, withheld)
    is_given = False
    async with aclosing(inquiry.answers()) as answers:
        async for told in answers:
            match told:
                case Heard(_, StatedMeasure() as stated) if not is_given:
                    is_given = True
                    said = stated.report.claim
                    name = answerer.identity.label
                    yield Measure(language, stated.code, said, stated.limits, name)
                case Heard(_, Closed(why)) if not is_given:
                    reason = why or "it did not write anything"
                    yield Notice(f"{answerer.identity.name} wrote no test: {reason}")
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
    template: QuestionTemplate,
    background: Background,
) -> Question:
    excerpt = await code_of(finding, excerpts)
    sides = positions_in(finding)
    asked = {
        "claimed": await excerpts.text(sides.report.argument),
        "path": finding.anchor.path,
        "quote": await excerpts.quote(finding.anchor, is_there=finding.lead.anchored),
        "answered": await excerpts.text(sides.answer.argument),
        "would_settle_it": [await excerpts.text(text) for text in sides.settles],
    }
    request = request_about(template, background, excerpt, asked, MEASURE_SCHEMA)
    checker = MeasureChecker(answerer.identity, excerpt.shown, finding.lead)
    return Question(request, checker, excerpt.path)
