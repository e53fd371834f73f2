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
from xreview.review.asking.reply_cache import ReplyCache, key_of
from xreview.review.prompt.compose import prompt_digest
from xreview.review.prompt.template import Template
from xreview.review.reply.check import Checker, Stated
from xreview.review.tools.definitions import TOOLS
from xreview.review.tools.toolbox import Toolbox
from xreview.reviewers.base import Asked, Usage
from xreview.reviewers.model import Doing, Effort, Failure, ModelError, ModelRequest, Waiting

_FOR_ALL = (Failure.KEY, Failure.MONEY, Failure.NOT_FOUND)
_MOST_FAILURES = 3  # one after the other: then the server is not there for the rest either


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
        self._usage = Usage()
        self._requests = 0
        self._remembered = 0
        self._served: dict[str, None] = {}
        self._failures = 0
        self._stopped = ""
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
                self._stopped = f"the deadline of {self._answerer.seconds:g} seconds passed"
                await asyncio.gather(*tasks, return_exceptions=True)
                for index, task in enumerate(tasks):
                    if task.cancelled():
                        self._close(index, self._stopped)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._queue.put_nowait(None)

    async def _ask(self, index: int) -> None:
        answerer, question = self._answerer, self._questions[index]
        async with answerer.slots:
            if self._stopped:
                return self._close(index, self._stopped)
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
                self._took_failure(error)
                self._close(index, str(error))
            finally:
                self._withheld += toolbox.withheld if toolbox else 0
        return None

    async def _is_remembered(self, index: int, key: str) -> bool:
        cache = self._answerer.cache
        reply = await asyncio.to_thread(cache.get, key) if cache else None
        if reply is None:
            return False
        self._remembered += 1
        self._served[reply.model] = None
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
                self._queue.put_nowait(self._add(said))
            case Ended():
                await self._end(index, key, said)

    async def _end(self, index: int, key: str, ended: Ended) -> None:
        self._failures = 0
        if ended.reply is not None:
            self._served[ended.reply.model] = None
            if self._answerer.cache is not None:
                await asyncio.to_thread(self._answerer.cache.put, key, ended.reply)
        if ended.ending is Ending.NO_MONEY:
            self._stopped = ended.why
        self._close(index, ended.why)

    def _took_failure(self, error: ModelError) -> None:
        self._failures += 1
        if error.failure in _FOR_ALL or self._failures >= _MOST_FAILURES:
            self._stopped = str(error)

    def _close(self, index: int, why: str = "") -> None:
        self._queue.put_nowait(Heard(index, Closed(why)))

    def _add(self, used: Used) -> Usage:
        self._requests += 1
        before, tokens = self._usage, used.tokens
        is_known = before.cost is not None and used.cost is not None
        self._usage = Usage(
            before.input_tokens + tokens.input,
            before.output_tokens + tokens.output,
            (before.cost or 0.0) + (used.cost or 0.0) if is_known else None,
        )
        return self._usage

    def _key(self, question: Question) -> str:
        who = self._answerer.voice.model.identity
        return key_of(
            {
                "prompt": prompt_digest(question.request),
                "model": who.model,
                "vendor": who.vendor,
                "host": who.host,
                "effort": self._answerer.effort or "",
                "tools": self._answerer.new_toolbox is not None,
                "max_output": self._answerer.max_output,
            }
        )

    def _asked(self) -> Asked:
        who = self._answerer.voice.model.identity
        return Asked(
            who.host if self._requests else "",
            who.model,
            tuple(filter(None, self._served)),
            f"{self._template.name}/{self._template.version}",
            self._template.digest,
            self._requests,
            self._remembered,
            self._withheld,
        )
