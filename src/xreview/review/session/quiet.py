"""Leaves the interpreter to a person's keys while other threads of the program compute.

Python gives a thread that computes half of the time, so that each key would take twice as long.
"""

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

_One = TypeVar("_One")

QUIET_SECONDS = 0.012
"""How long work pauses after a key: a page is drawn by then."""
_SHARE_SECONDS = 0.003
"""How long it then goes on at least, so that a held key doesn't stop it."""


class Quiet:
    """The time until which work in the background pauses, on the steady clock."""

    until = 0.0

    def begin(self) -> None:
        """Note that a key came. May be called from any thread."""
        self.until = time.monotonic() + QUIET_SECONDS


QUIET = Quiet()
"""The one of this program: its threads share one interpreter."""


def in_steps(items: Iterable[_One], quiet: Quiet = QUIET) -> Iterator[_One]:
    """Yield the items of some work in a thread, with pauses while keys are answered."""
    goes_on_until = 0.0
    for one in items:
        now = time.monotonic()
        if goes_on_until <= now < quiet.until:
            time.sleep(quiet.until - now)
            goes_on_until = time.monotonic() + _SHARE_SECONDS
        yield one
