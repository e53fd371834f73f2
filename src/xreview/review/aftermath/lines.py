"""The lines of a reviewed change, and those that a later commit changes, by content."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from xreview.domain.change import FileDiff, LineKind
from xreview.domain.record import dataclass, field

Texts = Counter[str]
"""Lines without indentation, with how often each occurs; those with no letter or digit count for
nothing."""


class PlacedFinding(NamedTuple):
    """A finding of a session: its fingerprint, and the code that it quotes."""

    fingerprint: str
    path: str
    start: int
    end: int
    quote: frozenset[str]


class ChangedLines(NamedTuple):
    """What a commit does to one file: the lines that it removes, with their numbers, and adds."""

    old_path: str
    new_path: str
    removed: tuple[tuple[int, str], ...]
    added: Texts


@dataclass(slots=True)
class ReviewedLines:
    """The lines of a change that a session reviewed.

    Args:
        opened: when the session was opened, in seconds since 1970.
        head: the commit whose line numbers the findings have; "" for none.
        added, removed: by path as the review knew it.
        commits: those that brought the lines; squashed and rebased ones join when they are seen.
        names: the path by each name that the file had since.
    """

    session: str
    opened: float
    head: str
    added: dict[str, Texts]
    removed: dict[str, Texts]
    commits: set[str]
    findings: tuple[PlacedFinding, ...] = ()
    names: dict[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        self.names = {path: path for path in (*self.added, *self.removed)}

    @property
    def total(self) -> int:
        """How many lines the change added and removed."""
        texts = (*self.added.values(), *self.removed.values())
        return sum(one.total() for one in texts)

    def is_brought_by(self, files: Sequence[ChangedLines]) -> bool:
        """Whether a commit brings some of its lines and, in these files, no other: as a squashed or
        rebased commit does, or one that reverts a revert."""
        is_any = False
        for file in files:
            path = self.names.get(file.new_path)
            if path is None or not file.added:
                continue
            added = self.added.get(path, Texts())
            is_enough = file.added.total() >= min(_ENOUGH, added.total())
            if not is_enough or not file.added <= added:
                return False
            is_any = True
        return is_any


_ENOUGH = 3
"""The same line or two can be in other commits by chance."""


def changed_lines(file: FileDiff) -> ChangedLines:
    """The lines of a file's diff."""
    lines = [line for hunk in file.hunks for line in hunk.lines]
    removed = tuple(
        (line.old_number, line.text.strip())
        for line in lines
        if line.kind is LineKind.REMOVED and line.old_number is not None and says_much(line.text)
    )
    added = texts_of(line.text for line in lines if line.kind is LineKind.ADDED)
    return ChangedLines(file.old_path or file.path, file.path, removed, added)


def texts_of(lines: Iterable[str]) -> Texts:
    """The lines that count, by content."""
    return Texts(line.strip() for line in lines if says_much(line))


def says_much(line: str) -> bool:
    """Whether a line has a letter or a digit: others are everywhere."""
    return any(map(str.isalnum, line))
