import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.strategies import texts
from xreview.domain.text import (
    all_of,
    count_of,
    expand_tabs,
    shorten,
    shorten_middle,
    visible,
    visible_block,
)

EMOJI_SELECTORS = "\ufe0e\ufe0f"
"""Text or emoji form of the character before: kept, since they belong to ordinary emoji."""

# Default_Ignorable_Code_Point of Unicode 16, DerivedCoreProperties.txt.
INVISIBLE = [
    chr(code)
    for start, end in (
        (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5),
        (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164),
        (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3),
        (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
    )
    for code in range(start, end + 1)
]  # fmt: skip


@given(texts)
def test_visible_keeps_the_length_and_is_done_once(text):
    shown = visible(text)
    assert len(shown) == len(text)
    assert visible(shown) == shown
    assert visible_block(shown) == shown


@given(texts)
def test_what_is_visible_can_be_printed_anywhere(text):
    for shown in (visible(text), visible_block(text).replace("\n", "").replace("\t", "")):
        shown.encode("utf-8")
        assert not {unicodedata.category(sign) for sign in shown} & {"Cc", "Zl", "Zp", "Cs"}


@given(texts)
def test_a_block_keeps_line_feeds_and_tabs_only(text):
    shown = visible_block(text)
    assert visible_block(shown) == shown
    assert shown.count("\n") == text.count("\n")
    assert shown.count("\t") == text.count("\t")
    assert visible(shown.replace("\n", "").replace("\t", "")) == shown.replace("\n", "").replace(
        "\t", ""
    )


def test_every_control_and_separator_of_unicode_is_replaced():
    unsafe = [
        sign
        for sign in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"}
    ]
    assert [sign for sign in unsafe if visible(sign) == sign] == []


def test_every_invisible_character_of_unicode_is_replaced():
    kept = {sign for sign in INVISIBLE if visible(sign) == sign}
    assert kept == set(EMOJI_SELECTORS)


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"])))
def test_ordinary_text_is_left_alone(text):
    # Fillers are letters to Unicode, and invisible.
    ordinary = "".join(sign for sign in text if sign not in INVISIBLE)
    assert visible(ordinary) == ordinary


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", "␛[2J"),
        ("a\tb\nc\rd", "a␉b␊c␍d"),
        ("\x7f\x9b", "␡␦"),
        ("a\u202eb", "a⇄b"),
        ("a\u200bb", "a⌧b"),
        ("\udc80", "�"),
        ("naïve 😀 ❤\ufe0f", "naïve 😀 ❤\ufe0f"),
    ],
)
def test_examples(text, shown):
    assert visible(text) == shown


def test_windows_line_ends_become_line_feeds_and_lone_returns_are_shown():
    assert visible_block("a\r\nb\rc\r\r\n") == "a\nb␍c␍\n"


@given(texts, st.integers(0, 40))
def test_shortened_text_is_never_wider_than_asked(text, width):
    short = shorten(text, width)
    assert len(short) <= max(0, width)
    assert short == text or text.startswith(short.removesuffix("…"))
    assert (short == text) == (len(text) <= width)


def test_shortened_text_says_so():
    assert shorten("abcdef", 4) == "abc…"
    assert shorten("abcd", 4) == "abcd"


def test_tabs_go_to_the_next_stop():
    assert expand_tabs("a\tbc\td", 4) == "a   bc  d"
    assert expand_tabs("no tab", 4) == "no tab"


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 findings"), (1, "1 finding"), (12345, "12,345 findings")]
)
def test_counts(number, said):
    assert count_of(number, "finding") == said


def test_a_count_with_a_plural_of_its_own():
    assert count_of(2, "entry", "entries") == "2 entries"
    assert count_of(1, "entry", "entries") == "1 entry"


@given(texts, st.integers(0, 40))
def test_what_is_cut_in_its_middle_fits_and_keeps_both_ends(text, width):
    shown = shorten_middle(text, width)
    assert len(shown) == min(len(text), width)
    if 1 < width < len(text):
        before, _, after = shown.partition("…")
        assert "…" in text or (text.startswith(before) and text.endswith(after))


def test_names_that_differ_at_their_end_stay_apart():
    assert shorten_middle("claude (scripted)/economy", 15) == "claude…/economy"


def test_parts_are_told_as_one_list():
    assert all_of([]) == ""
    assert all_of(["money"]) == "money"
    assert all_of(["money", "concurrency"]) == "money and concurrency"
    assert all_of(["money", "errors and time"]) == "money, and errors and time"
