"""Sending a model or a coding agent on an errand: through the gate, within budget and time.

Whatever the model does ends in a reply; its trouble says what went wrong.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

from xreview.domain.errors import XReviewError
from xreview.domain.report import ReviewerIdentity
from xreview.ports.failure import ModelError
from xreview.ports.model import Doing
from xreview.ports.request import Effort
from xreview.ports.reviewer import Usage
from xreview.review.asking.answerer import Answerer, Voice
from xreview.review.egress.gate import Gate
from xreview.review.session.contained import contained
from xreview.review.tools.toolbox import Toolbox
from xreview.review.writing.conversing import ErrandConversation
from xreview.review.writing.errand import Errand, Reply

ERRAND_SECONDS = 1800.0
"""The time limit of one errand."""

MOST_OUTPUT = 32_000
"""Tokens of one answer with its thinking: an edit quotes the code that it replaces."""


class ErrandRunner:
    """Sends one model or agent on errands.

    Args:
        answerer: the model or the agent, with its terms and tools.
        seconds: the time limit of each.
        ignores: what the settings keep from models.
    """

    def __init__(
        self,
        answerer: Answerer,
        seconds: float = ERRAND_SECONDS,
        ignores: Callable[[str], bool] = lambda path: False,
    ) -> None:
        self._answerer = answerer
        self._seconds = seconds
        self._ignores = ignores

    async def run(
        self, errand: Errand[Reply], top: Path
    ) -> AsyncGenerator[Doing | Usage | Reply, None]:
        """Ask, and stream what happens with the files below `top`; the reply comes last."""
        told: asyncio.Queue[Doing | Usage | None] = asyncio.Queue()
        conversation = self._conversation(errand, top, told.put_nowait)
        asking = asyncio.create_task(self._reply(errand, conversation))
        asking.add_done_callback(lambda _: told.put_nowait(None))
        try:
            while (signal := await told.get()) is not None:
                yield signal
            yield await asking
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

    async def preview(self, errand: Errand[Reply], top: Path) -> str:
        """What would be sent, word by word. Raises XReviewError."""
        return await self._conversation(errand, top, lambda _: None).preview()

    def _conversation(
        self, errand: Errand[Reply], top: Path, tell: Callable[[Doing | Usage], None]
    ) -> ErrandConversation[Reply]:
        return ErrandConversation(self._answerer, errand, top, tell, self._ignores)

    async def _reply(self, errand: Errand[Reply], conversation: ErrandConversation[Reply]) -> Reply:
        try:
            async with asyncio.timeout(self._seconds):
                with contained(f"Asking {self._answerer.identity.name}"):
                    return await conversation.reply()
        except TimeoutError:
            minutes = self._seconds / 60
            return errand.reply(None, f"The deadline of {minutes:g} minutes passed.")
        except ModelError as error:
            advice = errand.words.advice.get(error.failure, error.advice)
            return errand.reply(None, f"{error.message} {advice}".strip())
        except XReviewError as error:
            return errand.reply(None, str(error))


def writing_answerer(
    identity: ReviewerIdentity,
    voice: Voice,
    gate: Gate,
    toolbox: Toolbox | None,
    effort: Effort | None,
) -> Answerer:
    """A model or an agent that writes; `toolbox` reads the repository for one without tools of its
    own."""
    tools = toolbox if voice.model.features.tools else None
    return Answerer(
        identity,
        voice,
        asyncio.Semaphore(1),
        effort=effort,
        max_output=MOST_OUTPUT,
        new_toolbox=None if tools is None else lambda: tools,
        gate=gate,
    )
