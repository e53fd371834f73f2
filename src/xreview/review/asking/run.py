"""One review by a model under way: requests side by side, in the order of risk, each accounted for.

What fails costs the files in that request their coverage and nothing else; a failure that every
other request would meet too (no key, no money) ends the review of this model at once.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from xreview.domain.coverage import CoverageEntry
from xreview.review.asking.asking import Asking, Voice
from xreview.review.asking.conversation import Conversation, Ended, Ending, Said, Used, replayed
from xreview.review.asking.giving_up import GivingUp
from xreview.review.asking.reply_cache import reply_key
from xreview.review.asking.spent import Spent
from xreview.review.egress.withholding import Withholding
from xreview.review.prompt.plan import Part, Plan
from xreview.review.prompt.receipt import Receipt
from xreview.review.reply.check import Checker, Stated
from xreview.review.tools.definitions import TOOLS
from xreview.reviewers.base import Asked, Progress, Signal
from xreview.reviewers.model import Doing, ModelError, ModelRequest, Waiting


class ReviewRun:
    """One review under way."""

    def __init__(
        self, asking: Asking, planned: Plan, withholding: Withholding, file_count: int
    ) -> None:
        self._asking = asking
        self._plan = planned
        self._withholding = withholding
        self._receipt = Receipt(planned, asking.identity.name)
        self._file_count = file_count
        self._done = len(planned.skipped)
        self._spent = Spent()
        self._answered = 0
        self._giving_up = GivingUp()
        self._last_failure: ModelError | None = None
        self._tools_withheld = 0
        self._queue: asyncio.Queue[Signal | None] = asyncio.Queue()

    async def signals(self) -> AsyncGenerator[Signal, None]:
        """What the requests say, as it comes; closing this cancels them."""
        yield Progress(self._done, self._file_count, "")
        asking = asyncio.create_task(self._ask_all())
        try:
            while (signal := await self._queue.get()) is not None:
                yield signal
            await asking
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
        yield self._asked()
        if self._last_failure is not None and not self._answered:
            raise self._last_failure

    async def _ask_all(self) -> None:
        tasks = [asyncio.create_task(self._ask(part)) for part in self._plan.requests]
        try:
            try:
                async with asyncio.timeout(self._asking.seconds):
                    await asyncio.gather(*tasks)
            except TimeoutError:
                minutes = self._asking.seconds / 60
                self._giving_up.why = f"the deadline of {minutes:g} minutes passed"
                await asyncio.gather(*tasks, return_exceptions=True)
                for part in self._unfinished(tasks):
                    self._fail(part, self._giving_up.why)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._queue.put_nowait(None)

    def _unfinished(self, tasks: list[asyncio.Task[None]]) -> list[Part]:
        return [
            part for part, task in zip(self._plan.requests, tasks, strict=True) if task.cancelled()
        ]

    async def _ask(self, part: Part) -> None:
        async with self._asking.slots:
            if self._giving_up.why:
                return self._fail(part, self._giving_up.why)
            voice = self._voice(part)
            request = self._request(part)
            checker = Checker(self._asking.identity, part.shown)
            key = self._key(voice, part)
            if await self._remembered(part, key, checker):
                return None
            toolbox = self._asking.new_toolbox() if self._asking.new_toolbox else None
            conversation = Conversation(voice.model, request, checker, voice.terms, toolbox)
            try:
                async with aclosing(conversation.run()) as saying:
                    async for said in saying:
                        await self._take(said, part, key)
            except ModelError as error:
                self._last_failure = error
                self._giving_up.failed(error, error.message)
                self._fail(part, error.message)
            finally:
                self._tools_withheld += toolbox.withheld if toolbox else 0
        return None

    async def _remembered(self, part: Part, key: str, checker: Checker) -> bool:
        cache = self._asking.cache
        reply = await asyncio.to_thread(cache.get, key) if cache else None
        if reply is None:
            return False
        self._spent.remembered(reply)
        for stated in await asyncio.to_thread(replayed, reply, checker):
            self._queue.put_nowait(stated.report)
        self._answer(part, "")
        return True

    async def _take(self, said: Said, part: Part, key: str) -> None:
        match said:
            case Stated():
                self._queue.put_nowait(said.report)
            case Doing(what):
                self._progress(f"{part.label}: {what}")
            case Waiting(seconds, why):
                self._progress(f"waits {seconds:.0f} s: {why}")
            case Used():
                self._queue.put_nowait(self._spent.add(said))
            case Ended():
                await self._end(said, part, key)

    async def _end(self, ended: Ended, part: Part, key: str) -> None:
        self._giving_up.answered()
        if ended.reply is not None:
            self._spent.answered(ended.reply)
            if self._asking.cache is not None:
                await asyncio.to_thread(self._asking.cache.put, key, ended.reply)
        if ended.ending is Ending.ANSWERED:
            self._answer(part, ended.why)
            return
        if ended.ending is Ending.NO_MONEY:
            self._giving_up.why = ended.why
        else:
            self._answered += 1
        self._fail(part, ended.why)

    def _answer(self, part: Part, note: str) -> None:
        self._answered += 1
        self._account(self._receipt.answered(part, note))

    def _fail(self, part: Part, why: str) -> None:
        self._account(self._receipt.failed(part, why))

    def _account(self, entries: list[CoverageEntry]) -> None:
        for entry in entries:
            self._done += 1
            if note := self._withholding.note(entry.path):
                entry = replace(entry, why="; ".join(filter(None, (entry.why, note))))
            self._queue.put_nowait(entry)
        self._progress("")

    def _progress(self, doing: str) -> None:
        self._queue.put_nowait(Progress(self._done, self._file_count, doing))

    def _voice(self, part: Part) -> Voice:
        lighter = self._asking.lighter
        return lighter if lighter is not None and not part.is_hard else self._asking.voice

    def _request(self, part: Part) -> ModelRequest:
        asking = self._asking
        return replace(
            part.request,
            tools=TOOLS if asking.new_toolbox is not None else (),
            effort=asking.effort,
            max_output_tokens=asking.max_output,
        )

    def _key(self, voice: Voice, part: Part) -> str:
        asking = self._asking
        return reply_key(
            voice.model.identity,
            part.digest,
            asking.effort,
            has_tools=asking.new_toolbox is not None,
            max_output=asking.max_output,
        )

    def _asked(self) -> Asked:
        withheld = self._withholding.total + self._tools_withheld
        return self._spent.asked(self._asking.voice.model.identity, self._plan.template, withheld)
