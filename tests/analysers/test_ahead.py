"""The worker that the app starts ahead, and that all of it shares."""

import asyncio
import os
from pathlib import Path

import pytest

from xreview.analysers.ahead import own_worker, shared_worker, worker_ahead
from xreview.analysers.process import WorkerProcess
from xreview.analysers.worker import NICENESS


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


def group_of(pid: int) -> str:
    return Path(f"/proc/{pid}/autogroup").read_text()


async def test_all_share_the_worker_until_the_first_review_is_over(started: Started) -> None:
    async with worker_ahead():
        for _ in range(2):
            async with own_worker() as worker:
                assert await worker.ask({"do": "begin", "gives_way": True}, (), 60) == {}
        assert is_running(started[0])
        worker.is_awaited = False  # as a review says
        async with own_worker() as worker:
            assert await worker.ask({"do": "begin", "gives_way": True}, (), 60) == {}
        assert not is_running(started[0])

    assert len(started) == 1


async def test_a_worker_that_nothing_used_is_ended(started: Started) -> None:
    async with worker_ahead():
        async with asyncio.timeout(60):
            await started.one.wait()

    assert not is_running(started[0])


async def test_after_the_block_nothing_is_shared() -> None:
    async with worker_ahead():
        assert own_worker() is shared_worker() is not None

    assert shared_worker() is None
    assert own_worker() is not own_worker()


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="sessions aren't groups")
async def test_it_gives_way_to_the_app(started: Started) -> None:
    async with worker_ahead(), own_worker() as worker:
        await worker.ask({"do": "begin", "gives_way": True}, (), 60)

        least = 19
        niceness = min(os.nice(0) + NICENESS, least)  # these tests may be run with niceness
        assert os.getpriority(os.PRIO_PROCESS, started[0]) == niceness
        assert group_of(started[0]).endswith(f"nice {NICENESS}\n")
