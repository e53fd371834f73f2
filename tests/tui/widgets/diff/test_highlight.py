import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tui.widgets.diff.diffs import line_texts
from xreview.tui.themes.files import SYNTAX
from xreview.tui.widgets.diff.highlight import LONGEST_LEXED_LINE, lexer_for, spans_of


def pieces(path: str, *lines: str) -> list[list[tuple[str, str]]]:
    lexer = lexer_for(path)
    assert lexer is not None
    found = spans_of(lexer, lines)
    return [
        [(line[a:b], group) for a, b, group in spans]
        for line, spans in zip(lines, found, strict=True)
    ]


def test_tokens_have_groups() -> None:
    line = pieces("src/a.py", 'def run(): return "x", 12  # why')[0]
    assert ("def", "keyword") in line
    assert ("run", "function") in line
    assert ("12", "number") in line
    assert ("# why", "comment") in line


def test_a_string_goes_on_over_lines() -> None:
    lines = pieces("a.py", 'x = """one', "  two", '"""', "y = 1")
    assert {group for _text, group in lines[1]} == {"string"}
    assert ("1", "number") in lines[3]


@pytest.mark.parametrize(
    "path", ["a.py", "b/c.rs", "x.go", "x.ts", "x.java", "x.rb", "x.cpp", "Makefile", "Dockerfile",
             "CMakeLists.txt", "a.b.json", "x.yaml", "x.html", "x.php", "x.sh", "x.md"],
)  # fmt: skip
def test_common_names_have_lexers(path: str) -> None:
    assert lexer_for(path) is not None


@pytest.mark.parametrize(
    "path", ["README", "data.unknown", "notes.txt", ".", "", "a/", "*.py[", "x."]
)
def test_other_names_stay_plain(path: str) -> None:
    assert lexer_for(path) is None


def test_lexers_are_kept_by_extension() -> None:
    assert lexer_for("one/a.py") is lexer_for("two/b.py")
    assert lexer_for("CMakeLists.txt") is not lexer_for("a.txt")


def test_a_long_line_stays_plain() -> None:
    long, after = pieces("a.py", "x = 1; " * LONGEST_LEXED_LINE, "def f")
    assert long == []
    assert ("def", "keyword") in after


@given(
    st.sampled_from(["a.py", "a.html", "a.php", "a.md", "Makefile", "a.yaml", "a.rb", "a.js"]),
    st.lists(line_texts, max_size=8),
)
@settings(max_examples=200, deadline=None)
def test_spans_stay_in_their_lines_in_order_and_apart(path: str, lines: list[str]) -> None:
    lexer = lexer_for(path)
    assert lexer is not None
    found = spans_of(lexer, lines)
    assert len(found) == len(lines)
    for line, spans in zip(lines, found, strict=True):
        edges = [edge for a, b, _group in spans for edge in (a, b)]
        assert edges == sorted(edges)
        assert all(0 <= edge <= len(line) for edge in edges)
        assert all(a < b and group in SYNTAX for a, b, group in spans)


def test_pygments_is_imported_at_the_first_use_only() -> None:
    code = (
        "import sys, xreview.tui.widgets.diff.highlight as h\n"
        "assert 'pygments' not in sys.modules\n"
        "assert h.lexer_for('a.py') and 'pygments' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
