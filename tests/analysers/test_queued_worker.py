"""One worker that several ask."""

import asyncio
import os
import sys

import pytest

from xreview.analysers.process import WorkerLostError
from xreview.analysers.queued_worker import QueuedWorker

ECHO = """
import json, os, sys, time
for line in sys.stdin:
    asked = json.loads(line)
    if asked["do"] == "crash":
        os.abort()
    time.sleep(asked.get("sleep", 0))
    print(json.dumps({"pid": os.getpid(), "said": asked.get("say")}), flush=True)
"""


@pytest.fixture
def worker() -> QueuedWorker:
    return QueuedWorker([sys.executable, "-c", ECHO])


async def say(worker: QueuedWorker, word: str, sleep: float = 0.0) -> dict[str, object]:
    return await worker.ask({"do": "say", "say": word, "sleep": sleep}, (), 60)


async def test_each_gets_its_own_answer_from_the_same_process(worker: QueuedWorker) -> None:
    words = [f"{number}" for number in range(20)]

    async with worker:
        answers = await asyncio.gather(*(say(worker, word) for word in words))

    assert [answer["said"] for answer in answers] == words
    assert len({answer["pid"] for answer in answers}) == 1


async def test_who_waits_behind_a_crash_gets_a_new_process(worker: QueuedWorker) -> None:
    async with worker:
        crash = asyncio.create_task(worker.ask({"do": "crash"}, (), 60))
        after = asyncio.create_task(say(worker, "after"))

        with pytest.raises(WorkerLostError):
            await crash
        assert (await after)["said"] == "after"


async def test_an_answer_that_nobody_waits_for_is_not_the_next_one(worker: QueuedWorker) -> None:
    async with worker:
        await say(worker, "first")
        given_up = asyncio.create_task(say(worker, "given up", sleep=0.2))
        await asyncio.sleep(0.05)
        given_up.cancel()

        assert (await say(worker, "next"))["said"] == "next"


async def test_the_process_ends_after_the_last_user_and_starts_again(worker: QueuedWorker) -> None:
    async with worker:
        async with worker:
            first = (await say(worker, "a"))["pid"]
        assert (await say(worker, "b"))["pid"] == first
    assert isinstance(first, int)
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    async with worker:
        assert (await say(worker, "c"))["pid"] != first


async def test_a_program_that_cannot_run_is_not_blamed_on_a_request() -> None:
    for argv in ([sys.executable, "-c", "raise SystemExit(1)"], ["/nonexistent/python"]):
        async with QueuedWorker(argv) as worker:
            with pytest.raises(OSError, match=r"crashed|No such file"):
                await say(worker, "a")
