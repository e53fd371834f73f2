"""Work in a thread that a cancellation waits for: two must never use one tree at the same time."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


async def unbroken(
    work: Callable[_Given, _Result], *args: _Given.args, **named: _Given.kwargs
) -> _Result:
    """Run blocking work in a thread; if cancelled, end only when the work has ended."""
    running = asyncio.ensure_future(asyncio.to_thread(work, *args, **named))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise
