"""Counting paths in a real worker process."""

import os
import signal
import time

import pytest

from xreview.analysers.path_counts import PathCounts
from xreview.analysers.source import MOST_BYTES

SIMPLE = b"def f(a):\n    return a\n"
LONGER = b"def f(a):\n    if a and b:\n        return 1\n    return 2\n\ndef g(): ...\n"


async def test_the_change_of_each_file() -> None:
    async with PathCounts() as counts:
        assert await counts.change("a.py", SIMPLE, LONGER) == 3
        assert await counts.change("a.py", LONGER, b"") == -4
        assert await counts.change("b.go", b"", b"package p\nfunc F() { for {} }\n") == 2
        assert await counts.change("a.py", SIMPLE, b"\xff\xfe = 1\n" + SIMPLE) == 0


@pytest.mark.parametrize(
    ("path", "new"),
    [
        ("notes.md", b"# if"),
        ("run.sh", b"if true; then :; fi\n"),
        ("a.py", b"x\0y"),
        ("a.py", b"x = 1\n" * (MOST_BYTES // 6 + 1)),
        ("a.js", b"f(" * 3000),
    ],
    ids=["prose", "no functions", "binary", "huge", "generated"],
)
async def test_what_is_not_counted(path: str, new: bytes) -> None:
    async with PathCounts() as counts:
        assert await counts.change(path, b"", new) is None


async def test_a_lost_worker_costs_one_file() -> None:
    async with PathCounts() as counts:
        assert await counts.change("a.py", b"", SIMPLE) == 1
        starting = counts._worker._starting
        assert starting is not None
        os.kill(starting.result().pid, signal.SIGKILL)
        assert await counts.change("a.py", b"", SIMPLE) is None
        assert await counts.change("a.py", b"", LONGER) == 4


async def test_deep_code_ends_in_time() -> None:
    started = time.monotonic()
    async with PathCounts() as counts:
        deep = b"\n".join(b" " * depth + b"if a:" for depth in range(3000))
        await counts.change("a.py", b"", deep)
    assert time.monotonic() - started < 30
