"""Reading a file of findings: its bytes, their encoding, and JSON or JSON lines in it."""

import json
from pathlib import Path
from typing import NoReturn

from xreview.domain.errors import UsageError
from xreview.reviewers.imported.node import Node

MOST_BYTES = 50_000_000
"""Larger files are refused: as values they take about ten times their size in memory."""

_ADVICE = "Nothing of it was imported. Have its tool write it again."
_NAN = "is no number of JSON"


def read_content(path: Path) -> Node | list[Node]:
    """What a file holds: one JSON value, or the values of its lines where it is JSON lines.

    UTF-8, UTF-16 and UTF-32 are read, with a byte order mark or without (RFC 4627, section 3).
    Raises UsageError where the file can't be read, is too large, or is no JSON, with the place.
    """
    text = _decoded(path, _read(path))
    file = str(path)
    try:
        return Node(_parsed(text), "$", file)
    except json.JSONDecodeError as error:
        if (rows := _rows(text, file)) is not None:
            return rows
        raise _broken(file, error, error.lineno) from error
    except _UnusableError as error:
        raise UsageError(f"{file} can't be imported: {error}.", _ADVICE) from error


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(
            f"{path} can't be read: {error.strerror or error}.",
            "Name a file of findings (SARIF, rdjson, or an export of this program).",
        ) from error
    if len(content) > MOST_BYTES:
        raise UsageError(
            f"{path} has more than {MOST_BYTES // 1_000_000} MB.",
            "Have its tool look at the files of this change only.",
        )
    return content


def _decoded(path: Path, content: bytes) -> str:
    try:
        return content.decode(json.detect_encoding(content))
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path} can't be imported: byte {error.start:,} is not {error.encoding.upper()}.",
            _ADVICE,
        ) from error


class _UnusableError(Exception):
    """The text is JSON, or nearly so, but can't be made a value."""


def _parsed(text: str) -> object:
    """The value of a text. Raises JSONDecodeError or _UnusableError."""
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


def _rows(text: str, file: str) -> list[Node] | None:
    """The values of the lines; None where the first line with anything in it is no JSON object."""
    rows: list[Node] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
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
    return rows or None


def _broken(file: str, error: json.JSONDecodeError, line: int) -> UsageError:
    if not error.doc.strip():
        return UsageError(f"{file} can't be imported: it is empty.", _ADVICE)
    what = f"{error.msg[:1].lower()}{error.msg[1:]}"
    place = f"line {line:,}, column {error.colno:,}"
    return UsageError(f"{file} can't be imported: it is no JSON at {place}: {what}.", _ADVICE)
