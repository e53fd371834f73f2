"""One request to one model: from the first question, over calls of tools, to a checked answer.

What comes back is streamed: a finding is there as soon as its JSON is complete and right. An
answer that is not as asked for gets one turn to be repaired; an answer that was cut off or refused
gets none, and is said to be so. A call that was cut off is never carried out.
"""

import json
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from enum import StrEnum

from xreview.config.prices import Price
from xreview.domain.text import count_of
from xreview.review.asking.money import Money
from xreview.review.asking.repeats import Repeats
from xreview.review.asking.reply_cache import StoredReply
from xreview.review.reply.check import Checker, Stated
from xreview.review.reply.stream import FindingStream, Reply, repair_question
from xreview.review.tools.toolbox import Toolbox
from xreview.reviewers.model import (
    Doing,
    Exchange,
    Failure,
    Finished,
    Model,
    ModelError,
    ModelRequest,
    Restarted,
    Stop,
    TextDelta,
    Tokens,
    ToolCall,
    Waiting,
)

_NO_ROOM_TO_ANSWER = "what it read by itself left no room for its answer"
_NO_ROOM_TO_REPAIR = "the answer was not what was asked for, with no room to ask again"

MOST_TURNS = 30
"""A model that has not answered by then is stuck; its tools are used up before that."""


class Ending(StrEnum):
    """How a conversation ended."""

    ANSWERED = "answered"
    TRUNCATED = "truncated"
    REFUSED = "refused"
    INVALID = "invalid"
    NO_MONEY = "no-money"


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
        most_input: the tokens that a turn may send; None where nobody knows.
    """

    def __init__(
        self,
        model: Model,
        request: ModelRequest,
        checker: Checker,
        terms: Terms,
        toolbox: Toolbox | None = None,
        most_input: int | None = None,
    ) -> None:
        self._model = model
        self._request = request
        self._checker = checker
        self._terms = terms
        self._toolbox = toolbox
        self._most_input = most_input
        self._repeats = Repeats()
        self._texts: list[str] = []
        self._malformed = 0
        self._tokens = Tokens()
        self._turn = _Turn()
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
        raise ModelError(
            Failure.PROTOCOL,
            f"{self._model.identity.host} called tools for {MOST_TURNS} turns without an answer.",
            "Review a smaller change, or choose another model.",
        )

    async def _ask(self) -> AsyncGenerator[Stated | Doing | Waiting, None]:
        turn = self._turn = _Turn()
        async with aclosing(self._model.ask(self._request)) as signals:
            async for signal in signals:
                match signal:
                    case TextDelta(text):
                        for stated in turn.feed(text, self._checker):
                            if self._repeats.is_new(stated):
                                yield stated
                    case Doing() | Waiting():
                        yield signal
                    case ToolCall():
                        turn.calls.append(signal)
                    case Tokens():
                        turn.tokens = signal
                    case Restarted():
                        turn = self._turn = _Turn()
                    case Finished():
                        turn.finished = signal
                        if signal.answer:
                            turn.begin_anew()
                            for stated in turn.feed(signal.answer, self._checker):
                                if self._repeats.is_new(stated):
                                    yield stated

    async def _went_on(self) -> Ended | None:
        """None where the next turn is to be asked: after calls, or to repair the answer."""
        finished = self._turn.finished
        if finished is None:
            raise ModelError(
                Failure.PROTOCOL,
                f"{self._model.identity.host} ended without an end.",
                "Try again, or choose another reviewer.",
            )
        if finished.stop is Stop.TOOLS and self._toolbox is not None and self._turn.calls:
            results = [await self._toolbox.answer(call) for call in self._turn.calls]
            self._go_on(Exchange(finished.echo, tuple(results)))
            return None if self._fits() else Ended(Ending.TRUNCATED, _NO_ROOM_TO_ANSWER)
        if finished.stop is Stop.REFUSED:
            detail = f": {finished.detail}" if finished.detail else ""
            return Ended(Ending.REFUSED, f"the model refused{detail}")
        self._texts.append(self._turn.text)
        reply = self._turn.reply(self._checker)
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
        stored = StoredReply(tuple(self._texts), finished.model, self._tokens)
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


class _Turn:
    """One turn of the model, as far as it came."""

    def __init__(self) -> None:
        self.calls: list[ToolCall] = []
        self.tokens = Tokens()
        self.finished: Finished | None = None
        self._pieces: list[str] = []
        self._stream = FindingStream()
        self._reply: Reply | None = None

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def begin_anew(self) -> None:
        """What was said so far was not the answer."""
        self._pieces, self._stream = [], FindingStream()

    def feed(self, text: str, checker: Checker) -> list[Stated]:
        self._pieces.append(text)
        checked = [checker.check(found) for found in self._stream.feed(text)]
        return [one for one in checked if isinstance(one, Stated)]

    def reply(self, checker: Checker) -> Reply:
        if self._reply is None:
            self._reply = self._stream.finish(checker)
        return self._reply


def replayed(reply: StoredReply, checker: Checker) -> list[Stated]:
    """The findings of a remembered reply."""
    repeats = Repeats()
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
