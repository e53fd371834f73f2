"""Checked with a parser of GitHub Flavored Markdown, HTML and bare links switched on."""

import re

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt

from tests.domain.strategies import HOSTILE, texts
from xreview.domain.text import visible, visible_block
from xreview.export.markdown_text import code_span, fence, inline, paragraphs, quotation

PARSER = MarkdownIt("gfm-like")
ACTIVE_IN_TEXT = re.compile(r"@|://|(?<!\w)www\.|[#!]\d|GH-\d|:\w+:", re.IGNORECASE)


def one_line(text: str) -> str:
    return " ".join(visible(re.sub("[ \t\r\n]+", " ", text)).split())


def paragraph(source: str):
    """The pieces of the one paragraph that the source must be: (kind, text)."""
    tokens = PARSER.parse(source)
    assert [token.type for token in tokens] in (
        [],
        ["paragraph_open", "inline", "paragraph_close"],
    ), source
    return [(child.type, child.content) for token in tokens for child in token.children or ()]


@settings(max_examples=300, deadline=None)
@given(texts)
def test_prose_shows_as_it_is_and_nothing_in_it_takes_effect(text):
    pieces = paragraph(inline(text))
    assert {kind for kind, _ in pieces} <= {"text", "code_inline", "text_special"}
    shown, line = "".join(content for _, content in pieces), one_line(text)
    if line.count("`") > 1:  # a word in backticks stays code, so these backticks don't show
        shown, line = shown.replace("`", ""), line.replace("`", "")
    assert shown == line
    prose = "".join(content if kind != "code_inline" else " " for kind, content in pieces)
    assert not ACTIVE_IN_TEXT.search(prose)


@pytest.mark.parametrize("text", [*HOSTILE, "\xa0", "\u3000# x"])
@pytest.mark.parametrize("before", ["", "word ", "word", "("])
def test_each_trick_by_itself(before, text):
    pieces = paragraph(inline(before + text + " end"))
    assert "".join(content for _, content in pieces) == one_line(before + text + " end")


@pytest.mark.parametrize(
    "text", ["- item", "+ item", "1. item", "12) item", "=== x", "--- x", "# x", "> x", "| a |"]
)
def test_no_block_begins_at_the_start_of_prose(text):
    assert "".join(content for _, content in paragraph(inline(text))) == text


def test_prose_without_tricks_stays_readable_in_the_source():
    assert inline("It waits 3.5 s (twice), then fails: why?") == (
        "It waits 3.5 s (twice), then fails: why?"
    )


@pytest.mark.parametrize(
    "word",
    [
        "@someone",
        "ada@example.com",
        "http://a",
        "WWW.example.com",
        "shop.py",
        "␀.al",
        "#12",
        "GH-3",
        ":x:",
    ],
)
def test_what_a_host_would_act_upon_is_code(word):
    assert inline(f"see {word} there") == f"see `{word}` there"


@settings(max_examples=200, deadline=None)
@given(texts)
def test_a_code_span_is_one_and_shows_the_text(text):
    span = code_span(text)
    if not span:
        assert not re.sub("[ \t\r\n]+", "", text)
        return
    ((kind, content),) = paragraph(f"x {span} y")[1:2]
    assert kind == "code_inline"
    assert content == visible(re.sub("[ \t\r\n]+", " ", text))


@settings(max_examples=200, deadline=None)
@given(texts)
def test_a_fence_is_one_block_and_shows_the_text(text):
    opening, token, closing = PARSER.parse(f"before\n\n{fence(text, 'diff')}\n\nafter")[2:5]
    assert opening.type == "paragraph_close"
    assert closing.type == "paragraph_open"
    assert (token.type, token.info) == ("fence", "diff")
    assert token.content.rstrip("\n") == visible_block(text).rstrip("\n")


@settings(max_examples=100, deadline=None)
@given(texts)
def test_paragraphs_are_nothing_but_paragraphs(text):
    kinds = {token.type for token in PARSER.parse(paragraphs(text))}
    assert kinds <= {"paragraph_open", "inline", "paragraph_close"}


def test_paragraphs_are_kept_apart():
    assert paragraphs("One\ntwo.\n\n \nThree.\r\n\r\nFour.") == "One two.\n\nThree.\n\nFour."


@settings(max_examples=100, deadline=None)
@given(texts)
def test_a_quotation_ends_with_its_text(text):
    tokens = PARSER.parse(f"{quotation(text)}\n\nafter")
    top = [token.type for token in tokens if token.level == 0]
    assert top == ["blockquote_open", "blockquote_close", "paragraph_open", "paragraph_close"]
    assert tokens[-2].content == "after"
