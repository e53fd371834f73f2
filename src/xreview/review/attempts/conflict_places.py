"""Where, in the user's files, attempts conflict with what was taken of one of them."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from xreview.domain.attempt.piece import AttemptComparison, AttemptPiece, PieceKind, PieceVersion
from xreview.domain.change import FileDiff, LineKind, Side
from xreview.domain.events.attempt_events import AttemptTaken, TakenLines
from xreview.domain.identity.file_text import FileText
from xreview.domain.record import dataclass

NEAR_LINES = 10
"""Pieces that are this close are one place, as reports are (`disagreement.place`)."""
MOST_QUOTED = 40
"""Lines of a place that are quoted as a whole, so that another version can replace them."""
_HEAD = 6
"""Lines that stand for a longer place."""
_TELLING = re.compile(r"\w{2}")
_DEFINITION = re.compile(r"[a-z]+ ([A-Za-z_][\w.:$]{0,79})")
"""A definition in an outline: `def charge`."""


Conflict = tuple[AttemptPiece, Sequence[str]]
"""A conflicting piece, and the attempts of which it may have been taken."""


@dataclass(frozen=True, slots=True)
class TakenPiece:
    """A conflicting piece in the user's files: the version of `label` is there.

    `start` and `end` are its 1-based lines on that side, inclusive, as far as they are looked up.
    """

    piece: AttemptPiece
    label: str
    version: PieceVersion
    side: Side
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ConflictPlace:
    """Conflicting pieces of one function, or a few lines apart, which are one decision.

    Args:
        file: as it is in the change.
        start, end: its 1-based lines, inclusive.
        lines: these lines of the file; fewer if there are more than `MOST_QUOTED`.
        is_complete: whether `lines` are all, so that another version can replace them.
        block: the name of the innermost definition around it; "" for none.
    """

    file: FileDiff
    pieces: tuple[TakenPiece, ...]
    start: int
    end: int
    lines: tuple[str, ...]
    is_complete: bool
    block: str = ""

    @property
    def label(self) -> str:
        """The attempt that was taken here."""
        return self.pieces[0].label

    @property
    def side(self) -> Side:
        """The side of the change with these lines."""
        return self.pieces[0].side

    @property
    def others(self) -> tuple[str, ...]:
        """The attempts that have another version here."""
        labels = {
            label
            for one in self.pieces
            for label in one.piece.labels
            if label not in one.version.labels
        }
        return tuple(sorted(labels))

    @property
    def size(self) -> int:
        """How many lines the largest version has."""
        return sum(max(len(version.lines) for version in one.piece.versions) for one in self.pieces)

    def versions_of(self, label: str) -> Iterator[PieceVersion]:
        """What an attempt makes of the pieces that it changes."""
        found = (one.piece.version_of(label) for one in self.pieces)
        return (version for version in found if version is not None)

    def replacement(self, label: str) -> str | None:
        """The lines as an attempt has them; None if that can't be said in lines."""
        if not self.is_complete:
            return None
        found: list[str] = []
        at = self.start
        for one in self.pieces:
            version = one.piece.version_of(label)
            found += self.lines[at - self.start : one.start - self.start]
            found += one.piece.base if version is None else version.lines
            at = one.end + 1
        found += self.lines[at - self.start :]
        return "\n".join(found) if tuple(found) != self.lines else None


def most_lines(piece: AttemptPiece) -> int:
    """How many lines the largest version of a piece has."""
    return max(len(version.lines) for version in piece.versions)


def conflicts_taken(
    taken: AttemptTaken, comparison: AttemptComparison
) -> dict[str, list[Conflict]]:
    """The conflicting pieces of which a version was taken, by the path in the base."""
    found: dict[str, list[Conflict]] = {}
    for piece in comparison.pieces:
        labels = [label for label in taken.labels if label in piece.labels]
        if piece.kind is PieceKind.CONFLICTING and labels:
            found.setdefault(piece.ref.path, []).append((piece, labels))
    return found


def places_in(
    file: FileDiff,
    texts: tuple[FileText | None, FileText | None],
    conflicts: Sequence[Conflict],
    taken: AttemptTaken,
) -> list[ConflictPlace]:
    """Find the conflicts in a file of the change; what isn't there any more is left out.

    Args:
        texts: the old and the new side, as far as they can be read.
    """
    old, new = texts
    ours = [one for one in taken.lines if one.path == file.path]
    found = [
        _found(piece, labels, old, new, ours) or _as_a_whole(file, piece, labels)
        for piece, labels in conflicts
    ]
    there = [one for one in found if one is not None]
    there.sort(key=lambda one: (one.side, one.start))
    return [
        _place(file, group, old if group[0].side is Side.OLD else new)
        for group in _groups(there, new)
    ]


