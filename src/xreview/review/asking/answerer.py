"""Who is asked, and on which terms: the same for a review's requests and for single questions."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from xreview.domain.report import ReviewerIdentity
from xreview.review.asking.conversation import Terms
from xreview.review.asking.reply_cache import ReplyCache
from xreview.review.egress.gate import Gate
from xreview.review.tools.definitions import TOOLS
from xreview.review.tools.toolbox import Toolbox
from xreview.reviewers.model import Effort, Model, ModelRequest, Tool

MAX_OUTPUT = 16_000
"""Tokens of one answer, thinking included: bounds what a request may cost."""

USUAL_INPUT = 100_000
"""Tokens that nearly every model takes, where nobody knows how many this one does."""

_TOOL_ROOM = 0.5  # of a model's input, left for what it reads by itself


@dataclass(frozen=True)
class Voice:
    """One model and the terms on which it is asked."""

    model: Model
    terms: Terms


@dataclass(frozen=True)
class Answerer:
    """A model, and all that does not depend on what it is asked.

    Args:
        identity: who answers; the family is the model's vendor.
        voice: the model for what is hard.
        slots: bounds how many requests run at once, over all that ask at the same host.
        lighter: a cheaper one for the rest; None for the same.
        max_output: tokens of one answer, thinking included.
        new_toolbox: makes the tools for one question; None where the model gets none.
        cache: remembers replies; None for not at all.
        seconds: after which no more is asked.
        gate: through which everything goes that it is asked.
    """

    identity: ReviewerIdentity
    voice: Voice
    slots: asyncio.Semaphore
    lighter: Voice | None = None
    effort: Effort | None = None
    max_output: int = MAX_OUTPUT
    new_toolbox: Callable[[], Toolbox] | None = None
    cache: ReplyCache | None = None
    seconds: float = 300.0
    gate: Gate = field(default_factory=Gate)

    @property
    def tools(self) -> tuple[Tool, ...]:
        """What it may call meanwhile to read more of the repository."""
        return TOOLS if self.new_toolbox is not None else ()

    def voice_for(self, *, is_hard: bool) -> Voice:
        """Which model gets a question."""
        return self.voice if is_hard or self.lighter is None else self.lighter

    def request(self, question: ModelRequest) -> ModelRequest:
        """The question as it is sent: with its tools, effort and cap."""
        return replace(
            question, tools=self.tools, effort=self.effort, max_output_tokens=self.max_output
        )

    async def room(self) -> int:
        """Tokens that one question may have: its answer and what tools bring are taken off.

        Raises ModelError.
        """
        limits = await self.voice.model.limits()
        room = (limits.input_tokens or USUAL_INPUT) - self.max_output
        return int(room * _TOOL_ROOM) if self.tools else room
