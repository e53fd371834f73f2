import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.imports.lines import EditRefusal, FileLines, overlaps
from xreview.imports.statement import Columns, ProposedEdit, Region

TEXT = "one\n\tzwei é𐐀b\nthree\n\nfive\r\nsix"


def lines(text: str = TEXT) -> FileLines:
    return FileLines(text.encode())


@pytest.mark.parametrize(
    ("region", "span"),
    [
        (Region(2), (2, 2)),
        (Region(2, 4), (2, 4)),
        (Region(2, 4, end_column=1), (2, 3)),
        (Region(2, 2, end_column=1), (2, 2)),
        (Region(4, 2), (4, 4)),
        (Region(char_offset=0), (1, 1)),
        (Region(char_offset=4, length=3), (2, 2)),
        (Region(char_offset=4, length=13), (2, 3)),
        (Region(char_offset=0, length=4), (1, 1)),
        (Region(byte_offset=17), (2, 2)),
        (Region(byte_offset=18, length=5), (3, 3)),
        (Region(char_offset=10**12), (6, 6)),
        (Region(99), (99, 99)),
    ],
)
def test_spans(region, span):
    assert lines().span(region) == span


def test_character_offsets_are_in_the_tools_units():
    text = "𐐀" * 10 + "\nx\ny"
    assert lines(text).span(Region(char_offset=11)) == (2, 2)
    assert lines(text).span(Region(char_offset=21, columns=Columns.UTF16)) == (2, 2)
    assert lines(text).span(Region(byte_offset=41)) == (2, 2)


@pytest.mark.parametrize(
    ("columns", "start", "end"),
    [(Columns.CODE_POINTS, 7, 9), (Columns.UTF16, 7, 10), (Columns.UTF8, 7, 13)],
)
def test_columns_are_in_the_tools_units(columns, start, end):
    edit = ProposedEdit(Region(2, 2, start, end, columns=columns), "X")
    assert lines().replaced(2, 2, [edit]) == "\tzwei Xb"


@pytest.mark.parametrize(
    ("span", "edits", "expected"),
    [
        ((1, 1), [ProposedEdit(Region(1, 1), "uno")], "uno"),
        ((1, 1), [ProposedEdit(Region(1, 2, 1, 1), "")], ""),
        ((1, 1), [ProposedEdit(Region(1, 1, 1, 1), "# ")], "# one"),
        ((1, 1), [ProposedEdit(Region(1, 1, 2, 3), "")], "oe"),
        ((1, 2), [ProposedEdit(Region(1, 1), "a"), ProposedEdit(Region(2, 2), "b")], "a\nb"),
        ((1, 1), [ProposedEdit(Region(1, 1), "a\nb")], "a\nb"),
        ((5, 5), [ProposedEdit(Region(5, 5), "cinq")], "cinq"),
        ((6, 6), [ProposedEdit(Region(6, 7, 1, 1), "sechs\n")], "sechs"),
        ((6, 6), [ProposedEdit(Region(6, 6), "")], ""),
        ((1, 1), [ProposedEdit(Region(char_offset=0, length=3), "uno")], "uno"),
        ((1, 1), [ProposedEdit(Region(1, 1), "one")], EditRefusal.NOTHING),
        ((1, 1), [ProposedEdit(Region(2, 2), "x")], EditRefusal.ELSEWHERE),
        ((1, 1), [ProposedEdit(Region(1, 3), "x")], EditRefusal.ELSEWHERE),
        ((1, 1), [ProposedEdit(Region(1, 2, 4, 1), "")], EditRefusal.ELSEWHERE),
        (
            (1, 1),
            [ProposedEdit(Region(1, 1, 1, 3), "x"), ProposedEdit(Region(1, 1, 2, 4), "y")],
            EditRefusal.OVERLAP,
        ),
        ((1, 1), [ProposedEdit(Region(), "x")], EditRefusal.COLUMNS),
        ((9, 9), [ProposedEdit(Region(9), "x")], EditRefusal.ELSEWHERE),
        ((1, 1), [ProposedEdit(Region(1, 1, 1, 9), "x")], EditRefusal.COLUMNS),
        ((1, 1), [ProposedEdit(Region(1, 1, 1, 2), "x", old="o")], "xne"),
        ((1, 1), [ProposedEdit(Region(1, 1, 1, 2), "x", old="t")], EditRefusal.COLUMNS),
    ],
)
def test_edits(span, edits, expected):
    assert lines().replaced(*span, edits) == expected


CODE = "def f():\n    a = 1\n    b = 2\n\ndef g():\n    a = 1\n"


@pytest.mark.parametrize(
    ("start", "end", "snippet", "place", "quote"),
    [
        (2, 2, "", (2, 2), "    a = 1"),
        (2, 2, "requires login", (2, 2), "    a = 1"),
        (2, 2, "a = 1", (2, 2), "    a = 1"),
        (2, 2, "1: def f():\n2:     a = 1\n", (2, 2), "    a = 1"),
        (2, 3, "    a = 1\n    b = 2\n", (2, 3), "    a = 1\n    b = 2"),
        (5, 5, "    a = 1\n", (6, 6), "    a = 1"),
        (1, 1, "    a = 1\n    b = 2\n", (2, 3), "    a = 1\n    b = 2"),
        (2, 2, "gone()\n", (2, 2), "gone()"),
        (4, 4, "gone()\n", (4, 4), "gone()"),
        (99, 99, "", (99, 99), ""),
    ],
)
def test_snippets(start, end, snippet, place, quote):
    found = lines(CODE)
    assert found.located(start, end, snippet) == place
    assert found.quote(*place, snippet) == quote


def test_ranges():
    assert overlaps([range(3, 5)], 4, 9)
    assert not overlaps([range(3, 5)], 5, 9)
    assert not overlaps([], 1, 9)


regions = st.builds(
    Region,
    *[st.integers(0, 9)] * 4,
    char_offset=st.integers(-1, 40),
    byte_offset=st.integers(-1, 40),
    length=st.integers(0, 40),
    columns=st.sampled_from(Columns),
)


@given(
    st.binary(max_size=60),
    regions,
    st.text(max_size=20),
    st.lists(st.builds(ProposedEdit, regions, st.text(max_size=5)), max_size=3),
)
def test_no_region_of_any_file_raises(content, region, snippet, edits):
    found = FileLines(content)
    start, end = found.span(region)
    assert start <= end
    start, end = found.located(start, end, snippet)
    found.quote(start, end, snippet)
    replaced = found.replaced(start, end, edits)
    assert isinstance(replaced, EditRefusal) or edits
