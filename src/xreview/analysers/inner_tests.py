"""Finding the tests inside a source file, by their first lines and their indentation.

Works on a part of a file too, such as a hunk with git's section heading.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

_OPENS: Mapping[str, re.Pattern[str]] = {
    language: re.compile(pattern)
    for language, pattern in {
        "rust": r"(?:pub(?:\([^)]*\))? )?mod \w*tests?\b[^;]*$|#\[(?:\w+::)?test\b",
        "javascript": r"(?:describe|context|suite|it|test)(?:\.\w+)?\(.*[{(]$"
        r"|if \(import\.meta\.vitest\)",
        "ruby": r"(?:RSpec\.)?describe\b.*\bdo$|class (?:Test\w+|\w+Test)\b",
        "c": r"TEST(?:_\w+)?\(|#\s*if(?:def)?\b.*_TESTS?\b",
        "python": r"class Test\w*[(:]|(?:async )?def test_\w+\(",
    }.items()
}
_LIKE = {"typescript": "javascript", "tsx": "javascript", "cpp": "c"}
_CLOSES = re.compile(r"[})]|end\b")
_IF = re.compile(r"#\s*if")
_END_IF = re.compile(r"#\s*endif")


def lines_of_tests(rows: Iterable[tuple[int, str]], language: str, heading: str = "") -> set[int]:
    """The numbers of the rows that belong to tests.

    Args:
        rows: number and text of consecutive lines.
        heading: the line that begins the block in which the first row is; "" if unknown.
    """
    opens = _OPENS.get(_LIKE.get(language, language))
    return set() if opens is None else set(_lines_of_tests(rows, opens, heading, language))


def _lines_of_tests(
    rows: Iterable[tuple[int, str]], opens: re.Pattern[str], heading: str, language: str
) -> Iterator[int]:
    depth = 0 if opens.match(heading) else None
    conditions = 0  # of the preprocessor, open since the first line of the tests
    for number, text in rows:
        code = text.strip()
        if depth is not None and conditions:
            conditions += bool(_IF.match(code)) - bool(_END_IF.match(code))
            depth = depth if conditions else None
            yield number
            continue
        indent = len(text) - len(text.lstrip())
        if depth is not None and code and indent <= depth:
            if _CLOSES.match(code):
                yield number
                depth = None
                continue
            if language == "python":
                depth = None
        if depth is None and opens.match(code):
            depth = indent
            conditions = int(bool(_IF.match(code)))
        if depth is not None:
            yield number
