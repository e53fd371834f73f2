import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.strategies import texts
from xreview.domain.change import Side
from xreview.review.reply.quote import ShownCode, _unfenced, sendable

CODE = (
    "- item",
    "    if x:",
    "        return 1 | 2",
    "",
    "+ more",
    "caf\udce9 = 1",
    "12| odd",
    "a\u200b = '\u202e'\r",
    "x\rb",
)
SHOWN = ShownCode({("src/a.py", Side.NEW): CODE, ("b/c.py", Side.OLD): ("x",)})


def verbatim(quote: str) -> str:
    return SHOWN.verbatim(quote, "src/a.py", Side.NEW)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("    if x:", "    if x:"),
        ("if x:\n  return 1 | 2", "if x:\n  return 1 | 2"),
        ("    if x:\r\n        return 1 | 2\r\n", "    if x:\n        return 1 | 2"),
        ("+   2|    if x:\n+   3|        return 1 | 2", "    if x:\n        return 1 | 2"),
        ("    2|    if x:", "    if x:"),
        ("2 |    if x:", "    if x:"),
        ("+    if x:\n+        return 1 | 2", "    if x:\n        return 1 | 2"),
        ("```python\n    if x:\n```", "    if x:"),
        ("`if x:`", "if x:"),
        ("- item", "- item"),
        ("+ more", "+ more"),
        ("12| odd", "12| odd"),
        ("caf\ufffd = 1", "caf\udce9 = 1"),
        ("a⌧ = '⇄'", "a\u200b = '\u202e'\r"),
        ("12| odd\na⌧ = '⇄'\nx␍b", "12| odd\na\u200b = '\u202e'\r\nx\rb"),
    ],
)
def test_a_quote_that_was_shown_is_found(said: str, meant: str) -> None:
    assert verbatim(said) == meant


@pytest.mark.parametrize("said", ["+ not there", "7|not there", "`nor this`", "if y:"])
def test_a_quote_that_was_not_shown_stays_as_it_is(said: str) -> None:
    assert verbatim(said) == said


def test_a_file_that_was_not_shown_changes_nothing() -> None:
    assert SHOWN.verbatim("+x", "else.py", Side.NEW) == "+x"
    assert SHOWN.verbatim("x", "src/a.py", Side.OLD) == "x"


@given(st.text(alphabet=st.sampled_from("+-|`1 \nax\udce9\r") | st.characters()))
def test_no_quote_raises_and_white_space_apart_it_only_loses(quote) -> None:
    assert len(verbatim(quote)) <= len(quote)


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ("src/a.py", "src/a.py"),
        ('"src/a.py"', "src/a.py"),
        ("`src/a.py`", "src/a.py"),
        ("./src/a.py", "src/a.py"),
        ("b/src/a.py", "src/a.py"),
        ("b/c.py", "b/c.py"),
        ("a/b/c.py", "b/c.py"),
        ("../a.py", "../a.py"),
        ("elsewhere.py", "elsewhere.py"),
        ('"broken', '"broken'),
        ("", ""),
    ],
)
def test_paths(said: str, path: str) -> None:
    assert SHOWN.path_of(said) == path


@given(texts)
def test_what_is_sent_is_utf_8_and_as_long(text) -> None:
    sent = sendable(text)
    sent.encode("utf-8")
    assert len(sent) == len(text)


@pytest.mark.parametrize(
    ("quote", "inner"),
    [
        ("```\na\n```", "a"),
        ("  ```py\na\n\n  ```\n ", "a\n"),
        ("```\n```", ""),
        ("```a```", None),
        ("```\na", None),
        ("``` `\na\n```", None),
    ],
)
def test_a_fence_is_taken_off(quote: str, inner: str | None) -> None:
    assert _unfenced(quote) == inner


@pytest.mark.parametrize(
    "quote",
    ["```\n" + " " * 19_000, " " * 19_000 + "x", "```\n" + "`" * 19_000, "if x:" + " " * 10**6],
    ids=["fence", "gutter", "ticks", "too long"],
)
def test_a_quote_takes_no_time_by_the_square_of_its_length(quote: str) -> None:
    for _ in range(200):  # each of these took seconds
        assert verbatim(quote) == quote
