"""Finding blocks that a change adds twice.

White space is normalised. Blank lines, comments, texts in triple quotes, imports and lines with
only punctuation are skipped. A block has at least `LEAST` other equal lines in a row. Code that the
change moved, tests, and files that mirror each other are no duplicates.
"""

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from xreview.analysers.inner_tests import lines_of_tests
from xreview.analysers.plan import rules_language
from xreview.domain.change import Hunk, LineKind, parse_hunks
from xreview.domain.record import dataclass

LEAST = 10
"""The least lines in a block."""

_LEAST_DISTINCT = 7
_LEAST_CHARACTERS = 200
_MOST_MOVED = 0.25
"""The largest part of a block that can be lines that the change removed elsewhere."""

_MIRRORED = 0.5
"""The part of a file's added lines from which a file of the same name is its mirror."""

_DOES_NOT_COUNT = re.compile(
    r"""[\W_]*$ | (\#(?!\s*define)|//|/\*|\*|--|"{3}|'{3}) | (else|end|begin|do|try)\W*$
    | (import|from|use|using|package|require|require_relative|include|export\s+\{)\b""",
    re.VERBOSE,
)
_TRAILING_COMMENT = re.compile(r"\s(?:#|//)\s.*$")
_ACTS = re.compile(
    r"""\w\( | [^=!<>:]=[^=>] | \+= | -= | :=
    | (if|for|while|return|raise|throw|await|yield)\b""",
    re.VERBOSE,
)
"""A statement, as opposed to a row of a table, unless a comma ends it."""


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
    """Collects the lines of a change, file by file, and finds the blocks at the end."""

    def __init__(self) -> None:
        self._texts = array("q")  # a hash of each line; 0 between runs of lines
        self._files = array("l")
        self._numbers = array("l")
        self._weights = array("l")  # characters, negative if the line isn't a statement
        self._removed: set[int] = set()
        self._paths: dict[int, str] = {}

    @property
    def count(self) -> int:
        """How many files were added."""
        return len(self._paths)

    def add(self, file: int, path: str, body: bytes, *, is_read: bool) -> None:
        """Add the hunks of a file. Its added lines count only if the file `is_read`."""
        language = rules_language(path) or ""
        self._paths[file] = path
        for hunk in parse_hunks(body):
            removed = ((0, line.text) for line in hunk.lines if line.kind is LineKind.REMOVED)
            self._removed.update(hash(text) or 1 for text, _ in _counting(removed))
            if is_read:
                self._add(file, hunk, language)

    def _add(self, file: int, hunk: Hunk, language: str) -> None:
        new = [(line.new_number, line) for line in hunk.lines if line.new_number is not None]
        tests = lines_of_tests(((at, line.text) for at, line in new), language, hunk.section)
        run: list[tuple[int, str]] = []
        for number, line in new:
            if line.kind is LineKind.ADDED and number not in tests:
                run.append((number, line.text))
            elif run:
                self._add_run(file, run)
                run = []
        self._add_run(file, run)

    def _add_run(self, file: int, run: Iterable[tuple[int, str]]) -> None:
        for text, number in _counting(run):
            is_statement = not text.endswith(",") and _ACTS.search(text) is not None
            self._append(hash(text) or 1, file, number, len(text) if is_statement else -len(text))
        self._append(0, file, 0, 0)

    def _append(self, text: int, file: int, number: int, weight: int) -> None:
        self._texts.append(text)
        self._files.append(file)
        self._numbers.append(number)
        self._weights.append(weight)

    def blocks(self) -> list[DuplicateBlock]:
        """The longest block of each file that repeats another, in the order of the change."""
        found = self._without_mirrors(list(self._found()))
        copies: dict[int, DuplicateBlock] = {}
        originals: set[int] = set()
        for block in sorted(found, key=lambda one: -one.count):
            # A block in many files is one finding, and so are many blocks in one file.
            if block.file not in copies and block.other_file not in originals:
                copies[block.file] = block
                originals.add(block.other_file)
        return sorted(copies.values(), key=lambda block: (block.file, block.start_line))

    def _without_mirrors(self, found: Iterable[DuplicateBlock]) -> list[DuplicateBlock]:
        added = Counter(file for file, text in zip(self._files, self._texts, strict=True) if text)
        shared: Counter[tuple[int, int]] = Counter()
        for block in found:
            shared[block.file, block.other_file] += block.count

        def are_mirrors(one: int, two: int) -> bool:
            part = shared[one, two] / min(added[one], added[two])
            return one != two and self._name(one) == self._name(two) and part >= _MIRRORED

        return [block for block in found if not are_mirrors(block.file, block.other_file)]

    def _name(self, file: int) -> str:
        return self._paths[file].rpartition("/")[2]

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
        texts, weights = self._texts[at : at + length], self._weights[at : at + length]
        return (
            len(set(texts)) >= _LEAST_DISTINCT
            and sum(map(abs, weights)) >= _LEAST_CHARACTERS
            and sum(weight > 0 for weight in weights) * 2 >= max(length, LEAST)
            and sum(text in self._removed for text in texts) <= length * _MOST_MOVED
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


def _counting(rows: Iterable[tuple[int, str]]) -> Iterator[tuple[str, int]]:
    """The lines that count: the text in single spaces, and the number."""
    in_text = False
    for number, row in rows:
        text = " ".join(row.split())
        if "#" in text or "//" in text:
            text = _TRAILING_COMMENT.sub("", text)
        quotes = text.count('"""') + text.count("'''")
        was_in_text, in_text = in_text, in_text != (quotes % 2 == 1)
        if not (was_in_text or in_text or _DOES_NOT_COUNT.match(text)):
            yield text, number
