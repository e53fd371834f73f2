"""The lines on which a statement of a Python file begins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.imports.coverage_files.statements import statement_lines


def test_comments_texts_continuations_and_labels_are_no_statements() -> None:
    text = (
        '"""Text."""\n# comment\nx = [\n    1,\n]\n\nif x:\n    y = 1\nelse:\n    y = 2\n'
        "def f():\n    '''Text.'''\n    global z\n    return 1\n"
    )
    assert statement_lines(text) == {3, 7, 8, 10, 11, 14}


def test_what_is_excluded_with_its_block_is_none() -> None:
    text = (
        "if a:  # pragma: no cover\n    b = 1\n    if c:\n        d = 2\n"
        "e = 3\nf()  # pragma: no cover\ng()\n"
    )
    assert statement_lines(text) == {5, 7}


@pytest.mark.parametrize("text", ["x = (", "if x:\n  a\n b\n", "'''", "((((" * 9000])
def test_what_is_not_python_has_none(text: str) -> None:
    assert statement_lines(text) == set()


@given(st.text(alphabet="()[]{}'\"\\# \n\tabf:=,.0é\f\r\0") | st.text())
def test_any_text_gives_lines_of_it(text: str) -> None:
    found = statement_lines(text)
    assert all(1 <= line <= text.count("\n") + text.count("\r") + 1 for line in found)
