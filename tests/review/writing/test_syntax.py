"""Whether a file still parses, asked of real parsers."""

from contextlib import aclosing

import pytest

from xreview.analysers import process
from xreview.review.writing.syntax import SyntaxCheck


@pytest.mark.parametrize(
    ("path", "before", "after", "line"),
    [
        ("a.py", b"x = 1\n", b"x = 2\n", 0),
        ("a.py", b"x = 1\n", b"x = 1\ny = (\n", 2),
        ("a.py", b"def f():\n  return 1\n", b"def f():\nreturn 1\n", 2),
        ("a.py", b"x = (\n", b"y = (\n", 0),
        ("a.py", b"\xef\xbb\xbfx = 1\r\n", b"\xef\xbb\xbfx = 2\r\n", 0),
        ("a.py", b"x = '\xff'\n", b"x = (\n", 0),
        ("a.go", b"package x\nfunc f() {}\n", b"package x\nfunc f() {\n", 2),
        ("a.js", b"let a = (1);\n", b"let a = (1;\n", 1),
        ("a.ts", b"let a: number = 1;\n", b"let a: = 1;\n", 1),
        ("a.json", b"{}\n", b"{\n", 2),
        ("a.toml", b"a = 1\n", b"a = \n", 1),
        ("a.txt", b"x = 1\n", b"x = (\n", 0),
        ("a.json", b"{}", b"[" * 100_000, 1),
    ],
)
async def test_the_line_of_a_new_error(path, before, after, line):
    async with aclosing(SyntaxCheck()) as syntax:
        assert await syntax.broken_at(path, before, after) == line


async def test_without_a_worker_nothing_is_said(monkeypatch):
    async def start(argv: object) -> None:
        raise OSError

    monkeypatch.setattr(process.WorkerProcess, "start", start)
    async with aclosing(SyntaxCheck()) as syntax:
        assert await syntax.broken_at("a.py", b"x = 1\n", b"x = (\n") == 0
