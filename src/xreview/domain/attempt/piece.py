"""The pieces of several attempts: where they change the same base, alike or differently."""

from enum import StrEnum
from functools import cached_property

from xreview.domain.record import dataclass


class PieceKind(StrEnum):
    """Who changes a piece of the base, and whether alike."""

    CONFLICTING = "conflicting"
    """At least two attempts change it, each in another way."""
    ONLY = "only"
    """One attempt changes it."""
    SOME = "shared by some"
    """Several attempts change it alike, and others don't change it."""
    SHARED = "shared by all"


@dataclass(frozen=True, slots=True)
class PieceRef:
    """The name of a piece: its file (of the base; of a new file, its own), and its number there
    from 0."""

    path: str
    number: int


@dataclass(frozen=True, slots=True)
class PieceVersion:
    """What some attempts make of a piece.

    Args:
        labels: the attempts, in order.
        lines: the text that stands in its place, without line feeds; () for nothing.
        start: the 1-based number of its first line in these attempts' file; of no lines, of the
            line that follows. That of the first label, where they differ.
        whole: for a piece that is a whole file: what becomes of it, in a few words, raw ("added",
            "deleted", "renamed to b.py", "binary"); "" for lines.
        unchanged: which of the lines, counted from 0, are the base's, between edits of these
            attempts, so that nobody is shown as their author.
        ends_without_newline: whether the last line ends the file without a line feed.
    """

    labels: tuple[str, ...]
    lines: tuple[str, ...]
    start: int = 1
    whole: str = ""
    unchanged: tuple[range, ...] = ()
    ends_without_newline: bool = False


@dataclass(frozen=True)
class AttemptPiece:
    """A place of the base that at least one attempt changes.

    Args:
        start, end: its lines in the base file, from 0, the end excluded; equal for an insertion.
        base: these lines, without line feeds.
        versions: what becomes of it, in the order of the attempts; never what the base has.
        untouched: the attempts that leave it as it is.
        is_whole: whether it is a whole file, which is taken or left as one (new, deleted, renamed,
            binary, or with a new mode). `versions` have its lines only where it is new.
        ends_without_newline: whether the last line of `base` ends the file without a line feed.
        blob: git's id of the base file; "" for unknown.
    """

    ref: PieceRef
    start: int
    end: int
    base: tuple[str, ...]
    versions: tuple[PieceVersion, ...]
    untouched: tuple[str, ...] = ()
    is_whole: bool = False
    ends_without_newline: bool = False
    blob: str = ""

    @property
    def kind(self) -> PieceKind:
        """Who changes it, and whether alike."""
        if len(self.versions) > 1:
            return PieceKind.CONFLICTING
        if len(self.labels) == 1:
            return PieceKind.ONLY  # also of the only attempt so far
        return PieceKind.SOME if self.untouched else PieceKind.SHARED

    @property
    def labels(self) -> tuple[str, ...]:
        """The attempts that change it."""
        return tuple(sorted(label for one in self.versions for label in one.labels))

    @property
    def words(self) -> str:
        """`conflicting: A, B`, `only B`, `A and C`, `all`."""
        match self.kind:
            case PieceKind.CONFLICTING:
                return f"conflicting: {', '.join(self.labels)}"
            case PieceKind.ONLY:
                return f"only {self.labels[0]}"
            case PieceKind.SOME:
                return " and ".join(self.labels)
            case PieceKind.SHARED:
                return "all"

    def version_of(self, label: str) -> PieceVersion | None:
        """What an attempt makes of it; None if it leaves it."""
        return next((one for one in self.versions if label in one.labels), None)


@dataclass(frozen=True)
class AttemptComparison:
    """All pieces of the attempts with these labels, in the order of paths and places."""

    labels: tuple[str, ...]
    pieces: tuple[AttemptPiece, ...]

    @cached_property
    def by_ref(self) -> dict[PieceRef, AttemptPiece]:
        """The pieces by their names."""
        return {piece.ref: piece for piece in self.pieces}

    @cached_property
    def by_path(self) -> dict[str, tuple[AttemptPiece, ...]]:
        """The pieces of each file, in order."""
        found: dict[str, list[AttemptPiece]] = {}
        for piece in self.pieces:
            found.setdefault(piece.ref.path, []).append(piece)
        return {path: tuple(pieces) for path, pieces in found.items()}

    def of(self, label: str) -> "dict[PieceRef, str]":
        """The choice that is this attempt as a whole."""
        return {one.ref: label for one in self.pieces if label in one.labels}
