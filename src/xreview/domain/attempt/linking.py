"""Linking the edge cases that an attempt says it handles to the lines that handle them."""

import bisect
from collections.abc import Callable, Iterable, Sequence

from xreview.domain.attempt.statement import AttemptStatement, EdgeCase
from xreview.domain.change import FileDiff, FileStatus, Side
from xreview.domain.identity.file_text import FileText
from xreview.domain.record import replace

_LEAST_WHOLE = 2
"""Letters and digits of whole lines: `}` or `)` is in every file, and proves nothing."""

_LEAST_PART = 6
"""Letters and digits of a part of a line: `if` or `x` is in most lines."""


def link_cases(
    statement: AttemptStatement,
    files: Sequence[FileDiff],
    read_new: Callable[[str], str | None],
) -> AttemptStatement:
    """The statement with each handled case at the lines that it quotes, if the attempt wrote them.

    A quote is compared as an anchor's is, ignoring white space. A case stays unproven, with the
    line 0, if its quote is nowhere in its file, only in lines that the patch doesn't touch, or in a
    file that isn't part of the patch.

    Args:
        files: the patch.
        read_new: the text of a file after it; None for none that can be read.
    """
    patched = {file.path: file for file in files if file.status is not FileStatus.DELETED}
    known: dict[str, _PatchedText | None] = {}
    linked: list[EdgeCase] = []
    for case in statement.handled:
        path = case.path
        if path in patched and path not in known:
            text = read_new(path)
            known[path] = None if text is None else _PatchedText(patched[path], text)
        found = known.get(path)
        start, end = (0, 0) if found is None else found.place_of(case.quote)
        linked.append(replace(case, start_line=start, end_line=end))
    return replace(statement, handled=tuple(linked))


class _PatchedText:
    """A file after the patch, and which of its lines the patch wrote."""

    def __init__(self, file: FileDiff, text: str) -> None:
        self._text = FileText(text)
        touched = file.touched(Side.NEW)
        self._starts = [lines.start for lines in touched]
        self._stops = [lines.stop for lines in touched]

    def place_of(self, quote: str) -> tuple[int, int]:
        """The first place of a quote with a line of the patch, 1-based and inclusive; or 0, 0."""
        rows = _without_blank_ends(quote.replace("\r\n", "\n").split("\n"))
        size = sum(character.isalnum() for row in rows for character in row)
        if size < _LEAST_WHOLE:
            return 0, 0
        for start in self._text.occurrences("\n".join(rows)):
            end = start + len(rows) - 1
            is_telling = size >= _LEAST_PART or self._is_whole(rows[0], start)
            if is_telling and self._is_touched(start, end):
                return start, end
        return 0, 0

    def _is_whole(self, row: str, line: int) -> bool:
        return row.split() == self._text.lines[line - 1].split()

    def _is_touched(self, start: int, end: int) -> bool:
        at = bisect.bisect_right(self._starts, end) - 1
        return at >= 0 and self._stops[at] > start


def _without_blank_ends(rows: Iterable[str]) -> list[str]:
    kept = list(rows)
    while kept and not kept[-1].strip():
        kept.pop()
    while kept and not kept[0].strip():
        kept.pop(0)
    return kept
