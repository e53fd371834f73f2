"""The worker that starts before the review that needs it."""

import asyncio
import os

import pytest

from xreview.analysers.ahead import MODULE, start_worker, worker_ahead
from xreview.analysers.process import WorkerProcess, command


class Started(list[int]):
    """The ids of the workers that were started."""

    def __init__(self) -> None:
        super().__init__()
        self.one = asyncio.Event()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    ids, real = Started(), WorkerProcess.start

    async def start(argv: list[str]) -> WorkerProcess:
        process = await real(argv)
        ids.append(process.pid)
        ids.one.set()
        return process

    monkeypatch.setattr(WorkerProcess, "start", start)
    return ids


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_review_takes_the_worker_that_was_started_ahead(started: Started) -> None:
    async with worker_ahead():
        process = await start_worker(command(MODULE))

    assert started == [process.pid]
    assert is_running(process.pid)
    assert await process.ask({"do": "begin", "selected": [], "excepted": []}, (), 60) == {}
    await process.end()


async def test_only_one_review_takes_it(started: Started) -> None:
    async with worker_ahead():
        both = [await start_worker(command(MODULE)) for _ in range(2)]

    assert len({process.pid for process in both}) == len(started) == 2
    for process in both:
        await process.end()


async def test_a_worker_that_no_review_takes_is_ended(started: Started) -> None:
    async with worker_ahead():
        async with asyncio.timeout(60):
            await started.one.wait()

    assert not is_running(started[0])


async def test_a_worker_of_another_command_is_started(started: Started) -> None:
    async with worker_ahead():
        process = await start_worker(["/bin/cat"])

    assert process.pid in started
    assert await process.ask({}, (), 60) == {"sizes": []}
    await process.end()
