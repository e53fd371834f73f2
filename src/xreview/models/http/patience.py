"""The client's timeouts, retries and size limits, and its clock.

They bound how long a server can delay a review. A request that ends in silence isn't retried.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

STREAM_BYTES = 48_000_000
"""The longest reply. 128,000 tokens with one event each are about 32 MB."""
ERROR_BYTES = 64 * 1024
"""The longest error that is read."""

SLOWEST_READING = 25.0
"""Tokens per second; slower models on this machine time out."""
SLOWEST_ANSWERING = 3.0
"""The same for answers."""
LOADING_SECONDS = 120.0
"""The time for a server on this machine to load a model."""

USUAL_ANSWER = 16_000
"""The assumed longest answer, in tokens, for requests without a limit."""


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


BRIEF = Patience(first_byte=10.0, read=10.0, overall=20.0, retries=1, reply_bytes=16_000_000)
"""For lists of models and token counts."""


def local_patience(question: int, answer: int = USUAL_ANSWER) -> Patience:
    """Return the limits for a model on this machine; `question` and `answer` are in tokens."""
    first_byte = LOADING_SECONDS + question / SLOWEST_READING
    overall = first_byte + answer / SLOWEST_ANSWERING
    return Patience(first_byte=first_byte, read=LOADING_SECONDS, overall=overall)


@dataclass(frozen=True, slots=True)
class Clock:
    """Time in seconds, `wall` since the epoch, and `chance` from 0 to 1, which tests replace."""

    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random
