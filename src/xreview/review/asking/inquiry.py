"""Asking one model several questions in parallel.

The requests of a review and single questions take the same path: bounded, cached, limited in money
and time. Each question ends with exactly one `QuestionClosed`, whatever fails. A failure costs only
its own question, unless all others would fail too (no key, no money).
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from xreview.domain.errors import XReviewError
from xreview.domain.record import dataclass
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import Doing, Waiting
from xreview.ports.request import ModelRequest
from xreview.ports.reviewer import Asked, Usage
from xreview.review.asking.answerer import Answerer, Voice
from xreview.review.asking.conversation import (
    Conversation,
    ConversationEnded,
    ConversationSignal,
    Ending,
    replayed,
)
from xreview.review.asking.money import TurnUsage, UsageTotal
from xreview.review.asking.pace import ModelPace, PacedModel
from xreview.review.asking.reply_cache import reply_key
from xreview.review.prompt.compose import request_digest, request_tokens
from xreview.review.prompt.template import Template
from xreview.review.reply.check import Checker, StatedFinding
from xreview.review.session.contained import contained

_FAILS_FOR_ALL = (Failure.KEY, Failure.MONEY, Failure.NOT_FOUND)
_MOST_FAILURES = 3  # in a row; then the server is assumed to be down


@dataclass(frozen=True)
class Question:
    """One question, and whether it is worth the stronger model. The answerer adds tools, effort and
    cap to the request."""

    request: ModelRequest
    checker: Checker
    label: str
    is_hard: bool = True


@dataclass(frozen=True, slots=True)
class QuestionClosed:
    """The end of a question: what is missing, and how it ended; None if asking failed or it wasn't
    asked.

    The failure may be that of an earlier question that stopped the inquiry.
    """

    why: str = ""
    ending: Ending | None = None
    failure: XReviewError | None = None


@dataclass(frozen=True, slots=True)
class QuestionSignal:
    """What was answered to the question at `index`."""

    index: int
    what: StatedFinding | QuestionClosed


InquirySignal = QuestionSignal | Doing | Usage | Asked


class FailureLimit:
    """Decides when to stop asking, because the next questions would fail too.

    A model on this machine answers one question after the other, so after a timeout the next ones
    are not worth waiting for. `why` says why asking stopped, "" while it goes on.
    """

    def __init__(self, *, is_local: bool = False) -> None:
        self._for_all = {*_FAILS_FOR_ALL, *((Failure.TIMEOUT,) if is_local else ())}
        self.why = ""
        self.failure: XReviewError | None = None
        self._failures = 0

    def answered(self) -> None:
        """A request ended without a failure."""
        self._failures = 0

    def failed(self, error: XReviewError) -> None:
        """A request failed."""
        self._failures += 1
        is_for_all = isinstance(error, ModelError) and error.failure in self._for_all
        if is_for_all or self._failures >= _MOST_FAILURES:
            self.why, self.failure = str(error), error

    def ended(self, why: str) -> None:
        """Stop for another reason than a failure."""
        self.why, self.failure = why, None


class Inquiry:
    """Some questions to one model, in the given order; `withheld` lines are missing from them."""

    def __init__(
        self, answerer: Answerer, questions: Sequence[Question], template: Template, withheld: int
    ) -> None:
        self._answerer = answerer
        self._questions = questions
        self._template = template
        self._withheld = withheld
        self._spent = UsageTotal()
        self._giving_up = FailureLimit(is_local=answerer.voice.model.identity.is_local)
        self._queue: asyncio.Queue[InquirySignal | None] = asyncio.Queue()
        sizes = [request_tokens(one.request) for one in questions]
        is_local = answerer.voice.model.identity.is_local
        self._pace = ModelPace(sizes, answerer.max_output) if is_local else None

    async def answers(self) -> AsyncGenerator[InquirySignal, None]:
        """Ask, and stream the answers; `Asked` comes last. Closing the stream cancels all."""
        asking = asyncio.create_task(self._ask_all())
        try:
            while (told := await self._queue.get()) is not None:
                yield told
            await asking
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
        yield self._spent.asked(self._answerer.voice.model.identity, self._template, self._withheld)

    async def _ask_all(self) -> None:
        tasks = [asyncio.create_task(self._ask(index)) for index in range(len(self._questions))]
        try:
            try:
                async with asyncio.timeout(self._answerer.seconds):
                    await asyncio.gather(*tasks)
            except TimeoutError:
                minutes = self._answerer.seconds / 60
                self._giving_up.ended(f"the deadline of {minutes:g} minutes passed")
                await asyncio.gather(*tasks, return_exceptions=True)
                for index, task in enumerate(tasks):
                    if task.cancelled():
                        self._give_up(index)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._queue.put_nowait(None)

    async def _ask(self, index: int) -> None:
        answerer = self._answerer
        async with answerer.slots:
            if self._giving_up.why:
                return self._give_up(index)
            try:
                with contained(f"Asking {answerer.identity.name}"):
                    await self._converse(index)
            except XReviewError as error:
                self._giving_up.failed(error)
                self._close(index, QuestionClosed(str(error), failure=error))
        return None

    async def _converse(self, index: int) -> None:
        answerer, question = self._answerer, self._questions[index]
        voice = answerer.voice_for(is_hard=question.is_hard)
        model = voice.model
        if self._pace is not None:
            self._pace.started(index)
            model = PacedModel(model, self._pace)
        key = self._key(voice, question)
        if await self._is_cached(index, key):
            return
        toolbox = answerer.new_toolbox() if answerer.new_toolbox else None
        request = answerer.request(question.request)
        conversation = Conversation(
            model,
            request,
            question.checker,
            voice.terms,
            toolbox,
            answerer.gate,
            answerer.most_input,
        )
        try:
            async with aclosing(conversation.run()) as saying:
                async for said in saying:
                    await self._take(index, key, said)
        finally:
            self._spent.judge(conversation.replies)
            self._withheld += conversation.withheld
            self._withheld += toolbox.withheld if toolbox else 0

    async def _is_cached(self, index: int, key: str) -> bool:
        cache = self._answerer.cache
        reply = await asyncio.to_thread(cache.get, key) if cache else None
        if reply is None:
            return False
        self._spent.answered(reply, from_cache=True)
        for stated in await asyncio.to_thread(replayed, reply, self._questions[index].checker):
            self._queue.put_nowait(QuestionSignal(index, stated))
        self._close(index, QuestionClosed(ending=Ending.ANSWERED))
        return True

    async def _take(self, index: int, key: str, said: ConversationSignal) -> None:
        match said:
            case StatedFinding():
                self._queue.put_nowait(QuestionSignal(index, said))
            case Doing(what):
                self._queue.put_nowait(Doing(f"{self._questions[index].label}: {what}"))
            case Waiting(seconds, why):
                self._queue.put_nowait(Doing(f"waiting {seconds:.0f} s: {why}"))
            case TurnUsage():
                self._queue.put_nowait(self._spent.add(said))
            case ConversationEnded():
                await self._end(index, key, said)

    async def _end(self, index: int, key: str, ended: ConversationEnded) -> None:
        self._giving_up.answered()
        if ended.reply is not None:
            self._spent.answered(ended.reply)
            if self._answerer.cache is not None:
                await asyncio.to_thread(self._answerer.cache.put, key, ended.reply)
        if ended.ending is Ending.NO_MONEY:
            self._giving_up.ended(ended.why)
        self._close(index, QuestionClosed(ended.why, ended.ending))

    def _give_up(self, index: int) -> None:
        self._close(index, QuestionClosed(self._giving_up.why, failure=self._giving_up.failure))

    def _close(self, index: int, closed: QuestionClosed) -> None:
        self._queue.put_nowait(QuestionSignal(index, closed))

    def _key(self, voice: Voice, question: Question) -> str:
        answerer = self._answerer
        return reply_key(
            voice.model.identity,
            request_digest(question.request),
            answerer.effort,
            has_tools=answerer.new_toolbox is not None,
            max_output=answerer.max_output,
        )
