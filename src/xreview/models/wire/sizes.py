"""How many tokens a request takes at most, so that it fits a model's context before it is sent."""

from dataclasses import dataclass

from xreview.ports.failure import Failure, ModelError
from xreview.ports.json_value import JsonObject, encode_json

BYTES_PER_TOKEN = 3
"""Of JSON text in UTF-8. Code takes 3 to 4 with the tokenisers in use, prose more."""

LEAST_OUTPUT_TOKENS = 1_024
"""An answer that may not even be this long is not worth asking for."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How a request fits: the tokens it takes by estimate, and the longest answer it may get."""

    input_tokens: int
    output_tokens: int


def body_tokens(body: JsonObject) -> int:
    """The tokens of a request's body, rather too many than too few."""
    return -(-len(encode_json(body)) // BYTES_PER_TOKEN)


def fit(body: JsonObject, wanted: int, context: int, model: str) -> Fit:
    """How a request fits into a shared context.

    Args:
        body: the messages, tools and schema that are sent.
        wanted: the longest answer that is wanted, in tokens.
        context: the tokens of the model's context.
        model: for the sentence.

    Raises ModelError where no room is left for an answer.
    """
    taken = body_tokens(body)
    left = context - taken
    if left < min(wanted, LEAST_OUTPUT_TOKENS):
        raise too_small(model, taken, context)
    return Fit(taken, min(wanted, left))


def too_small(model: str, taken: int, context: int) -> ModelError:
    """The error of a request that does not fit."""
    return ModelError(
        Failure.TOO_LARGE,
        f"The request takes about {taken:,} tokens, and {model} holds {context:,}, its answer"
        " included.",
        "Review a smaller change, or choose a model with a longer context.",
    )
