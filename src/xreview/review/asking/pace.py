"""The speed of a model on this machine, and the time that remains.

A vendor's model answers in seconds, but a local one can read for minutes before its first word. So
the progress says every second what the model does, how fast, and how long the rest will take.
Nothing is guessed: before the first answer has ended, answers count with their maximum length, and
the time is given as a maximum.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing

from xreview.domain.record import dataclass
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
from xreview.ports.request import ClearedRequest, ToolCall
from xreview.review.prompt.compose import request_tokens
from xreview.review.record.scorecard_words import duration

TICK_SECONDS = 1.0
_BYTES_PER_TOKEN = 6  # at most; local servers send single tokens, but their proxies may not
_WORTH_MEASURING = 0.5  # seconds; a speed over less time means nothing


@dataclass
class ModelPace:
    """The measured speed of one model, and its remaining work.

    `sizes` and `longest` are tokens, of each question and of the longest possible answer; `clock`
    and `tick` are seconds.
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
        """The question is asked now, or answered from the cache."""
        self._left.pop(index, None)

    def read(self, tokens: int, seconds: float) -> None:
        """Count tokens of a question and the seconds until the first token of the answer."""
        self._reading.add(tokens, seconds)

    def answered(self, tokens: int, seconds: float) -> None:
        """Count the tokens and seconds of an answer."""
        self._answering.add(tokens, seconds)
        self._answers += 1

    def reading(self, tokens: int, seconds: float) -> str:
        """The progress before the answer begins."""
        told = f"reading {tokens:,} tokens for {duration(seconds)}"
        if self._reading.per_second is None:
            most = local_patience(tokens, self.longest).first_byte
            return f"{told}, timeout after {duration(most)}"
        rest = max(0.0, tokens / self._reading.per_second - seconds)
        return told + self._left_after(rest, self._answering.per_second, 0)

    def answering(self, tokens: int, seconds: float, thinks: bool) -> str:
        """The progress during the answer."""
        doing = "thinking" if thinks else "answering"
        if seconds < _WORTH_MEASURING or not tokens:
            return doing
        speed = tokens / seconds
        told = f"{doing}, {speed:.0f} tokens/s" if speed >= 10 else f"{doing}, {speed:.1f} tokens/s"
        return told + self._left_after(0.0, speed, tokens)

    def _left_after(self, now: float, speed: float | None, answered: int) -> str:
        """The remaining time in words, after `now` more seconds of reading."""
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
            return ""  # longer than the other answers: no estimate possible
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
    """A model that also reports its progress every second."""

    def __init__(self, model: Model, pace: ModelPace) -> None:
        self._model = model
        self._pace = pace

    @property
    def identity(self) -> ModelIdentity:
        """Of the model."""
        return self._model.identity

    @property
    def features(self) -> ModelFeatures:
        """Of the model."""
        return self._model.features

    async def limits(self) -> ModelLimits:
        """Of the model. Raises ModelError."""
        return await self._model.limits()

    async def close(self) -> None:
        """Close the model."""
        await self._model.close()

    async def ask(self, request: ClearedRequest) -> AsyncGenerator[ModelSignal, None]:
        """Ask the model, and report its progress. Raises ModelError."""
        turn = _Turn(self._pace, request_tokens(request))
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
    """One turn: the size of what was sent, and of what has come back."""

    def __init__(self, pace: ModelPace, size: int) -> None:
        self._pace = pace
        self._size = size
        self._began = self._told = pace.clock()
        self._first: float | None = None
        self._pieces = self._bytes = 0
        self._thinks = False

    def doing(self) -> Doing:
        """The current progress."""
        now = self._told = self._pace.clock()
        if self._first is None:
            return Doing(self._pace.reading(self._size, now - self._began))
        return Doing(self._pace.answering(self._tokens, now - self._first, self._thinks))

    def is_due(self, tick: float) -> bool:
        """Whether the last report is that long ago."""
        return self._pace.clock() - self._told >= tick

    def note(self, signal: ModelSignal) -> None:
        """Count a signal."""
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
