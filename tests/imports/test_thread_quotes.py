"""The code that a thread is about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analysers.changes import diff_body
from xreview.domain.change import Side
from xreview.domain.pull.discussion import CommentPlace
from xreview.imports.thread_quotes import (
    MOST_QUOTED,
    QuotedCode,
    quoted_in_file,
    quoted_in_hunk,
)

HUNK = "@@ -1,4 +1,4 @@ def f():\n a\n-b\n+B\n c"


def place(start: int, end: int, hunk: str = HUNK, side: Side = Side.NEW) -> CommentPlace:
    return CommentPlace("a.py", side, start, end, hunk=hunk)


@pytest.mark.parametrize(
    ("where", "quoted"),
    [
        (place(3, 3), QuotedCode("c", 3, 3)),
        (place(2, 3), QuotedCode("B\nc", 2, 3)),
        (place(2, 2, "@@ -1,4 +1,4 @@\n a\n-b", Side.OLD), QuotedCode("b", 2, 2)),
        (place(1, 2, "@@ -1,4 +1,4 @@\n a\n-b", Side.OLD), QuotedCode("a\nb", 1, 2)),
        # Lines before the quoted diff are unknown: those that it has are quoted.
        (place(1, 9, "@@ -8,2 +8,2 @@\n x\n y"), QuotedCode("x\ny", 8, 9)),
        # Numbers that don't lead to its end: the diff ends with the thread's line.
        (place(70, 70), QuotedCode("c", 3, 3)),
        (place(0, 0), None),
        (place(3, 3, ""), None),
        (place(3, 3, "no diff"), None),
        (place(1, 1, "@@ -1 +1 @@\n+   "), None),
    ],
)
def test_a_quoted_diff_ends_with_the_lines_of_its_thread(where, quoted):
    assert quoted_in_hunk(where) == quoted


def test_long_places_are_quoted_in_part():
    text = "\n".join(map(str, range(1, 200)))
    quoted = quoted_in_file(text.encode(), 10, 150)
    assert quoted
    assert (quoted.start_line, quoted.end_line) == (10, 10 + MOST_QUOTED - 1)


@pytest.mark.parametrize("lines", [(0, 0), (5, 9), (3, 2)])
def test_lines_that_a_file_does_not_have_are_not_quoted(lines):
    assert quoted_in_file(b"a\nb\nc", *lines) is None


LINES = st.lists(st.sampled_from(["a", "b", "  c", "d()", "-", "+e"]), min_size=1, max_size=30)


@given(LINES, LINES, st.data())
def test_a_line_of_a_real_diff_is_quoted_from_its_beginning(old, new, data):
    body = diff_body("\n".join(old) + "\n", "\n".join(new) + "\n").decode()
    if not body:
        return
    rows = body.split("@@ -", 2)[1].split("\n")[1:]
    header = "@@ -" + body.split("@@ -", 2)[1].split("\n")[0]
    start = int(header.split("+")[1].split(",")[0].split(" ")[0])
    numbered = [row for row in rows if row and row[0] in " +"]
    if not numbered:
        return
    chosen = data.draw(st.integers(1, len(numbered)))
    kept: list[str] = []
    for row in rows:
        kept.append(row)
        chosen -= bool(row) and row[0] in " +"
        if not chosen:
            break
    line = start + sum(row[:1] in (" ", "+") for row in kept) - 1
    quoted = quoted_in_hunk(place(line, line, "\n".join([header, *kept])))
    assert quoted == QuotedCode(new[line - 1], line, line)


@given(st.text(max_size=300), st.integers(0, 50), st.integers(0, 50), st.sampled_from(Side))
def test_any_hunk_is_read(hunk, start, end, side):
    quoted = quoted_in_hunk(place(start, end, hunk, side))
    assert quoted is None or quoted.text.strip()
