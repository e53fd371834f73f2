"""Work in a thread that the program doesn't wait for when it ends."""

import asyncio
from collections.abc import Callable
from contextvars import copy_context
from threading import Thread
from typing import ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


async def in_background(
    work: Callable[_Given, _Result], *given: _Given.args, **named: _Given.kwargs
) -> _Result:
    """Run `work` in a daemon thread, as `asyncio.to_thread` does in one that is waited for.

    Cancelling abandons the work, so it must be safe to cut off: it only reads. Raises what `work`
    raises.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[_Result] = loop.create_future()
    context = copy_context()

    def settle(settling: Callable[[], None]) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(lambda: None if done.done() else settling())

    def run() -> None:
        try:
            result = context.run(work, *given, **named)
        except BaseException as error:  # noqa: BLE001 - raised where it is awaited
            failure = error
            settle(lambda: done.set_exception(failure))
        else:
            settle(lambda: done.set_result(result))

    Thread(target=run, name="background", daemon=True).start()
    return await done
