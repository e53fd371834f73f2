"""Dividing a model's window, in one place.

    room = room_in(window, fixed=frame.tokens)

A window holds the fixed part of every request (with the instructions), the code, the tool results,
and the answer. A small window gets a shorter answer and no tools; `plan` also gives it shorter
instructions.
"""

from xreview.domain.errors import ReviewerError
from xreview.domain.record import dataclass
from xreview.models.wire.context_fit import LEAST_OUTPUT_TOKENS
from xreview.ports.model import ModelLimits

LEAST_ROOM = 2_000
"""The least tokens for code that make a request worth sending."""

LEAST_WITH_TOOLS = 12_000
"""The least tokens for code and tools together that make tools worth having."""

USUAL_WINDOW = 100_000
"""The assumed window of a vendor's model, if unknown."""

USUAL_LOCAL_WINDOW = 8_192
"""The assumed window of a server on this machine, if unknown."""

_ANSWER_SHARE = 4
"""The fraction of a small window for the answer: one part in 4."""

_UNCOUNTED = 128
"""Tokens that servers and adapters add around messages."""


@dataclass(frozen=True, slots=True)
class ContextWindow:
    """A model's window, and the longest answer and the tool definitions that it should hold, in
    tokens; one on this machine is assumed to be smaller."""

    limits: ModelLimits
    answer: int
    tools: int = 0
    is_local: bool = False

    @property
    def size(self) -> int:
        """The known or assumed size."""
        return self.limits.holds or (USUAL_LOCAL_WINDOW if self.is_local else USUAL_WINDOW)

    @property
    def is_shared(self) -> bool:
        """Whether question and answer share the window."""
        return self.limits.window is not None or self.limits.input_tokens is None

    def narrower(self, other: "ContextWindow") -> "ContextWindow":
        """The smaller of two windows."""
        return min(self, other, key=lambda one: one.size)


@dataclass(frozen=True, slots=True)
class Room:
    """How one request divides a window, in tokens: for the code, the answer, tool results (0 for no
    tools), and everything sent."""

    code: int
    answer: int
    reading: int
    question: int

    @property
    def is_enough(self) -> bool:
        """Whether a request is worth sending."""
        return self.code >= LEAST_ROOM


def room_in(window: ContextWindow, fixed: int) -> Room:
    """The division of a window; `fixed` is the size of the fixed part of every request."""
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
    """The error about a window that is too small for any request."""
    least = fixed + _UNCOUNTED + LEAST_ROOM
    if window.is_shared:
        share = -(-least * _ANSWER_SHARE // (_ANSWER_SHARE - 1))
        told, least = "has a window of {:,} tokens", max(least + LEAST_OUTPUT_TOKENS, share)
        wants = "the instructions, some code and an answer"
    else:
        told, wants = "accepts {:,} tokens of input", "the instructions and some code"
    return ReviewerError(
        f"{who} {told.format(window.size)}, too few: {wants} need {least:,}.",
        f"Start its server with a context of at least {least:,} tokens (if the server doesn't"
        " report its context, also set the reviewer's `context`), or choose another model.",
    )
