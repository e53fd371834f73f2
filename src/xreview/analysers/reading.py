"""Reading a change with the analysers: each file goes to the worker and gets a coverage entry."""

import asyncio
import os
from collections import deque
from collections.abc import AsyncGenerator, Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from functools import reduce
from typing import Any

from xreview.analysers import engines, linters, plan
from xreview.analysers.ahead import MODULE, shared_worker
from xreview.analysers.duplicate_search import DuplicateSearch
from xreview.analysers.file_worker import FileJob, FileRead, FileWorker, KnownBefore
from xreview.analysers.process import command
from xreview.analysers.queued_worker import QueuedWorker
from xreview.analysers.source import MOST_BYTES, added_text
from xreview.analysers.tools.installed import LINTERS
from xreview.domain.change import FileDiff, FileStatus, Side
from xreview.domain.coverage import Reading
from xreview.domain.errors import ChangeError
from xreview.ports.reviewer import ContentReader, ReviewRequest

MANY_FILES = 40
"""From so many files on, a second worker is worth its start where no screen needs the memory."""

_MOST_AT_ONCE, _MOST_BYTES_AT_ONCE = 64, 500_000
"""The files of a batch, and the bytes after which it is full."""


async def read_change(
    request: ReviewRequest, argv: Sequence[str], seconds: float
) -> AsyncGenerator[FileRead, None]:
    """Read a change, with a limit of `seconds` for each file, and end the worker in any case.

    Raises ReviewerError if no worker can be kept running.
    """
    readable = sum(plan.skip(file) is None for file in request.change.files)
    processes = _processes(argv, readable)
    async with AsyncExitStack() as stack:
        for process in processes:
            await stack.enter_async_context(process)
        if readable:
            processes[0].start()  # while the first file is fetched
        known = await stack.enter_async_context(_in_background(_known_before(request)))
        workers = [FileWorker(process, seconds, known) for process in processes]
        search = DuplicateSearch(workers[0], request.change.files)
        await stack.enter_async_context(search)
        async with (
            aclosing(_batches(request)) as batches,
            aclosing(_in_order(batches, workers)) as results,
        ):
            async for result, is_read in results:
                search.add(is_read=is_read)
                yield result
        for result in await search.found():
            yield result


def _processes(argv: Sequence[str], readable: int) -> list[QueuedWorker]:
    """The one that the app shares, or as many as are worth their start."""
    if (shared := shared_worker()) is not None and list(argv) == command(MODULE):
        shared.is_awaited = False
        return [shared]
    count = min(2, os.cpu_count() or 1) if readable >= MANY_FILES else 1
    return [QueuedWorker(argv) for _ in range(count)]


@asynccontextmanager
async def _in_background(
    known: Coroutine[Any, Any, KnownBefore],
) -> AsyncGenerator[asyncio.Task[KnownBefore]]:
    task = asyncio.create_task(known)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _in_order(
    batches: AsyncGenerator[list[FileJob], None], workers: Sequence[FileWorker]
) -> AsyncGenerator[tuple[FileRead, bool], None]:
    """Have the workers read the batches; each result, in order, and whether the file was read."""
    free: asyncio.LifoQueue[FileWorker] = asyncio.LifoQueue()
    for worker in reversed(workers):
        free.put_nowait(worker)
    # A second batch for each of several workers, so that none waits for another's.
    most = 2 * len(workers) - 1
    running: deque[asyncio.Task[list[tuple[FileRead, bool]]]] = deque()
    try:
        async for batch in batches:
            running.append(asyncio.create_task(_read_batch(batch, free)))
            while running and (len(running) >= most or running[0].done()):
                for one in await running.popleft():
                    yield one
        while running:
            for one in await running.popleft():
                yield one
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _read_batch(
    batch: Sequence[FileJob], free: asyncio.LifoQueue[FileWorker]
) -> list[tuple[FileRead, bool]]:
    jobs = [job for job in batch if job.skipped is None]
    results: Iterator[FileRead] = iter(())
    if jobs:
        worker = await free.get()
        try:
            results = iter(await worker.read(jobs))
        finally:
            free.put_nowait(worker)
    answers = ((job, job.skipped or next(results)) for job in batch)
    return [(one, _can_repeat(job) and one.reading is not Reading.FAILED) for job, one in answers]


def _can_repeat(job: FileJob) -> bool:
    """Whether a repetition in a file is worth a report; in workflows and scripts it is usual."""
    language = plan.rules_language(job.file.path, job.content)
    return job.skipped is None and not job.is_aside and language not in LINTERS


async def _batches(request: ReviewRequest) -> AsyncGenerator[list[FileJob], None]:
    """The files in batches: one alone first, so that its reports show at once, then more."""
    batch: list[FileJob] = []
    most, size = 1, 0
    async with aclosing(_jobs(request)) as jobs:
        async for job in jobs:
            batch.append(job)
            size += len(job.content) + len(job.file.body)
            if len(batch) >= most or size >= _MOST_BYTES_AT_ONCE:
                yield batch
                batch, size, most = [], 0, min(2 * most, _MOST_AT_ONCE)
    if batch:
        yield batch


async def _jobs(request: ReviewRequest) -> AsyncGenerator[FileJob, None]:
    files = iter(request.change.files)
    waiting = _fetch_next(files, request.contents)
    try:
        while waiting is not None:
            job = await waiting
            waiting = _fetch_next(files, request.contents)
            yield job
    finally:
        if waiting is not None:
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)


def _fetch_next(files: Iterator[FileDiff], contents: ContentReader) -> asyncio.Task[FileJob] | None:
    file = next(files, None)
    return None if file is None else asyncio.create_task(_fetch(file, contents))


async def _fetch(file: FileDiff, contents: ContentReader) -> FileJob:
    if (left_out := plan.skip(file)) is not None:
        return _left_out(file, left_out)
    try:
        content = await contents.read(file, Side.NEW)
    except ChangeError as error:
        return FileJob(file, skipped=FileRead(file.path, Reading.FAILED, error.message))
    if content is None and file.status is FileStatus.ADDED:
        content = added_text(file.body)
    if content is None:
        return _left_out(file, plan.Skip("its content isn't available", expected=False))
    content = content[: MOST_BYTES + 1]
    left_out = plan.skip_language(file.path, content) or plan.skip_content(content)
    if left_out is not None:
        return _left_out(file, left_out)
    return FileJob(file, content)


def _left_out(file: FileDiff, skip: plan.Skip) -> FileJob:
    # If no line changed, nothing is left unread.
    reading = Reading.READ if skip.why == plan.NO_LINES else Reading.SKIPPED
    read = FileRead(file.path, reading, skip.why, expected=skip.expected)
    return FileJob(file, skipped=read)


async def _known_before(request: ReviewRequest) -> KnownBefore:
    versions = asyncio.to_thread(engines.versions)
    return KnownBefore(*await asyncio.gather(_enforced(request), versions))


async def _enforced(request: ReviewRequest) -> linters.Enforced:
    """What linters enforced before the change, which must not silence its own review."""
    each = await asyncio.gather(*(_enforced_by(name, request) for name in linters.FILES))
    return reduce(linters.Enforced.__or__, each)


async def _enforced_by(name: str, request: ReviewRequest) -> linters.Enforced:
    changed = request.change.by_path.get(name)
    if changed is not None and changed.status is FileStatus.ADDED:
        return linters.Enforced()
    file = changed or FileDiff(name, FileStatus.MODIFIED)
    try:
        content = await request.contents.read(file, Side.OLD if changed else Side.NEW)
    except ChangeError:
        content = None
    return linters.Enforced() if content is None else linters.enforced_by(name, content)
