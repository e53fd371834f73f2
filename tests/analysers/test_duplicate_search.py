"""The search for blocks that a change adds twice, and what is lost of it with a worker."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.analysers.changes import request
from xreview.analysers import duplicate_search, process
from xreview.analysers.duplicate_search import DuplicateSearch
from xreview.analysers.file_worker import FileWorker, KnownBefore
from xreview.analysers.linters import Enforced
from xreview.analysers.process import WorkerLostError
from xreview.analysers.queued_worker import QueuedWorker

BLOCK = "".join(f"total_{at} = first({at}) + second({at})\n" for at in range(12))


class Asked:
    """A worker that notes what it is asked, and is ended by another request when it should be."""

    def __init__(self) -> None:
        self.worker = QueuedWorker(process.command("xreview.analysers.worker"))
        self.requests: list[str] = []
        self.is_first_sent = asyncio.Event()
        self.is_lost_after_next = False
        self._real, self.worker.ask = self.worker.ask, self._ask

    async def _ask(
        self, asked: Mapping[str, Any], payloads: Sequence[bytes], seconds: float
    ) -> dict[str, Any]:
        answer = await self._real(asked, payloads, seconds)
        self.requests.append(asked["do"])
        self.is_first_sent.set()
        if self.is_lost_after_next:
            self.is_lost_after_next = False
            with pytest.raises(WorkerLostError):
                await self._real({"do": "unknown"}, (), 60)
        return answer


async def paths_found(asked: Asked, *, waits: bool) -> list[str]:
    """The paths of the reports; `waits` has the first file sent before the second is added."""
    files = request({"a.py": BLOCK, "b.py": BLOCK}).change.files
    known = asyncio.create_task(_known())
    async with asked.worker, DuplicateSearch(FileWorker(asked.worker, 60, known), files) as search:
        search.add(is_read=True)
        if waits:
            await asked.is_first_sent.wait()
        search.add(is_read=True)
        return [one.path for one in await search.found()]


async def _known() -> KnownBefore:
    return KnownBefore(Enforced(), {})


async def test_what_is_added_is_sent_while_other_files_are_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(duplicate_search, "_BYTES_AT_ONCE", 1)
    asked = Asked()

    assert await paths_found(asked, waits=True) == ["b.py"]
    assert asked.requests == ["added", "added", "duplicates", "block"]


async def test_a_small_change_is_sent_at_once_at_the_end():
    asked = Asked()

    assert await paths_found(asked, waits=False) == ["b.py"]
    assert asked.requests == ["added", "duplicates", "block"]


@pytest.mark.parametrize("waits", [False, True])
async def test_duplicates_are_found_though_another_request_ended_the_worker(
    waits: bool, monkeypatch: pytest.MonkeyPatch
):
    if waits:
        monkeypatch.setattr(duplicate_search, "_BYTES_AT_ONCE", 1)
    asked = Asked()
    asked.is_lost_after_next = True

    assert await paths_found(asked, waits=waits) == ["b.py"]
    assert asked.requests.count("duplicates") == 2


async def test_nothing_is_asked_where_nothing_was_read():
    asked = Asked()
    files = request({"a.py": BLOCK}).change.files
    known = asyncio.create_task(_known())
    async with asked.worker, DuplicateSearch(FileWorker(asked.worker, 60, known), files) as search:
        search.add(is_read=False)
        assert await search.found() == []
    assert asked.requests == []
    known.cancel()
