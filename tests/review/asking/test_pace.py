"""What is told of a model on this machine while it works: measured, and never guessed."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from tests.fakes.model import ScriptedModel, answer
from xreview.ports.model import (
    Doing,
    Finished,
    ModelSignal,
    Stop,
    TextDelta,
    Tokens,
)
from xreview.ports.request import ModelRequest
from xreview.review.asking.pace import ModelPace, PacedModel


class Clock:
    """Seconds that go up when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


QUESTION = ModelRequest("be brief", "x" * 2_480)  # 1,000 tokens by the estimate, roughly


def test_before_anything_is_measured_the_time_is_bounded_and_not_guessed(clock) -> None:
    pace = ModelPace([1_000, 1_000], 2_000, clock)
    assert pace.reading(3_000, 12) == "reading 3,000 tokens for 12 s, timeout after 4 min"
    assert pace.answering(0, 0.0, thinks=False) == "answering"


def test_the_rest_is_at_most_so_long_until_an_answer_has_ended_and_then_about_so_long(clock):
    pace = ModelPace([1_000, 1_000, 1_000], 2_000, clock)
    pace.started(0)
    pace.read(1_000, 20)
    # 1,900 more of this answer, two answers of 2,000, and two questions: 5,900 / 10 + 40 s.
    assert pace.answering(100, 10, thinks=False) == "answering, 10 tokens/s, at most 10 min left"
    pace.answered(300, 30)
    pace.started(1)
    # Half of the question, this answer and another of 300 tokens, and one more question.
    assert pace.reading(1_000, 10) == "reading 1,000 tokens for 10 s, about 2 min left"
    pace.read(1_000, 20)
    pace.started(2)
    assert pace.answering(150, 15, thinks=True) == "thinking, 10 tokens/s, about 15 s left"
    # It is longer than the other was: nobody knows how long it goes on.
    assert pace.answering(400, 40, thinks=False) == "answering, 10 tokens/s"


def test_a_slow_answer_has_a_decimal(clock) -> None:
    pace = ModelPace([10], 60, clock)
    pace.started(0)
    pace.read(10, 1)
    assert pace.answering(18, 10, thinks=False) == "answering, 1.8 tokens/s, at most 23 s left"


class Held(ScriptedModel):
    """Says what it is told to when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.coming: asyncio.Queue[ModelSignal | None] = asyncio.Queue()
        self.is_closed = False

    async def ask(self, request: ModelRequest) -> AsyncGenerator[ModelSignal, None]:
        try:
            while (signal := await self.coming.get()) is not None:
                yield signal
        finally:
            self.is_closed = True


async def test_each_tick_tells_what_it_does_and_the_answer_comes_through(clock) -> None:
    model, pace = Held(), ModelPace([1_000], 1_000, clock, tick=0.001)
    pace.started(0)
    told: list[ModelSignal] = []
    async with aclosing(PacedModel(model, pace).ask(QUESTION)) as signals:
        told.append(await anext(signals))
        clock.now += 10
        told.append(await anext(signals))
        model.coming.put_nowait(TextDelta('{"findings"'))
        while not isinstance(await anext(signals), TextDelta):
            pass
        for _ in range(19):
            model.coming.put_nowait(TextDelta(":"))
        for _ in range(19):
            while not isinstance(await anext(signals), TextDelta):
                pass
        clock.now += 2
        told.append(await anext(signals))
        model.coming.put_nowait(Tokens(input=900, output=20))
        model.coming.put_nowait(Finished(Stop.OK))
        model.coming.put_nowait(None)
        rest = [signal async for signal in signals if not isinstance(signal, Doing)]
    assert told[:2] == [
        Doing("reading 996 tokens for 0 s, timeout after 3 min"),
        Doing("reading 996 tokens for 10 s, timeout after 3 min"),
    ]
    assert told[2] == Doing("answering, 10 tokens/s, at most 2 min left")
    assert rest == [Tokens(input=900, output=20), Finished(Stop.OK)]
    assert model.is_closed


async def test_closing_it_closes_the_model_that_is_asked(clock) -> None:
    model, pace = Held(), ModelPace([1_000], 1_000, clock, tick=0.001)
    stream = PacedModel(model, pace).ask(QUESTION)
    await anext(stream)
    await anext(stream)
    await stream.aclose()
    assert model.is_closed


async def test_what_the_model_raises_is_raised(clock) -> None:
    class Failing(ScriptedModel):
        async def ask(self, request: ModelRequest) -> AsyncGenerator[ModelSignal, None]:
            yield TextDelta("a")
            raise ZeroDivisionError

    stream = PacedModel(Failing(), ModelPace([1], 1, clock)).ask(QUESTION)
    assert isinstance(await anext(stream), Doing)
    assert await anext(stream) == TextDelta("a")
    with pytest.raises(ZeroDivisionError):
        await anext(stream)


async def test_signals_of_the_model_come_in_their_order(clock) -> None:
    script = answer('{"findings": []}')
    stream = PacedModel(ScriptedModel(script), ModelPace([1], 1, clock)).ask(QUESTION)
    async with aclosing(stream) as signals:
        found = [signal async for signal in signals if not isinstance(signal, Doing)]
    assert found == [one for one in script if not isinstance(one, Doing)]
