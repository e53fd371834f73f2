"""Conversations on a pull request are shown as prose, and can't harm the terminal."""

from dataclasses import replace

from textual.content import Content

from tests.fakes.forge import AUTHOR, BOT
from tests.fakes.posting import remark, said
from xreview.tui.widgets.thread_text import NO_WORDS, thread_parts


def shown(*bodies):
    first, *others = (
        remark(str(at), AUTHOR if at else BOT, body) for at, body in enumerate(bodies)
    )
    thread = replace(said("T1"), comments=(first, *others))
    return Content.assemble(*thread_parts(thread, AUTHOR)).plain


def test_what_is_for_a_browser_is_left_out():
    text = shown(
        "**<sub>![P1 Badge](https://img.test/P1)</sub>  Shell injection**\n\n<!-- id: abc -->",
        "See [the docs](https://x.test).",
    )
    assert "\nShell injection\n" in text
    assert "\nSee the docs.\n" in text
    assert "Badge" not in text
    assert "abc" not in text


def test_what_markup_hides_from_a_reader_of_bytes_is_neutralised_too():
    assert "\x1b" not in shown("&#27;[31mred &#x202e; \x1b]0;title\x07")
    assert "␛[31mred ⇄" in shown("\x1b[31mred &#x202e;")


def test_a_comment_without_words_says_so():
    assert NO_WORDS in shown("<!-- nothing -->", "Why?")
