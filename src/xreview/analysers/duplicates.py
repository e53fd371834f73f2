"""Finding blocks that a change adds twice.

White space is normalised. Blank lines, comments, texts in triple quotes, imports and lines with
only punctuation are skipped. A block has at least `LEAST` other equal lines in a row.
"""

import re
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

LEAST = 6
"""The least lines in a block."""

MOST = 50
"""The most blocks to report; the longest ones count."""

_LEAST_DISTINCT = 5
_LEAST_CHARACTERS = 120
_DOES_NOT_COUNT = re.compile(
    r"""[\W_]*$ | (\#(?!\s*define)|//|/\*|\*|--|"{3}|'{3}) | (else|end|begin|do|try)\W*$
    | (import|from|use|using|package|require|require_relative|include|export\s+\{)\b""",
    re.VERBOSE,
)
_TRAILING_COMMENT = re.compile(r"\s(?:#|//)\s.*$")
_ACTS = re.compile(
    r"""(?!.*,$) (?!(async\s+)?(def|func|function|fn|pub|public|private|protected|class|@)\b|@)
    (.*(\w\(|[^=!<>:]=[^=>]|\+=|-=|:=) | (if|for|while|return|raise|throw|await|yield)\b)""",
    re.VERBOSE,
)
"""A statement, as opposed to a parameter, a header or a row of a table."""


@dataclass(frozen=True, slots=True)
class DuplicateBlock:
    """A block of `count` lines, and its two places (file index, line range)."""

    count: int
    file: int
    start_line: int
    end_line: int
    other_file: int
    other_line: int


class Duplicates:
    """Collects the added lines of a change, file by file, and finds the blocks at the end."""

    def __init__(self) -> None:
        self._texts = array("q")  # a hash of each line; 0 between runs of lines
        self._files = array("l")
        self._numbers = array("l")
        self._weights = array("l")  # characters, negative if the line isn't a statement

    def add(self, file: int, lines: Iterable[tuple[int, str]]) -> None:
        """Add the lines of one file: (1-based number, text), in order."""
        previous = 0
        in_text = False
        for number, text in lines:
            if number != previous + 1:
                self._append(0, file, number, 0)
                in_text = False
            previous = number
            text = _TRAILING_COMMENT.sub("", " ".join(text.split()))
            quotes = text.count('"""') + text.count("'''")
            was_in_text, in_text = in_text, in_text != (quotes % 2 == 1)
            if not (was_in_text or in_text or _DOES_NOT_COUNT.match(text)):
                weight = len(text) if _ACTS.search(text) else -len(text)
                self._append(hash(text) or 1, file, number, weight)
        self._append(0, file, previous, 0)

    def _append(self, text: int, file: int, number: int, weight: int) -> None:
        self._texts.append(text)
        self._files.append(file)
        self._numbers.append(number)
        self._weights.append(weight)

    def blocks(self) -> list[DuplicateBlock]:
        """The longest duplicate blocks, in the order of the change."""
        found = sorted(self._found(), key=lambda block: -block.count)[:MOST]
        return sorted(found, key=lambda block: (block.file, block.start_line))

    def _found(self) -> Iterator[DuplicateBlock]:
        repeated = self._repeated_windows()
        first: dict[int, int] = {}
        at = 0
        while at + LEAST <= len(self._texts):
            key = self._window(at)
            if key not in repeated:
                at += 1
                continue
            other = first.setdefault(key, at)
            length = self._common(other, at)
            if length < LEAST:
                at += 1
                continue
            if self._says_something(at, length):
                yield self._block(other, at, length)
            at += length

    def _window(self, at: int) -> int:
        texts = self._texts[at : at + LEAST]
        return 0 if 0 in texts else hash(tuple(texts))

    def _repeated_windows(self) -> set[int]:
        # Sorting takes a tenth of the memory of a dictionary over all windows.
        keys = array("q", (self._window(at) for at in range(len(self._texts) - LEAST + 1)))
        ordered = sorted(keys)
        return {key for key, after in pairwise(ordered) if key == after} - {0}

    def _common(self, one: int, two: int) -> int:
        length = 0
        while (
            two + length < len(self._texts)
            and one + length < two
            and self._texts[one + length] == self._texts[two + length] != 0
        ):
            length += 1
        return length

    def _says_something(self, at: int, length: int) -> bool:
        weights = self._weights[at : at + length]
        return (
            len(set(self._texts[at : at + length])) >= _LEAST_DISTINCT
            and sum(map(abs, weights)) >= _LEAST_CHARACTERS
            and sum(weight > 0 for weight in weights) * 2 >= max(length, LEAST)
        )

    def _block(self, one: int, two: int, length: int) -> DuplicateBlock:
        return DuplicateBlock(
            count=length,
            file=self._files[two],
            start_line=self._numbers[two],
            end_line=self._numbers[two + length - 1],
            other_file=self._files[one],
            other_line=self._numbers[one],
        )
