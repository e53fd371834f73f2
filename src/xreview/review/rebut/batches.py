"""Which reports go into one question: those about one piece of code, a few at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from xreview.domain.report import Report
from xreview.review.asking.answerer import Answerer
from xreview.review.asking.inquiry import Question
from xreview.review.prompt.brief import Background
from xreview.review.prompt.template import QuestionTemplate
from xreview.review.rebut.check import StanceChecker
from xreview.review.rebut.compose import request_about
from xreview.review.rebut.excerpts import Excerpt, Excerpts
from xreview.review.rebut.schema import STANCE_SCHEMA

MOST_REPORTS = 8
"""In one question: with more, answers get shorter and the last ones worse."""


@dataclass(frozen=True)
class Batch:
    """The reports of one question, which are numbered from 1 in it."""

    reports: tuple[Report, ...]
    question: Question


@dataclass(frozen=True)
class Batches:
    """The questions about some reports, and the reports nothing can be shown for."""

    batches: tuple[Batch, ...]
    unseen: tuple[Report, ...]


async def batches_of(
    reports: Iterable[Report],
    excerpts: Excerpts,
    answerer: Answerer,
    template: QuestionTemplate,
    background: Background,
) -> Batches:
    """The questions, in the order of the first report of each: what comes first is asked first."""
    unseen: list[Report] = []
    by_excerpt: dict[tuple[str, int], tuple[Excerpt, list[Report]]] = {}
    for report in reports:
        excerpt = await excerpts.around(report.anchor)
        if excerpt is None:
            unseen.append(report)
            continue
        key = (excerpt.path, excerpt.number)
        by_excerpt.setdefault(key, (excerpt, []))[1].append(report)
    batches: list[Batch] = []
    for excerpt, group in by_excerpt.values():
        for start in range(0, len(group), MOST_REPORTS):
            some = tuple(group[start : start + MOST_REPORTS])
            asked = [await _claim(number, one, excerpts) for number, one in _numbered(some)]
            request = request_about(template, background, excerpt, asked, STANCE_SCHEMA)
            subjects = dict(_numbered(some))
            checker = StanceChecker(answerer.identity, excerpt.shown, subjects)
            batches.append(Batch(some, Question(request, checker, excerpt.path)))
    return Batches(tuple(batches), tuple(unseen))


def _numbered(reports: Sequence[Report]) -> Iterable[tuple[int, Report]]:
    return enumerate(reports, start=1)


async def _claim(number: int, report: Report, excerpts: Excerpts) -> dict[str, Any]:
    """A report as it is sent: what is claimed and where, and nothing of who claims it."""
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
