import difflib

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tui.widgets.diff.diffs import file_of, marked
from xreview.domain.change import FileDiff, FileStatus, Side
from xreview.repo.diff.apply import apply_hunks
from xreview.tui.widgets.diff.expand import (
    MOST_LINES,
    expand_above,
    expand_below,
    new_side_of,
)
from xreview.tui.widgets.diff.rows import FileRows, may_go_on

NUMBERED = "".join(f"line {number}\n" for number in range(1, 61))


def diff_of(old: str, new: str, context: int = 3) -> FileDiff:
    """A diff as git makes it."""
    rows = difflib.unified_diff(
        old.splitlines(keepends=True), new.splitlines(keepends=True), n=context
    )
    text = "".join(
        row if row.endswith("\n") else f"{row}\n\\ No newline at end of file\n"
        for row in [*rows][2:]
    )
    return FileDiff("a.py", FileStatus.MODIFIED, body=text.encode())


def edited(*lines: int, text: str = NUMBERED) -> str:
    return "".join(
        f"changed {number}\n" if number in lines else line
        for number, line in enumerate(text.splitlines(keepends=True), 1)
    )


@given(
    st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=40),
    st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=40),
    st.sampled_from(["", "\n"]),
    st.data(),
)
@settings(max_examples=200, deadline=None)
def test_more_context_is_the_same_change(
    old_lines: list[str], new_lines: list[str], end: str, data: st.DataObject
) -> None:
    old, new = ("\n".join(lines) + end if lines else "" for lines in (old_lines, new_lines))
    file = diff_of(old, new, context=data.draw(st.integers(0, 3)))
    new_side = new_side_of(file, new.encode())
    if not file.body:
        return
    assert new_side is not None
    for _ in range(4):
        rows = FileRows(file)
        hunks = range(file.body.count(b"\n@@ ") + 1)
        gaps = [hunk for hunk in hunks if rows.gap_above(rows.hunk_row(hunk)) > 0]
        gap = data.draw(st.sampled_from([None, *gaps]))
        most = data.draw(st.sampled_from([1, 2, 10, None]))
        if gap is None:
            done = expand_below(file, new_side, most)
        else:
            done = expand_above(file, new_side, most, index=gap)
            assert 0 < done.lines <= rows.gap_above(rows.hunk_row(gap))
        assert done.file.row_count == file.row_count + done.rows
        file = done.file
        assert apply_hunks(file.body, old.encode()) == new.encode()
        assert apply_hunks(file.body, new.encode(), Side.NEW) == old.encode()
        assert all(hunk.new_count or hunk.old_count for hunk in file.hunks)


def numbers(file: FileDiff) -> list[int]:
    return [
        line.new_number for hunk in file.hunks for line in hunk.lines if line.new_number is not None
    ]


def test_ten_lines_and_then_the_rest_of_the_gap() -> None:
    file = diff_of(NUMBERED, edited(20, 50))
    new_side = new_side_of(file, edited(20, 50).encode())
    assert new_side is not None
    first = expand_above(file, new_side, 10, index=1)
    assert numbers(first.file) == [*range(17, 24), *range(37, 54)]
    assert not first.is_closed
    joined = expand_above(first.file, new_side, None, index=1)
    assert (joined.is_closed, joined.lines, joined.rows) == (True, 13, 12)
    assert numbers(joined.file) == [*range(17, 54)]
    assert joined.file.body.count(b"@@ -") == 1
    top = expand_above(joined.file, new_side, None, index=0)
    assert (top.is_closed, top.rows) == (True, 16)
    below = expand_below(top.file, new_side, 4)
    assert not below.is_closed
    whole = expand_below(below.file, new_side, None)
    assert whole.is_closed
    assert numbers(whole.file) == [*range(1, 61)]


def test_all_means_up_to_the_function() -> None:
    body = "def first():\n" + "    one\n" * 10 + "def second():\n" + "    two\n" * 20
    file = diff_of(body, edited(30, text=body))
    file = FileDiff(file.path, file.status, body=file.body.replace(b"@@\n", b"@@ def second():\n"))
    new_side = new_side_of(file, edited(30, text=body).encode())
    assert new_side is not None
    done = expand_above(file, new_side, None, index=0)
    (hunk,) = done.file.hunks
    assert hunk.lines[0].text == "def second():"
    assert hunk.section == ""
    assert expand_above(done.file, new_side, None, index=0).is_closed


def test_a_file_without_a_final_line_feed_says_so() -> None:
    new = edited(20).removesuffix("\n")
    file = diff_of(NUMBERED.removesuffix("\n"), new)
    new_side = new_side_of(file, new.encode())
    assert new_side is not None
    done = expand_below(file, new_side, None)
    assert done.file.body.endswith(b" line 60\n\\ No newline at end of file\n")
    assert [*done.file.hunks][-1].lines[-1].ends_file_without_newline


def test_another_content_is_told_apart() -> None:
    file = diff_of(NUMBERED, edited(20))
    assert new_side_of(file, edited(20).encode()) is not None
    assert new_side_of(file, edited(20).replace("\n", "\r\n").encode()) is not None
    assert new_side_of(file, NUMBERED.encode()) is None
    assert new_side_of(file, b"") is None
    crooked = FileDiff("a", FileStatus.MODIFIED, body=file.body.replace(b"@@ -17", b"@@ -16"))
    assert new_side_of(crooked, edited(20).encode()) is None


def test_so_many_lines_at_once() -> None:
    long = "".join(f"line {number}\n" for number in range(1, 9001))
    file = diff_of(long, edited(8000, text=long))
    new_side = new_side_of(file, edited(8000, text=long).encode())
    assert new_side is not None
    assert expand_above(file, new_side, None, index=0).lines == MOST_LINES


def test_the_end_of_a_file_is_known_by_its_context() -> None:
    assert may_go_on(diff_of(NUMBERED, edited(20)))
    assert may_go_on(diff_of(NUMBERED, edited(57)))
    assert not may_go_on(diff_of(NUMBERED, edited(58)))
    assert not may_go_on(diff_of(NUMBERED.strip(), edited(57).strip()))
    assert not may_go_on(FileDiff("a", FileStatus.MODIFIED, binary=True))
    added = file_of((0, 1, marked("+a\n b\n c\n d")))
    assert not may_go_on(FileDiff("a", FileStatus.ADDED, body=added.body))


def test_hidden_lines_are_counted() -> None:
    rows = FileRows(diff_of(NUMBERED, edited(20, 50)), has_rest=True)
    found = {number: rows.gap_above(number) for number in range(rows.count)}
    assert [gap for gap in found.values() if gap] == [16, 23]
    assert [number for number in range(rows.count) if rows.hides_lines(number)] == [
        rows.hunk_row(0), rows.hunk_row(1), rows.rest_row,
    ]  # fmt: skip
