"""One request to one model: from the first question, over calls of tools, to a checked answer.

What comes back is streamed: a finding is there as soon as its JSON is complete and right. An
answer that is not as asked for gets one turn to be repaired; an answer that was cut off or refused
gets none, and is said to be so. A call that was cut off is never carried out.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from enum import StrEnum

from xreview.config.prices import Price
from xreview.domain.text import count_of
from xreview.hardening.redaction import without_keys
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import (
    Doing,
    Finished,
    Model,
    Restarted,
    Stop,
    TextDelta,
    Tokens,
    Waiting,
)
from xreview.ports.request import Exchange, ModelRequest, ToolCall
from xreview.review.asking.money import Money
from xreview.review.asking.repeats import Repeats
from xreview.review.asking.reply_cache import StoredReply
from xreview.review.asking.turn import Turn
from xreview.review.egress.gate import Gate
from xreview.review.prompt.fence import fenced
from xreview.review.reply.check import Checker, Stated
from xreview.review.reply.keyless import KeylessChecker
from xreview.review.reply.stream import FindingStream, repair_question
from xreview.review.tools.toolbox import Toolbox

_NO_ROOM_TO_ANSWER = "what it read by itself left no room for its answer"
_NO_ROOM_TO_REPAIR = "the answer was not what was asked for, with no room to ask again"

MOST_TURNS = 30
"""A model that has not answered by then is stuck; its tools are used up before that."""

MOST_CALLS = 64
"""In one turn; all the calls that a review has are fewer."""

_SLICE = 64 * 1024  # characters of an answer that are read before others have their turn


class Ending(StrEnum):
    """How a conversation ended."""

    ANSWERED = "answered"
    TRUNCATED = "truncated"
    REFUSED = "refused"
    INVALID = "invalid"
    NO_MONEY = "no-money"
    UNREAD = "unread"
    """It answered, and could not read what it was asked about: what it says stays, unread."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a conversation.

    Args:
        why: for the coverage: what is missing, "" where nothing is.
        reply: what to remember; None where it must be asked anew next time.
    """

    ending: Ending
    why: str = ""
    reply: StoredReply | None = None


@dataclass(frozen=True, slots=True)
class Used:
    """What a turn used. `cost` is in US dollars, None where the price is not known."""

    tokens: Tokens
    cost: float | None


Said = Stated | Doing | Waiting | Used | Ended


@dataclass(frozen=True)
class Terms:
    """What holds for every conversation of a review.

    Args:
        money: what may be spent.
        price: what the model costs; None where nobody knows, or where it costs nothing.
        is_free: whether it runs on this machine, so that it costs nothing.
        tokens_of: how many tokens a text has, estimated upwards.
    """

    money: Money
    price: Price | None
    is_free: bool
    tokens_of: Callable[[str], int]


class Conversation:
    """Asks one model one thing.

    Args:
        checker: checks what it says; knows what it was shown.
        toolbox: carries out its calls; None for a model without tools.
        gate: through which every turn goes before it is sent.
        most_input: the tokens that a turn may send; None where nobody knows.

    Attributes:
        withheld: in how many places the gate left something out of what was prepared.
    """

    def __init__(
        self,
        model: Model,
        request: ModelRequest,
        checker: Checker,
        terms: Terms,
        toolbox: Toolbox | None = None,
        gate: Gate | None = None,
        most_input: int | None = None,
    ) -> None:
        self.withheld = 0
        self._gate = gate or Gate()
        self._model = model
        self._request = request
        self._checker = KeylessChecker(checker.reviewer, checker.shown, checker)
        self._terms = terms
        self._toolbox = toolbox
        self._most_input = most_input
        self._repeats = Repeats()
        self._texts: list[str] = []
        self._malformed = 0
        self._tokens = Tokens()
        self._turn = Turn()
        self._size = sum(map(terms.tokens_of, _texts_of(request)))

    async def run(self) -> AsyncGenerator[Said, None]:
        """Everything that is said, as it comes; `Ended` last. Raises ModelError."""
        for _ in range(MOST_TURNS):
            async with self._terms.money.spending(self._at_most()) as spending:
                if spending is None:
                    yield Ended(Ending.NO_MONEY, "the budget is used up")
                    return
                async with aclosing(self._ask()) as saying:
                    async for said in saying:
                        yield said
                used = self._used()
                spending.cost = used.cost or 0.0
            yield used
            ended = await self._went_on()
            if ended is not None:
                for stated in self._turn.reply(self._checker).stated:
                    if self._repeats.is_new(stated):
                        yield stated
                yield ended
                return
        raise self._stuck(f"called tools for {MOST_TURNS} turns without an answer")

    def _stuck(self, what: str) -> ModelError:
        return ModelError(
            Failure.PROTOCOL,
            f"{self._model.identity.host} {what}.",
            "Review a smaller change, or choose another model.",
        )

    async def _ask(self) -> AsyncGenerator[Stated | Doing | Waiting, None]:
        turn = self._turn = Turn()
        cleared, self.withheld = await asyncio.to_thread(self._gate.request, self._request)
        async with aclosing(self._model.ask(cleared)) as signals:
            async for signal in signals:
                match signal:
                    case TextDelta(text):
                        async for stated in self._new(turn, text):
                            yield stated
                    case Waiting():
                        yield signal
                    case Doing(what):
                        if signal != turn.doing:  # a server may say so without end
                            turn.doing = signal
                            yield Doing(without_keys(what))
                    case ToolCall():
                        arguments = without_keys(signal.arguments)
                        turn.calls.append(replace(signal, arguments=arguments))
                        if len(turn.calls) > MOST_CALLS:
                            raise self._stuck(f"called over {MOST_CALLS} tools at once")
                    case Tokens():
                        turn.tokens = signal
                    case Restarted():
                        turn = self._turn = Turn()
                    case Finished():
                        turn.finished = replace(
                            signal,
                            model=without_keys(signal.model),
                            detail=without_keys(signal.detail),
                        )
                        if signal.answer:
                            turn.begin_anew()
                            async for stated in self._new(turn, signal.answer):
                                yield stated
                if turn.unread:
                    said = self._terms.tokens_of(turn.text)
                    turn.estimate(self._size, min(said, self._request.max_output_tokens))
                    return  # what is not read need not be sent either, and paid for

    async def _new(self, turn: Turn, text: str) -> AsyncGenerator[Stated, None]:
        """What a piece of the answer completes, as far as it was not stated before."""
        for at in range(0, len(text), _SLICE):
            for stated in turn.feed(text[at : at + _SLICE], self._checker):
                if self._repeats.is_new(stated):
                    yield stated
            if turn.unread:
                return
            if at:
                await asyncio.sleep(0)

    async def _went_on(self) -> Ended | None:
        """None where the next turn is to be asked: after calls, or to repair the answer."""
        if unread := self._turn.unread:
            return Ended(Ending.TRUNCATED, unread)
        finished = self._turn.finished
        if finished is None:
            raise ModelError(
                Failure.PROTOCOL,
                f"{self._model.identity.host} ended without an end.",
                "Try again, or choose another reviewer.",
            )
        if finished.stop is Stop.TOOLS and self._toolbox is not None and self._turn.calls:
            results = [await self._toolbox.answer(call) for call in self._turn.calls]
            told = [replace(one, text=fenced("result", one.text)) for one in results]
            self._go_on(Exchange(finished.echo, tuple(told)))
            return None if self._fits() else Ended(Ending.TRUNCATED, _NO_ROOM_TO_ANSWER)
        if finished.stop is Stop.REFUSED:
            detail = f": {finished.detail}" if finished.detail else ""
            return Ended(Ending.REFUSED, f"the model refused{detail}")
        self._texts.append(self._turn.text)
        reply = self._turn.reply(self._checker)
        if finished.stop is Stop.UNREAD:
            return Ended(Ending.UNREAD, finished.detail)
        if finished.stop is Stop.TRUNCATED:
            return Ended(Ending.TRUNCATED, "the answer was cut off at its longest")
        # What was malformed and did not come back right is left out, and said to be.
        self._malformed = max(self._malformed - len(reply.stated), reply.kept_out)
        if reply.errors and len(self._texts) == 1:
            self._go_on(Exchange(finished.echo, text=repair_question(reply.errors)))
            if self._fits():
                return None
            if not reply.is_whole:
                return Ended(Ending.INVALID, _NO_ROOM_TO_REPAIR)
        if not reply.is_whole:
            return Ended(Ending.INVALID, "the answer was not what was asked for, twice")
        stored: StoredReply | None = StoredReply(tuple(self._texts), finished.model, self._tokens)
        if tuple(map(without_keys, self._texts)) != tuple(self._texts):
            stored = None  # nothing is written down that holds a key, or that a mask may break
        why = f"{count_of(self._malformed, 'finding')} left out as malformed"
        return Ended(Ending.ANSWERED, why if self._malformed else "", stored)

    def _go_on(self, exchange: Exchange) -> None:
        self._request = replace(self._request, exchanges=(*self._request.exchanges, exchange))
        told = "".join([exchange.text, *(one.text for one in exchange.results)])
        # Thoughts are no text, but go back to the server with it.
        said = max(self._terms.tokens_of(self._turn.text), self._turn.tokens.output)
        self._size += said + self._terms.tokens_of(told)

    def _fits(self) -> bool:
        return self._most_input is None or self._size <= self._most_input

    def _used(self) -> Used:
        tokens = self._turn.tokens
        self._tokens = self._tokens.plus(tokens)
        return Used(tokens, cost_of(tokens, self._terms))

    def _at_most(self) -> float:
        price = self._terms.price
        if price is None or self._terms.is_free:
            return 0.0
        return price.cost(self._size, self._request.max_output_tokens)


def replayed(reply: StoredReply, checker: Checker) -> list[Stated]:
    """The findings of a remembered reply."""
    repeats = Repeats()
    checker = KeylessChecker(checker.reviewer, checker.shown, checker)
    stated: list[Stated] = []
    for text in reply.texts:
        stream = FindingStream()
        stream.feed(text)
        stated += filter(repeats.is_new, stream.finish(checker).stated)
    return stated


def _texts_of(request: ModelRequest) -> Iterator[str]:
    """All that its first turn sends."""
    yield from (request.instructions, request.shared, request.question)
    if request.schema is not None:
        yield json.dumps(request.schema)
    for tool in request.tools:
        yield json.dumps([tool.name, tool.description, tool.parameters])


def cost_of(tokens: Tokens, terms: Terms) -> float | None:
    """US dollars: what the server says, else by the price list; None where nobody knows."""
    if terms.is_free:
        return 0.0
    if tokens.cost is not None:
        return tokens.cost
    if terms.price is None:
        return None
    return terms.price.cost(tokens.input, tokens.output, tokens.cached, tokens.cache_written)
