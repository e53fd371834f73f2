"""The syntax groups of whole files, so that code is coloured from the state that it's really in.

A hunk can begin inside a docstring, a block comment, or a template string. So each file is lexed
from its start, only as far as the lines that are asked for, and at bounded cost.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from time import thread_time

from xreview.domain.change import FileDiff, Side
from xreview.tui.widgets.diff.highlight import SyntaxSpan, each_line, lexer_for
from xreview.tui.widgets.diff.passage import Passage, PassageSide

TextSource = Callable[[FileDiff, Side], bytes | None]
"""Reads one side of a file, None if it isn't available. May block, may raise; used in a thread."""

MOST_CHARACTERS = 400_000
"""Of a longer file, only the start is lexed."""

_KEPT_CHARACTERS = 1_000_000
_MOST_SECONDS = 2.0
"""Of processor time for one file: some lexers are slow on hostile text."""


class FileColours:
    """Lexes files from `read`, and keeps those used last. Not thread-safe."""

    def __init__(self, read: TextSource) -> None:
        self._read = read
        self._files: OrderedDict[tuple[str, Side], LexedText] = OrderedDict()

    def spans(self, passage: Passage) -> Mapping[int, tuple[SyntaxSpan, ...]]:
        """Return the syntax groups by row, of the sides that are known to be as in the diff.

        Raises whatever reading and lexing raise.
        """
        found: dict[int, tuple[SyntaxSpan, ...]] = {}
        for side in passage.sides():
            found |= self._of_side(passage, side)
        return found

    def _of_side(self, passage: Passage, side: PassageSide) -> dict[int, tuple[SyntaxSpan, ...]]:
        lines = {
            number: (row.old if side.side is Side.OLD else row.new) for number, row in side.rows
        }
        text = self._text(passage.file, side)
        for number, row in side.rows:
            # The file on disk can have changed since the diff was made.
            if text.line(lines[number]) != passage.text(row):
                return {}
        return {
            number: spans
            for number, line in lines.items()
            if (spans := text.spans(line)) is not None
        }

    def _text(self, file: FileDiff, side: PassageSide) -> "LexedText":
        key = (file.path, side.side)
        if key in self._files:
            self._files.move_to_end(key)
            return self._files[key]
        content = self._read(file, side.side) or b""
        text = self._files[key] = LexedText(side.path, content)
        while (
            len(self._files) > 1
            and sum(one.size for one in self._files.values()) > _KEPT_CHARACTERS
        ):
            self._files.popitem(last=False)
        return text


class LexedText:
    """The lines of a file and their syntax groups; the path chooses the lexer."""

    def __init__(self, path: str, content: bytes, most_seconds: float = _MOST_SECONDS) -> None:
        lines = content[: 4 * MOST_CHARACTERS].decode("utf-8", "surrogateescape").split("\n")
        self._lines = _beginning(lines)
        self.size = sum(map(len, self._lines))
        self._left = most_seconds
        self._spans: list[tuple[SyntaxSpan, ...]] = []
        lexer = lexer_for(path)
        self._rest: Iterator[tuple[SyntaxSpan, ...]] = (
            iter(()) if lexer is None else each_line(lexer, self._lines)
        )

    def line(self, number: int | None) -> str | None:
        """Return a 1-based line; None if the file hasn't that many."""
        if number is None or not 0 < number <= len(self._lines):
            return None
        return self._lines[number - 1]

    def spans(self, number: int | None) -> tuple[SyntaxSpan, ...] | None:
        """Return the syntax groups of a 1-based line; None if it costs too much to tell."""
        if number is None:
            return None
        begun = thread_time()
        while len(self._spans) < number and self._left > thread_time() - begun:
            line = next(self._rest, None)
            if line is None:
                break
            self._spans.append(line)
        self._left -= thread_time() - begun
        return self._spans[number - 1] if number <= len(self._spans) else None


def _beginning(lines: Sequence[str]) -> list[str]:
    """Return as many lines as may be lexed."""
    room = MOST_CHARACTERS
    for count, line in enumerate(lines):
        room -= len(line) + 1
        if room < 0:
            return list(lines[:count])
    return list(lines)
