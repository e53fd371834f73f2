"""The change and its files without lines that look like secrets, before prompts are made of them.

The whole file decides which lines are withheld, so that a part of a key counts too. All lines keep
their numbers. Quotes are looked up in the original files (`session.ground`).
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence

from xreview.domain.authorship import line_ranges
from xreview.domain.change import HUNK_HEADER, FileDiff, Side
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.errors import ChangeError
from xreview.domain.record import dataclass, replace
from xreview.domain.text import count_of
from xreview.ports.reviewer import ContentReader
from xreview.review.egress.gate import Gate
from xreview.review.egress.secret_files import WHY, is_secret_file
from xreview.review.egress.secrets import WITHHELD, without_lines

LARGEST_WHOLE = 8 * 1024 * 1024
"""Bytes; of a larger file, only the diff is searched and shown."""

_MARKS = (b"+", b"-", b" ")
_SHORTEST_LINE = 8  # of withheld lines that are also withheld elsewhere in their file


class Withholding:
    """A `ContentReader` that withholds secrets and counts them."""

    def __init__(self, contents: ContentReader, gate: Gate | None = None) -> None:
        self._contents = contents
        self._gate = gate or Gate()
        self._withheld: dict[str, _Withheld] = {}
        self._whole: dict[str, int] = {}
        self.said = 0

    async def files(self, files: Iterable[FileDiff]) -> tuple[FileDiff, ...]:
        """The diffs without lines that look like secrets, and without secret files."""
        shown: list[FileDiff] = []
        for file in files:
            if is_withheld(file):
                self._whole[file.path] = file.added + file.removed
            else:
                shown.append(await self._file(file))
        return tuple(shown)

    async def read(self, file: FileDiff, side: Side) -> bytes | None:
        """The content of that side without such lines; also None if it is withheld whole or larger
        than `LARGEST_WHOLE`. Raises ChangeError if git fails."""
        if is_withheld(file):
            return None
        content = await self._contents.read(file, side)
        if content is None or len(content) > LARGEST_WHOLE:
            return None
        return await asyncio.to_thread(self._cleaned, content, file)

    def count_said(self, number: int) -> None:
        """Count lines withheld from the text around the code."""
        self.said += number

    def left_out(self, reviewer: str) -> tuple[CoverageEntry, ...]:
        """An entry for each file that is withheld whole."""
        return tuple(
            CoverageEntry(reviewer, path, Reading.SKIPPED, WHY, expected=False)
            for path in self._whole
        )

    def note(self, path: str) -> str:
        """What was withheld from a file's diff, for its coverage; "" for nothing."""
        if path in self._whole:
            return WHY
        found = self._withheld.get(path)
        if found is None:
            return ""
        where = f": {_in_words(found.numbers)}" if found.numbers else ""
        return f"{count_of(found.count, 'line')} withheld as possible secrets{where}"

    def holds_nothing(self, path: str) -> bool:
        """Whether every changed line of a file was withheld."""
        return path in self._withheld and self._withheld[path].is_all

    @property
    def total(self) -> int:
        """The number of lines withheld from diffs and from the text around them."""
        lines = sum(found.count for found in self._withheld.values())
        return lines + sum(self._whole.values()) + self.said

    async def _file(self, file: FileDiff) -> FileDiff:
        if not file.body:
            return file
        sides: dict[Side, _Known] = {}
        for side in _sides_in(file):
            try:
                content = await self._contents.read(file, side)
            except ChangeError:
                continue  # the diff itself is searched too
            if content is not None and len(content) <= LARGEST_WHOLE:
                sides[side] = await asyncio.to_thread(self._known, content, file)
        body, found = await asyncio.to_thread(self._cleaned_body, file, sides)
        if not found.count:
            return file
        self._withheld[file.path] = found
        return replace(file, body=body)

    # in a thread

    def _known(self, content: bytes, file: FileDiff) -> "_Known":
        text = _text(content)
        numbers = self._gate.file(text, file.path).lines
        rows = text.split("\n") if numbers else []
        return _Known({number: rows[number - 1].strip() for number in numbers})

    def _cleaned(self, content: bytes, file: FileDiff) -> bytes:
        text = _text(content)
        numbers = self._gate.file(text, file.path).lines
        return without_lines(text, numbers).encode("utf-8", "surrogateescape")

    def _cleaned_body(
        self, file: FileDiff, sides: "dict[Side, _Known]"
    ) -> "tuple[bytes, _Withheld]":
        """A diff's body without secrets, and what was withheld from it.

        The body without its marks is searched too, because whole files can be missing or outdated.
        """
        rows = file.body.split(b"\n")
        bare = b"\n".join(row[1:] if row[:1] in _MARKS else b"" for row in rows)
        by_itself = {number - 1 for number in self._gate.file(_text(bare), file.path).lines}
        again = frozenset(row for known in sides.values() for row in known.long_rows)
        numbers: list[int] = []
        count = left = 0
        for place in _places(rows):
            row = rows[place.index]
            if row[:1] not in _MARKS:
                continue
            said = _text(row[1:]).strip() if sides else ""
            if place.index in by_itself or said in again or place.is_in(sides, said):
                rows[place.index] = row[:1] + WITHHELD.encode()
                numbers.append(place.new or place.old or 0)
                count += 1
            else:
                left += row[:1] != b" "
        for index, row in enumerate(rows):
            # The section in a hunk header is a line of the file.
            match = HUNK_HEADER.match(row)
            if match and match[5]:
                section = _text(match[5])
                if section.strip() in again or self._gate.file(section, file.path).lines:
                    rows[index] = row[: match.start(5)]
                    count += 1
        return b"\n".join(rows), _Withheld(count, tuple(numbers), is_all=not left)


