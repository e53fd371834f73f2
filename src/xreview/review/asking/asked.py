"""The one place from which models are asked: what goes out is cleared, what comes in is masked."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from xreview.domain.record import replace
from xreview.hardening.redaction import without_keys
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import Doing, Finished, Model, ModelSignal, Restarted
from xreview.ports.request import ModelRequest, ToolCall
from xreview.review.egress.gate import Gate

MOST_CALLS = 64
"""In one turn; a whole review has fewer."""


class AskedModel:
    """A model behind the gate; `withheld` is the number of places masked in the last request."""

    def __init__(self, model: Model, gate: Gate) -> None:
        self._model = model
        self._gate = gate
        self.withheld = 0

    @property
    def host(self) -> str:
        """Where the code goes."""
        return self._model.identity.host

    async def signals(self, request: ModelRequest) -> AsyncGenerator[ModelSignal, None]:
        """Ask, and stream what it says. Raises ModelError.

        Keys are masked in everything but `TextDelta` and `Finished.answer`, which can break off
        inside of one: mask what is read from them.
        """
        cleared, self.withheld = await asyncio.to_thread(self._gate.request, request)
        doing: Doing | None = None
        calls = 0
        async with aclosing(self._model.ask(cleared)) as signals:
            async for signal in signals:
                match signal:
                    case Doing(what):
                        if signal == doing:
                            continue  # a server may repeat it endlessly
                        doing = signal
                        yield Doing(without_keys(what))
                    case ToolCall():
                        calls += 1
                        if calls > MOST_CALLS:
                            raise self.stuck(f"called over {MOST_CALLS} tools at once")
                        yield replace(signal, arguments=without_keys(signal.arguments))
                    case Finished():
                        model, detail = without_keys(signal.model), without_keys(signal.detail)
                        yield replace(signal, model=model, detail=detail)
                    case Restarted():
                        doing, calls = None, 0
                        yield signal
                    case _:
                        yield signal

    def stuck(self, what: str) -> ModelError:
        """The error of a model that goes round in circles."""
        return ModelError(
            Failure.PROTOCOL,
            f"{self.host} {what}.",
            "Review a smaller change, or choose another model.",
        )

    def ended_early(self) -> ModelError:
        """The error of an answer without an end."""
        return ModelError(
            Failure.PROTOCOL,
            f"The answer from {self.host} ended early.",
            "Try again, or choose another reviewer.",
        )
