"""Searching a change by bytes, so that a large one needn't be parsed. Pure."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from xreview.domain.change import FileDiff
from xreview.domain.record import dataclass
from xreview.tui.widgets.diff.document import DocumentPosition
from xreview.tui.widgets.diff.rows import rows_before_body

_LINE_FEED = 10
MOST_MATCHES = 1_000
"""How many matches are counted: nobody walks through more."""


@dataclass(frozen=True, slots=True)
class MatchCount:
    """Which of the matches the cursor is on, 0 for none of them, and how many there are."""

    number: int
    total: int
    has_more: bool = False

    @property
    def label(self) -> str:
        """`3/17`, `3/1,000+`."""
        total = f"{self.total:,}{'+' if self.has_more else ''}"
        return f"{self.number:,}/{total}" if self.number else total


@dataclass(frozen=True, slots=True)
class Matches:
    """The first matches of a text, in order, in these files."""

    text: str
    files: tuple[FileDiff, ...]
    places: Sequence[DocumentPosition]

    def count(self, at: DocumentPosition | None) -> MatchCount:
        """Return the count for a cursor at this place."""
        places = self.places[:MOST_MATCHES]
        index = len(places) if at is None else bisect_left(places, at)
        number = index + 1 if index < len(places) and places[index] == at else 0
        return MatchCount(number, len(places), len(self.places) > MOST_MATCHES)


@lru_cache(16)
def shown_pattern(text: str) -> re.Pattern[str]:
    """Return the pattern that highlights matches; upper case makes it case-sensitive."""
    return re.compile(re.escape(text), 0 if _counts_case(text) else re.IGNORECASE)


def _hits(body: bytes, text: str) -> Iterable[int]:
    """Yield where a diff body has the text, but never the mark at a line's start."""
    if not (text.isascii() or _counts_case(text)):
        yield from (match.start() for match in _either_case(text).finditer(body))
        return
    # Much faster than a regular expression, which also holds the interpreter while it runs.
    wanted = text.encode("utf-8", "surrogateescape")
    searched = body if _counts_case(text) else body.lower()
    at = searched.find(wanted)
    while at >= 0:
        is_hit = at == 0 or body[at - 1] != _LINE_FEED
        if is_hit:
            yield at
        at = searched.find(wanted, at + (len(wanted) if is_hit else 1))


@lru_cache(16)
def _either_case(text: str) -> re.Pattern[bytes]:
    forms = (dict.fromkeys((one, one.lower(), one.upper())) for one in text)
    encoded = ([re.escape(form.encode("utf-8", "surrogateescape")) for form in of] for of in forms)
    wanted = b"".join(b"(?:" + b"|".join(one) + b")" for one in encoded)
    return re.compile(rb"(?<![\n])" + wanted)


def _counts_case(text: str) -> bool:
    return text != text.lower()


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


def find_all(files: Sequence[FileDiff], text: str, is_wanted: Callable[[], bool]) -> Matches:
    """Return the first rows with the text, one more than are counted. Safe in any thread.

    Stops after the current file when it isn't wanted any more.
    """
    places: list[DocumentPosition] = []
    for index, file in enumerate(files if text else ()):
        for row in _rows_with(file, text):
            places.append(DocumentPosition(index, row))
            if len(places) > MOST_MATCHES:
                return Matches(text, tuple(files), places)
        if not is_wanted():
            break
    return Matches(text, tuple(files), places)


def _beyond(row: int, start: int, step: int, here: bool) -> bool:
    return row == start if here and row == start else (row > start if step > 0 else row < start)


def _rows_with(file: FileDiff, text: str) -> Iterable[int]:
    """Yield the rows of a file with the text, in order."""
    if shown_pattern(text).search(file.path):
        yield 0
    body, row, at = file.body, rows_before_body(file), 0
    last = -1
    for hit in _hits(body, text):
        row += body.count(b"\n", at, hit)
        at = hit
        if row == last:
            continue
        line = body.rfind(b"\n", 0, at) + 1
        if body.startswith((b"@@ ", b"\\"), line):
            continue
        last = row
        yield row
