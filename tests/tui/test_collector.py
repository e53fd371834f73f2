import asyncio
from dataclasses import replace

import pytest

from tests.repo.builder import Builder, isolate
from xreview.domain.errors import ChangeError, XReviewError
from xreview.repo.change.collecting import CollectedChange, collect
from xreview.repo.change.request import ChangeRequest
from xreview.tui.collector import MANY_FILES, Collector


@pytest.fixture
def repository(tmp_path, monkeypatch):
    isolate(monkeypatch, tmp_path / "home")
    made = Builder(tmp_path / "project")
    made.write("a.py", "print(1)\n")
    made.commit("first")
    made.write("a.py", "print(2)\n")
    made.write("new.py", "print(3)\n")
    return made


def in_small_batches(request: ChangeRequest) -> CollectedChange:
    collected = collect(request)
    files = [file for batch in collected.batches for file in batch]
    batches = (tuple(files[start : start + 30]) for start in range(0, len(files), 30))
    return replace(collected, batches=batches)


async def all_paths(collector: Collector) -> list[str]:
    return [file.path async for batch in collector.batches() for file in batch]


async def test_what_git_said_before_the_app_listened_is_not_lost(repository):
    collector = Collector(ChangeRequest(repository.top))
    collector.start()
    collector._thread.join(20)
    assert (await collector.opened()).source.repository == str(repository.top)
    assert sorted(await all_paths(collector)) == ["a.py", "new.py"]


async def test_what_git_says_while_the_app_listens_arrives(repository):
    collector = Collector(ChangeRequest(repository.top))
    opening = asyncio.create_task(collector.opened())
    await asyncio.sleep(0)
    collector.start()
    await opening
    assert sorted(await all_paths(collector)) == ["a.py", "new.py"]


async def test_no_repository_is_known_early_and_told(tmp_path, monkeypatch):
    isolate(monkeypatch, tmp_path / "home")
    collector = Collector(ChangeRequest(tmp_path))
    collector.start()
    with pytest.raises(ChangeError, match="repository"):
        collector.beginning(20)
    with pytest.raises(ChangeError, match="repository"):
        await collector.opened()


async def test_stopping_ends_the_reading(repository):
    collector = Collector(ChangeRequest(repository.top))
    collector.start()
    collector.beginning(20)
    collector.stop()
    collector._thread.join(20)
    assert not collector._thread.is_alive()
    await collector.opened()
    await all_paths(collector)


async def test_the_beginning_can_be_looked_at_without_being_taken(repository):
    collector = Collector(ChangeRequest(repository.top))
    collector.start()
    source, files = collector.beginning(20) or (None, ())
    assert source is not None
    assert [file.path for file in files][:1] == ["a.py"]
    await collector.opened()
    assert sorted(await all_paths(collector)) == ["a.py", "new.py"]


@pytest.fixture
def large(repository):
    for number in range(2 * MANY_FILES):
        repository.write(f"new{number}.py", "print(3)\n" * 40)
    repository.commit("many")
    return repository


async def test_of_a_large_change_only_the_first_files_are_read_until_the_app_is_up(
    large, monkeypatch
):
    monkeypatch.setattr("xreview.tui.collector.PAUSE_SECONDS", 60)
    collector = Collector(ChangeRequest(large.top, commit="HEAD"), in_small_batches)
    collector.start(pauses=True)
    await collector.opened()
    arriving = collector.batches()
    first = await anext(arriving)
    while len(first) < MANY_FILES:
        first += await anext(arriving)
    assert len(first) < 2 * MANY_FILES
    collector.go_on()
    rest = [file async for batch in arriving for file in batch]
    assert len(first) + len(rest) == 2 * MANY_FILES + 2


async def test_the_reading_goes_on_without_an_app_in_the_end(large, monkeypatch):
    monkeypatch.setattr("xreview.tui.collector.PAUSE_SECONDS", 0.01)
    collector = Collector(ChangeRequest(large.top, commit="HEAD"), in_small_batches)
    collector.start(pauses=True)
    await collector.opened()
    assert len(await all_paths(collector)) == 2 * MANY_FILES + 2


async def test_a_reading_that_pauses_can_be_stopped(large, monkeypatch):
    monkeypatch.setattr("xreview.tui.collector.PAUSE_SECONDS", 60)
    collector = Collector(ChangeRequest(large.top, commit="HEAD"), in_small_batches)
    collector.start(pauses=True)
    collector.beginning(20)
    collector.stop()
    collector._thread.join(20)
    assert not collector._thread.is_alive()


async def test_batches_that_wait_come_as_one(large):
    collector = Collector(ChangeRequest(large.top, commit="HEAD"), in_small_batches)
    collector.start()
    collector._thread.join(20)
    await collector.opened()
    assert [len(batch) async for batch in collector.batches()] == [2 * MANY_FILES + 2]


@pytest.mark.parametrize("error", [ValueError(), RecursionError(), MemoryError()])
async def test_an_error_that_nobody_foresaw_is_no_end_of_the_change(repository, error):
    def fail(request):
        collected = collect(request)
        first = next(iter(collected.batches))

        def batches():
            yield first
            raise error

        return replace(collected, batches=batches())

    collector = Collector(ChangeRequest(repository.top), fail)
    collector.start()
    await collector.opened()

    with pytest.raises(XReviewError, match=r"^Reading the change"):
        await all_paths(collector)
