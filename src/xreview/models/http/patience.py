"""How long, how often and how much: the client's bounds, all in one place.

No server can hold a review up for longer than is said here. A silence is never tried again: who
said nothing for that long says nothing the second time either.
"""

from dataclasses import dataclass

STREAM_BYTES = 48_000_000
"""The longest reply. An answer of 128,000 tokens, one event each, is about 32 MB."""
ERROR_BYTES = 64 * 1024
"""What is read of a reply that is only an error."""

SLOWEST_READING = 25.0
"""Tokens a second that a model on this machine must read at least, to be waited for."""
SLOWEST_ANSWERING = 3.0
"""The same for its answer."""
LOADING_SECONDS = 120.0
"""How long a server on this machine may take to load its model into memory."""

USUAL_ANSWER = 16_000
"""Tokens of an answer where a request does not say how long it may be."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Bounds of one request, in seconds (reference `providers.md`, section 0).

    Args:
        connect, pool, write: each such step.
        first_byte: from the request to the first byte of the reply's body.
        read: the longest silence after that; long, since models think without a word.
        overall: everything, retries and waits included.
        retries: how often a request is sent again.
        reply_bytes: the longest reply that is read.
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
"""For lists of models and counts of tokens, which answer at once or not at all."""


def local_patience(question: int, answer: int = USUAL_ANSWER) -> Patience:
    """For a model on this machine, which may be slow, but must get on.

    Args:
        question, answer: the tokens that it reads, and the most that it writes.
    """
    first_byte = LOADING_SECONDS + question / SLOWEST_READING
    overall = first_byte + answer / SLOWEST_ANSWERING
    return Patience(first_byte=first_byte, read=LOADING_SECONDS, overall=overall)
