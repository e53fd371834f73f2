from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.reports import added_file
from tests.tui.widgets.diff.diffs import file_of, files, marked
from xreview.domain.change import FileDiff, FileStatus
from xreview.tui.widgets.diff.blocks import CODE
from xreview.tui.widgets.diff.document import DocumentPosition
from xreview.tui.widgets.diff.rows import FileRows
from xreview.tui.widgets.diff.search import MOST_MATCHES, MatchCount, find, find_all, shown_pattern

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


@given(
    files(path="f"), files(path="ab"), st.text(st.sampled_from("ab (=é"), min_size=1, max_size=2)
)
def test_all_matches_are_counted_in_the_order_in_which_they_are_met(
    first: FileDiff, second: FileDiff, text: str
) -> None:
    change = (first, second)
    matches = find_all(change, text, lambda: True)
    met: list[DocumentPosition | None] = []
    for number, place in enumerate(matches.places, 1):
        assert matches.count(place) == MatchCount(number, len(matches.places))
        start = (met and met[-1]) or DocumentPosition(0, 0)
        met.append(find(change, text, start, 1, here=not met))
    assert met == list(matches.places)
    assert matches.count(None).number == 0


def test_no_more_matches_are_counted_than_anybody_walks_through() -> None:
    many = added_file("many.py", *["alpha"] * 3_000)
    matches = find_all((many, ONE), "alpha", lambda: True)
    assert matches.count(DocumentPosition(0, 4)).label == "3/1,000+"
    assert matches.count(DocumentPosition(0, 2_500)).label == "1,000+"
    assert len(matches.places) == MOST_MATCHES + 1


def test_counting_stops_when_it_is_not_wanted_any_more() -> None:
    assert find_all((ONE, TWO), "alpha", lambda: False).places == [DocumentPosition(0, 2)]


def test_a_mark_at_the_start_of_a_line_is_never_part_of_a_match() -> None:
    file = FileDiff("a", FileStatus.ADDED, body=b"@@ -0,0 +1,2 @@\n++1\n+a+1\n")
    assert [place.row for place in find_all((file,), "+1", lambda: True).places] == [2, 3]
