"""What asking models costs: the budget that a review's models share, and what was used."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

from xreview.config.prices import Price
from xreview.domain.record import dataclass, field
from xreview.domain.reply_count import ReplyCount
from xreview.ports.model import ModelIdentity, Tokens
from xreview.ports.request import ModelRequest
from xreview.ports.reviewer import Asked, Usage
from xreview.review.asking.reply_cache import StoredReply
from xreview.review.prompt.template import Template

Asker = Callable[[float, float], Awaitable[bool]]
"""Asks whether to exceed the cap: (US dollars that would be spent at most, the cap) → yes."""


class Spending:
    """What one request costs: reserved before it is sent, known when it ends."""

    def __init__(self, promised: float) -> None:
        self.promised = promised
        self.cost = promised
        """US dollars; the reserved amount until the cost is known."""


class Money:
    """The budget in US dollars: what was spent and what running requests may still cost.

    `ask` is asked before the cap is exceeded; a yes doubles the cap, a no counts for the whole
    review. Without it, the cap is never exceeded.
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
        """Reserve money for a request; None if there is not enough.

        Waits for running requests, which may return what they don't use, before it asks or
        refuses. The cap holds unless a server bills more than was requested.
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
        # A running total would keep rounding errors, and `_is_granted` would wait for them.
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


@dataclass(frozen=True)
class Terms:
    """The budget and the price (None if unknown) for one model; one on this machine is free."""

    money: Money
    price: Price | None
    is_free: bool

    def most_for(self, request: ModelRequest, tokens: int) -> float:
        """The most that a request with so many tokens of input can cost, in US dollars."""
        if self.price is None or self.is_free:
            return 0.0
        return self.price.cost(tokens, request.max_output_tokens)

    def cost_of(self, tokens: Tokens) -> float | None:
        """US dollars, from the server or else the price list; None if unknown."""
        if self.is_free:
            return 0.0
        if tokens.cost is not None:
            return tokens.cost
        if self.price is None:
            return None
        return self.price.cost(tokens.input, tokens.output, tokens.cached, tokens.cache_written)


@dataclass(frozen=True, slots=True)
class TurnUsage:
    """What a turn used; `cost` is in US dollars, None if unknown."""

    tokens: Tokens
    cost: float | None


@dataclass(slots=True)
class UsageTotal:
    """The requests to one model, added up: sent ones, cached ones, and the models that served."""

    usage: Usage = field(default_factory=Usage)
    _requests: int = 0
    _remembered: int = 0
    _replies: ReplyCount = field(default_factory=ReplyCount)
    _served: dict[str, None] = field(default_factory=dict[str, None])

    def add(self, used: TurnUsage) -> Usage:
        """Count one more turn, and return the total."""
        self._requests += 1
        before, tokens = self.usage, used.tokens
        is_known = before.cost is not None and used.cost is not None
        self.usage = Usage(
            before.input_tokens + tokens.input,
            before.output_tokens + tokens.output,
            (before.cost or 0.0) + (used.cost or 0.0) if is_known else None,
        )
        return self.usage

    def answered(self, reply: StoredReply, *, from_cache: bool = False) -> None:
        """Count a request that was answered."""
        self._served[reply.model] = None
        self._remembered += from_cache

    def judge(self, replies: ReplyCount) -> None:
        """Count how replies followed the schema."""
        self._replies += replies

    def asked(self, who: ModelIdentity, template: Template, withheld: int) -> Asked:
        """The total for the journal; `withheld` is the number of lines that were not sent."""
        return Asked(
            who.host if self._requests else "",
            who.model,
            tuple(filter(None, self._served)),
            template.reference,
            template.digest,
            self._requests,
            self._remembered,
            withheld,
            self._replies,
        )
