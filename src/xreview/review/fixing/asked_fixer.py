"""A model or a coding agent as a fixer: asked through the gate, within the budget and the time.

Whatever the model does ends in a reply; its trouble says what went wrong.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable

from xreview.domain.errors import XReviewError
from xreview.domain.fixing.fixer import FixerIdentity, FixerReply
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.ports.failure import Failure, ModelError
from xreview.ports.request import Effort
from xreview.review.asking.answerer import Answerer, Voice
from xreview.review.egress.gate import Gate
from xreview.review.fixing.conversing import FixConversation
from xreview.review.fixing.fixers import FixerSignal, FixTree
from xreview.review.fixing.order import FixOrder
from xreview.review.session.contained import contained
from xreview.review.tools.toolbox import Toolbox

FIX_SECONDS = 1800.0
"""The time limit of one hand-over."""

MOST_OUTPUT = 32_000
"""Tokens of one answer with its thinking: an edit quotes the code that it replaces."""

_ADVICE = {
    Failure.MONEY: "Add credit, or choose another fixer.",
    Failure.RATE: "Wait until the limit resets, or choose another fixer.",
    Failure.REQUEST: "Update it, or choose another fixer.",
    Failure.TOO_LARGE: "Hand over fewer findings, or choose another fixer.",
    Failure.SERVER: "Try again later, or choose another fixer.",
    Failure.CONNECTION: "Check the network, then try again.",
    Failure.TIMEOUT: "Hand over fewer findings, or choose another fixer.",
    Failure.PROTOCOL: "Try again, or choose another fixer.",
}
"""Instead of the advice for a review; what to do about a key or a model's name is the same."""


class AskedFixer:
    """Has a model or an agent fix the findings (`review.fixing.fixers.Fixer`).

    Args:
        toolbox: reads the repository for a model without tools of its own; None for no tools.
        ignores: what the settings keep from models.
    """

    def __init__(
        self,
        identity: FixerIdentity,
        voice: Voice,
        gate: Gate,
        toolbox: Toolbox | None = None,
        *,
        effort: Effort | None = None,
        seconds: float = FIX_SECONDS,
        ignores: Callable[[str], bool] = lambda path: False,
    ) -> None:
        self._identity = identity
        self._seconds = seconds
        self._ignores = ignores
        kind = ReviewerKind(identity.kind.value)
        tools = toolbox if voice.model.features.tools else None
        self._answerer = Answerer(
            ReviewerIdentity(identity.name, kind, identity.family, identity.model),
            voice,
            asyncio.Semaphore(1),
            effort=effort,
            max_output=MOST_OUTPUT,
            new_toolbox=None if tools is None else lambda: tools,
            gate=gate,
        )

    @property
    def identity(self) -> FixerIdentity:
        """Who it is."""
        return self._identity

    async def fix(self, order: FixOrder, tree: FixTree) -> AsyncGenerator[FixerSignal, None]:
        """Ask, and stream what happens; the reply comes last."""
        told: asyncio.Queue[FixerSignal | None] = asyncio.Queue()
        conversation = FixConversation(self._answerer, order, tree, told.put_nowait, self._ignores)
        asking = asyncio.create_task(self._reply(conversation))
        asking.add_done_callback(lambda _: told.put_nowait(None))
        try:
            while (signal := await told.get()) is not None:
                yield signal
            yield await asking
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

    async def preview(self, order: FixOrder, tree: FixTree) -> str:
        """What would be sent, word by word. Raises XReviewError."""
        conversation = FixConversation(self._answerer, order, tree, lambda _: None, self._ignores)
        return await conversation.preview()

    async def _reply(self, conversation: FixConversation) -> FixerReply:
        try:
            async with asyncio.timeout(self._seconds):
                with contained(f"Asking {self._identity.name}"):
                    return await conversation.reply()
        except TimeoutError:
            minutes = self._seconds / 60
            return FixerReply(trouble=f"The deadline of {minutes:g} minutes passed.")
        except ModelError as error:
            advice = _ADVICE.get(error.failure, error.advice)
            return FixerReply(trouble=f"{error.message} {advice}".strip())
        except XReviewError as error:
            return FixerReply(trouble=str(error))
