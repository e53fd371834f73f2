"""Asking one party what it thinks of what others reported: one round, blind, each report once.

async with aclosing(rebut(findings, change, contents, answerer)) as signals:
    async for signal in signals:
        ...                 # StanceTaken: write it down, and `stances.with_stances` shows it

The same function asks the author's model about everything, one party about one finding, and two
reviewers about each other's lone reports (`selection.between_reviewers`). There is no second round:
a longer debate costs more and agrees more, and is not more right.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from functools import cache

from xreview.domain.change import Change
from xreview.domain.errors import XReviewError
from xreview.domain.events.event import StanceTaken
from xreview.domain.finding import Finding
from xreview.domain.report import Report, ReviewerIdentity
from xreview.domain.stance import Stance, StanceKind
from xreview.domain.text import count_of
from xreview.ports.model import Doing
from xreview.ports.reviewer import Asked, ContentReader, Notice, Progress, Usage
from xreview.review.asking.answerer import Answerer
from xreview.review.asking.inquiry import Closed, Heard, Inquiry
from xreview.review.prompt.brief import NO_BACKGROUND, Background
from xreview.review.prompt.template import QuestionTemplate, question_template
from xreview.review.rebut.batches import Batch, batches_of
from xreview.review.rebut.check import StatedStance
from xreview.review.rebut.compose import fitted
from xreview.review.rebut.excerpts import Excerpts
from xreview.review.rebut.grounding import AnswerGrounding, ReadElsewhere
from xreview.review.rebut.schema import STANCE_SCHEMA
from xreview.review.rebut.selection import reports_for
from xreview.review.session.contained import contained

NOT_ANSWERED = "it was asked, and did not answer this"
NOT_SHOWN = "it was not asked: the code could not be shown to it"

Rebuttal = StanceTaken | Progress | Usage | Asked | Notice


@cache
def rebut_template() -> QuestionTemplate:
    """By which words reports are answered."""
    return question_template("rebut", STANCE_SCHEMA)


async def rebut(
    findings: Sequence[Finding],
    change: Change,
    contents: ContentReader,
    answerer: Answerer,
    background: Background = NO_BACKGROUND,
    elsewhere: ReadElsewhere | None = None,
) -> AsyncGenerator[Rebuttal, None]:
    """Ask, and stream the stances as their JSON is complete.

    Every report that the answerer can be asked about (`selection.reports_for`) gets exactly one
    `StanceTaken`: where there is no answer it is `silent`, with the reason as its argument, and a
    notice says so. Nothing is raised, whatever fails. Closing this cancels what runs; what had no
    stance by then gets none.

    Args:
        findings: in the order in which they are to be asked, since money may run out.
        background: of the review, so that a convention counts here too.
        elsewhere: looks up what the answerer quotes outside of the change.
    """
    reports = reports_for(answerer.identity, findings)
    if not reports:
        return
    yield Progress(0, len(reports), "looking for secrets")
    round_ = _Round(answerer.identity, reports, AnswerGrounding(change, contents, elsewhere))
    try:
        with contained(f"Asking {answerer.identity.name} about what others reported"):
            async with aclosing(round_.signals(change, contents, answerer, background)) as signals:
                async for signal in signals:
                    yield signal
    except XReviewError as error:
        for signal in round_.give_up(reports, str(error)):
            yield signal


class _Round:
    """What was answered so far."""

    def __init__(
        self, party: ReviewerIdentity, reports: Sequence[Report], grounding: AnswerGrounding
    ) -> None:
        self._party = party
        self._reports = reports
        self._total = len(reports)
        self._grounding = grounding
        self._done: set[str] = set()
        self._noticed: set[str] = set()

    async def signals(
        self,
        change: Change,
        contents: ContentReader,
        answerer: Answerer,
        background: Background,
    ) -> AsyncGenerator[Rebuttal, None]:
        template = rebut_template()
        answerer, room = await fitted(answerer, template, background)
        async with Excerpts(change, contents, room, answerer.gate) as excerpts:
            planned = await batches_of(self._reports, excerpts, answerer, template, background)
            withheld = excerpts.withheld
        for signal in self.give_up(planned.unseen, NOT_SHOWN):
            yield signal
        questions = [batch.question for batch in planned.batches]
        inquiry = Inquiry(answerer, questions, template.frame, withheld)
        async with aclosing(inquiry.answers()) as answers:
            async for told in answers:
                if isinstance(told, Heard):
                    for signal in await self.hear(told, planned.batches[told.index]):
                        yield signal
                elif isinstance(told, Doing):
                    yield self.progress(told.what)
                else:
                    yield told

    def progress(self, doing: str = "") -> Progress:
        return Progress(len(self._done), self._total, doing)

    async def hear(self, heard: Heard, batch: Batch) -> list[Rebuttal]:
        if isinstance(heard.what, Closed):
            return self._close(batch, heard.what.why)
        if not isinstance(heard.what, StatedStance):
            raise TypeError("the checker of a rebuttal states stances only")
        stated = heard.what
        if stated.subject.fingerprint in self._done:
            return []  # it answered this one already, and the first answer counts
        stance = await self._stance(stated)
        self._done.add(stated.subject.fingerprint)
        return [StanceTaken((stated.subject.fingerprint,), stance), self.progress()]

    def give_up(self, reports: Sequence[Report], why: str) -> list[Rebuttal]:
        """These get no answer."""
        left = [report for report in reports if report.fingerprint not in self._done]
        if not left:
            return []
        self._done.update(report.fingerprint for report in left)
        silent = Stance(self._party, StanceKind.SILENT, why)
        told: list[Rebuttal] = [StanceTaken((one.fingerprint,), silent) for one in left]
        return [*told, *self._notice(len(left), why), self.progress()]

    def _close(self, batch: Batch, why: str) -> list[Rebuttal]:
        return self.give_up(batch.reports, why or NOT_ANSWERED)

    def _notice(self, count: int, why: str) -> list[Rebuttal]:
        if why in self._noticed:
            return []
        self._noticed.add(why)
        what = count_of(count, "report")
        return [Notice(f"{self._party.name} gave no answer to {what}: {why}")]

    async def _stance(self, stated: StatedStance) -> Stance:
        said = stated.report
        found = await self._grounding.find(said)
        return Stance(
            self._party,
            stated.kind,
            said.claim,
            said.quote,
            said.settle,
            found.path,
            found.line,
            found.is_there,
        )
