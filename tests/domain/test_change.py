import subprocess
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xreview.domain.change import (
    Change,
    ChangeKind,
    ChangeSource,
    FileDiff,
    FileStatus,
    Hunk,
    Line,
    LineKind,
    Side,
    parse_hunks,
)

BODY = b"""\
@@ -1,4 +1,4 @@ def main():
 first
-old
+new
 third
 fourth
@@ -10 +10,2 @@
 tenth
+eleventh
\\ No newline at end of file
"""


def parsed(body: bytes) -> list[Hunk]:
    return list(parse_hunks(body))


def rebuilt(hunk: Hunk, side: Side) -> list[str]:
    """The lines of one side that a hunk holds."""
    other = LineKind.ADDED if side is Side.OLD else LineKind.REMOVED
    return [line.text for line in hunk.lines if line.kind is not other]


def test_an_ordinary_body():
    first, second = parsed(BODY)
    assert (first.old_start, first.old_count, first.new_start, first.new_count) == (1, 4, 1, 4)
    assert first.section == "def main():"
    assert first.lines[:3] == (
        Line(LineKind.CONTEXT, 1, 1, "first"),
        Line(LineKind.REMOVED, 2, None, "old"),
        Line(LineKind.ADDED, None, 2, "new"),
    )
    assert second.lines[-1] == Line(LineKind.ADDED, None, 11, "eleventh", True)


@pytest.mark.parametrize(
    "header",
    ["@@ -1,4 +1,5 @@ def main():", "@@ -1 +1 @@", "@@ -0,0 +1 @@", "@@ -3 +2,0 @@ class A"],
)
def test_a_header_is_as_git_writes_it(header):
    (hunk,) = parsed(f"{header}\n".encode())
    assert hunk.header == header


def test_a_line_that_looks_like_a_header_or_a_file_mark_stays_a_line():
    (hunk,) = parsed(b"@@ -1,3 +1,3 @@\n-@@ -1 +1 @@\n--- a\n-x\n+++ b\n+@@ -9 +9 @@\n+y\n")
    assert [line.text for line in hunk.lines] == [
        "@@ -1 +1 @@", "-- a", "x", "++ b", "@@ -9 +9 @@", "y",
    ]  # fmt: skip


def test_the_mark_for_no_newline_belongs_to_the_line_before_it():
    (hunk,) = parsed(
        b"@@ -1 +1 @@\n-old\n\\ No newline at end of file\n+new\n\\ No newline at end of file\n"
    )
    assert [line.ends_file_without_newline for line in hunk.lines] == [True, True]


def test_a_carriage_return_stays_and_bytes_that_are_not_utf8_come_back():
    (hunk,) = parsed(b"@@ -1 +1 @@ f\xff\r\n-a\r\n+\xff\xfe\n")
    assert hunk.section == "f\udcff"
    assert hunk.lines[0].text == "a\r"
    assert hunk.lines[1].text.encode("utf-8", "surrogateescape") == b"\xff\xfe"


def test_an_empty_context_line_whose_space_was_stripped():
    (hunk,) = parsed(b"@@ -1,3 +1,3 @@\n a\n\n-b\n+c\n")
    assert hunk.lines[1] == Line(LineKind.CONTEXT, 2, 2, "")


@pytest.mark.parametrize(
    "body", [b"", b"\n", b"rubbish\n", b"\\ No newline\n", b"@@@ -1 -1 +1 @@@"]
)
def test_what_is_no_hunk_gives_none(body):
    assert parsed(body) == []


def test_a_body_cut_in_mid_hunk_gives_what_it_has():
    (hunk,) = parsed(b"@@ -1,9 +1,9 @@\n a\n-b")
    assert [line.text for line in hunk.lines] == ["a", "b"]
    assert hunk.old_count == 9


def test_a_number_that_no_file_has_is_not_a_header():
    assert parsed(b"@@ -" + b"9" * 5000 + b" +1 @@\n+x\n") == []


