"""Searching a change by bytes, so that a large one needn't be parsed. Pure."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from xreview.domain.change import FileDiff
from xreview.tui.widgets.diff.document import DocumentPosition
from xreview.tui.widgets.diff.rows import rows_before_body


@lru_cache(16)
def shown_pattern(text: str) -> re.Pattern[str]:
    """Return the pattern that highlights matches; upper case makes it case-sensitive."""
    return re.compile(re.escape(text), 0 if _counts_case(text) else re.IGNORECASE)


@lru_cache(16)
def _body_pattern(text: str) -> re.Pattern[bytes]:
    """Return the pattern for a diff body; it never matches the mark at a line's start."""
    if _counts_case(text):
        wanted = re.escape(text.encode("utf-8", "surrogateescape"))
    else:
        wanted = b"".join(_either_case(character) for character in text)
    return re.compile(rb"(?<![\n])" + wanted)


def _counts_case(text: str) -> bool:
    return text != text.lower()


def _either_case(character: str) -> bytes:
    forms = dict.fromkeys((character, character.lower(), character.upper()))
    encoded = [re.escape(form.encode("utf-8", "surrogateescape")) for form in forms]
    return b"(?:" + b"|".join(encoded) + b")"


def find(
    files: Sequence[FileDiff], text: str, start: DocumentPosition, step: int, *, here: bool
) -> DocumentPosition | None:
    """Return the next (`step` 1) or previous (-1) row with the text, wrapping around.

    Searches code and paths, but not hunk headers; the row at `start` only if `here`. Safe in any
    thread.
    """
    if not text or not files:
        return None
    count = len(files)
    for away in range(count + 1):
        index = (start.file + step * away) % count
        rows = _rows_with(files[index], text)
        if away == 0:
            rows = (row for row in rows if _beyond(row, start.row, step, here))
        found = next(iter(rows), None) if step > 0 else max(rows, default=None)
        if found is not None:
            return DocumentPosition(index, found)
    return None


def _beyond(row: int, start: int, step: int, here: bool) -> bool:
    return row == start if here and row == start else (row > start if step > 0 else row < start)


def _rows_with(file: FileDiff, text: str) -> Iterable[int]:
    """Yield the rows of a file with the text, in order."""
    if shown_pattern(text).search(file.path):
        yield 0
    body, row, at = file.body, rows_before_body(file), 0
    last = -1
    for match in _body_pattern(text).finditer(body):
        row += body.count(b"\n", at, match.start())
        at = match.start()
        if row == last:
            continue
        line = body.rfind(b"\n", 0, at) + 1
        if body.startswith((b"@@ ", b"\\"), line):
            continue
        last = row
        yield row
