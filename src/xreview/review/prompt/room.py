"""What fits into one request: the one place where a model's window is divided.

    room = room_in(window, fixed=frame.tokens)

A window holds the instructions and what goes with every request (fixed), the code, what tools bring
while the model reads on, and its answer. Each is taken off exactly once. A small window gets a
shorter answer and no tools; `plan` gives it shorter instructions too.
"""

from dataclasses import dataclass

from xreview.domain.errors import ReviewerError
from xreview.models.wire.context_fit import LEAST_OUTPUT_TOKENS
from xreview.ports.model import ModelLimits

LEAST_ROOM = 2_000
"""Tokens for code below which a request is not worth sending."""

LEAST_WITH_TOOLS = 12_000
"""Tokens for code and tools below which a model gets none: it would read a page or two at most."""

USUAL_WINDOW = 100_000
"""Tokens that nearly every vendor's model holds, where nobody knows how many this one does."""

USUAL_LOCAL_WINDOW = 8_192
"""The same of a server on this machine, which runs with as little as its memory allows."""

_ANSWER_SHARE = 4
"""The answer gets one part in so many of a window that is too small for the wanted one."""

_UNCOUNTED = 128
"""Tokens of what servers put around messages, and of what adapters say in words."""


@dataclass(frozen=True, slots=True)
class ContextWindow:
    """What a model holds and what is wanted of it, in tokens.

    Args:
        limits: as the server or the settings say.
        answer: the longest answer that is wanted.
        tools: what the definitions of the tools take; 0 where it gets none.
        is_local: whether it runs on this machine, which says what is usual where nothing is known.
    """

    limits: ModelLimits
    answer: int
    tools: int = 0
    is_local: bool = False

    @property
    def size(self) -> int:
        """The tokens it holds, for sentences."""
        return self.limits.holds or (USUAL_LOCAL_WINDOW if self.is_local else USUAL_WINDOW)

    @property
    def is_shared(self) -> bool:
        """Whether the answer is counted into it."""
        return self.limits.window is not None or self.limits.input_tokens is None

    def narrower(self, other: "ContextWindow") -> "ContextWindow":
        """Of two that get the same questions the one that holds less."""
        return min(self, other, key=lambda one: one.size)


@dataclass(frozen=True, slots=True)
class Room:
    """How one request divides a window, in tokens.

    Args:
        code: for what changes from request to request; less than `LEAST_ROOM` where it does not do.
        answer: the longest answer to ask for.
        reading: for what tools bring; 0 for no tools.
        question: all that may be sent, what tools brought included.
    """

    code: int
    answer: int
    reading: int
    question: int

    @property
    def is_enough(self) -> bool:
        """Whether a request is worth sending."""
        return self.code >= LEAST_ROOM


def room_in(window: ContextWindow, fixed: int) -> Room:
    """What fits.

    Args:
        fixed: the tokens that every request takes: instructions, schema, what the change is for.
    """
    limits = window.limits
    shared = (limits.window or window.size) if window.is_shared else None
    answer = min(filter(None, (window.answer, limits.output_tokens)))
    if shared is not None:
        answer = min(answer, max(shared // _ANSWER_SHARE, LEAST_OUTPUT_TOKENS))
    question = min(
        filter(None, (limits.input_tokens, None if shared is None else max(shared - answer, 1)))
    )
    left = max(0, question - fixed - _UNCOUNTED)
    if window.tools and left - window.tools >= LEAST_WITH_TOOLS:
        code = (left - window.tools) // 2
        return Room(code, answer, left - window.tools - code, question)
    return Room(left, answer, 0, question)


def too_narrow(window: ContextWindow, fixed: int, who: str) -> ReviewerError:
    """The error of a window that no request fits into."""
    least = fixed + _UNCOUNTED + LEAST_ROOM
    if window.is_shared:
        share = -(-least * _ANSWER_SHARE // (_ANSWER_SHARE - 1))
        told, least = "holds {:,} tokens", max(least + LEAST_OUTPUT_TOKENS, share)
        wants = "the instructions, some code and an answer"
    else:
        told, wants = "takes {:,} tokens of question", "the instructions and some code"
    return ReviewerError(
        f"{who} {told.format(window.size)}, too few for a review: {wants} need {least:,}.",
        f"Start its server with a context of at least {least:,} tokens (where the server does not"
        " tell its context, set `context` of the reviewer too), or choose another model.",
    )
