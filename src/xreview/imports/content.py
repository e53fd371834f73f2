"""Reading a file of findings: its encoding, and the JSON in it where it is JSON."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from xreview.domain.errors import UsageError
from xreview.imports.format import MOST_RESULTS, Content
from xreview.imports.node import Node
from xreview.imports.source import read_bytes, source_name

_MOST_VALUES = 3_000_000
"""How many objects, lists and elements of these a text may have: each takes some hundred bytes."""

_ADVICE = "Nothing of it was imported. Have its tool write it again."
_NAN = "is no number of JSON"
_MANY = f"it has more than {_MOST_VALUES:,} values"

# clang counts its warnings behind the SARIF that it writes to the same place.
_COUNTED = re.compile(r"\d+ (warnings?|errors?)( and \d+ errors?)? generated\.\s*\Z")


def read_content(path: Path) -> Content:
    """What a file holds: text and, where it looks like JSON, the values of it.

    One JSON value is one row; values behind each other, line by line or divided by NUL characters,
    are a row each. UTF-8, UTF-16 and UTF-32 are read, with a byte order mark or without (RFC 4627,
    section 3). Raises UsageError where the file can't be read, is too large, or is broken JSON,
    with the place.
    """
    file = source_name(path)
    text = _decoded(file, read_bytes(path))
    if text.lstrip()[:1] not in ("{", "["):
        return Content(file, text)
    try:
        return Content(file, text, (Node(_parsed(text), "$", file),))
    except json.JSONDecodeError as error:
        if (value := _counted(text, file)) is not None:
            return Content(file, text, (value,))
        if (found := _rows(text, file)) is not None:
            rows, beyond = found
            return Content(file, text, tuple(rows), beyond)
        raise _broken(file, error, error.lineno) from error
    except _UnusableError as error:
        raise UsageError(f"{file} can't be imported: {error}.", _ADVICE) from error


def _decoded(file: str, content: bytes) -> str:
    encoding = json.detect_encoding(content)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{file} can't be imported: byte {error.start:,} is not {error.encoding.upper()}.",
            _ADVICE,
        ) from error


class _UnusableError(Exception):
    """The text is JSON, or nearly so, but can't be made a value."""


def _parsed(text: str) -> object:
    """The value of a text. Raises JSONDecodeError or _UnusableError."""
    if sum(map(text.count, "{[,")) > _MOST_VALUES:
        raise _UnusableError(_MANY)
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise _UnusableError("it is nested too deeply") from None
    except json.JSONDecodeError:
        raise
    except ValueError:
        raise _UnusableError("it has a number of thousands of digits") from None


def _refuse_constant(name: str) -> NoReturn:
    raise _UnusableError(f"{name} {_NAN}")


def _rows(text: str, file: str) -> tuple[list[Node], int] | None:
    """The values of the lines, and how many lines more there are.

    None where the first line with anything in it is no JSON object.
    """
    rows: list[Node] = []
    beyond = 0
    for number, line in _parts(text):
        if not line.strip():
            continue
        if len(rows) >= MOST_RESULTS:
            beyond += 1
            continue
        try:
            value = _parsed(line)
        except json.JSONDecodeError as error:
            if not rows:
                return None
            raise _broken(file, error, number) from error
        except _UnusableError as error:
            raise UsageError(
                f"{file} can't be imported: line {number}: {error}.", _ADVICE
            ) from error
        row = Node(value, f"line {number}: $", file)
        if not rows and not row.is_object:
            return None
        rows.append(row)
    return (rows, beyond) if rows else None


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """The parts between line feeds or, where there are any, between NULs; not all at once."""
    mark = "\0" if "\0" in text else "\n"
    number, begin = 1, 0
    while begin <= len(text):
        end = text.find(mark, begin)
        end = len(text) if end < 0 else end
        yield number, text[begin:end]
        number, begin = number + 1, end + 1


def _counted(text: str, file: str) -> Node | None:
    """The value before clang's count of its warnings."""
    if (count := _COUNTED.search(text, max(0, len(text) - 200))) is None:
        return None
    try:
        return Node(_parsed(text[: count.start()]), "$", file)
    except (json.JSONDecodeError, _UnusableError):
        return None


def _broken(file: str, error: json.JSONDecodeError, line: int) -> UsageError:
    """The refusal of a text that begins like JSON and is none."""
    what = f"{error.msg[:1].lower()}{error.msg[1:]}"
    place = f"line {line:,}, column {error.colno:,}"
    return UsageError(f"{file} can't be imported: it is no JSON at {place}: {what}.", _ADVICE)
