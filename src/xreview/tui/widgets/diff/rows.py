"""The rows of one file's diff, found without parsing the file: pure, no Textual.

A diff body stays the bytes that git printed. It's cut into blocks, one or more per hunk, with
`bytes.find` and `bytes.count`, and only as far as needed: a file of a million lines costs as much
as what is on the screen. A block is parsed when one of its rows is drawn.

The rows of a file, from 0: the file header, a notice if there is one, then every line of the body
in order (hunk headers, code, and git's "\\ No newline at end of file"), and perhaps one that stands
for the rest of the file.
"""

from bisect import bisect_right
from collections.abc import Iterator
from functools import cache, cached_property, lru_cache

from xreview.domain.change import HUNK_HEADER, FileDiff, FileStatus, Side
from xreview.domain.text import visible
from xreview.tui.widgets.diff.blocks import (
    DiffRow,
    RowBlock,
    RowKind,
    end_of_block,
    numbers_after,
    parse_block,
)

SUBMODULE = "160000"
_CONTEXT_LINES = 3
_WITH_UNCHANGED = frozenset((FileStatus.MODIFIED, FileStatus.RENAMED, FileStatus.COPIED))
_PARSED_BLOCKS = 64


def notice_of(file: FileDiff) -> str:
    """Return a note about a file in addition to its lines; "" for none."""
    if file.notice or file.body:
        return file.notice
    if file.binary:
        return "binary file: no lines to show"
    if SUBMODULE in (file.old_mode, file.new_mode):
        return "submodule"
    if file.status is FileStatus.RENAMED:
        return "renamed, content unchanged"
    if file.status is FileStatus.COPIED:
        return "copied, content unchanged"
    if file.status in (FileStatus.ADDED, FileStatus.DELETED):
        return "empty file"
    if file.old_mode and file.new_mode and file.old_mode != file.new_mode:
        return "mode changed, content unchanged"
    return "no lines to show"


def rows_before_body(file: FileDiff) -> int:
    """Return the number of rows before the body: the header, and a notice if there is one."""
    return 2 if notice_of(file) else 1


def may_go_on(file: FileDiff) -> bool:
    """Whether the file may have unchanged lines below the last hunk.

    git shows three lines below a change, fewer only at the end of a file.
    """
    if file.status not in _WITH_UNCHANGED:
        return False
    end = len(file.body) - file.body.endswith(b"\n")
    for _ in range(_CONTEXT_LINES):
        feed = file.body.rfind(b"\n", 0, end)
        if feed < 0 or not file.body.startswith(b" ", feed + 1):
            return False
        end = feed
    return True


def number_width(body: bytes) -> int:
    """Return the number of digits of the largest line number in a body, at least 3."""
    header = HUNK_HEADER.match(body, body.rfind(b"\n@@ ") + 1)
    if header is None:
        return 3
    old = int(header[1]) + int(header[2] or 1)
    new = int(header[3]) + int(header[4] or 1)
    return max(3, len(str(max(old, new))))


