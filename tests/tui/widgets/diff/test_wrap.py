from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.tui.widgets.diff.diffs import file_of, files, line_texts
from xreview.domain.change import FileDiff
from xreview.tui.widgets.diff.layout import Layout, code_rooms, measure
from xreview.tui.widgets.diff.text import LONG_LINE, drawn_line
from xreview.tui.widgets.diff.wrap import (
    MOST_ROWS,
    WrappedLines,
    long_rows,
    row_heights,
    row_starts,
)

long_texts = st.one_of(line_texts, st.lists(line_texts, max_size=12).map("".join))


@given(st.dictionaries(st.integers(0, 60), st.integers(2, 9), max_size=12))
def test_lines_and_rows_are_each_others_inverse(heights: dict[int, int]) -> None:
    wrapped = WrappedLines(heights)
    rows = [(line, part) for line in range(80) for part in range(heights.get(line, 1))]
    assert wrapped.extra == len(rows) - 80
    for row, (line, part) in enumerate(rows):
        assert wrapped.at(row) == (line, part)
        assert wrapped.top(line) + part == row
        assert wrapped.height(line) == heights.get(line, 1)


@given(long_texts, st.integers(2, 30), st.sampled_from([1, 4, 8]))
@example("⚠️" * 40, 3, 4)
@settings(max_examples=300)
def test_the_rows_of_a_line_are_the_whole_line(text: str, room: int, tab_size: int) -> None:
    shown = drawn_line(text, tab_size)
    starts = [*row_starts(text, tab_size, room), shown.columns]
    assert starts[0] == 0
    pieces = [shown.window(start, min(room, end - start)) for start, end in pairwise(starts)]
    assert all(piece.cells <= room and not piece.lead for piece in pieces)
    if len(pieces) < MOST_ROWS:
        assert "".join(piece.text for piece in pieces) == shown.window(0, shown.columns).text


@given(long_texts, st.integers(8, 40), st.sampled_from([1, 4, 8]))
@settings(max_examples=300)
def test_no_long_line_is_missed(text: str, room: int, tab_size: int) -> None:
    raw = text.replace("\n", "").encode("utf-8", "surrogateescape")
    found = dict(long_rows(b"@@ -1 +1 @@\n+" + raw + b"\n-x\n", room, tab_size))
    assert set(found.values()) <= {b"+" + raw}
    if row_heights(raw, [room], tab_size) > 1:
        assert set(found) == {1}


def test_a_huge_line_takes_few_rows() -> None:
    for huge in ("x" * 10**6, "界" * 10**6, "\u0301" * 10**6, "\t" * 10**6):
        assert row_heights(huge.encode(), [40], 8) <= MOST_ROWS
        assert len(row_starts(huge[: LONG_LINE + 1], 8, 40)) <= MOST_ROWS
    assert row_heights(b"x" * 10**6, [40], 8) == MOST_ROWS


@given(files(), st.booleans(), st.integers(0, 90))
@settings(max_examples=150, deadline=None)
def test_a_file_wraps_as_its_lines_do(file: FileDiff, side_by_side: bool, width: int) -> None:
    flat = measure(file, Layout(side_by_side), has_rest=False)
    wrapped = measure(file, Layout(side_by_side, width), has_rest=False)
    assert flat.lines == flat.height == wrapped.lines
    assert wrapped.height >= wrapped.lines
    if width == 0:
        assert wrapped.height == wrapped.lines


def test_the_higher_side_counts() -> None:
    file = file_of((1, 1, [("-", "x" * 100), ("+", "y" * 30), (" ", "z" * 50)]))
    assert code_rooms(57, 3, side_by_side=True) == (22, 22)
    assert measure(file, Layout(True, 57), False).height == 2 + 5 + 3
    assert code_rooms(60, 3, side_by_side=False) == (50, 50)
    assert measure(file, Layout(False, 60), False).height == 2 + 2 + 1 + 1
