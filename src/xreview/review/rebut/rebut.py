"""One blind round: a party says what it thinks of the reports of others, each report once.

async with aclosing(rebut(findings, change, contents, answerer)) as signals:
    async for signal in signals:
        ...                 # a StanceTaken: write it down; `stances.with_stances` applies it

The party can be the author's model asked about everything or about one finding, or a reviewer asked
about what another one found alone (`selection.between_reviewers`). There is no second round: a
longer debate costs more and agrees more, without being right more often.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

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
from xreview.review.asking.inquiry import QuestionClosed, QuestionSignal
from xreview.review.prompt.brief import NO_BACKGROUND, Background
from xreview.review.prompt.own import NO_OWN_PROMPTS, OwnPrompts
from xreview.review.prompt.template import Template
from xreview.review.rebut.batches import STANCE_SCHEMA, Batch, StatedStance, batches_of
from xreview.review.rebut.grounding import AnswerGrounding, ReadElsewhere
from xreview.review.rebut.question import question_maker
from xreview.review.rebut.selection import reports_for
from xreview.review.session.contained import contained

NOT_ANSWERED = "it was asked, and did not answer this"
NOT_SHOWN = "it was not asked: the code could not be shown to it"

Rebuttal = StanceTaken | Progress | Usage | Asked | Notice


def rebut_template(own: OwnPrompts = NO_OWN_PROMPTS) -> Template:
    """The template for answers to reports."""
    return own.question("rebut", STANCE_SCHEMA)


async def rebut(
    findings: Sequence[Finding],
    change: Change,
    contents: ContentReader,
    answerer: Answerer,
    background: Background = NO_BACKGROUND,
    elsewhere: ReadElsewhere | None = None,
) -> AsyncGenerator[Rebuttal, None]:
    """Ask about findings, the most important first, since money can run out; stream the stances.

    Every report that the answerer can be asked about (`selection.reports_for`) gets exactly one
    `StanceTaken`. Without an answer it is `silent`, with the reason as its argument, and a notice
    says so. Raises nothing. Closing the stream cancels what runs; reports without a stance by then
    get none.
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
    """The state of a round: which reports have a stance."""

    def __init__(
        self, party: ReviewerIdentity, reports: Sequence[Report], grounding: AnswerGrounding
    ) -> None:
        self._party = party
        self._reports = reports
        self._grounding = grounding
        self._done: set[str] = set()
        self._noticed: set[str] = set()

    async def signals(
        self, change: Change, contents: ContentReader, answerer: Answerer, background: Background
    ) -> AsyncGenerator[Rebuttal, None]:
        making = question_maker(
            rebut_template(answerer.prompts), change, contents, answerer, background
        )
        async with making as maker:
            planned = await batches_of(self._reports, maker)
        for signal in self.give_up(planned.unseen, NOT_SHOWN):
            yield signal
        inquiry = maker.inquiry([batch.question for batch in planned.batches])
        async with aclosing(inquiry.answers()) as answers:
            async for told in answers:
                if isinstance(told, QuestionSignal):
                    for signal in await self._hear(told, planned.batches[told.index]):
                        yield signal
                elif isinstance(told, Doing):
                    yield self._progress(told.what)
                else:
                    yield told

    def give_up(self, reports: Sequence[Report], why: str) -> list[Rebuttal]:
        """Mark those of these reports that have no stance yet as silent."""
        left = [report for report in reports if report.fingerprint not in self._done]
        if not left:
            return []
        self._done.update(report.fingerprint for report in left)
        silent = Stance(self._party, StanceKind.SILENT, why)
        told: list[Rebuttal] = [StanceTaken((one.fingerprint,), silent) for one in left]
        if why not in self._noticed:
            self._noticed.add(why)
            what = count_of(len(left), "report")
            told.append(Notice(f"{self._party.name} gave no answer to {what}: {why}"))
        return [*told, self._progress()]

    async def _hear(self, heard: QuestionSignal, batch: Batch) -> list[Rebuttal]:
        if isinstance(heard.what, QuestionClosed):
            return self.give_up(batch.reports, heard.what.why or NOT_ANSWERED)
        if not isinstance(heard.what, StatedStance):
            raise TypeError("the checker of a rebuttal states stances only")
        stated = heard.what
        if stated.subject.fingerprint in self._done:
            return []  # the first answer counts
        stance = await self._stance(stated)
        self._done.add(stated.subject.fingerprint)
        return [StanceTaken((stated.subject.fingerprint,), stance), self._progress()]

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

    def _progress(self, doing: str = "") -> Progress:
        return Progress(len(self._done), len(self._reports), doing)