class FileRows:
    """The rows of one file, by number, computed on demand. Not thread-safe.

    With `has_rest`, one more row stands for the unchanged lines below the last hunk.
    """

    def __init__(self, file: FileDiff, has_rest: bool = False) -> None:
        self.file = file
        self.body_row = rows_before_body(file)
        self.rest_row = self.body_row + file.row_count
        self.count = self.rest_row + has_rest
        self._blocks: list[RowBlock] = []
        self._block_rows: list[int] = []
        self._cut_to = 0
        self._next_row = self.body_row
        self._hunk_rows: list[int] = []
        self._hunk_blocks: list[int] = []
        self._hunk: tuple[int, int, int, int] = (0, 0, 0, 0)
        self.rows_of = lru_cache(_PARSED_BLOCKS)(self._rows_of)
        self.has_mixed_endings = cache(self._has_mixed_endings)

    @cached_property
    def lines_changed(self) -> tuple[int, int]:
        """The number of added and removed lines, counted without parsing."""
        return self.file.body.count(b"\n+"), self.file.body.count(b"\n-")

    @cached_property
    def number_width(self) -> int:
        """The number of digits of the largest line number, at least 3."""
        return number_width(self.file.body)

    def row(self, number: int) -> DiffRow:
        """Return a row by number. Raises IndexError outside of the file."""
        if not 0 <= number < self.count:
            raise IndexError(number)
        if number < self.body_row:
            return DiffRow(RowKind.FILE if number == 0 else RowKind.NOTICE)
        if number == self.rest_row:
            return DiffRow(RowKind.REST)
        index = self.block_index(number)
        return self.rows_of(index)[number - self._blocks[index].row]

    def block_index(self, number: int) -> int:
        """Return the index of the block with this row of the body."""
        self._cut_until(row=number)
        return bisect_right(self._block_rows, number) - 1

    def block(self, index: int) -> RowBlock:
        """Return a block by an index from `block_index`."""
        return self._blocks[index]

    def block_if_cut(self, index: int) -> RowBlock | None:
        """Return a block by index; None if it isn't cut yet."""
        return self._blocks[index] if index < len(self._blocks) else None

    def blocks(self) -> Iterator[RowBlock]:
        """Yield all blocks in order, cutting them on demand."""
        index = 0
        while index < len(self._blocks) or self._cut_next():
            yield self._blocks[index]
            index += 1

    def _rows_of(self, index: int) -> tuple[DiffRow, ...]:
        return tuple(parse_block(self.file.body, self._blocks[index]))

    def gap_above(self, number: int) -> int:
        """Return how many unchanged lines a hunk header hides; 0 for any other row."""
        if not self.body_row <= number < self.rest_row:
            return 0
        index = self.block_index(number)
        block = self._blocks[index]
        if block.row != number or not block.has_header:
            return 0
        above = self._blocks[index - 1] if index else None
        if block.new < block.new_end:
            return block.new - (above.new_end if above else 1)
        return block.old - (above.old_end if above else 1)

    def hides_lines(self, number: int) -> bool:
        """Whether a row stands for unchanged lines that the diff leaves out."""
        return number >= self.rest_row or self.gap_above(number) > 0

    def text(self, row: DiffRow, most: int | None = None) -> str:
        """Return the raw text of a row of the body, including a carriage return at its end; only
        that of its first `most` bytes."""
        end = row.end if most is None else min(row.end, row.start + most)
        return self.file.body[row.start : end].decode("utf-8", "surrogateescape")

    def hunk_row(self, hunk: int) -> int:
        """Return the row of a hunk's header. Raises IndexError for an unknown hunk."""
        while len(self._hunk_rows) <= hunk and self._cut_next():
            pass
        return self._hunk_rows[hunk]

    def hunk_after(self, number: int) -> int | None:
        """Return the row of the first hunk header below a row."""
        hunk = bisect_right(self._hunk_rows, number)
        try:
            return self.hunk_row(hunk)
        except IndexError:
            return None

    def hunk_before(self, number: int) -> int | None:
        """Return the row of the last hunk header above a row."""
        self._cut_until(row=number)
        hunk = bisect_right(self._hunk_rows, number - 1) - 1
        return self._hunk_rows[hunk] if hunk >= 0 else None

    def find(self, side: Side, line: int) -> int | None:
        """Return the row with a line of a side; None if the change doesn't show it."""
        index = -1
        for block in self.blocks():
            if (block.old if side is Side.OLD else block.new) > line:
                break
            index += 1
        if index < 0:
            return None
        for offset, row in enumerate(self.rows_of(index)):
            if (row.old if side is Side.OLD else row.new) == line:
                return self._blocks[index].row + offset
        return None

    def nearest(self, side: Side, line: int) -> int:
        """Return the hunk row nearest to a line that isn't shown; without hunks, the header."""
        best, distance = 0, -1
        for block in self.blocks():
            if block.hunk < 0:
                continue
            first = block.old if side is Side.OLD else block.new
            away = abs(first - line)
            if distance >= 0 and away > distance:
                break
            best, distance = block.row, away
        return best

    def _has_mixed_endings(self, hunk: int) -> bool:
        """Whether some lines of a hunk end in CRLF and others in LF."""
        if hunk < 0:
            return False
        body, row = self.file.body, self.hunk_row(hunk)
        start = self._blocks[self._hunk_blocks[hunk]].start
        self.hunk_after(row)
        last = self._hunk_blocks[hunk + 1] if hunk + 1 < len(self._hunk_blocks) else None
        end = len(body) if last is None else self._blocks[last].start
        start = body.find(b"\n", start, end) + 1
        windows = body.count(b"\r\n", start, end)
        unended = body.count(b"\n\\", start, end)
        lines = body.count(b"\n", start, end) - unended
        return 0 < windows < lines - unended

    def _cut_until(self, row: int) -> None:
        while self._next_row <= row and self._cut_next():
            pass

    def _cut_next(self) -> bool:
        """Cut one more block off the body; return False at its end."""
        body, start = self.file.body, self._cut_to
        if start >= len(body):
            return False
        header = HUNK_HEADER.match(body, start) if body.startswith(b"@@ ", start) else None
        old, new, old_end, new_end = self._hunk
        if header is not None:
            old, new = int(header[1]), int(header[3])
            old_end = old + (1 if header[2] is None else int(header[2]))
            new_end = new + (1 if header[4] is None else int(header[4]))
            self._hunk_rows.append(self._next_row)
            self._hunk_blocks.append(len(self._blocks))
        end = end_of_block(body, start)
        count = body.count(b"\n", start, end) + (not body.endswith(b"\n", start, end))
        block = RowBlock(
            self._next_row, count, start, end, old, new, old_end, new_end,
            len(self._hunk_rows) - 1, header is not None,
        )  # fmt: skip
        self._blocks.append(block)
        self._block_rows.append(block.row)
        self._cut_to, self._next_row = end, block.row + count
        self._hunk = numbers_after(body, block)
        return True


def file_title(file: FileDiff) -> str:
    """Return the path of a file, and the old one if it was moved: raw."""
    return f"{file.old_path} → {file.path}" if file.old_path else file.path


def file_facts(rows: FileRows) -> str:
    """Return the status of a file in a few words, safe to show: `modified · +3 −1`."""
    file = rows.file
    facts = ["untracked" if file.untracked else file.status.word]
    if file.old_mode and file.new_mode and file.old_mode != file.new_mode:
        facts.append(f"{file.old_mode} → {file.new_mode}")
    elif "120000" in (file.old_mode, file.new_mode):
        facts.append("symbolic link")
    if file.body:
        added, removed = rows.lines_changed
        facts.append(f"+{added} −{removed}")
    return visible(" · ".join(facts))
