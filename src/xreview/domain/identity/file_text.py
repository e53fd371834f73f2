"""One side of a file, to look for quotes in."""

from collections.abc import Iterator
from functools import cached_property

from xreview.domain.identity.anchor import Context, context_of
from xreview.domain.identity.line_hash import line_hashes
from xreview.domain.identity.outline import Outline

_MOST_COMPARED = 50_000
"""The most lines that are compared one by one for a quote."""


class FileText:
    """The text of one side of a file, split at line feeds."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.lines = text.split("\n")

    @cached_property
    def outline(self) -> Outline:
        """The blocks around each line."""
        return Outline(self.lines)

    @cached_property
    def _line_hashes(self) -> list[str]:
        return line_hashes(self._text)

    @cached_property
    def _plain(self) -> list[str]:
        """The lines with white space collapsed."""
        return [" ".join(row.split()) for row in self.lines]

    @cached_property
    def _by_plain(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for index, row in enumerate(self._plain):
            found.setdefault(row, []).append(index)
        return found

    def occurrences(self, quote: str) -> list[int]:
        """The 1-based first lines where the quote occurs, ignoring white space.

        A quote of one line that is nowhere a whole line is also found within lines.
        """
        wanted = [" ".join(row.split()) for row in quote.split("\n")]
        while wanted and not wanted[-1]:
            wanted.pop()
        if not any(wanted):
            return []
        whole = list(self._whole(wanted))
        if whole or len(wanted) > 1:
            return whole
        return [index + 1 for index, row in enumerate(self._plain) if wanted[0] in row]

    def _whole(self, wanted: list[str]) -> Iterator[int]:
        places = self._by_plain.get(wanted[0], ())
        if len(places) * len(wanted) > _MOST_COMPARED:
            yield from self._whole_in_one_pass(wanted)
            return
        for index in places:
            if self._plain[index : index + len(wanted)] == wanted:
                yield index + 1

    def _whole_in_one_pass(self, wanted: list[str]) -> Iterator[int]:
        """The same by Knuth, Morris, and Pratt, for files with many equal lines."""
        fallback = [0] * len(wanted)
        for index in range(1, len(wanted)):
            fallback[index] = _advanced(wanted, fallback, fallback[index - 1], wanted[index])
        matched = 0
        for index, row in enumerate(self._plain):
            if matched == len(wanted):
                matched = fallback[matched - 1]
            matched = _advanced(wanted, fallback, matched, row)
            if matched == len(wanted):
                yield index - len(wanted) + 2

    def context(self, start_line: int, end_line: int) -> Context:
        """The context of 1-based lines."""
        return context_of(self.lines, self.outline, start_line, end_line)

    def line_hash(self, line: int) -> str:
        """GitHub's fingerprint of a 1-based line, or ""."""
        hashes = self._line_hashes
        return hashes[line - 1] if 1 <= line <= len(hashes) else ""


def _advanced(wanted: list[str], fallback: list[int], matched: int, row: str) -> int:
    """How many wanted lines are matched after one more row."""
    while matched and wanted[matched] != row:
        matched = fallback[matched - 1]
    return matched + (wanted[matched] == row)
