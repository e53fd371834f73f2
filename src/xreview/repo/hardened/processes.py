"""What runs for a task, so that none of it outlives the task: git's processes, and other work."""

import atexit
import threading
from contextvars import ContextVar, Token
from typing import Protocol, Self


class EndedWork(Protocol):
    """A process, or something else that can take long, until it is closed from any thread."""

    def close(self) -> None:
        """End it."""
        ...


class Processes:
    """The git processes of one task, so that none outlives it.

    Processes that start inside its `with` block belong to it, also those of threads with the same
    context (`asyncio.to_thread`). One that starts after the block is ended at once. All other
    processes belong to the program.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[EndedWork] = set()
        self._is_closed = False

    def __enter__(self) -> Self:
        self._outer: Token[Processes] = _BELONGS_TO.set(self)
        return self

    def __exit__(self, *error: object) -> None:
        _BELONGS_TO.reset(self._outer)
        self.close()

    def close(self) -> None:
        """End all running processes. May be called from any thread."""
        with self._lock:
            self._is_closed = True
            running = tuple(self._running)
        for process in running:
            process.close()

    def add(self, process: EndedWork) -> None:
        """Add a process; it is ended at once if the task is over."""
        with self._lock:
            self._running.add(process)
            is_closed = self._is_closed
        if is_closed:
            process.close()

    def remove(self, process: EndedWork) -> None:
        """Forget a process that has ended."""
        with self._lock:
            self._running.discard(process)


_OF_THE_PROGRAM = Processes()
_BELONGS_TO = ContextVar("_BELONGS_TO", default=_OF_THE_PROGRAM)


STARTING = threading.RLock()
"""Held while a process is started and added, so that the end of the program misses none."""


@atexit.register
def _end_all() -> None:
    """End the program's processes. A thread can't start another one that would outlive it."""
    STARTING.acquire()  # and kept
    _OF_THE_PROGRAM.close()


def processes_of_task() -> Processes:
    """Where to add what must end with the present task."""
    return _BELONGS_TO.get()
