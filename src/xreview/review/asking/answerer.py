"""Who is asked, and on which terms: the same for a review's requests and for single questions."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from xreview.domain.report import ReviewerIdentity
from xreview.ports.model import Model
from xreview.ports.request import Effort, ModelRequest, Tool
from xreview.review.asking.conversation import Terms
from xreview.review.asking.reply_cache import ReplyCache
from xreview.review.egress.gate import Gate
from xreview.review.prompt.room import ContextWindow, Room
from xreview.review.prompt.tokens import estimated_tokens
from xreview.review.tools.definitions import TOOLS
from xreview.review.tools.toolbox import Toolbox

MAX_OUTPUT = 16_000
"""Tokens of one answer, thinking included: bounds what a request may cost."""

_READ_SHARE = 0.75
"""Of the room for what tools bring: the rest is for the calls and what the model says with them."""

_BYTES_PER_TOKEN = 2  # rather too few

TOOLS_TOKENS = sum(
    estimated_tokens(json.dumps([tool.name, tool.description, tool.parameters])) for tool in TOOLS
)
"""What the definitions of the tools take of a window."""


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
        most_input: tokens of a question, what tools brought included; None for unknown.
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
    most_input: int | None = None

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

    async def window(self) -> ContextWindow:
        """What one question to it may hold. Raises ModelError."""
        window = await self._window_of(self.voice)
        if self.lighter is None:
            return window
        return window.narrower(await self._window_of(self.lighter))

    def within(self, room: Room) -> "Answerer":
        """The same, asked for no longer answer and given no more tools than there is room for."""
        make = self.new_toolbox
        if make is None or not room.reading:
            return replace(self, max_output=room.answer, new_toolbox=None, most_input=room.question)
        most = int(room.reading * _READ_SHARE) * _BYTES_PER_TOKEN
        return replace(
            self,
            max_output=room.answer,
            new_toolbox=lambda: make().limited(most),
            most_input=room.question,
        )

    async def _window_of(self, voice: Voice) -> ContextWindow:
        limits = await voice.model.limits()
        tools = TOOLS_TOKENS if self.tools and voice.model.features.tools else 0
        return ContextWindow(limits, self.max_output, tools, voice.model.identity.is_local)
