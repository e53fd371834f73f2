"""How fast a model on this machine works, and how long the rest will take.

A vendor's model answers in seconds; one on this machine may read for minutes before its first
word. So whoever waits is told each second what it does, how fast, and how long the rest takes at
that speed. What nobody can know yet is not guessed: before the first answer has ended, each counts
as long as it may be, and the time is said to be the most.
"""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from xreview.models.http.patience import local_patience
from xreview.ports.model import (
    Doing,
    Finished,
    Model,
    ModelFeatures,
    ModelIdentity,
    ModelLimits,
    ModelSignal,
    Restarted,
    TextDelta,
    Tokens,
)
from xreview.ports.request import ClearedRequest, ModelRequest, ToolCall
from xreview.review.prompt.tokens import estimated_tokens
from xreview.review.record.scorecard_words import duration

TICK_SECONDS = 1.0
_BYTES_PER_TOKEN = 6  # at most: servers here send a token at a time, proxies of theirs may not
_WORTH_MEASURING = 0.5  # seconds, below which a speed is chance


@dataclass
class ModelPace:
    """What was measured of one model so far, and what it still has to do.

    Args:
        sizes: the tokens of each question, by its index.
        longest: the tokens of the longest answer.
        clock: seconds that only go up.
        tick: how often those who wait are told, in seconds.
    """

    sizes: Sequence[int]
    longest: int
    clock: Callable[[], float] = time.monotonic
    tick: float = TICK_SECONDS

    def __post_init__(self) -> None:
        self._left = dict(enumerate(self.sizes))
        self._reading = _Speed()
        self._answering = _Speed()
        self._answers = 0

    def started(self, index: int) -> None:
        """This question is asked now, or is not asked at all."""
        self._left.pop(index, None)

    def read(self, tokens: int, seconds: float) -> None:
        """So many tokens were read in that time."""
        self._reading.add(tokens, seconds)

    def answered(self, tokens: int, seconds: float) -> None:
        """An answer of so many tokens ended."""
        self._answering.add(tokens, seconds)
        self._answers += 1

    def reading(self, tokens: int, seconds: float) -> str:
        """What it does while nothing comes."""
        told = f"reading {tokens:,} tokens for {duration(seconds)}"
        if self._reading.per_second is None:
            most = local_patience(tokens, self.longest).first_byte
            return f"{told}, given up after {duration(most)}"
        rest = max(0.0, tokens / self._reading.per_second - seconds)
        return told + self._left_after(rest, self._answering.per_second, 0)

    def answering(self, tokens: int, seconds: float, thinks: bool) -> str:
        """What it does while its answer comes."""
        doing = "thinking" if thinks else "answering"
        if seconds < _WORTH_MEASURING or not tokens:
            return doing
        speed = tokens / seconds
        told = f"{doing}, {speed:.0f} tokens/s" if speed >= 10 else f"{doing}, {speed:.1f} tokens/s"
        return told + self._left_after(0.0, speed, tokens)

    def _left_after(self, now: float, speed: float | None, answered: int) -> str:
        """The time that is left, in words, after `now` more seconds of reading."""
        if speed is None:
            return ""
        typical = self._answering.tokens / self._answers if self._answers else self.longest
        seconds = now + max(0.0, typical - answered) / speed
        seconds += len(self._left) * typical / speed
        if self._left:
            if self._reading.per_second is None:
                return ""
            seconds += sum(self._left.values()) / self._reading.per_second
        if seconds < 1:
            return ""  # an answer that is longer than the others were: nobody knows
        return f", {'about' if self._answers else 'at most'} {duration(seconds)} left"


@dataclass
class _Speed:
    tokens: int = 0
    seconds: float = 0.0

    def add(self, tokens: int, seconds: float) -> None:
        self.tokens += tokens
        self.seconds += seconds

    @property
    def per_second(self) -> float | None:
        return self.tokens / self.seconds if self.tokens and self.seconds > 0 else None


class PacedModel:
    """A model (`reviewers.model.Model`) that also says each second how far it is."""

    def __init__(self, model: Model, pace: ModelPace) -> None:
        self._model = model
        self._pace = pace

    @property
    def identity(self) -> ModelIdentity:
        """Which one it is."""
        return self._model.identity

    @property
    def features(self) -> ModelFeatures:
        """What it can do."""
        return self._model.features

    async def limits(self) -> ModelLimits:
        """What fits. Raises ModelError."""
        return await self._model.limits()

    async def close(self) -> None:
        """Let it go."""
        await self._model.close()

    async def ask(self, request: ClearedRequest) -> AsyncGenerator[ModelSignal, None]:
        """Ask it, and say meanwhile what it does. Raises ModelError."""
        turn = _Turn(self._pace, sum(map(estimated_tokens, _texts_of(request))))
        async with aclosing(self._model.ask(request)) as signals:
            coming = asyncio.ensure_future(anext(signals, None))
            try:
                yield turn.doing()
                while True:
                    done, _ = await asyncio.wait({coming}, timeout=self._pace.tick)
                    if turn.is_due(self._pace.tick) or not done:
                        yield turn.doing()
                    if not done:
                        continue
                    signal = coming.result()
                    if signal is None:
                        return
                    turn.note(signal)
                    if not isinstance(signal, Doing):
                        yield signal
                    coming = asyncio.ensure_future(anext(signals, None))
            finally:
                coming.cancel()
                await asyncio.gather(coming, return_exceptions=True)


class _Turn:
    """One turn of a model: what it was sent, and what came so far."""

    def __init__(self, pace: ModelPace, size: int) -> None:
        self._pace = pace
        self._size = size
        self._began = self._told = pace.clock()
        self._first: float | None = None
        self._pieces = self._bytes = 0
        self._thinks = False

    def doing(self) -> Doing:
        """What it does now, in words."""
        now = self._told = self._pace.clock()
        if self._first is None:
            return Doing(self._pace.reading(self._size, now - self._began))
        return Doing(self._pace.answering(self._tokens, now - self._first, self._thinks))

    def is_due(self, tick: float) -> bool:
        """Whether nothing was told for that long."""
        return self._pace.clock() - self._told >= tick

    def note(self, signal: ModelSignal) -> None:
        """Take what came into account."""
        match signal:
            case TextDelta(text):
                self._begin()
                self._thinks = False
                self._pieces += 1
                self._bytes += len(text.encode("utf-8", "replace"))
            case Doing():
                self._begin()
                self._thinks = True
            case ToolCall():
                self._begin()
            case Restarted():
                self._began, self._first = self._pace.clock(), None
                self._pieces = self._bytes = 0
            case Tokens() if signal.output:
                self._pieces = max(self._pieces, signal.output)
            case Finished() if self._first is not None:
                self._pace.answered(self._tokens, self._pace.clock() - self._first)
            case _:
                pass

    @property
    def _tokens(self) -> int:
        return max(self._pieces, self._bytes // _BYTES_PER_TOKEN)

    def _begin(self) -> None:
        if self._first is None:
            self._first = self._pace.clock()
            self._pace.read(self._size, self._first - self._began)


def _texts_of(request: ModelRequest) -> Iterator[str]:
    yield from (request.instructions, request.shared, request.question)
    for exchange in request.exchanges:
        yield exchange.text
        yield from (result.text for result in exchange.results)
    for tool in request.tools:
        yield json.dumps([tool.name, tool.description, tool.parameters])
