"""Questions to a model about code of the change: the shared part of rebuttals, opinions and tests.

    async with question_maker(template, change, contents, answerer, background) as maker:
        excerpt = await maker.excerpts.around(anchor)
        question = maker.question(excerpt, asked, checker)
    inquiry = maker.inquiry([question])

Each kind of question brings its template, the schema of its answer, and a checker.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from typing import Any, TypeVar

from xreview.domain.change import Change, Side
from xreview.domain.errors import ReviewerError
from xreview.domain.finding import Finding
from xreview.domain.record import dataclass
from xreview.domain.report import Report, ReviewerIdentity
from xreview.ports.model import Doing
from xreview.ports.reviewer import Asked, ContentReader, Notice, Progress, RawReport, Usage
from xreview.review.asking.answerer import Answerer
from xreview.review.asking.inquiry import Inquiry, Question, QuestionClosed, QuestionSignal
from xreview.review.prompt.blocks import Blocks
from xreview.review.prompt.brief import Background
from xreview.review.prompt.compose import RequestFrame
from xreview.review.prompt.pieces import Piece
from xreview.review.prompt.room import LEAST_ROOM, room_in, too_narrow
from xreview.review.prompt.template import Template
from xreview.review.rebut.excerpts import Excerpts
from xreview.review.reply.check import Checker, StatedFinding
from xreview.review.reply.fields import Fields
from xreview.review.reply.quote import ShownCode
from xreview.review.reply.schema import FIELDS, SCHEMA_NAME, object_schema

MOST_CODE = 24_000
"""Tokens of code in one question, as in a request of a review."""

_ASKED_ROOM = 6_000  # tokens for what is asked about the code
_SIDES = {side.value: side for side in Side}
_Said = TypeVar("_Said", bound=StatedFinding)
_Answer = TypeVar("_Answer")

QUOTED: Mapping[str, Any] = {name: FIELDS[name] for name in ("path", "side", "start_line", "quote")}
"""The fields with which an answer quotes code, as in a review."""


def answer_schema(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of an answer whose list has elements with these fields, all required.

    The list is called “findings” as in a review, so that one scanner reads all answers.
    """
    elements = {"type": "array", "items": object_schema(**fields)}
    return object_schema(**{SCHEMA_NAME: elements})


@dataclass(frozen=True, slots=True)
class Quoted:
    """The code that an answer quotes, with the fields of `RawReport`."""

    path: str
    side: Side
    start_line: int
    quote: str


def quoted_in(fields: Fields, shown: ShownCode) -> Quoted:
    """Read the `QUOTED` fields; errors go to `fields`."""
    side = fields.word("side", _SIDES)
    start_line = fields.whole("start_line")
    path = shown.path_of(fields.text("path"))
    said = fields.text("quote")
    if said.strip() and not any(map(str.isalnum, said)):
        # Every file has brackets, so a quote of one proves nothing.
        fields.refuse("quote", "holds punctuation only; quote the lines that decide it")
    return Quoted(path, side, start_line, shown.verbatim(said, path, side))


def statement_about(
    report: Report, party: ReviewerIdentity, quoted: Quoted, argument: str, settle: str, key: str
) -> RawReport:
    """An answer in the form of a report, so that the same rules ground it in the code. The report
    answered supplies the fields that an answer doesn't have; `key` tells answers apart."""
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


@dataclass(frozen=True)
class QuestionMaker:
    """Makes the questions of one template to one answerer, which is limited to what fits its
    window."""

    answerer: Answerer
    frame: RequestFrame
    excerpts: Excerpts

    def question(self, excerpt: Piece, asked: object, checker: Checker) -> Question:
        """The question about an excerpt; `asked` holds JSON values and may contain hostile text."""
        return Question(self.frame.question(excerpt.text, asked), checker, excerpt.path)

    def inquiry(self, questions: list[Question]) -> Inquiry:
        """The inquiry that asks these questions."""
        return Inquiry(self.answerer, questions, self.frame.template, self.excerpts.withheld)

    async def code_of(self, finding: Finding) -> Piece:
        """The code around a finding. Raises ReviewerError if it can't be shown."""
        excerpt = await self.excerpts.around(finding.anchor)
        if excerpt is None:
            raise ReviewerError(
                f"The code of this finding, in {finding.anchor.path}, isn't in the change.",
                "Ask a colleague instead.",
            )
        return excerpt


@asynccontextmanager
async def question_maker(
    template: Template,
    change: Change,
    contents: ContentReader,
    answerer: Answerer,
    background: Background,
) -> AsyncGenerator[QuestionMaker, None]:
    """A maker of questions, which can read excerpts inside the context only.

    Raises ReviewerError if the answerer's window is too small.
    """
    frame = RequestFrame(template, background)
    window = await answerer.window()
    room = room_in(window, frame.tokens)
    asked = min(_ASKED_ROOM, room.code // 2)
    if room.code - asked < LEAST_ROOM:
        raise too_narrow(window, frame.tokens + LEAST_ROOM, answerer.identity.name)
    code = min(MOST_CODE, room.code - asked)
    async with aclosing(Blocks()) as blocks:
        excerpts = Excerpts(change, contents, code, blocks, answerer.gate)
        yield QuestionMaker(answerer.within(room), frame, excerpts)


async def ask_once(
    making: AbstractAsyncContextManager[QuestionMaker],
    make: Callable[[QuestionMaker], Awaitable[Question]],
    kind: type[_Said],
    read: Callable[[_Said], Awaitable[_Answer]],
    no_answer: str,
) -> AsyncGenerator[_Answer | Progress | Usage | Asked | Notice, None]:
    """Ask one question and stream the first answer, or a notice that says why none was given: its
    name and `no_answer` ("gave no opinion"). Closing the stream cancels what runs.

    Args:
        kind: what the checker returns; `read` makes the answer of it.
    """
    async with making as maker:
        question = await make(maker)
    name, is_answered = maker.answerer.identity.name, False
    async with aclosing(maker.inquiry([question]).answers()) as answers:
        async for told in answers:
            if isinstance(told, Doing):
                yield Progress(int(is_answered), 1, told.what)
            elif not isinstance(told, QuestionSignal):
                yield told
            elif is_answered:
                continue
            elif isinstance(told.what, kind):
                is_answered = True
                yield await read(told.what)
            elif isinstance(told.what, QuestionClosed):
                yield Notice(f"{name} {no_answer}: {told.what.why or 'its answer was empty'}")
