from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.tui.widgets.diff.diffs import HOSTILE, line_texts
from xreview.domain.text import visible
from xreview.tui.widgets.diff import text as diff_text
from xreview.tui.widgets.diff.text import LONG_LINE, drawn_line, whole_graphemes


def drawn(raw: str, column: int = 0, width: int = 1000) -> str:
    window = drawn_line(raw).window(column, width)
    return " " * window.lead + window.text


@given(line_texts, st.integers(0, 40), st.integers(0, 40))
@settings(max_examples=500)
def test_a_window_takes_the_cells_it_says(raw: str, column: int, width: int) -> None:
    window = drawn_line(raw).window(column, width)
    assert window.lead + cell_len(window.text) == window.cells <= width
    assert visible(window.text) == window.text


@given(line_texts, st.integers(1, 9))
@settings(max_examples=300)
def test_windows_side_by_side_show_the_whole_line(raw: str, width: int) -> None:
    line = drawn_line(raw)
    whole = line.window(0, 10_000).text
    assert cell_len(whole) == line.columns
    parts = [line.window(column, width) for column in range(0, line.columns, width)]
    shown_once = {
        index for part in parts for index in range(part.start, part.start + len(part.text))
    }
    # Only wide characters that a border cuts in two, with what joins them, are missing.
    cut = "".join(whole[index] for index in range(len(whole)) if index not in shown_once)
    assert cell_len(cut) <= 2 * len(parts)


@given(line_texts)
@settings(max_examples=300)
def test_raw_characters_are_found_again_in_the_shown_text(raw: str) -> None:
    line = drawn_line(raw)
    whole = line.window(0, 10_000).text
    for index, character in enumerate(raw):
        at = line.shown_index(index)
        if character == "\t":
            assert whole[at] == " "
        else:
            assert whole[at] == visible(character)
    assert line.shown_index(len(raw)) == len(whole)


@given(line_texts, st.lists(st.integers(0, 30), max_size=6))
@settings(max_examples=300)
def test_cuts_leave_the_width_as_it_was(raw: str, cuts: list[int]) -> None:
    window = drawn_line(raw).window(0, 1000)
    within = sorted({0, len(window.text), *(cut for cut in cuts if cut < len(window.text))})
    edges = sorted(set(whole_graphemes(window, within)))
    parts = [window.text[a:b] for a, b in pairwise(edges)]
    assert "".join(parts) == window.text
    assert sum(map(cell_len, parts)) == cell_len(window.text)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("\tx", "    x"),
        ("ab\tx", "ab  x"),
        ("界\tx", "界  x"),
        ("abcd\t\tx", "abcd        x"),
    ],
)
def test_tabs_stop_at_cells(raw: str, expected: str) -> None:
    assert drawn(raw) == expected


def test_hostile_text_is_shown_not_executed() -> None:
    text = drawn(HOSTILE)
    assert text.isprintable()
    assert "␛" in text
    assert "⇄" in text


def test_bytes_that_are_not_utf8_are_shown() -> None:
    assert drawn(b"caf\xe9".decode("utf-8", "surrogateescape")) == "caf\N{REPLACEMENT CHARACTER}"


def test_a_huge_line_is_shown_anywhere_without_measuring_it_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    measured = 0
    honest = diff_text.cell_len

    def counting(text: str) -> int:
        nonlocal measured
        measured += len(text)
        return honest(text)

    monkeypatch.setattr(diff_text, "cell_len", counting)
    ascii_line = "0123456789" * 200_000
    assert drawn_line(ascii_line).window(1_999_990, 40).text == "0123456789"
    assert drawn_line("é" + ascii_line).window(3, 5).text == "23456"
    assert measured <= 2048


@given(st.integers(0, 3000))
@settings(max_examples=60)
def test_long_lines_of_wide_characters_keep_their_columns(column: int) -> None:
    raw = "界a" * LONG_LINE
    window = drawn_line(raw).window(column, 12)
    assert window.cells == 12 or window.cells == 11
    third, rest = divmod(column, 3)
    assert window.lead == (1 if rest == 1 else 0)
    expected = {0: "界a", 1: "a界", 2: "a界"}[rest]
    assert window.text.startswith(expected)
    assert window.start == 2 * third + (0 if rest == 0 else 1)
