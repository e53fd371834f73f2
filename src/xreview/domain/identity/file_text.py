"""One side of a file, to look for quotes in."""

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate

from xreview.domain.identity.anchor import Context, context_of
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
    def _line_hashes(self) -> "LineHashes":
        return LineHashes(self._text)

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
        return self._line_hashes.of(line)


def _advanced(wanted: list[str], fallback: list[int], matched: int, row: str) -> int:
    """How many wanted lines are matched after one more row."""
    while matched and wanted[matched] != row:
        matched = fallback[matched - 1]
    return matched + (wanted[matched] == row)


LONGEST = 100_000
"""The longest file that line hashes are computed for, in characters: more would take too long."""

_WINDOW = 100
_FACTOR = 37
_MASK = (1 << 64) - 1
_END = "\uffff"


class LineHashes:
    """GitHub's `primaryLocationLineHash` of each line; of none if the text is too long.

    Code scanning tells alerts apart by it, and its `codeql-action` computes it for results without
    one: a 64-bit polynomial hash of a hundred UTF-16 code units from the beginning of the line on.
    Spaces and tabs are skipped, every line end is a line feed, and the end of the file is followed
    by one 65535 and then zeros. A colon and a number distinguish lines with equal hashes.

    Few lines of a file are asked for, so that only those are hashed; the number counts equal code
    units instead.
    """

    def __init__(self, text: str) -> None:
        self.count = 0
        if len(text) > LONGEST:
            return
        units = _units(text)
        starts = [0, *accumulate(len(row) + 1 for row in units.split("\n"))][:-1]
        units += _END + "\0" * _WINDOW
        self._hashed = [units[start : start + _WINDOW] for start in starts]
        self.count = len(starts)
        seen: Counter[str] = Counter()
        self._numbers: list[int] = []
        for hashed in self._hashed:
            seen[hashed] += 1
            self._numbers.append(seen[hashed])

    def of(self, line: int) -> str:
        """Return the hash of a 1-based line, or ""."""
        if not 1 <= line <= self.count:
            return ""
        value = 0
        for unit in map(ord, self._hashed[line - 1]):
            value = (value * _FACTOR + unit) & _MASK
        return f"{value:x}:{self._numbers[line - 1]}"


def _units(text: str) -> str:
    """Return a character for each UTF-16 code unit that counts."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace(" ", "").replace("\t", "")
    if plain.isascii() or max(plain) <= "\uffff":
        return plain
    encoded = plain.encode("utf-16-le", "surrogatepass")
    pairs = (encoded[at : at + 2] for at in range(0, len(encoded), 2))
    return "".join(chr(int.from_bytes(pair, "little")) for pair in pairs)
