"""A model that says what a test tells it to, turn by turn, and keeps what it was asked."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from xreview.ports.failure import ModelError
from xreview.ports.model import (
    Finished,
    ModelFeatures,
    ModelIdentity,
    ModelLimits,
    ModelSignal,
    Stop,
    TextDelta,
    Tokens,
)
from xreview.ports.request import ModelRequest

IDENTITY = ModelIdentity("gpt", "openai", "gpt-6.2-sol", "127.0.0.1:1", is_local=False)


def answer(text: str, tokens: Tokens | None = None, pieces: int = 3) -> list[ModelSignal]:
    """A turn that says a text in so many pieces, and stops."""
    size = max(1, -(-len(text) // pieces))
    deltas = [TextDelta(text[at : at + size]) for at in range(0, len(text), size)]
    used = tokens or Tokens(input=1000, output=100)
    return [*deltas, used, Finished(Stop.OK, "gpt-6.2-sol-20261101", echo={"said": text})]


class ScriptedModel:
    """Gives one script of signals for each turn, in order; a ModelError in it is raised.

    With `by_question`, the script is chosen by a word in the question instead, so that requests
    that run side by side each get theirs.
    """

    def __init__(
        self,
        *turns: Sequence[ModelSignal | ModelError],
        by_question: dict[str, Sequence[ModelSignal | ModelError]] | None = None,
        identity: ModelIdentity = IDENTITY,
        features: ModelFeatures | None = None,
        limits: ModelLimits | None = None,
        seconds: float = 0.0,
    ) -> None:
        self.identity = identity
        self.features = features or ModelFeatures()
        self.asked: list[ModelRequest] = []
        self.running = 0
        self.most_at_once = 0
        self.is_closed = False
        self._turns = list(turns)
        self._by_question = by_question or {}
        self._limits = limits or ModelLimits(200_000, 32_000)
        self._seconds = seconds

    async def limits(self) -> ModelLimits:
        return self._limits

    async def ask(self, request: ModelRequest) -> AsyncGenerator[ModelSignal, None]:
        self.asked.append(request)
        script = self._script(request)
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        try:
            await asyncio.sleep(self._seconds)
            for signal in script:
                if isinstance(signal, ModelError):
                    raise signal
                yield signal
                await asyncio.sleep(0)
        finally:
            self.running -= 1

    def _script(self, request: ModelRequest) -> Sequence[ModelSignal | ModelError]:
        for word, script in self._by_question.items():
            if word in request.question:
                return script
        return self._turns.pop(0)

    async def close(self) -> None:
        self.is_closed = True
