"""Having files read by a worker process, which is restarted when it is lost."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import count
from typing import Any

from xreview.analysers import linters, plan
from xreview.analysers.match import report_from_json
from xreview.analysers.process import WorkerLostError
from xreview.analysers.queued_worker import QueuedWorker
from xreview.domain.change import FileDiff
from xreview.domain.coverage import Reading
from xreview.domain.errors import ReviewerError
from xreview.domain.record import dataclass, field
from xreview.domain.report import Lens
from xreview.domain.tests import is_test
from xreview.ports.reviewer import RawReport

MOST_LOSSES = 20
"""Files whose worker can be lost before the review fails."""

_numbers = count()
"""Tell passes apart that ask the same worker."""


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


@dataclass(frozen=True, slots=True)
class KnownBefore:
    """What linters enforced before the change, and the versions of the engines."""

    enforced: linters.Enforced
    versions: Mapping[str, str]


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
    """Has files read by a worker.

    Args:
        seconds: the time limit of a request.
        known: what linters enforced and the engines' versions, read while the worker starts.
    """

    def __init__(
        self, worker: QueuedWorker, seconds: float, known: asyncio.Task[KnownBefore]
    ) -> None:
        self._worker = worker
        self._seconds = seconds
        self._known = known
        self._losses = 0
        self.number = next(_numbers)

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
        known = await self._known
        selected, excepted = known.enforced.selected, known.enforced.excepted
        request = {"do": "files", "files": heads, "selected": selected, "excepted": excepted}
        answer = await self.ask(request, *payloads)
        rows = zip(jobs, answer["files"], strict=True)
        return [_file_read(job.file.path, row, known.versions) for job, row in rows]

    async def reports(
        self, answer: Mapping[str, Any], path: str
    ) -> tuple[tuple[Lens, RawReport], ...]:
        """The reports in an answer about a file."""
        return _reports(answer, path, (await self._known).versions)

    async def ask(self, request: dict[str, Any], *payloads: bytes) -> dict[str, Any]:
        """Have a request answered. Raises WorkerLostError, or ReviewerError if none starts."""
        try:
            return await self._worker.ask(request, payloads, self._seconds)
        except OSError as error:
            raise ReviewerError(
                f"The analysis can't be started: {error.strerror}.",
                "Run `xreview-tui doctor` to check the analysers.",
            ) from error

    def _count_loss(self) -> None:
        self._losses += 1
        if self._losses > MOST_LOSSES:
            raise ReviewerError(
                f"The analysis stopped after {self._losses} crashes or timeouts.",
                "The coverage names the files; exclude them with the `ignore` setting.",
            )


def _file_read(path: str, answer: dict[str, Any], versions: Mapping[str, str]) -> FileRead:
    if "outdated" in answer:
        return FileRead(path, Reading.FAILED, "the file changed after the review began")
    gap: str = answer["gap"]
    reading = Reading.TRUNCATED if gap else Reading.READ
    silenced = {Lens(lens): counts for lens, counts in answer["silenced"].items()}
    reports = _reports(answer, path, versions)
    return FileRead(path, reading, gap, answer["lines"], False, reports, silenced)


def _reports(
    answer: Mapping[str, Any], path: str, versions: Mapping[str, str]
) -> tuple[tuple[Lens, RawReport], ...]:
    return tuple(report_from_json(row, path, versions) for row in answer["reports"])
