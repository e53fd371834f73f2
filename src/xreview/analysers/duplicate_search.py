"""Searching a change for blocks that it adds twice, which a worker does while it is read."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from xreview.analysers.file_worker import FileRead, FileWorker
from xreview.analysers.process import WorkerLostError
from xreview.domain.change import FileDiff
from xreview.domain.errors import ReviewerError

_BYTES_AT_ONCE = 250_000
_TRIES = 2
"""A second one, if what was sent is lost with a worker that another request ended."""


class DuplicateSearch:
    """A search in the files of a change; used in an `async with` block.

    What was read is sent beside the reading, so that little is left to do at its end. What is lost
    of that is sent again then.
    """

    def __init__(self, worker: FileWorker, files: Sequence[FileDiff]) -> None:
        self._worker = worker
        self._files = files
        self._read: set[int] = set()
        self._known = self._sent = self._size = 0
        self._sending: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "DuplicateSearch":
        return self

    async def __aexit__(self, *raised: object) -> None:
        if (sending := self._sending) is not None:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    def add(self, *, is_read: bool) -> None:
        """Add the next file. One that wasn't read counts too: what it loses may have moved."""
        if is_read:
            self._read.add(self._known)
        self._size += len(self._files[self._known].body)
        self._known += 1
        is_free = self._sending is None or self._sending.done()
        if is_free and self._size >= _BYTES_AT_ONCE:
            rows = range(self._sent, self._known)
            self._sent, self._size = self._known, 0
            self._sending = asyncio.create_task(self._send_beside(rows))

    async def found(self) -> list[FileRead]:
        """Reports about duplicate blocks, once all files are added."""
        if not self._read:
            return []
        try:
            return [await self._report(block) for block in await self._blocks()]
        except WorkerLostError as error:
            raise ReviewerError(
                f"The search for duplicate blocks failed: {error}.",
                "Earlier reports stay. Start the review again.",
            ) from error

    async def _blocks(self) -> list[dict[str, int]]:
        if self._sending is not None:
            await self._sending
        for _ in range(_TRIES):
            await self._send(range(self._sent, len(self._files)))
            answer = await self._worker.ask({"do": "duplicates", **self._about})
            if answer:
                return answer["blocks"]
            self._sent = 0
        raise WorkerLostError("another request ended the worker")

    async def _send_beside(self, rows: range) -> None:
        with suppress(WorkerLostError, ReviewerError):
            await self._send(rows)

    async def _send(self, rows: range) -> None:
        for batch in self._batches(rows):
            heads = [
                {"file": at, "path": self._files[at].path, "is_read": at in self._read}
                for at in batch
            ]
            bodies = (self._files[at].body for at in batch)
            await self._worker.ask({"do": "added", "files": heads, **self._about}, *bodies)

    @property
    def _about(self) -> dict[str, int]:
        return {"pass": self._worker.number, "count": len(self._files)}

    def _batches(self, rows: range) -> Iterator[range]:
        """The files, as many at once as have a quarter of a megabyte."""
        start, size = rows.start, 0
        for at in rows:
            size += len(self._files[at].body)
            if size >= _BYTES_AT_ONCE:
                yield range(start, at + 1)
                start, size = at + 1, 0
        if start < rows.stop:
            yield range(start, rows.stop)

    async def _report(self, block: dict[str, int]) -> FileRead:
        file, other = self._files[block["file"]], self._files[block["other_file"]]
        words = {"count": str(block["count"]), "other": f"{other.path}:{block['other_line']}"}
        place = {"start_line": block["start_line"], "end_line": block["end_line"]}
        request: dict[str, Any] = {"do": "block", "words": words, **place}
        answer = await self._worker.ask(request, file.body)
        return FileRead(file.path, None, reports=await self._worker.reports(answer, file.path))
