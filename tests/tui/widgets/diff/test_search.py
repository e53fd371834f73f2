from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tui.widgets.diff.diffs import file_of, files, marked
from xreview.domain.change import FileDiff, FileStatus
from xreview.tui.widgets.diff.blocks import CODE
from xreview.tui.widgets.diff.document import DocumentPosition
from xreview.tui.widgets.diff.rows import FileRows
from xreview.tui.widgets.diff.search import find, shown_pattern

ONE = file_of((1, 1, marked(" alpha\n-Beta\n+beta gamma")), path="src/one.py")
TWO = file_of((1, 1, marked("+alpha ünïcode\n+++ looks like a header")), path="src/Two.py")


def walk(
    text: str, start: DocumentPosition, step: int = 1, count: int = 8
) -> list[DocumentPosition]:
    found = []
    at: DocumentPosition | None = start
    for _ in range(count):
        at = find((ONE, TWO), text, at, step, here=False)
        if at is None or (found and at == found[0]):
            break
        found.append(at)
    return found


def test_matches_are_walked_all_around() -> None:
    assert walk("alpha", DocumentPosition(0, 0)) == [(0, 2), (1, 2)]
    assert walk("alpha", DocumentPosition(0, 0), -1) == [(1, 2), (0, 2)]


def test_capitals_make_case_count() -> None:
    assert walk("beta", DocumentPosition(0, 0)) == [(0, 3), (0, 4)]
    assert walk("Beta", DocumentPosition(0, 0)) == [(0, 3)]
    assert walk("ÜNÏ", DocumentPosition(0, 0)) == []
    assert walk("ünï", DocumentPosition(0, 0)) == [(1, 2)]


def test_paths_are_found_at_their_headers() -> None:
    assert walk("two.py", DocumentPosition(0, 0)) == [(1, 0)]


def test_marks_and_hunk_headers_are_not_text() -> None:
    assert walk("+alpha", DocumentPosition(0, 0)) == []
    assert walk("@@", DocumentPosition(0, 0)) == []
    assert walk("++ looks", DocumentPosition(0, 0)) == [(1, 3)]


def test_the_line_of_the_cursor_counts_when_asked() -> None:
    start = DocumentPosition(0, 2)
    assert find((ONE, TWO), "alpha", start, 1, here=True) == start
    assert find((ONE, TWO), "alpha", start, 1, here=False) == DocumentPosition(1, 2)


def test_nothing_is_found_in_nothing() -> None:
    assert find((), "a", DocumentPosition(0, 0), 1, here=True) is None
    assert find((FileDiff("a.bin", FileStatus.ADDED, binary=True),), "z", DocumentPosition(0, 0), 1,
                here=True) is None  # fmt: skip


@given(files(path="f"), st.text(st.sampled_from("ab (=界é"), min_size=1, max_size=2))
@settings(max_examples=200)
def test_all_rows_that_hold_the_text_are_found(file: FileDiff, text: str) -> None:
    rows = FileRows(file)
    pattern = shown_pattern(text)
    expected = [
        number
        for number in range(rows.count)
        if rows.row(number).kind in CODE and pattern.search(rows.text(rows.row(number)))
    ]
    found = []
    at = DocumentPosition(0, 0)
    for _ in expected:
        following = find((file,), text, at, 1, here=False)
        assert following is not None
        found.append(following.row)
        at = following
    assert found == expected
