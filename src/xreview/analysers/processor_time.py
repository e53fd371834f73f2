"""A limit to the processor time of a block, which also ends a long call of `re`."""

import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType


class OutOfTimeError(Exception):
    """The block took more processor time than it may."""


@contextmanager
def limited_to(seconds: float) -> Generator[None]:
    """Raise OutOfTimeError in the block after `seconds` of this process's time in user mode.

    Works only in the main thread, and where C code checks for signals, as `re` does. Can't be
    nested.
    """
    handler = signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, handler)


def _stop(number: int, frame: FrameType | None) -> None:
    raise OutOfTimeError
