"""Matching a change's added lines with sessions' edits, and rating the match.

A line matches if an edit to the same file wrote its text; runs of white space are equal. It belongs
to the newest session that wrote it. Lines found in any program (blank, a brace, `else:`) prove
nothing: they follow a neighbouring line and never count.

A session's confidence depends on the lines that match and on their share of the lines that could,
in the files it wrote:

    high    at least 5 lines that are half of them, or at least 20 lines
    medium  at least 3 lines that are a fifth of them, or 2 that are all of them
    low     less
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from xreview.domain.authorship.author import WrittenLines
from xreview.domain.change import FileDiff, LineKind
from xreview.domain.record import dataclass, field
from xreview.domain.report import Confidence

AddedLines = Mapping[str, Mapping[int, str]]
"""By path, the text of each added line by its 1-based number on the new side."""

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


@dataclass(frozen=True, slots=True)
class SessionEdit:
    """What a session did to a file.

    Args:
        path: relative to the worktree's top folder, `/`-separated.
        model, at: as the transcript has them, the time as ISO 8601 in UTC; "" if unknown.
        added: the text that was written; never shown, not even in a traceback.
        removed: the text it replaced; "" if the file was written whole.
    """

    path: str
    model: str
    at: str
    added: str = field(repr=False)
    removed: str = field(default="", repr=False)

    def new_lines(self) -> list[str]:
        """The written lines that aren't also in the replaced text."""
        before = Counter(self.removed.split("\n") if self.removed else ())
        new: list[str] = []
        for row in self.added.split("\n"):
            if before[row] > 0:
                before[row] -= 1
            else:
                new.append(row)
        return new


def added_lines_by_file(files: Iterable[FileDiff]) -> dict[str, dict[int, str]]:
    """The added lines of a change, as `session_evidence` takes them."""
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
    """Whether a line could occur in any program."""
    words = _WORD.findall(text.lower())
    return sum(map(len, words)) < _LETTERS_THAT_TELL or all(word in _COMMON for word in words)


@dataclass(frozen=True, slots=True)
class Match:
    """What one session and model wrote of the change.

    `matched` lines match, of the `possible` ones in the same files; `at` is when the last one was
    written.
    """

    model: str
    lines: tuple[WrittenLines, ...]
    matched: int
    possible: int
    at: str

    @property
    def confidence(self) -> Confidence:
        """The confidence, by the table above."""
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
    """The added lines and the session each belongs to. Feed it the newest session first."""

    def __init__(self, added: AddedLines) -> None:
        self._files = {path: _file(rows) for path, rows in added.items()}
        self._open = sum(len(file.open) for file in self._files.values())
        self._wrote: dict[tuple[str, int], tuple[str, str]] = {}
        self._trivial: dict[str, set[int]] = defaultdict(set)

    @property
    def is_full(self) -> bool:
        """Whether every line that can match belongs to a session."""
        return self._open == 0

    def take(self, edit: SessionEdit) -> None:
        """Add an edit of the current session; later edits override earlier ones."""
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
        """The lines, with adjacent trivial lines that the session also wrote."""
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
    """A 64-bit hash with a per-process key."""
    return hash(" ".join(row.split()))