def _found(
    piece: AttemptPiece,
    labels: Sequence[str],
    old: FileText | None,
    new: FileText | None,
    ours: Sequence[TakenLines],
) -> TakenPiece | None:
    """The piece with the version that is in the file, and where."""
    found: list[tuple[bool, int, TakenPiece]] = []
    for label in labels:
        version = piece.version_of(label)
        if version is None:
            continue
        lines = version.lines[:_HEAD] if piece.is_whole else version.lines
        base = piece.base[:_HEAD] if piece.is_whole else piece.base
        if new is not None and lines:
            own = [one for one in ours if one.label == label]
            start, is_own = _nearest(new, lines, version.start, own)
            if start and (is_own or any(map(_TELLING.search, lines))):
                end = start + len(lines) - 1
                place = TakenPiece(piece, label, version, Side.NEW, start, end)
                found.append((is_own, -abs(start - version.start), place))
        elif old is not None and not lines and base:
            start, _ = _nearest(old, base, piece.start + 1, ())
            if start:
                place = TakenPiece(piece, label, version, Side.OLD, start, start + len(base) - 1)
                found.append((False, -abs(start - piece.start - 1), place))
    return max(found, key=lambda one: one[:2])[2] if found else None


def _nearest(
    text: FileText, lines: Sequence[str], expected: int, own: Sequence[TakenLines]
) -> tuple[int, bool]:
    """The 1-based line at which these lines are, nearest to the expected one but rather among the
    attempt's own, and whether it is; 0 if they aren't there."""
    starts = text.occurrences("\n".join(lines))
    if not starts:
        return 0, False
    reaching = ((bisect_left(starts, one.start - len(lines) + 1), one.end) for one in own)
    theirs = [starts[at] for at, end in reaching if at < len(starts) and starts[at] <= end]
    near = bisect_left(starts, expected)
    around = theirs or starts[max(0, near - 1) : near + 1]
    return min(around, key=lambda start: (abs(start - expected), start)), bool(theirs)


def _as_a_whole(file: FileDiff, piece: AttemptPiece, labels: Sequence[str]) -> TakenPiece | None:
    """A whole file whose version has no lines to find: it is shown by its first changed line."""
    version = piece.version_of(labels[0]) if piece.is_whole else None
    if version is None or version.lines:
        return None
    for hunk in file.hunks:
        for line in hunk.lines:
            if line.kind is not LineKind.CONTEXT and line.text.strip():
                side = Side.NEW if line.kind is LineKind.ADDED else Side.OLD
                number = line.new_number or line.old_number or 1
                return TakenPiece(piece, labels[0], version, side, number, number)
    return None


def _groups(pieces: Sequence[TakenPiece], new: FileText | None) -> Iterator[list[TakenPiece]]:
    group: list[TakenPiece] = []
    for one in pieces:
        if group and not _belong_together(group[-1], one, new):
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _belong_together(one: TakenPiece, other: TakenPiece, new: FileText | None) -> bool:
    if new is None or Side.OLD in (one.side, other.side) or one.label != other.label:
        return False
    if other.start <= one.end:
        return False
    around = new.outline.headers(one.start)
    is_one_block = bool(around) and around == new.outline.headers(other.start)
    return is_one_block or other.start - one.end <= NEAR_LINES


def _place(file: FileDiff, pieces: Sequence[TakenPiece], text: FileText | None) -> ConflictPlace:
    start, end = pieces[0].start, pieces[-1].end
    is_short = end - start < MOST_QUOTED and not any(one.piece.is_whole for one in pieces)
    if not is_short:
        end = min(pieces[0].end, start + _HEAD - 1)
    lines = tuple(text.lines[start - 1 : end]) if text is not None else ()
    is_complete = is_short and pieces[0].side is Side.NEW and bool(lines)
    around = text.outline.headers(start) if text is not None else ()
    block = _DEFINITION.fullmatch(around[-1]) if around else None
    name = block[1] if block else ""
    return ConflictPlace(file, tuple(pieces), start, end, lines, is_complete, name)
