"""On which line of a TOML document each key stands, which `tomllib` does not tell.

The document must already have been read by `tomllib` without an error: this only finds where the
statements of a valid document (https://toml.io/en/v1.0.0) begin.
"""

import re
import tomllib
from typing import Any, cast

Path = tuple[str, ...]

_TOKEN = re.compile(
    r'''
    (?P<comment>\#[^\n]*)
    | (?P<string>
        """(?:\\[\s\S]|(?!""")[^\\])*"{3,5}
      | \'\'\'(?:(?!\'\'\')[\s\S])*'{3,5}
      | "(?:\\.|[^"\\\n])*"
      | '[^'\n]*'
    )
    | (?P<open>[\[{])
    | (?P<close>[\]}])
    | (?P<equals>=)
    | (?P<newline>\n)
    | (?P<space>[ \t\r]+)
    | (?P<other>[^\s\#"'\[\]{}=]+)
    ''',
    re.VERBOSE,
)


def lines_of_keys(text: str) -> dict[Path, int]:
    """The 1-based line of every key and table header, by its path from the document's top.

    Keys inside inline tables and arrays are not told apart: they stand where the key around them
    does.
    """
    lines: dict[Path, int] = {}
    table: Path = ()
    for line, key, is_header in _statements(text):
        path = _path_of(key if is_header else f"{key} = 0")
        if is_header:
            table = path
        else:
            path = table + path
        for length in range(1, len(path) + 1):
            lines.setdefault(path[:length], line)
    return lines


def _statements(text: str) -> list[tuple[int, str, bool]]:
    """Each statement's line, its key or header, and whether it is a header."""
    found: list[tuple[int, str, bool]] = []
    line, depth, begin, begin_line = 1, 0, None, 0
    is_header = has_key = False
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if begin is None and kind not in ("space", "newline", "comment"):
            begin, begin_line = token.start(), line
            is_header, has_key = kind == "open", False
        depth += (kind == "open") - (kind == "close")
        if begin is not None and not has_key and kind == "equals" and not is_header:
            found.append((begin_line, text[begin : token.start()], False))
            has_key = True
        elif begin is not None and is_header and not has_key and kind == "close" and depth == 0:
            found.append((begin_line, text[begin : token.end()], True))
            has_key = True
        elif kind == "newline" and depth == 0:
            begin = None
        line += token.group().count("\n")
    return found


def _path_of(statement: str) -> Path:
    """The path that one key or header names, read by `tomllib` itself."""
    path: list[str] = []
    value: Any = tomllib.loads(statement)
    while isinstance(value, (dict, list)) and value:
        if isinstance(value, dict):
            name, value = next(iter(cast("dict[str, Any]", value).items()))
            path.append(name)
        else:
            value = cast("list[Any]", value)[0]
    return tuple(path)
