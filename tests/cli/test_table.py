from hypothesis import given
from hypothesis import strategies as st

from tests.domain.strategies import texts
from xreview.cli.table import Column, columns_of, cut, table

COLUMNS = (Column("NAME"), Column("WHAT", is_flexible=True), Column("COUNT", is_number=True))


def test_columns_line_up():
    assert table(COLUMNS, [("a", "first", "1"), ("long", "x", "1,000")], 80).split("\n") == [
        "NAME  WHAT   COUNT",
        "a     first      1",
        "long  x      1,000",
    ]


def test_the_flexible_column_gives_way():
    rows = table(COLUMNS, [("a", "word " * 30, "1")], 40).split("\n")
    assert [len(row) for row in rows] == [40, 40]
    assert "…" in rows[1]


def test_wide_characters_count_twice_and_marks_not_at_all():
    assert columns_of("ab") == 2
    assert columns_of("評価") == 4
    assert columns_of("e\u0301") == 1
    assert cut("評価評価", 5) == "評価…"
    assert cut("評価評価", 8) == "評価評価"
    assert cut("abc", 0) == ""


@given(st.lists(st.tuples(texts, texts, texts), max_size=4), st.integers(40, 120))
def test_a_row_is_a_line_without_anything_that_acts_on_a_terminal(rows, width):
    drawn = table(COLUMNS, rows, width)
    assert drawn.count("\n") == len(rows)
    assert not any(
        ord(character) < 32 or 127 <= ord(character) < 160 for character in drawn.replace("\n", "")
    )
