"""Work that blocks, beside the loop, and that nobody waits for at the end of the program."""

import asyncio
from collections.abc import Callable
from threading import Thread
from typing import TypeVar

Result = TypeVar("Result")


async def in_background(work: Callable[[], Result]) -> Result:
    """What `work` returns, run in a thread of its own.

    Unlike `asyncio.to_thread`, the thread does not keep the program from ending: cancelling this
    leaves the work to itself, so it must do no harm where it is cut off. Raises what it raises.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Result] = loop.create_future()

    def settle(settling: Callable[[], None]) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(lambda: None if done.done() else settling())

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - handed on to whoever awaits it
            failure = error
            settle(lambda: done.set_exception(failure))
        else:
            settle(lambda: done.set_result(result))

    Thread(target=run, name="background", daemon=True).start()
    return await done
