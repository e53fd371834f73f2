"""Slowing down a stream of states for front ends."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TypeVar

_State = TypeVar("_State")


async def coalesced(
    stream: AsyncGenerator[_State, None], seconds: float
) -> AsyncGenerator[_State, None]:
    """The newest value of a stream, at most one per `seconds`, and always the last one.

    Closing it closes the stream. Raises what the stream raises.
    """
    newest: list[_State] = []
    is_fresh = asyncio.Event()

    async def drain() -> None:
        async with aclosing(stream) as values:
            async for value in values:
                newest[:] = [value]
                is_fresh.set()

    draining = asyncio.create_task(drain())
    draining.add_done_callback(lambda _: is_fresh.set())
    try:
        while newest or not draining.done():
            await is_fresh.wait()
            is_fresh.clear()
            if newest:
                yield newest.pop()
                await asyncio.wait([draining], timeout=seconds)
        draining.result()
    finally:
        draining.cancel()
        await asyncio.gather(draining, return_exceptions=True)
