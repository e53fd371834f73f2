"""Reading a change with the analysers: each file goes to the worker and gets a coverage entry."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import reduce
from typing import Any

from xreview.analysers import engines, linters, plan
from xreview.analysers.match import report_from_json
from xreview.analysers.process import WorkerLostError, WorkerProcess
from xreview.analysers.source import MOST_BYTES, added_text
from xreview.domain.change import Change, FileDiff, FileStatus, Side
from xreview.domain.coverage import Reading
from xreview.domain.errors import ChangeError, ReviewerError
from xreview.domain.report import Lens
from xreview.ports.reviewer import ContentReader, RawReport, ReviewRequest

MOST_LOSSES = 20
"""Workers that can be lost before the review fails."""


@dataclass(frozen=True, slots=True)
class FileRead:
    """The result of reading a file; `reading` is None if this only adds reports to a result."""

    path: str
    reading: Reading | None
    why: str = ""
    lines: int = 0
    expected: bool = False
    reports: tuple[tuple[Lens, RawReport], ...] = ()


@dataclass(frozen=True, slots=True)
class _Job:
    """A file with its content, or why it is skipped."""

    file: FileDiff
    content: bytes = b""
    skipped: FileRead | None = None


async def read_change(
    request: ReviewRequest, argv: Sequence[str], seconds: float
) -> AsyncGenerator[FileRead, None]:
    """Read a change, with a limit of `seconds` for each file, and end the worker in any case.

    Raises ReviewerError if no worker can be kept running.
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
        return _Job(file, skipped=FileRead(file.path, Reading.FAILED, error.message))
    if content is None and file.status is FileStatus.ADDED:
        content = added_text(file.body)
    if content is None:
        return _left_out(file, plan.Skip("its content isn't available", expected=False))
    content = content[: MOST_BYTES + 1]
    left_out = plan.skip_language(file.path, content) or plan.skip_content(content)
    if left_out is not None:
        return _left_out(file, left_out)
    return _Job(file, content)


def _left_out(file: FileDiff, skip: plan.Skip) -> _Job:
    # If no line changed, nothing is left unread.
    reading = Reading.READ if skip.why == plan.NO_LINES else Reading.SKIPPED
    read = FileRead(file.path, reading, skip.why, expected=skip.expected)
    return _Job(file, skipped=read)


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


class _Worker:
    """A worker that is restarted when it is lost."""

    def __init__(
        self, argv: Sequence[str], seconds: float, enforced: asyncio.Task[linters.Enforced]
    ) -> None:
        self._argv = argv
        self._seconds = seconds
        self._enforced = enforced
        self._process: WorkerProcess | None = None
        self._losses = 0
        self._versions: dict[str, str] = {}

    async def read(self, file: FileDiff, content: bytes) -> FileRead:
        """Analyse one file. Raises ReviewerError if no worker can be kept running."""
        request = {
            "do": "file",
            "language": plan.rules_language(file.path, content),
            "is_test": plan.is_test(file.path),
        }
        try:
            answer = await self._ask(request, content, file.body)
        except WorkerLostError as error:
            return FileRead(file.path, Reading.FAILED, str(error))
        if "outdated" in answer:
            return FileRead(file.path, Reading.FAILED, "the file changed after the review began")
        gap: str = answer["gap"]
        reading = Reading.TRUNCATED if gap else Reading.READ
        reports = self._reports(answer, file.path)
        return FileRead(file.path, reading, gap, answer["lines"], reports=reports)

    async def duplicates(self, change: Change, indexes: Sequence[int]) -> list[FileRead]:
        """Reports about duplicate blocks in the files with these indexes."""
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
                f"The search for duplicate blocks failed: {error}.",
                "Earlier reports stay. Start the review again.",
            ) from error

    async def _duplicate(self, files: Sequence[FileDiff], block: dict[str, int]) -> FileRead:
        file, other = files[block["file"]], files[block["other_file"]]
        words = {"count": str(block["count"]), "other": f"{other.path}:{block['other_line']}"}
        place = {"start_line": block["start_line"], "end_line": block["end_line"]}
        answer = await self._ask({"do": "block", "words": words, **place}, file.body)
        return FileRead(file.path, None, reports=self._reports(answer, file.path))

    def _reports(self, answer: dict[str, Any], path: str) -> tuple[tuple[Lens, RawReport], ...]:
        return tuple(report_from_json(row, path, self._versions) for row in answer["reports"])

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
                    f"The analysis stopped after {self._losses} crashes or timeouts.",
                    "The coverage names the files; exclude them with the `ignore` setting.",
                ) from None
            raise

    async def _start(self) -> WorkerProcess:
        advice = "Run `xreview-tui doctor` to check the analysers."
        try:
            process = await WorkerProcess.start(self._argv)
        except OSError as error:
            why = f"The analysis can't be started: {error.strerror}."
            raise ReviewerError(why, advice) from error
        try:
            # Meanwhile the worker starts up.
            self._versions = self._versions or await asyncio.to_thread(engines.versions)
            enforced = await self._enforced
            selected, excepted = enforced.selected, enforced.excepted
            begin = {"do": "begin", "selected": selected, "excepted": excepted}
            await process.ask(begin, (), self._seconds)
        except WorkerLostError as error:
            raise ReviewerError(f"The analysis can't be started: {error}.", advice) from error
        except BaseException:
            await process.end()
            raise
        return process

    async def end(self) -> None:
        """End the process, if any."""
        if self._process is not None:
            await self._process.end()
