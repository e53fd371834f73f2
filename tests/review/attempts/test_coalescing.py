import asyncio
import time
from collections.abc import AsyncGenerator

import pytest

from xreview.review.attempts.coalescing import coalesced


async def flood(count: int, pause: float = 0.0) -> AsyncGenerator[int, None]:
    for number in range(count):
        yield number
        await asyncio.sleep(pause)


async def test_a_flood_is_thinned_and_the_last_one_comes():
    began = time.monotonic()
    taken = [one async for one in coalesced(flood(400, 0.0001), 0.02)]
    seconds = time.monotonic() - began
    assert taken == sorted(set(taken))
    assert taken[-1] == 399
    assert len(taken) <= seconds / 0.02 + 2


async def test_the_newest_comes_though_nothing_follows_it():
    async def slow() -> AsyncGenerator[str, None]:
        yield "first"
        yield "second"
        await asyncio.sleep(60)
        yield "never"

    stream = coalesced(slow(), 0.01)
    async with asyncio.timeout(5):
        while await anext(stream) != "second":
            pass
    await stream.aclose()


@pytest.mark.parametrize("count", [0, 1, 2])
async def test_short_streams_lose_nothing_at_the_end(count):
    taken = [one async for one in coalesced(flood(count), 0.001)]
    assert taken[-1:] == list(range(count))[-1:]


async def test_closing_closes_and_errors_come_through():
    closed: list[bool] = []

    async def watched() -> AsyncGenerator[int, None]:
        try:
            yield 1
            await asyncio.sleep(60)
        finally:
            closed.append(True)

    stream = coalesced(watched(), 0.01)
    assert await anext(stream) == 1
    await stream.aclose()
    assert closed == [True]

    async def broken() -> AsyncGenerator[int, None]:
        yield 1
        raise ValueError("broken")

    stream = coalesced(broken(), 0.01)
    assert await anext(stream) == 1
    with pytest.raises(ValueError, match="broken"):
        await anext(stream)
