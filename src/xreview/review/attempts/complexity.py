"""How an attempt changes the cyclomatic complexity of the code."""

import asyncio
import time
from collections.abc import Callable, Sequence

from xreview.analysers.path_counts import PathCounts
from xreview.domain.change import FileDiff, FileStatus
from xreview.domain.tests import is_test

ReadBytes = Callable[[str], bytes | None]
"""Returns the content of the file at a path; None if there is none. May block."""

MOST_SECONDS = 20.0
"""After these, no further file is counted."""


async def complexity_change(
    files: Sequence[FileDiff], read_old: ReadBytes, read_new: ReadBytes
) -> int | None:
    """Return how many more independent paths the functions of the changed files have, together.

    A new function counts with all its paths, one at least. Tests, fixtures and examples don't
    count: an attempt that tests more isn't harder to read. None if no file could be counted.
    """
    total, end = None, time.monotonic() + MOST_SECONDS
    async with PathCounts() as counts:
        for file in files:
            if file.binary or is_test(file.path) or time.monotonic() > end:
                continue
            old, new = await asyncio.to_thread(_sides, file, read_old, read_new)
            try:
                change = await counts.change(file.path, old, new)
            except OSError:
                return None  # no process can be started: the comparison shows a dash
            if change is not None:
                total = (total or 0) + change
    return total


def _sides(file: FileDiff, read_old: ReadBytes, read_new: ReadBytes) -> tuple[bytes, bytes]:
    """A file before and after; b"" for a side that isn't there."""
    is_new = file.status in (FileStatus.ADDED, FileStatus.COPIED)
    old = None if is_new else read_old(file.old_path or file.path)
    new = None if file.status is FileStatus.DELETED else read_new(file.path)
    return old or b"", new or b""
