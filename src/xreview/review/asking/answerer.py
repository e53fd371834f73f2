"""A model with its terms and limits, for the requests of a review and for single questions."""

import asyncio
import json
from collections.abc import Callable
from functools import partial

from xreview.domain.record import dataclass, field, replace
from xreview.domain.report import ReviewerIdentity
from xreview.ports.model import Model
from xreview.ports.request import Effort, ModelRequest, Tool
from xreview.review.asking.conversation import Terms
from xreview.review.asking.reply_cache import ReplyCache
from xreview.review.egress.gate import Gate
from xreview.review.prompt.compose import estimated_tokens
from xreview.review.prompt.own import NO_OWN_PROMPTS, OwnPrompts
from xreview.review.prompt.room import ContextWindow, Room
from xreview.review.tools.definitions import TOOLS
from xreview.review.tools.toolbox import Toolbox

MAX_OUTPUT = 16_000
"""Tokens of one answer with its thinking: limits the cost of a request."""

_READ_SHARE = 0.75
"""Of the room for tool results; the rest is for the calls and the text around them."""

_BYTES_PER_TOKEN = 2  # a low estimate

TOOLS_TOKENS = sum(
    estimated_tokens(json.dumps([tool.name, tool.description, tool.parameters])) for tool in TOOLS
)
"""The size of the tool definitions."""


@dataclass(frozen=True)
class Voice:
    """A model and its terms."""

    model: Model
    terms: Terms


@dataclass(frozen=True)
class Answerer:
    """A model and everything that doesn't depend on the question.

    Args:
        voice: the model for hard questions; `lighter` is cheaper, for the others.
        slots: limits the parallel requests to the same host.
        max_output: tokens of one answer with its thinking.
        new_toolbox: makes the tools for one question; None for no tools.
        gate: clears all questions.
        most_input: tokens of a question with tool results; None if unknown.
        prompts: the user's own, in place of ours.
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
    prompts: OwnPrompts = NO_OWN_PROMPTS

    @property
    def tools(self) -> tuple[Tool, ...]:
        """The tools that it can call to read the repository."""
        return TOOLS if self.new_toolbox is not None else ()

    def voice_for(self, *, is_hard: bool) -> Voice:
        """The model for a question."""
        return self.voice if is_hard or self.lighter is None else self.lighter

    def request(self, question: ModelRequest) -> ModelRequest:
        """The question with its tools, effort and cap."""
        return replace(
            question, tools=self.tools, effort=self.effort, max_output_tokens=self.max_output
        )

    async def window(self) -> ContextWindow:
        """The window that all its models have. Raises ModelError."""
        window = await self._window_of(self.voice)
        if self.lighter is None:
            return window
        return window.narrower(await self._window_of(self.lighter))

    def within(self, room: Room) -> "Answerer":
        """The same with its answers and tool results limited to the room."""
        make = self.new_toolbox
        limited = None
        if make is not None and room.reading:
            most = int(room.reading * _READ_SHARE) * _BYTES_PER_TOKEN
            limited = partial(_limited, make, most)
        return replace(self, max_output=room.answer, new_toolbox=limited, most_input=room.question)

    async def _window_of(self, voice: Voice) -> ContextWindow:
        limits = await voice.model.limits()
        tools = TOOLS_TOKENS if self.tools and voice.model.features.tools else 0
        return ContextWindow(limits, self.max_output, tools, voice.model.identity.is_local)


def _limited(make: Callable[[], Toolbox], most: int) -> Toolbox:
    return make().limited(most)
