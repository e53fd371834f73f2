from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tui.widgets.diff.diffs import file_of, files, marked
from xreview.domain.change import FileDiff, Side
from xreview.tui.widgets.diff import range_rows
from xreview.tui.widgets.diff.blocks import CODE
from xreview.tui.widgets.diff.range_rows import LineSpan, code_of, number_on, span_at, span_towards
from xreview.tui.widgets.diff.rows import FileRows

PATH = "src/app.py"


def test_a_range_stays_on_the_side_it_began_on() -> None:
    rows = FileRows(file_of((5, 5, marked(" a\n-b\n-c\n+d\n e"))))
    removed = span_towards(rows, LineSpan(PATH, Side.OLD, 6, 6), 6)
    assert removed == LineSpan(PATH, Side.OLD, 6, 8)
    assert code_of(rows, removed).text == "b\nc\ne"
    kept = span_towards(rows, LineSpan(PATH, Side.NEW, 5, 5), 6)
    assert code_of(rows, kept).text == "a\nd\ne"


def test_a_range_goes_up_too() -> None:
    rows = FileRows(file_of((1, 1, marked(" a\n b\n c"))))
    assert span_towards(rows, LineSpan(PATH, Side.NEW, 3, 3), 2) == LineSpan(PATH, Side.NEW, 1, 3)


def test_a_range_ends_where_lines_are_missing() -> None:
    rows = FileRows(file_of((1, 1, marked(" a\n b")), (9, 9, marked(" c"))))
    start = LineSpan(PATH, Side.NEW, 1, 1)
    assert span_towards(rows, start, rows.count - 1) == LineSpan(PATH, Side.NEW, 1, 2)
    start = LineSpan(PATH, Side.NEW, 9, 9)
    assert span_towards(rows, start, 0) == start


def test_a_range_has_a_limit(monkeypatch) -> None:
    monkeypatch.setattr(range_rows, "MOST_LINES", 3)
    rows = FileRows(file_of((1, 1, [("+", "x")] * 9)))
    assert span_towards(rows, LineSpan(PATH, Side.NEW, 1, 1), 9).last == 3


@given(files(), st.data())
@settings(max_examples=200, deadline=None)
def test_a_range_has_each_of_its_lines_once(file: FileDiff, data: st.DataObject) -> None:
    rows = FileRows(file)
    code = [number for number in range(rows.count) if rows.row(number).kind in CODE]
    if not code:
        return
    begin, target = data.draw(st.sampled_from(code)), data.draw(st.integers(0, rows.count - 1))
    start = span_at(file.path, rows.row(begin))
    assert start is not None
    span = span_towards(rows, start, target)
    found = code_of(rows, span)
    assert span.first <= start.first <= span.last
    assert found.text.count("\n") == span.last - span.first
    inside = [number for number in code if span.has(file.path, rows.row(number))]
    assert [number_on(span.side, rows.row(number)) for number in inside] == [
        *range(span.first, span.last + 1)
    ]
    assert found.text == "\n".join(rows.text(rows.row(number)) for number in inside)
    assert all(min(begin, target) <= number <= max(begin, target) for number in inside)
