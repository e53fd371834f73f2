"""A suggestion as a small diff."""

from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.text import visible
from xreview.tui.widgets.suggestion import suggested_rows

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
    old, new = suggested_rows("        x = total(a)\n", "        x = total(b)\n")[:2]
    assert (old.sign, old.text, new.sign, new.text) == ("-", "x = total(a)", "+", "x = total(b)")
    assert [old.text[slice(*one)] for one in old.words] == ["a"]
    assert [new.text[slice(*one)] for one in new.words] == ["b"]


def test_unchanged_lines_are_shown_once():
    assert [row.sign for row in suggested_rows("try:\n  a()", "try:\n  b()")] == [" ", "-", "+"]


def test_hostile_text_is_made_visible():
    (removed, added) = suggested_rows("\x1b[2J", "[b]x[/b]\u202e")
    assert removed.text == "␛[2J"
    assert added.text == "[b]x[/b]⇄"
