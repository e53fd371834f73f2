"""Asking one model several questions side by side, and hearing of each how it ended.

What a review does for its requests (`asking.run`), for questions that have no coverage: bounded,
remembered, capped in money and time, and each question ends with exactly one `Closed`.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from xreview.domain.report import ReviewerIdentity
from xreview.review.asking.asking import MAX_OUTPUT, Voice
from xreview.review.asking.conversation import Conversation, Ended, Ending, Said, Used, replayed
from xreview.review.asking.giving_up import GivingUp
from xreview.review.asking.reply_cache import ReplyCache, reply_key
from xreview.review.asking.spent import Spent
from xreview.review.prompt.compose import prompt_digest
from xreview.review.prompt.template import Template
from xreview.review.reply.check import Checker, Stated
from xreview.review.tools.definitions import TOOLS
from xreview.review.tools.toolbox import Toolbox
from xreview.reviewers.base import Asked, Usage
from xreview.reviewers.model import Doing, Effort, ModelError, ModelRequest, Waiting


@dataclass(frozen=True)
class Answerer:
    """Who is asked, and on which terms.

    Args:
        identity: who answers; the family is the model's vendor.
        slots: bounds how many requests run at once, over all that ask at the same host.
        max_output: tokens of one answer, thinking included.
        new_toolbox: makes the tools for one question; None where the model gets none.
        cache: remembers replies; None for not at all.
        seconds: after which no more is asked.
    """

    identity: ReviewerIdentity
    voice: Voice
    slots: asyncio.Semaphore
    effort: Effort | None = None
    max_output: int = MAX_OUTPUT
    new_toolbox: Callable[[], Toolbox] | None = None
    cache: ReplyCache | None = None
    seconds: float = 300.0


@dataclass(frozen=True)
class Question:
    """One question: what is sent, what checks the answer, and what people call it."""

    request: ModelRequest
    checker: Checker
    label: str


@dataclass(frozen=True, slots=True)
class Closed:
    """Nothing more is said to a question; `why` says what is missing, "" for nothing."""

    why: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said to the question at `index`."""

    index: int
    what: Stated | Closed


Told = Heard | Doing | Usage | Asked


class Inquiry:
    """Some questions to one model.

    Args:
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
        self._giving_up = GivingUp()
        self._queue: asyncio.Queue[Told | None] = asyncio.Queue()

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
        yield self._asked()

    async def _ask_all(self) -> None:
        tasks = [asyncio.create_task(self._ask(index)) for index in range(len(self._questions))]
        try:
            try:
                async with asyncio.timeout(self._answerer.seconds):
                    await asyncio.gather(*tasks)
            except TimeoutError:
                self._giving_up.why = f"the deadline of {self._answerer.seconds:g} seconds passed"
                await asyncio.gather(*tasks, return_exceptions=True)
                for index, task in enumerate(tasks):
                    if task.cancelled():
                        self._close(index, self._giving_up.why)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._queue.put_nowait(None)

    async def _ask(self, index: int) -> None:
        answerer, question = self._answerer, self._questions[index]
        async with answerer.slots:
            if self._giving_up.why:
                return self._close(index, self._giving_up.why)
            request = replace(
                question.request,
                tools=TOOLS if answerer.new_toolbox is not None else (),
                effort=answerer.effort,
                max_output_tokens=answerer.max_output,
            )
            key = self._key(question)
            if await self._is_remembered(index, key):
                return None
            toolbox = answerer.new_toolbox() if answerer.new_toolbox else None
            conversation = Conversation(
                answerer.voice.model, request, question.checker, answerer.voice.terms, toolbox
            )
            try:
                async with aclosing(conversation.run()) as saying:
                    async for said in saying:
                        await self._take(index, key, said)
            except ModelError as error:
                self._giving_up.failed(error, str(error))
                self._close(index, str(error))
            finally:
                self._withheld += toolbox.withheld if toolbox else 0
        return None

    async def _is_remembered(self, index: int, key: str) -> bool:
        cache = self._answerer.cache
        reply = await asyncio.to_thread(cache.get, key) if cache else None
        if reply is None:
            return False
        self._spent.remembered(reply)
        for stated in await asyncio.to_thread(replayed, reply, self._questions[index].checker):
            self._queue.put_nowait(Heard(index, stated))
        self._close(index)
        return True

    async def _take(self, index: int, key: str, said: Said) -> None:
        label = self._questions[index].label
        match said:
            case Stated():
                self._queue.put_nowait(Heard(index, said))
            case Doing(what):
                self._queue.put_nowait(Doing(f"{label}: {what}"))
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
            self._giving_up.why = ended.why
        self._close(index, ended.why)

    def _close(self, index: int, why: str = "") -> None:
        self._queue.put_nowait(Heard(index, Closed(why)))

    def _key(self, question: Question) -> str:
        answerer = self._answerer
        return reply_key(
            answerer.voice.model.identity,
            prompt_digest(question.request),
            answerer.effort,
            has_tools=answerer.new_toolbox is not None,
            max_output=answerer.max_output,
        )

    def _asked(self) -> Asked:
        who = self._answerer.voice.model.identity
        return self._spent.asked(who, self._template, self._withheld)
