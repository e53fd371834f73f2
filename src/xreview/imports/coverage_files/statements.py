"""The first lines of Python's statements, for coverage that has only the lines that ran.

coverage.py compiles the source for that. A tokenizer is enough here, and nothing that a reviewed
file contains can crash it.
"""

import io
import re
import tokenize
from collections.abc import Iterator

_SKIPPED = (tokenize.COMMENT, tokenize.NL, tokenize.ENCODING)
_NO_CODE = ("global", "nonlocal")
_NO_CODE_ALONE = ("else", "finally")
_EXCLUDED = re.compile(r"#\s*(pragma|PRAGMA)[:\s]?\s*(no|NO)\s*(cover|COVER)")


def statement_lines(text: str) -> frozenset[int]:
    """Return the 1-based lines on which a statement of a Python file begins that leaves a trace.

    Empty if it isn't valid Python. What coverage.py excludes by `# pragma: no cover`, a line or its
    block, isn't in it.
    """
    try:
        return frozenset(_statements(text))
    except (tokenize.TokenError, SyntaxError, ValueError):  # IndentationError is a SyntaxError
        return frozenset()


def _statements(text: str) -> Iterator[int]:
    rows = text.split("\n")
    statement: list[tokenize.TokenInfo] = []
    depth = 0
    excluded: int | None = None
    """The depth of the statement whose block is excluded."""

    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in (tokenize.INDENT, tokenize.DEDENT):
            depth += 1 if token.type == tokenize.INDENT else -1
        elif token.type in (tokenize.NEWLINE, tokenize.ENDMARKER):
            if excluded is not None and statement and depth <= excluded:
                excluded = None
            if statement and excluded is None and _leaves_trace(statement):
                line = statement[0].start[0]
                if _EXCLUDED.search(rows[line - 1]):
                    excluded = depth
                else:
                    yield line
            statement = []
        elif token.type not in _SKIPPED:
            statement.append(token)


def _leaves_trace(statement: list[tokenize.TokenInfo]) -> bool:
    is_text = all(token.type == tokenize.STRING for token in statement)
    first = statement[0].string
    is_label = first in _NO_CODE_ALONE and len(statement) == 2  # with its colon
    return not (is_text or is_label or first in _NO_CODE)
