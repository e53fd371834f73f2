"""The cap on what a review may cost, shared by all models that are asked in it."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

Asker = Callable[[float, float], Awaitable[bool]]
"""Asks the person whether to go over the cap: (what would be spent at most, the cap) → yes."""


class Spending:
    """What one request costs: promised before it is sent, known when it is over."""

    def __init__(self, promised: float) -> None:
        self.promised = promised
        self.cost = promised
        """US dollars; until it is set, what was promised, since that may have been used."""


class Money:
    """What was spent, what running requests may still cost, and how much there is.

    Args:
        cap: US dollars.
        ask: asked before the cap is exceeded; a yes doubles it, a no holds for the whole review.
            Without it, nothing goes over the cap.
    """

    def __init__(self, cap: float, ask: Asker | None = None) -> None:
        self.cap = cap
        self.spent = 0.0
        self._running: list[Spending] = []
        self._ask = ask
        self._changed = asyncio.Condition()
        self._is_refused = False

    @asynccontextmanager
    async def spending(self, at_most: float) -> AsyncGenerator[Spending | None, None]:
        """Set money aside for a request that costs so much at most; None where there is none.

        Requests that run may give back what they do not use, so this waits for them before it
        asks or refuses. What is spent is never more than the cap, unless a server bills more
        than it was asked for.
        """
        spending = Spending(at_most)
        if not await self._is_granted(spending):
            yield None
            return
        try:
            yield spending
        finally:
            async with self._changed:
                self._running.remove(spending)
                self.spent += spending.cost
                self._changed.notify_all()

    @property
    def _promised(self) -> float:
        # Added up anew: what additions and subtractions leave by rounding would be waited for.
        return sum(one.promised for one in self._running)

    async def _is_granted(self, spending: Spending) -> bool:
        at_most = spending.promised
        async with self._changed:
            while self.spent + self._promised + at_most > self.cap:
                if self._promised > 0:
                    await self._changed.wait()
                elif self._is_refused or self._ask is None:
                    return False
                elif await self._ask(self.spent + at_most, self.cap):
                    self.cap *= 2
                else:
                    self._is_refused = True
            self._running.append(spending)
            return True
