"""The lines that the hunks of a change show, for formats that point at lines of the diff."""

from collections.abc import Iterable

from xreview.domain.anchor import Anchor
from xreview.domain.change import FileDiff, Hunk, Side


class DiffLines:
    """Looks anchors up in file diffs; parses the hunks of a file when it is asked for."""

    def __init__(self, files: Iterable[FileDiff]) -> None:
        self._files = {file.path: file for file in files}
        self._hunks: dict[tuple[str, Side], tuple[dict[int, str], ...]] = {}

    def texts(self, anchor: Anchor) -> tuple[str, ...] | None:
        """The anchor's lines, verbatim, where one hunk shows them all; None elsewhere."""
        wanted = range(anchor.start_line, anchor.end_line + 1)
        for lines in self._lines(anchor.path, anchor.side):
            if wanted and wanted[0] in lines and wanted[-1] in lines:
                return tuple(lines[number] for number in wanted)
        return None

    def _lines(self, path: str, side: Side) -> tuple[dict[int, str], ...]:
        key = (path, side)
        if key not in self._hunks:
            file = self._files.get(path)
            hunks = file.hunks if file is not None else ()
            self._hunks[key] = tuple(_of_side(hunk, side) for hunk in hunks)
        return self._hunks[key]


def _of_side(hunk: Hunk, side: Side) -> dict[int, str]:
    numbered = (
        (line.new_number if side is Side.NEW else line.old_number, line.text) for line in hunk.lines
    )
    return {number: text for number, text in numbered if number is not None}


def is_whole(anchor: Anchor) -> bool:
    """Whether the quote has all lines of its place, so that a suggestion replaces just them."""
    return anchor.quote.count("\n") == anchor.end_line - anchor.start_line
