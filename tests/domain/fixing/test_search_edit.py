"""Edits that search for a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.fixing.search_edit import SearchEdit, apply_in_order


def after(content: bytes | None, search: str, new: str) -> bytes:
    found, refused = apply_in_order(content, [SearchEdit("a.py", search, new)])
    assert found is not None
    assert not refused
    return found


def why(content: bytes | None, search: str, new: str = "x") -> str:
    found, ((_, reason),) = apply_in_order(content, [SearchEdit("a.py", search, new)])
    assert found == content
    return reason


def test_a_text_that_occurs_once_is_replaced():
    assert after(b"a = f(1)\nb = 2\n", "f(1)", "g(1)") == b"a = g(1)\nb = 2\n"
    assert after(b"a\nb\nc\n", "a\nb\n", "") == b"c\n"
    assert after(b"a\nb\nc", "\nc", "") == b"a\nb"


def test_anything_else_is_refused_with_a_reason():
    assert "isn't in a.py" in why(b"a\n", "b")
    assert "more than once" in why(b"a\na\n", "a")
    assert "more than once" in why(b"aaa", "aa")
    assert "there is no file" in why(None, "a")
    assert "exists" in why(b"a\n", "")


def test_an_empty_search_makes_a_file():
    assert after(None, "", "new\n") == b"new\n"
    assert after(b"", "", "new\n") == b"new\n"


@pytest.mark.parametrize(("search", "new"), [("b\nc", "x\ny\nz"), ("b\r\nc", "x\r\ny\r\nz")])
def test_windows_line_ends_are_kept(search, new):
    assert after(b"a\r\nb\r\nc", search, new) == b"a\r\nx\r\ny\r\nz"
    assert after(b"a\r\nb\r\nc\r\n", search, new) == b"a\r\nx\r\ny\r\nz\r\n"


def test_edits_follow_one_another():
    edits = [SearchEdit("a", "1", "2"), SearchEdit("a", "gone", ""), SearchEdit("a", "2", "3")]
    content, refused = apply_in_order(b"1\n", edits)
    assert content == b"3\n"
    assert [index for index, _ in refused] == [1]


@given(st.text("ab\n", max_size=30), st.text("ab\n", min_size=1, max_size=4), st.text("xy\n"))
def test_it_does_what_replacing_text_does(text, search, new):
    found, refused = apply_in_order(text.encode(), [SearchEdit("a", search, new)])
    occurrences = sum(text.startswith(search, at) for at in range(len(text)))
    if occurrences == 1:
        assert found == text.replace(search, new).encode()
    else:
        assert refused
        assert found == text.encode()


@given(st.lists(st.sampled_from(["a\r\n", "b\r\n", "ab\r\n"]), min_size=2), st.data())
def test_windows_line_ends_survive_any_edit(lines, data):
    text = "".join(lines).replace("\r\n", "\n")
    start = data.draw(st.integers(0, len(text) - 1))
    search = text[start : data.draw(st.integers(start + 1, len(text)))]
    new = data.draw(st.text("xy\n", max_size=4))
    content, refused = apply_in_order("".join(lines).encode(), [SearchEdit("a", search, new)])
    if not refused:
        assert content == text.replace(search, new).replace("\n", "\r\n").encode()
