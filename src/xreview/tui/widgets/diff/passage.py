"""The part of a change that is decorated at once: a block of one file."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from xreview.domain.change import FileDiff, Side
from xreview.domain.record import dataclass
from xreview.tui.widgets.diff.blocks import DiffRow, RowBlock, RowKind, parse_block

NumberedRow = tuple[int, DiffRow]
"""A row with its number in the file."""


@dataclass(frozen=True)
class PassageSide:
    """The rows of a passage that are lexed as one side of the file; its path chooses the lexer."""

    side: Side
    path: str
    rows: Sequence[NumberedRow]


@dataclass(frozen=True)
class Passage:
    """A block of one file to decorate; `key` names the request."""

    key: tuple[int, int]
    file: FileDiff
    block: RowBlock

    @cached_property
    def rows(self) -> list[NumberedRow]:
        """The rows of the block."""
        return list(enumerate(parse_block(self.file.body, self.block), self.block.row))

    @property
    def starts_the_file(self) -> bool:
        """Whether both sides begin with this block, so that no earlier line colours it."""
        return self.block.old <= 1 and self.block.new <= 1

    def text(self, row: DiffRow) -> str:
        """Return the raw text of a row."""
        return self.file.body[row.start : row.end].decode("utf-8", "surrogateescape")

    def sides(self) -> Iterator[PassageSide]:
        """Yield the old side if a line was removed, then the new one.

        Context is on both, and is shown as on the new side.
        """
        file = self.file
        if any(row.kind is RowKind.REMOVED for _number, row in self.rows):
            yield self._side(Side.OLD, file.old_path or file.path, RowKind.REMOVED)
        yield self._side(Side.NEW, file.path, RowKind.ADDED)

    def _side(self, side: Side, path: str, kind: RowKind) -> PassageSide:
        kinds = (RowKind.CONTEXT, kind)
        return PassageSide(side, path, [one for one in self.rows if one[1].kind in kinds])
