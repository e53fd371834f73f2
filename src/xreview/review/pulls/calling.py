"""Asking a forge from threads that wait, such as the one that reads a change."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import Any, TypeVar

from xreview.domain.errors import ChangeError, XReviewError
from xreview.ports.forge import Forge
from xreview.repo.hardened.processes import processes_of_task

_Answer = TypeVar("_Answer")


class ForgeCalls:
    """Asks a forge in an event loop of its own. Thread-safe; close it. It ends with its task, as
    git's processes do.

    Args:
        new: makes the forge; it is closed with this. Another question after that
            makes a new one.
    """

    def __init__(self, new: Callable[[], Forge]) -> None:
        self._new = new
        self._lock = threading.Lock()
        self._running: _Running | None = None

    def wait_for(self, question: Callable[[Forge], Coroutine[Any, Any, _Answer]]) -> _Answer:
        """Wait for an answer. Raises ForgeError, and ChangeError if this is closed meanwhile."""
        running = self._started()
        return running.wait_for(question(running.forge))

    def stream(
        self, question: Callable[[Forge], AsyncGenerator[_Answer, None]]
    ) -> Iterator[_Answer]:
        """Wait for one answer after the other. Raises as `wait_for`."""
        running = self._started()
        answers = question(running.forge)
        try:
            while (answer := running.wait_for(anext(answers, None))) is not None:
                yield answer
        finally:
            running.end_stream(answers)

    def close(self) -> None:
        """Close the forge and end what is being asked. May be called from any thread."""
        with self._lock:
            running, self._running = self._running, None
        if running is not None:
            running.owner.remove(self)
            running.close()

    def _started(self) -> "_Running":
        with self._lock:
            if self._running is not None:
                return self._running
            running = self._running = _Running(self._new)
        running.owner.add(self)
        return running


class _Running:
    """A loop in a daemon thread, and the forge that is asked in it."""

    def __init__(self, new: Callable[[], Forge]) -> None:
        self.owner = processes_of_task()
        self._lock = threading.Lock()
        self._is_closing = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="forge", daemon=True)
        self._thread.start()
        try:
            self.forge = new()
        except BaseException:
            self._stop()
            raise

    def wait_for(self, question: Any) -> Any:
        """Wait for a coroutine, or another awaitable with `close`."""

        async def asked() -> Any:
            return await question

        with self._lock:
            if self._is_closing:
                question.close()
                raise _ended()
            future = asyncio.run_coroutine_threadsafe(asked(), self._loop)
        try:
            return future.result()
        except CancelledError as error:  # by `close`
            raise _ended() from error
        except BaseException:
            future.cancel()  # Ctrl+C in the thread that waits
            raise

    def end_stream(self, answers: AsyncGenerator[Any, None]) -> None:
        with self._lock:
            if not self._is_closing:
                asyncio.run_coroutine_threadsafe(answers.aclose(), self._loop)

    def close(self) -> None:
        with self._lock:
            if self._is_closing:
                return
            self._is_closing = True
        ended = asyncio.run_coroutine_threadsafe(self._end(), self._loop)
        with suppress(TimeoutError, XReviewError):
            ended.result(_CLOSING_SECONDS)
        self._stop()

    async def _end(self) -> None:
        current = asyncio.current_task()
        tasks = [task for task in asyncio.all_tasks() if task is not current]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.forge.close()

    def _stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


_CLOSING_SECONDS = 10.0


def _ended() -> ChangeError:
    return ChangeError("Reading the pull request was ended.", "Open it again.")
