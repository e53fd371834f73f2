"""Estimating whether a request fits a model's context, before it is sent."""

from xreview.domain.record import dataclass
from xreview.ports.failure import Failure, ModelError
from xreview.ports.json_value import JsonObject, encode_json

BYTES_PER_TOKEN = 3
"""For JSON text in UTF-8. Code has 3 to 4 bytes per token with current tokenisers, prose more."""

LEAST_OUTPUT_TOKENS = 1_024
"""A shorter limit isn't worth a request."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The estimated tokens of a request, and the longest answer it leaves room for."""

    input_tokens: int
    output_tokens: int


def body_tokens(body: JsonObject) -> int:
    """Return the tokens of a request's body, estimated high."""
    return -(-len(encode_json(body)) // BYTES_PER_TOKEN)


def fit(body: JsonObject, wanted: int, context: int, model: str) -> Fit:
    """Fit a request and its answer, of `wanted` tokens at most, into one context.

    Raises ModelError if that leaves no room for an answer.
    """
    taken = body_tokens(body)
    left = context - taken
    if left < min(wanted, LEAST_OUTPUT_TOKENS):
        raise too_small(model, taken, context)
    return Fit(taken, min(wanted, left))


def too_small(model: str, taken: int, context: int) -> ModelError:
    """Return the error for a request that doesn't fit."""
    return ModelError(
        Failure.TOO_LARGE,
        f"The request takes about {taken:,} tokens, and {model} holds {context:,}, including its"
        " answer.",
        "Review a smaller change, or choose a model with a longer context.",
    )
