"""The patience with models: with their servers here, and for questions answered at once."""

from xreview.http.patience import Patience

SLOWEST_READING = 25.0
"""Tokens per second; slower models on this machine time out."""
SLOWEST_ANSWERING = 3.0
"""The same for answers."""
LOADING_SECONDS = 120.0
"""The time for a server on this machine to load a model."""

USUAL_ANSWER = 16_000
"""The assumed longest answer, in tokens, for requests without a limit."""


BRIEF = Patience(first_byte=10.0, read=10.0, overall=20.0, retries=1, reply_bytes=16_000_000)
"""For lists of models and token counts."""


def local_patience(question: int, answer: int = USUAL_ANSWER) -> Patience:
    """Return the limits for a model on this machine; `question` and `answer` are in tokens."""
    first_byte = LOADING_SECONDS + question / SLOWEST_READING
    overall = first_byte + answer / SLOWEST_ANSWERING
    return Patience(first_byte=first_byte, read=LOADING_SECONDS, overall=overall)
