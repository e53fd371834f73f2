"""A worker process that reads files, restarted when it is lost."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from xreview.analysers import engines, linters, plan
from xreview.analysers.ahead import start_worker
from xreview.analysers.match import report_from_json
from xreview.analysers.process import WorkerLostError, WorkerProcess
from xreview.domain.change import Change, FileDiff
from xreview.domain.coverage import Reading
from xreview.domain.errors import ReviewerError
from xreview.domain.report import Lens
from xreview.domain.tests import is_test
from xreview.ports.reviewer import RawReport

MOST_LOSSES = 20
"""Files whose worker can be lost before the review fails."""


@dataclass(frozen=True, slots=True)
class FileRead:
    """The result of reading a file; `reading` is None if this only adds reports to a result."""

    path: str
    reading: Reading | None
    why: str = ""
    lines: int = 0
    expected: bool = False
    reports: tuple[tuple[Lens, RawReport], ...] = ()
    silenced: Mapping[Lens, Mapping[str, int]] = field(
        default_factory=dict[Lens, Mapping[str, int]]
    )


@dataclass(frozen=True)
class FileJob:
    """A file with its content, or why it is skipped."""

    file: FileDiff
    content: bytes = b""
    skipped: FileRead | None = None

    @cached_property
    def is_aside(self) -> bool:
        """Whether the file isn't part of the product."""
        return plan.is_aside(self.file.path, self.content)


class FileWorker:
    """Has files read by one worker process at a time.

    Args:
        seconds: the time limit of a request.
        enforced: what linters enforced before the change.
    """

    def __init__(
        self, argv: Sequence[str], seconds: float, enforced: asyncio.Task[linters.Enforced]
    ) -> None:
        self._argv = argv
        self._seconds = seconds
        self._enforced = enforced
        self._starting: asyncio.Task[WorkerProcess] | None = None
        self._losses = 0
        self._versions: dict[str, str] = {}

    def start(self) -> None:
        """Start the process, if there is none. The next request raises the error if it fails."""
        if self._starting is None:
            self._starting = asyncio.create_task(self._start())

    async def read(self, jobs: Sequence[FileJob]) -> list[FileRead]:
        """Analyse some files. Raises ReviewerError if no worker can be kept running."""
        try:
            return await self._read_together(jobs)
        except WorkerLostError as error:
            if len(jobs) == 1:
                self._count_loss()
                return [FileRead(jobs[0].file.path, Reading.FAILED, str(error))]
        # Alone, the files that were not the reason are read.
        return [(await self.read([job]))[0] for job in jobs]

    async def _read_together(self, jobs: Sequence[FileJob]) -> list[FileRead]:
        heads = [
            {
                "language": plan.rules_language(job.file.path, job.content),
                "is_test": is_test(job.file.path),
                "is_aside": job.is_aside,
            }
            for job in jobs
        ]
        payloads = (part for job in jobs for part in (job.content, job.file.body))
        answer = await self._ask({"do": "files", "files": heads}, *payloads)
        rows = zip(jobs, answer["files"], strict=True)
        return [self._file_read(job.file.path, row) for job, row in rows]

    def _file_read(self, path: str, answer: dict[str, Any]) -> FileRead:
        if "outdated" in answer:
            return FileRead(path, Reading.FAILED, "the file changed after the review began")
        gap: str = answer["gap"]
        reading = Reading.TRUNCATED if gap else Reading.READ
        silenced = {Lens(lens): counts for lens, counts in answer["silenced"].items()}
        reports = self._reports(answer, path)
        return FileRead(path, reading, gap, answer["lines"], False, reports, silenced)

    async def duplicates(self, change: Change, indexes: Sequence[int]) -> list[FileRead]:
        """Reports about duplicate blocks in the files with these indexes."""
        files = change.files
        if len(indexes) == 0:
            return []
        read = frozenset(indexes)
        try:
            for index, file in enumerate(files):
                # What other files lose may have moved.
                about = {"file": index, "path": file.path, "is_read": index in read}
                await self._ask({"do": "added", **about}, file.body)
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
        self.start()
        assert self._starting is not None
        process = await self._starting
        try:
            return await process.ask(request, payloads, self._seconds)
        except WorkerLostError:
            self._starting = None
            raise

    def _count_loss(self) -> None:
        self._losses += 1
        if self._losses > MOST_LOSSES:
            raise ReviewerError(
                f"The analysis stopped after {self._losses} crashes or timeouts.",
                "The coverage names the files; exclude them with the `ignore` setting.",
            )

    async def _start(self) -> WorkerProcess:
        advice = "Run `xreview-tui doctor` to check the analysers."
        try:
            process = await start_worker(self._argv)
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
        if (starting := self._starting) is not None:
            starting.cancel()
            (process,) = await asyncio.gather(starting, return_exceptions=True)
            if isinstance(process, WorkerProcess):
                await process.end()
