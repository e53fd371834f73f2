"""Reading a change: every file planned, sent to the worker and accounted for, one after the other.

The next file's content is fetched while the worker is busy with the one before.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import reduce
from typing import Any

from xreview.analysers import engines, linters, plan, wire
from xreview.analysers.process import WorkerLostError, WorkerProcess
from xreview.analysers.source import MOST_BYTES, added_text
from xreview.domain.change import Change, FileDiff, FileStatus, Side
from xreview.domain.coverage import Reading
from xreview.domain.errors import ChangeError, ReviewerError
from xreview.domain.report import Lens
from xreview.ports.reviewer import ContentReader, RawReport, ReviewRequest

MOST_LOSSES = 20
"""How many workers may be lost in one review before it is given up."""


@dataclass(frozen=True, slots=True)
class Read:
    """What became of one file; `reading` is None where this only adds reports to what was said."""

    path: str
    reading: Reading | None
    why: str = ""
    lines: int = 0
    expected: bool = False
    reports: tuple[tuple[Lens, RawReport], ...] = ()


@dataclass(frozen=True, slots=True)
class _Job:
    """A file with its content fetched, or why there is nothing to do."""

    file: FileDiff
    content: bytes = b""
    skipped: Read | None = None


async def read_change(
    request: ReviewRequest, argv: Sequence[str], seconds: float
) -> AsyncGenerator[Read, None]:
    """Read a change; ends its worker however it ends.

    Args:
        request: the change and its contents.
        argv: how to start a worker (`process.command`).
        seconds: how long the worker may take for one file.

    Raises ReviewerError where no worker can be kept running.
    """
    enforced = asyncio.create_task(_enforced(request))
    worker = _Worker(argv, seconds, enforced)
    read: list[int] = []
    try:
        async with aclosing(_jobs(request)) as jobs:
            index = 0
            async for job in jobs:
                result = job.skipped or await worker.read(job.file, job.content)
                if job.skipped is None and result.reading is not Reading.FAILED:
                    read.append(index)
                yield result
                index += 1
        for result in await worker.duplicates(request.change, read):
            yield result
    finally:
        enforced.cancel()
        await asyncio.gather(enforced, return_exceptions=True)
        await worker.end()


async def _jobs(request: ReviewRequest) -> AsyncGenerator[_Job, None]:
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


def _fetch_next(files: Iterator[FileDiff], contents: ContentReader) -> asyncio.Task[_Job] | None:
    file = next(files, None)
    return None if file is None else asyncio.create_task(_fetch(file, contents))


async def _fetch(file: FileDiff, contents: ContentReader) -> _Job:
    if (left_out := plan.skip(file)) is not None:
        return _left_out(file, left_out)
    try:
        content = await contents.read(file, Side.NEW)
    except ChangeError as error:
        return _Job(file, skipped=Read(file.path, Reading.FAILED, error.message))
    if content is None and file.status is FileStatus.ADDED:
        content = added_text(file.body)
    if content is None:
        return _left_out(file, plan.Skip("its content is not at hand", expected=False))
    content = content[: MOST_BYTES + 1]
    if (left_out := plan.skip_content(content)) is not None:
        return _left_out(file, left_out)
    return _Job(file, content)


def _left_out(file: FileDiff, skip: plan.Skip) -> _Job:
    # Where no line changed there is nothing to leave unread.
    reading = Reading.READ if skip.why == plan.NO_LINES else Reading.SKIPPED
    read = Read(file.path, reading, skip.why, expected=skip.expected)
    return _Job(file, skipped=read)


async def _enforced(request: ReviewRequest) -> linters.Enforced:
    """What linters enforced before this change: it may not silence its own review."""
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
        content = None  # a configuration that can't be read enforces nothing
    return linters.Enforced() if content is None else linters.enforced_by(name, content)


class _Worker:
    """A worker that is started anew when it is lost."""

    def __init__(
        self, argv: Sequence[str], seconds: float, enforced: asyncio.Task[linters.Enforced]
    ) -> None:
        self._argv = argv
        self._seconds = seconds
        self._enforced = enforced
        self._process: WorkerProcess | None = None
        self._losses = 0
        self._versions: dict[str, str] = {}

    async def read(self, file: FileDiff, content: bytes) -> Read:
        """Have one file analysed. Raises ReviewerError where no worker can be kept running."""
        request = {
            "do": "file",
            "language": plan.rules_language(file.path),
            "is_test": plan.is_test(file.path),
        }
        try:
            answer = await self._ask(request, content, file.body)
        except WorkerLostError as error:
            return Read(file.path, Reading.FAILED, str(error))
        if "outdated" in answer:
            return Read(file.path, Reading.FAILED, "the file changed after the change was read")
        gap: str = answer["gap"]
        reading = Reading.TRUNCATED if gap else Reading.READ
        reports = self._reports(answer, file.path)
        return Read(file.path, reading, gap, answer["lines"], reports=reports)

    async def duplicates(self, change: Change, indexes: Sequence[int]) -> list[Read]:
        """Reports about blocks that stand twice in the files with these indexes."""
        files = change.files
        indexes = [index for index in indexes if not plan.repeats_are_normal(files[index].path)]
        try:
            for index in indexes:
                await self._ask({"do": "added", "file": index}, files[index].body)
            if not indexes:
                return []
            answer = await self._ask({"do": "duplicates"})
            return [await self._duplicate(files, block) for block in answer["blocks"]]
        except WorkerLostError as error:
            raise ReviewerError(
                f"Looking for blocks that stand twice failed: {error}.",
                "What was reported until then stays. Start the review again.",
            ) from error

    async def _duplicate(self, files: Sequence[FileDiff], block: dict[str, int]) -> Read:
        file, other = files[block["file"]], files[block["other_file"]]
        words = {
            "count": str(block["count"]),
            "other": f"{other.path}:{block['other_line']}",
        }
        place = {"start_line": block["start_line"], "end_line": block["end_line"]}
        answer = await self._ask({"do": "block", "words": words, **place}, file.body)
        return Read(file.path, None, reports=self._reports(answer, file.path))

    def _reports(self, answer: dict[str, Any], path: str) -> tuple[tuple[Lens, RawReport], ...]:
        return tuple(wire.decode_match(row, path, self._versions) for row in answer["reports"])

    async def _ask(self, request: dict[str, Any], *payloads: bytes) -> dict[str, Any]:
        if self._process is None:
            self._process = await self._start()
        try:
            return await self._process.ask(request, payloads, self._seconds)
        except WorkerLostError:
            self._process = None
            self._losses += 1
            if self._losses > MOST_LOSSES:
                raise ReviewerError(
                    f"The analysis crashed or hung {self._losses} times and was given up.",
                    "The coverage names the files; leave them out with the `ignore` setting.",
                ) from None
            raise

    async def _start(self) -> WorkerProcess:
        advice = "Run `xreview-tui doctor` to see which analyser is missing."
        try:
            process = await WorkerProcess.start(self._argv)
        except OSError as error:
            why = f"The analysis could not be started: {error.strerror}."
            raise ReviewerError(why, advice) from error
        try:
            # Looking packages up takes a while; the worker is starting up meanwhile.
            self._versions = self._versions or await asyncio.to_thread(engines.versions)
            enforced = await self._enforced
            selected, excepted = enforced.selected, enforced.excepted
            begin = {"do": "begin", "selected": selected, "excepted": excepted}
            await process.ask(begin, (), self._seconds)
        except WorkerLostError as error:
            raise ReviewerError(f"The analysis could not be started: {error}.", advice) from error
        except BaseException:
            await process.end()
            raise
        return process

    async def end(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            await self._process.end()
