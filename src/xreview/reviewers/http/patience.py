"""How long, how often and how much: the client's bounds, all in one place."""

from dataclasses import dataclass

STREAM_BYTES = 48_000_000
"""The longest reply. An answer of 128,000 tokens, one event each, is about 32 MB."""
ERROR_BYTES = 64 * 1024
"""What is read of a reply that is only an error."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Bounds of one request, in seconds (reference `providers.md`, section 0).

    Args:
        connect, pool, write: each such step.
        read: the longest silence; long, since models think without a word.
        overall: everything, retries and waits included.
        retries: how often a request is sent again.
        reply_bytes: the longest reply that is read.
    """

    connect: float = 5.0
    pool: float = 5.0
    write: float = 60.0
    read: float = 300.0
    overall: float = 1800.0
    retries: int = 2
    reply_bytes: int = STREAM_BYTES


BRIEF = Patience(read=10.0, overall=20.0, retries=1, reply_bytes=16_000_000)
"""For lists of models and counts of tokens, which answer at once or not at all."""
