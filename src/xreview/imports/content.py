"""The content of a file of findings: decoded text, and its JSON values."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from xreview.domain.record import dataclass
from xreview.imports.node import MalformedError, Node
from xreview.imports.source import read_bytes, source_name

MOST_RESULTS = 20_000
"""The results read from one file: more than a user triages."""

_MOST_VALUES = 3_000_000
"""Objects, lists and elements in one text: each takes some hundred bytes."""

_SPACE = re.compile(r"\s*")
# clang writes its count of warnings behind the SARIF.
_COUNTED = re.compile(r"\d+ (warnings?|errors?)( and \d+ errors?)? generated\.\s*\Z")


@dataclass(frozen=True, slots=True)
class Content:
    """What a file contains.

    Args:
        file: its name, for messages.
        rows: the JSON values in it, in order; () where it isn't JSON.
        beyond: the number of further values, which were not read.
    """

    file: str
    text: str
    rows: tuple[Node, ...] = ()
    beyond: int = 0

    @property
    def elements(self) -> list[Node]:
        """The elements of the list that it is, or the values of its lines."""
        if len(self.rows) == 1 and self.rows[0].is_list:
            return self.rows[0].items()
        return list(self.rows)

    @property
    def first(self) -> Node | None:
        """The first of `elements`, which shows the format; None for an empty file."""
        if len(self.rows) == 1 and self.rows[0].is_list:
            return next(self.rows[0].each(), None)
        return self.rows[0] if self.rows else None

    def begins_with(self, *names: str) -> bool:
        """Whether the first element has all these fields."""
        return self.first is not None and self.first.names.issuperset(names)


def read_content(path: Path) -> Content:
    """Read a file: its text and, where it looks like JSON, the values in it.

    One JSON value is one row; so is each of several values that follow each other, on lines of
    their own or not, or divided by NUL characters. Reads UTF-8, UTF-16 and UTF-32, with or without
    a byte order mark (RFC 4627, section 3). Raises UsageError, with the place, where the file can't
    be read, is too large, or is broken JSON.
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
        if (documents := _documents(text, file, error)) is not None:
            return Content(file, text, documents)
        raise _broken(file, error, error.lineno) from error
    except _UnusableError as error:
        raise MalformedError(file, str(error)) from error


def _decoded(file: str, content: bytes) -> str:
    encoding = json.detect_encoding(content)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        why = f"byte {error.start:,} isn't valid {error.encoding.upper()}"
        raise MalformedError(file, why) from error


class _UnusableError(Exception):
    """The text is JSON, or nearly, but can't be turned into a value."""


def _parsed(text: str) -> object:
    """The value of a text. Raises JSONDecodeError or _UnusableError."""
    if sum(map(text.count, "{[,")) > _MOST_VALUES:
        raise _UnusableError(f"it has more than {_MOST_VALUES:,} values")
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise _UnusableError("it is nested too deeply") from None
    except json.JSONDecodeError:
        raise
    except ValueError:
        raise _UnusableError("it has a number with thousands of digits") from None


def _refuse_constant(name: str) -> NoReturn:
    raise _UnusableError(f"{name} isn't a JSON number")


def _rows(text: str, file: str) -> tuple[list[Node], int] | None:
    """The values of the lines, and the number of further lines.

    None where the first line that isn't empty isn't a JSON object.
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
            raise MalformedError(file, f"line {number}: {error}") from error
        row = Node(value, f"line {number}: $", file)
        if not rows and not row.is_object:
            return None
        rows.append(row)
    return (rows, beyond) if rows else None


def _documents(text: str, file: str, error: json.JSONDecodeError) -> tuple[Node, ...] | None:
    """The values of a text that follow each other without a line feed, as pages of `gh api` do."""
    if not error.msg.startswith("Extra data"):
        return None
    decoder = json.JSONDecoder(parse_constant=_refuse_constant)
    begin, found = 0, list[Node]()
    while begin < len(text) and len(found) < MOST_RESULTS:
        try:
            value, end = decoder.raw_decode(text, begin)
        except (ValueError, RecursionError, _UnusableError):
            return None
        found.append(Node(value, f"document {len(found) + 1}: $", file))
        space = _SPACE.match(text, end)
        begin = space.end() if space else end
    return tuple(found)


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """The parts between line feeds, or between NULs where there are any, one at a time."""
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


def _broken(file: str, error: json.JSONDecodeError, line: int) -> MalformedError:
    what = f"{error.msg[:1].lower()}{error.msg[1:]}"
    return MalformedError(file, f"invalid JSON at line {line:,}, column {error.colno:,}: {what}")
