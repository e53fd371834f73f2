"""A suggestion as a small diff."""

from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.fixing.edit import LineEdit
from xreview.domain.text import expand_tabs, visible
from xreview.tui.widgets.suggestion import SuggestedRow, suggested_rows

LINES = st.lists(st.text(st.characters(exclude_characters="\n\t"), max_size=12), max_size=60)


@given(LINES, LINES)
def test_it_leads_from_the_quote_to_the_replacement(old, new):
    quote, replacement = (
        "\n".join(visible(f"#{line}") for line in lines) or "#" for lines in (old, new)
    )
    rows = suggested_rows(quote, replacement)
    assert "\n".join(row.text for row in rows if row.sign != "+") == quote
    assert "\n".join(row.text for row in rows if row.sign != "-") == replacement


@given(LINES, LINES)
def test_marked_words_lie_within_their_row(old, new):
    for row in suggested_rows("\n".join(old), "\n".join(new)):
        assert all(0 <= start < end <= len(row.text) for start, end in row.words)
        assert row.sign in "+-" or not row.words


def test_what_changed_is_marked_and_the_shared_indentation_is_left_out():
    old, new = suggested_rows("        x = total(a)", "        x = total(b)\n")
    assert (old.sign, old.text, new.sign, new.text) == ("-", "x = total(a)", "+", "x = total(b)")
    assert [old.text[slice(*one)] for one in old.words] == ["a"]
    assert [new.text[slice(*one)] for one in new.words] == ["b"]


def test_unchanged_lines_are_shown_once():
    assert [row.sign for row in suggested_rows("try:\n  a()", "try:\n  b()")] == [" ", "-", "+"]


def test_hostile_text_is_made_visible():
    (removed, added) = suggested_rows("\x1b[2J", "[b]x[/b]\u202e")
    assert removed.text == "␛[2J"
    assert added.text == "[b]x[/b]⇄"


def test_words_are_marked_against_the_line_that_is_most_alike():
    rows = suggested_rows("stock = read(name)", "with lock:\n    stock = read(name, 1)")
    marked = {row.text: [row.text[slice(*one)] for one in row.words] for row in rows}
    assert marked == {
        "stock = read(name)": [],
        "with lock:": [],
        "    stock = read(name, 1)": [", 1"],
    }


def test_a_removed_line_has_no_counterpart():
    assert suggested_rows("a = 1\nb = 2", "") == [
        SuggestedRow("-", "a = 1"),
        SuggestedRow("-", "b = 2"),
    ]


def test_line_ends_are_no_change():
    assert [row.sign for row in suggested_rows("a\r\nb\r", "a\nc\n")] == [" ", "-", "+"]
    assert [row.sign for row in suggested_rows("a", "\n")] == ["-", "+"]


@given(LINES, st.text("ab\r\n", max_size=20))
def test_it_shows_the_lines_that_a_fix_writes(old, replacement):
    quote = "\n".join(old)
    edit = LineEdit("f", "f", "a.py", 1, quote, replacement)
    rows = suggested_rows(quote, replacement)
    indents = [len(line) - len(line.lstrip(" ")) for line in (*edit.old, *edit.new) if line.strip()]
    cut = min(indents, default=0)
    assert [row.text for row in rows if row.sign != "-"] == [
        visible(expand_tabs(line, 4))[cut:] for line in edit.new
    ]
