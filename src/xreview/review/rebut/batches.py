"""The questions of a round: reports about one piece of code in batches, and the checked answers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from xreview.domain.record import dataclass
from xreview.domain.report import Report
from xreview.domain.stance import StanceKind
from xreview.review.asking.inquiry import Question
from xreview.review.prompt.pieces import Piece, shown_in
from xreview.review.rebut.excerpts import Excerpts
from xreview.review.rebut.question import (
    QUOTED,
    QuestionMaker,
    answer_schema,
    quoted_in,
    statement_about,
)
from xreview.review.reply.check import Checker, StatedFinding
from xreview.review.reply.fields import Fields
from xreview.review.reply.schema import FIELDS, text_schema, word_schema

MOST_REPORTS = 8
"""Reports in one question: with more, answers get shorter and the last ones worse."""

_KINDS = {
    kind.value: kind for kind in (StanceKind.CONCEDES, StanceKind.REBUTS, StanceKind.TRADE_OFF)
}

STANCE_SCHEMA = answer_schema(
    {
        "claim": {"type": "integer", "description": "The number of the claim."},
        **QUOTED,
        "argument": text_schema("What the code says about the claim, in one to four sentences."),
        "stance": word_schema(
            _KINDS, "Whether the code concedes the claim, rebuts it, or it is a trade-off."
        ),
        "settle": FIELDS["settle"],
    }
)
"""The schema of answers to reports: what is quoted comes before what follows from it."""


@dataclass(frozen=True, slots=True)
class StatedStance(StatedFinding):
    """A valid answer: which kind, to which report."""

    kind: StanceKind
    subject: Report


@dataclass(frozen=True, slots=True)
class StanceChecker(Checker):
    """Checks the answers to one question about `subjects`, the reports by number."""

    subjects: Mapping[int, Report]

    def check(
        self, found: Mapping[str, Any], place: str = "findings[0]"
    ) -> StatedStance | list[str]:
        """The answer, or sentences that say what is wrong at which place."""
        fields = Fields(found, place)
        number = fields.whole("claim")
        if not fields.errors and number not in self.subjects:
            fields.refuse("claim", f"is {number}; there are 1 to {len(self.subjects)}")
        quoted = quoted_in(fields, self.shown)
        argument = fields.text("argument")
        kind = fields.word("stance", _KINDS)
        settle = fields.text("settle", may_be_blank=True)
        if fields.errors:
            return fields.errors
        subject = self.subjects[number]
        key = f"{number}/{kind.value}"
        statement = statement_about(subject, self.reviewer, quoted, argument, settle, key)
        return StatedStance(statement, kind, subject)


@dataclass(frozen=True)
class Batch:
    """The reports of one question, numbered from 1 in it."""

    reports: tuple[Report, ...]
    question: Question


@dataclass(frozen=True)
class Batches:
    """The questions about some reports, and the reports whose code can't be shown."""

    batches: tuple[Batch, ...]
    unseen: tuple[Report, ...]


async def batches_of(reports: Iterable[Report], maker: QuestionMaker) -> Batches:
    """The questions, in the order of their first reports."""
    unseen: list[Report] = []
    by_excerpt: dict[tuple[str, int], tuple[Piece, list[Report]]] = {}
    for report in reports:
        excerpt = await maker.excerpts.around(report.anchor)
        if excerpt is None:
            unseen.append(report)
            continue
        key = (excerpt.path, excerpt.number)
        by_excerpt.setdefault(key, (excerpt, []))[1].append(report)
    batches: list[Batch] = []
    for excerpt, group in by_excerpt.values():
        for start in range(0, len(group), MOST_REPORTS):
            some = tuple(group[start : start + MOST_REPORTS])
            batches.append(Batch(some, await _question(some, excerpt, maker)))
    return Batches(tuple(batches), tuple(unseen))


async def _question(reports: Sequence[Report], excerpt: Piece, maker: QuestionMaker) -> Question:
    subjects = dict(enumerate(reports, start=1))
    asked = [await _claim(number, one, maker.excerpts) for number, one in subjects.items()]
    checker = StanceChecker(maker.answerer.identity, shown_in([excerpt]), subjects)
    return maker.question(excerpt, asked, checker)


async def _claim(number: int, report: Report, excerpts: Excerpts) -> dict[str, Any]:
    """A report as it is sent: what is claimed and where, without a word about the reviewer."""
    anchor, suggestion = report.anchor, report.suggestion
    claim: dict[str, Any] = {
        "claim": number,
        "path": anchor.path,
        "side": anchor.side.value,
        "start_line": anchor.start_line,
        "quote": await excerpts.quote(anchor, is_there=report.anchored),
        "title": await excerpts.text(report.title),
        "says": await excerpts.text(report.claim),
    }
    if report.scenario:
        claim["goes_wrong"] = await excerpts.text(report.scenario)
    if suggestion is not None and suggestion.description:
        claim["asks_for"] = await excerpts.text(suggestion.description)
    return claim
