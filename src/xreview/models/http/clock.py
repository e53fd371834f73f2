"""Time and chance as the client sees them, so that tests can hold both still."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clock:
    """All the client knows of time.

    Args:
        monotonic: seconds since some moment, never going back.
        wall: seconds since the epoch, for dates that servers send.
        sleep: waits so many seconds.
        chance: a number from 0 to 1, 1 excluded.
    """

    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random