def is_withheld(file: FileDiff) -> bool:
    """Whether a file of the change is withheld whole, for its new or old name."""
    return is_secret_file(file.path) or bool(file.old_path and is_secret_file(file.old_path))


@dataclass(frozen=True, slots=True)
class _Known:
    """The withheld lines of one side of a whole file, stripped, by number."""

    rows: Mapping[int, str]

    @property
    def long_rows(self) -> Iterator[str]:
        """Those that are withheld wherever they occur again."""
        return (row for row in self.rows.values() if len(row) >= _SHORTEST_LINE)


@dataclass(frozen=True, slots=True)
class _Withheld:
    """What was withheld from a diff; `is_all` if no changed line is left."""

    count: int
    numbers: tuple[int, ...]
    is_all: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """A row of a body with its line numbers on both sides."""

    index: int
    old: int | None
    new: int | None

    def is_in(self, sides: Mapping[Side, _Known], said: str) -> bool:
        """Whether a whole file withholds this row, and still has it there."""
        numbers = {Side.OLD: self.old, Side.NEW: self.new}
        return any(
            number is not None and side in sides and sides[side].rows.get(number) == said
            for side, number in numbers.items()
        )


def _sides_in(file: FileDiff) -> Iterator[Side]:
    """The sides with lines in the diff; context lines belong to the new side."""
    yield Side.NEW
    if b"\n-" in file.body:
        yield Side.OLD


def _places(rows: Sequence[bytes]) -> Iterator[_Place]:
    """The rows of the hunks, numbered as in `domain.change`."""
    at = 0
    while at < len(rows):
        match = HUNK_HEADER.match(rows[at])
        at += 1
        if match is None:
            continue
        old, new = int(match[1]), int(match[3])
        old_end = old + (1 if match[2] is None else int(match[2]))
        new_end = new + (1 if match[4] is None else int(match[4]))
        while at < len(rows) and (old < old_end or new < new_end or rows[at][:1] == b"\\"):
            mark = rows[at][:1]
            if mark == b"+":
                yield _Place(at, None, new)
            elif mark == b"-":
                yield _Place(at, old, None)
            elif mark in (b" ", b""):
                yield _Place(at, old, new)
            elif mark != b"\\":
                break
            old += mark in (b"-", b" ", b"")
            new += mark in (b"+", b" ", b"")
            at += 1


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")


def _in_words(numbers: Iterable[int]) -> str:
    return line_ranges.in_words(line_ranges.merged_ranges((one, one) for one in numbers))
