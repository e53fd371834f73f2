"""The line of each key in a TOML document, which `tomllib` doesn't report.

The document must be valid (https://toml.io/en/v1.0.0): `tomllib` must have parsed it before.
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
    """Return the 1-based line of every key and table header, by its path.

    Keys inside inline tables and arrays have none of their own.
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
    """Return each statement's line, its key or header, and whether it is a header."""
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
    """Return the path of one key or header, parsed by `tomllib`."""
    path: list[str] = []
    value: Any = tomllib.loads(statement)
    while isinstance(value, (dict, list)) and value:
        if isinstance(value, dict):
            name, value = next(iter(cast("dict[str, Any]", value).items()))
            path.append(name)
        else:
            value = cast("list[Any]", value)[0]
    return tuple(path)
