"""Work that the program doesn't wait for."""

import asyncio
import subprocess
import sys
import threading
from contextvars import ContextVar

import pytest

from xreview.review.session.background import in_background

KEPT = ContextVar("KEPT", default="")


async def test_what_work_returns_and_raises_arrives():
    assert await in_background(divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        await in_background(divmod, 7, 0)


async def test_it_runs_in_the_context_of_its_caller():
    KEPT.set("here")
    assert await in_background(KEPT.get) == "here"


async def test_cancelling_leaves_the_work_behind():
    goes_on = threading.Event()
    task = asyncio.create_task(in_background(goes_on.wait))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    goes_on.set()


def test_the_program_ends_without_it():
    program = (
        "import asyncio, time\n"
        "from xreview.review.session.background import in_background\n"
        "async def main():\n"
        "    task = asyncio.create_task(in_background(time.sleep, 600))\n"
        "    await asyncio.sleep(0.1)\n"
        "asyncio.run(main())\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
