"""Asking one model several questions side by side, and hearing of each how it ended.

A review's requests and single questions are asked alike: bounded, remembered, capped in money and
time, and each question ends with exactly one `Closed`, whatever is raised while it is asked. What
fails costs that question its answer and nothing else; a failure that every other question would
meet too (no key, no money) ends all.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from xreview.domain.errors import XReviewError
from xreview.ports.model import Doing, Waiting
from xreview.ports.request import ModelRequest
from xreview.ports.reviewer import Asked, Usage
from xreview.review.asking.answerer import Answerer, Voice
from xreview.review.asking.conversation import Conversation, Ended, Ending, Said, Used, replayed
from xreview.review.asking.giving_up import GivingUp
from xreview.review.asking.pace import ModelPace, PacedModel
from xreview.review.asking.reply_cache import reply_key
from xreview.review.asking.spent import Spent
from xreview.review.prompt.compose import request_digest, request_tokens
from xreview.review.prompt.template import Template
from xreview.review.reply.check import Checker, Stated
from xreview.review.session.contained import contained


@dataclass(frozen=True)
class Question:
    """One question.

    Args:
        request: what is sent, without tools, effort and cap, which are the answerer's.
        checker: checks the answer.
        label: what people call it.
        is_hard: whether it is worth the stronger model.
    """

    request: ModelRequest
    checker: Checker
    label: str
    is_hard: bool = True


@dataclass(frozen=True, slots=True)
class Closed:
    """Nothing more is said to a question.

    Args:
        why: what is missing, "" for nothing.
        ending: how it ended; None where asking failed, or the question was not asked at all.
        failure: why there is no answer, where asking failed at this question or an earlier one.
    """

    why: str = ""
    ending: Ending | None = None
    failure: XReviewError | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said to the question at `index`."""

    index: int
    what: Stated | Closed


Told = Heard | Doing | Usage | Asked


class Inquiry:
    """Some questions to one model.

    Args:
        questions: in the order in which they are to be asked.
        template: by which words they ask.
        withheld: how many lines were left out of them.
    """

    def __init__(
        self, answerer: Answerer, questions: Sequence[Question], template: Template, withheld: int
    ) -> None:
        self._answerer = answerer
        self._questions = questions
        self._template = template
        self._withheld = withheld
        self._spent = Spent()
        self._giving_up = GivingUp(is_local=answerer.voice.model.identity.is_local)
        self._queue: asyncio.Queue[Told | None] = asyncio.Queue()
        sizes = [request_tokens(one.request) for one in questions]
        is_local = answerer.voice.model.identity.is_local
        self._pace = ModelPace(sizes, answerer.max_output) if is_local else None

    async def answers(self) -> AsyncGenerator[Told, None]:
        """What is said, as it comes, `Asked` last; closing this cancels what runs."""
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
                self._close(index, Closed(str(error), failure=error))
        return None

    async def _converse(self, index: int) -> None:
        answerer, question = self._answerer, self._questions[index]
        voice = answerer.voice_for(is_hard=question.is_hard)
        model = voice.model
        if self._pace is not None:
            self._pace.started(index)
            model = PacedModel(model, self._pace)
        key = self._key(voice, question)
        if await self._is_remembered(index, key):
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
            self._withheld += conversation.withheld
            self._withheld += toolbox.withheld if toolbox else 0

    async def _is_remembered(self, index: int, key: str) -> bool:
        cache = self._answerer.cache
        reply = await asyncio.to_thread(cache.get, key) if cache else None
        if reply is None:
            return False
        self._spent.remembered(reply)
        for stated in await asyncio.to_thread(replayed, reply, self._questions[index].checker):
            self._queue.put_nowait(Heard(index, stated))
        self._close(index, Closed(ending=Ending.ANSWERED))
        return True

    async def _take(self, index: int, key: str, said: Said) -> None:
        match said:
            case Stated():
                self._queue.put_nowait(Heard(index, said))
            case Doing(what):
                self._queue.put_nowait(Doing(f"{self._questions[index].label}: {what}"))
            case Waiting(seconds, why):
                self._queue.put_nowait(Doing(f"waits {seconds:.0f} s: {why}"))
            case Used():
                self._queue.put_nowait(self._spent.add(said))
            case Ended():
                await self._end(index, key, said)

    async def _end(self, index: int, key: str, ended: Ended) -> None:
        self._giving_up.answered()
        if ended.reply is not None:
            self._spent.answered(ended.reply)
            if self._answerer.cache is not None:
                await asyncio.to_thread(self._answerer.cache.put, key, ended.reply)
        if ended.ending is Ending.NO_MONEY:
            self._giving_up.ended(ended.why)
        self._close(index, Closed(ended.why, ended.ending))

    def _give_up(self, index: int) -> None:
        self._close(index, Closed(self._giving_up.why, failure=self._giving_up.failure))

    def _close(self, index: int, closed: Closed) -> None:
        self._queue.put_nowait(Heard(index, closed))

    def _key(self, voice: Voice, question: Question) -> str:
        answerer = self._answerer
        return reply_key(
            voice.model.identity,
            request_digest(question.request),
            answerer.effort,
            has_tools=answerer.new_toolbox is not None,
            max_output=answerer.max_output,
        )