@given(
    st.lists(
        st.binary(max_size=12)
        | st.sampled_from(
            [b"@@ -1,2 +1,3 @@ x", b"@@ -5 +6 @@", b"+a", b"-b", b" c", b"", b"\\ No"]
        ),
        max_size=30,
    ).map(b"\n".join)
)
def test_any_bytes_are_parsed_into_consistent_lines(body):
    for hunk in parsed(body):
        for kind, side, number in (
            (LineKind.REMOVED, hunk.old_start, "old_number"),
            (LineKind.ADDED, hunk.new_start, "new_number"),
        ):
            numbers = [
                getattr(line, number)
                for line in hunk.lines
                if line.kind in (kind, LineKind.CONTEXT)
            ]
            assert numbers == list(range(side, side + len(numbers)))
        for line in hunk.lines:
            line.text.encode("utf-8", "surrogateescape")


@given(
    st.lists(st.sampled_from("abc\r \x0c"), max_size=12),
    st.lists(st.sampled_from("abc\r \x0c"), max_size=12),
)
@settings(max_examples=40, deadline=None)
def test_what_git_prints_gives_both_sides_back(tmp_path_factory, old, new):
    folder = tmp_path_factory.mktemp("diff")
    (folder / "old").write_bytes("\n".join(old).encode())
    (folder / "new").write_bytes("\n".join(new).encode())
    done = subprocess.run(
        ["git", "diff", "--no-index", "--no-color", "--no-ext-diff", "-U9999", "old", "new"],
        cwd=folder,
        capture_output=True,
        check=False,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "GIT_CONFIG_GLOBAL": "/dev/null"},
    )
    _, mark, body = done.stdout.partition(b"\n@@ ")
    hunks = parsed(mark[1:] + body)
    if not mark:
        assert "\n".join(old) == "\n".join(new) or not (old and new)
        return
    (hunk,) = hunks
    for side, lines in ((Side.OLD, old), (Side.NEW, new)):
        content = "\n".join(lines)
        expected = content.removesuffix("\n").split("\n") if content else []
        assert rebuilt(hunk, side) == expected
    diff = FileDiff("new", FileStatus.MODIFIED, body=mark[1:] + body)
    added, removed = diff.added, diff.removed
    assert added == sum(map(len, diff.touched(Side.NEW)))
    assert removed == sum(map(len, diff.touched(Side.OLD)))
    assert diff.row_count == 1 + len(hunk.lines) + sum(
        line.ends_file_without_newline for line in hunk.lines
    )


def test_touched_lines_are_ranges_that_do_not_meet():
    diff = FileDiff("a", FileStatus.MODIFIED, body=BODY)
    assert diff.touched(Side.NEW) == (range(2, 3), range(11, 12))
    assert diff.touched(Side.OLD) == (range(2, 3),)
    assert (diff.added, diff.removed) == (2, 1)
    assert FileDiff("b", FileStatus.ADDED).touched(Side.NEW) == ()
    run = FileDiff("c", FileStatus.ADDED, body=b"@@ -0,0 +1,4 @@\n+1\n+2\n+3\n+4\n")
    assert run.touched(Side.NEW) == (range(1, 5),)
    assert all(left.stop < right.start for left, right in pairwise(diff.touched(Side.NEW)))


def test_the_rows_of_a_body_are_counted_with_or_without_a_last_line_feed():
    assert FileDiff("a", FileStatus.MODIFIED, body=BODY).row_count == 10
    assert FileDiff("a", FileStatus.MODIFIED, body=BODY[:-1]).row_count == 10
    assert FileDiff("a", FileStatus.MODIFIED).row_count == 0


def test_files_are_found_by_path():
    files = (FileDiff("a", FileStatus.ADDED), FileDiff("b", FileStatus.DELETED))
    change = Change(ChangeSource(ChangeKind.PATCH, "patch", ""), files)
    assert change.by_path == {"a": files[0], "b": files[1]}


def test_statuses_in_words():
    assert FileStatus.TYPE_CHANGED.word == "type changed"
    assert FileStatus("R").word == "renamed"
