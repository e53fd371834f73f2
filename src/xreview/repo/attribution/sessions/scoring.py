"""Which added lines of a change occur in which session's edits, and what that is worth.

A line counts where an edit to the same file wrote its text, runs of white space made equal. The
newest session that wrote it has it. Lines that stand in any program (blank, a brace, `else:`) prove
nothing: one goes with the line before it, else behind it, and never counts.

How sure a session is, by the lines that count and by their share of the lines that could count in
the files it wrote to:

    high    at least 5 lines that are half of them, or at least 20 lines
    medium  at least 3 lines that are a fifth of them, or 2 that are all of them
    low     less
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from xreview.domain.authorship.author import WrittenLines
from xreview.domain.change import FileDiff, LineKind
from xreview.domain.report import Confidence
from xreview.repo.attribution.sessions.edit import SessionEdit

AddedLines = Mapping[str, Mapping[int, str]]
"""By path in the change, the text of each added line by its 1-based number on the new side."""

_LETTERS_THAT_TELL = 4
_WORD = re.compile(r"\w+")
_COMMON = frozenset(
    (
        *("begin", "break", "case", "catch", "continue", "default", "do", "done", "elif", "else"),
        *("end", "endif", "esac", "except", "false", "fi", "finally", "for", "if", "in", "loop"),
        *("none", "nil", "null", "pass", "return", "self", "static", "super", "then", "this"),
        *("true", "try", "void", "while", "yield"),
    )
)


def added_lines_by_file(files: Iterable[FileDiff]) -> dict[str, dict[int, str]]:
    """The added lines of a change, in the shape that `session_evidence` takes."""
    found: dict[str, dict[int, str]] = {}
    for file in files:
        rows = {
            line.new_number: line.text
            for hunk in file.hunks
            for line in hunk.lines
            if line.kind is LineKind.ADDED and line.new_number is not None
        }
        if rows:
            found[file.path] = rows
    return found


def is_trivial(text: str) -> bool:
    """Whether a line could stand in any program."""
    words = _WORD.findall(text.lower())
    return sum(map(len, words)) < _LETTERS_THAT_TELL or all(word in _COMMON for word in words)


@dataclass(frozen=True, slots=True)
class Match:
    """What one session and model wrote of the change.

    Args:
        matched: how many lines that count.
        possible: how many could, in the same files.
        at: when the last of them was written, UTC as ISO 8601; "" where that is not known.
    """

    model: str
    lines: tuple[WrittenLines, ...]
    matched: int
    possible: int
    at: str

    @property
    def confidence(self) -> Confidence:
        """How sure that is, as above."""
        share = self.matched / self.possible
        if (self.matched >= 5 and share >= 0.5) or self.matched >= 20:
            return Confidence.HIGH
        if (self.matched >= 3 and share >= 0.2) or (self.matched >= 2 and share == 1):
            return Confidence.MEDIUM
        return Confidence.LOW


@dataclass(slots=True)
class _File:
    """The added lines of one file, by the hash of their text."""

    by_text: dict[int, list[int]]
    trivial: dict[int, int]
    open: set[int] = field(default_factory=set[int])
    possible: int = 0


class Board:
    """The added lines, and who has them. Sessions are given to it the newest first."""

    def __init__(self, added: AddedLines) -> None:
        self._files = {path: _file(rows) for path, rows in added.items()}
        self._open = sum(len(file.open) for file in self._files.values())
        self._wrote: dict[tuple[str, int], tuple[str, str]] = {}
        self._trivial: dict[str, set[int]] = defaultdict(set)

    @property
    def is_full(self) -> bool:
        """Whether every line that counts has its session."""
        return self._open == 0

    def take(self, edit: SessionEdit) -> None:
        """An edit of the session that is being read; later ones replace earlier ones."""
        file = self._files.get(edit.path)
        if file is None:
            return
        for row in edit.new_lines():
            text = _text_hash(row)
            for number in file.by_text.get(text, ()):
                if number in file.open:
                    self._wrote[edit.path, number] = (edit.model, edit.at)
            self._trivial[edit.path].add(text)

    def close_session(self) -> tuple[Match, ...]:
        """What the session wrote, by model; () for one that wrote nothing that is still there."""
        by_model: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        latest: dict[str, str] = defaultdict(str)
        for (path, number), (model, at) in self._wrote.items():
            by_model[model][path].add(number)
            latest[model] = max(latest[model], at)
            self._files[path].open.discard(number)
            self._open -= 1
        matches = tuple(
            Match(
                model,
                tuple(self._with_trivial(path, numbers) for path, numbers in sorted(paths.items())),
                sum(map(len, paths.values())),
                sum(self._files[path].possible for path in paths),
                latest[model],
            )
            for model, paths in by_model.items()
        )
        self._wrote.clear()
        self._trivial.clear()
        return matches

    def _with_trivial(self, path: str, numbers: set[int]) -> WrittenLines:
        """The lines, and the trivial ones of the same session that stand right at them."""
        wrote = self._trivial[path]
        left = self._files[path].trivial
        trivial = sorted(number for number, text in left.items() if text in wrote)
        reached = set(numbers)
        for number in trivial:
            if number - 1 in reached:
                reached.add(number)
        for number in reversed(trivial):
            if number + 1 in reached:
                reached.add(number)
        for number in reached - numbers:
            del left[number]
        return WrittenLines(path, _ranges(reached))


def _ranges(numbers: Iterable[int]) -> tuple[tuple[int, int], ...]:
    ranges: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return tuple(ranges)


def _file(rows: Mapping[int, str]) -> _File:
    file = _File(defaultdict(list), {})
    for number, row in rows.items():
        if is_trivial(row):
            file.trivial[number] = _text_hash(row)
        else:
            file.by_text[_text_hash(row)].append(number)
            file.open.add(number)
    file.possible = len(file.open)
    return file


def _text_hash(row: str) -> int:
    """Python's own hash of a text: 64 bits, with a key that no other process has."""
    return hash(" ".join(row.split()))
