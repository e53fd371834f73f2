"""A client's timeouts, retries and size limits, and its clock.

They bound how long a server can delay a review. A request that ends in silence isn't retried.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable

from xreview.domain.record import dataclass

STREAM_BYTES = 48_000_000
"""The longest reply. 128,000 tokens with one event each are about 32 MB."""
ERROR_BYTES = 64 * 1024
"""The longest error that is read."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Limits of one request, in seconds (reference `providers.md`, section 0).

    Args:
        first_byte: from the request to the first byte of the reply's body.
        read: the longest silence after that; long, since models think silently.
        overall: everything, including retries and waits.
    """

    connect: float = 5.0
    pool: float = 5.0
    write: float = 60.0
    first_byte: float = 180.0
    read: float = 300.0
    overall: float = 1800.0
    retries: int = 2
    reply_bytes: int = STREAM_BYTES


@dataclass(frozen=True, slots=True)
class Clock:
    """Time in seconds, `wall` since the epoch, and `chance` from 0 to 1, which tests replace."""

    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random
