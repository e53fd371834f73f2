"""The cap on what a review may cost, shared by all models that are asked in it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

Asker = Callable[[float, float], Awaitable[bool]]
"""Asks the person whether to go over the cap: (what is spent and promised, the cap) → yes."""


@dataclass(frozen=True, slots=True)
class Promise:
    """Money set aside for one request, until it is known what the request cost."""

    dollars: float


class Money:
    """What was spent, what is promised to running requests, and how much there is.

    Args:
        cap: US dollars.
        ask: asked once each time the cap would be exceeded; a yes doubles the cap. Without it,
            nothing goes over the cap.
    """

    def __init__(self, cap: float, ask: Asker | None = None) -> None:
        self.cap = cap
        self.spent = 0.0
        self._promised = 0.0
        self._ask = ask
        self._asking = asyncio.Lock()
        self._is_refused = False

    async def promise(self, dollars: float) -> Promise | None:
        """Set money aside for a request that may cost so much; None where there is not enough.

        The estimate is a bound, so what is spent stays under the cap unless a server bills more
        than it can be asked for.
        """
        while not self._fits(dollars):
            async with self._asking:
                # Another request may have asked while this one waited.
                if self._fits(dollars):
                    break
                if self._is_refused or self._ask is None:
                    return None
                if not await self._ask(self.spent + self._promised + dollars, self.cap):
                    self._is_refused = True
                    return None
                self.cap *= 2
        self._promised += dollars
        return Promise(dollars)

    def settle(self, promise: Promise, dollars: float) -> None:
        """The request is over and cost so much."""
        self._promised -= promise.dollars
        self.spent += dollars

    def _fits(self, dollars: float) -> bool:
        return self.spent + self._promised + dollars <= self.cap
