"""Where the cursor is put around characters whose width terminals disagree on."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, get_character_cell_size

from xreview.tui.terminal.columns import in_columns
from xreview.tui.terminal.widths import make_room, widened

make_room()


@pytest.mark.parametrize(
    "plain", ["def f():", "│ ┃ … → é", "日本語 кириллица", "\x1b[1mα\x1b[0m\x1b[3;4H"]
)
def test_what_all_terminals_agree_on_is_written_as_it_is(plain):
    assert in_columns(plain) == plain


@pytest.mark.parametrize(
    "cluster", ["❤\ufe0f", "1\ufe0f\u20e3", "👍🏽", "🇩🇪", "नि", "क्षि", "e\u0301"]
)
def test_a_doubtful_cluster_is_written_on_blanks_and_the_cursor_put_after_it(cluster):
    width = cell_len(cluster)
    placed = f"\x1b7{' ' * width}\x1b8{cluster}\x1b8\x1b[{width}C"
    assert in_columns(f"\x1b[1m{cluster}x") == f"\x1b[1m{placed}x"


@pytest.mark.parametrize(("text", "width"), [("நி", 2), ("👍🏽", 4), ("e\u0301", 1), ("日", 2)])
def test_the_most_columns_count(text, width):
    assert cell_len(text) == width


@pytest.mark.parametrize("lost", ["🇩", "\U0001fae8"])
def test_what_a_terminal_would_add_to_the_cell_before_becomes_a_glyph(lost):
    assert in_columns(f"a{lost}").startswith("a⌧")
    assert cell_len(in_columns(lost)) == cell_len(lost)


SEQUENCE = re.compile(r"\x1b\[[\d;]*[A-Za-z]|\x1b[78]")


@given(
    st.lists(st.sampled_from(["\x1b[1m", "\x1b[0m", "\x1b[3;4H"]) | st.characters(min_codepoint=32))
)
def test_no_sequence_of_the_terminal_is_broken_and_marks_stay_with_their_letters(parts):
    data = "".join(part for part in parts if not 0x7F <= ord(part[0]) < 0xA0)
    placed = in_columns(data)
    assert "\x1b" not in SEQUENCE.sub("", placed)
    assert all(found in placed for found in SEQUENCE.findall(data))


def test_only_what_takes_no_column_is_widened():
    assert widened([(0x61, 0x61, 1), (0x4E00, 0x4E01, 2)]) == [(0x61, 0x61, 1), (0x4E00, 0x4E01, 2)]
    assert widened([(0x93E, 0x941, 0)]) == [
        (0x93E, 0x93E, 1), (0x93F, 0x93F, 1), (0x940, 0x940, 1), (0x941, 0x941, 0),
    ]  # fmt: skip
    assert get_character_cell_size("\u0301") == 0
    assert unicodedata.category("\u093f") == "Mc"
