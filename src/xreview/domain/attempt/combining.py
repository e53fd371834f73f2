"""Combining pieces of several attempts into one file, byte by byte."""

import hashlib
from collections.abc import Mapping, Sequence

from xreview.domain.attempt.base_edits import ENCODING, ERRORS
from xreview.domain.attempt.piece import AttemptPiece, PieceRef, PieceVersion
from xreview.domain.errors import ChangeError
from xreview.domain.record import dataclass

_HASHES = {40: "sha1", 64: "sha256"}
"""How git names a file's content, by the length of the name."""


@dataclass(frozen=True, slots=True)
class AttemptLines:
    """Lines that an attempt wrote, 1-based and inclusive."""

    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CombinedFile:
    """A text file made of the base and of chosen pieces.

    Whole pieces (`AttemptPiece.is_whole`) are never combined: of these, the attempt's own file is
    taken.

    Args:
        content: its bytes.
        lines: who wrote which, in order; what isn't here is the base's.
    """

    content: bytes
    lines: tuple[AttemptLines, ...]


def combined(
    base: bytes | None, pieces: Sequence[AttemptPiece], choice: Mapping[PieceRef, str]
) -> CombinedFile:
    """Combine the chosen versions of a file's pieces.

    Args:
        base: the file that all attempts started from.
        pieces: all pieces of that file, none of them whole.
        choice: the label of the attempt whose version is taken; "" or absent for the base, as is
            the label of an attempt that leaves the piece.

    Raises ChangeError if the pieces weren't made from this base, ValueError for a whole piece.
    """
    if any(piece.is_whole for piece in pieces):
        raise ValueError("a whole file can't be combined with another")
    ordered = sorted(pieces, key=lambda piece: piece.start)
    if base is None or not _is_named(base, ordered):
        raise _other_base(pieces)
    file = _Combining(base)
    for piece in ordered:
        label = choice.get(piece.ref, "")
        file.take(piece, label, piece.version_of(label) if label else None)
    return file.done()


def _is_named(base: bytes, pieces: Sequence[AttemptPiece]) -> bool:
    """Whether the pieces may be of this file, by its name in git, where they know it."""
    for blob in {piece.blob for piece in pieces}:
        if (name := _HASHES.get(len(blob))) is not None:
            digest = hashlib.new(name, b"blob %d\0" % len(base), usedforsecurity=False)
            digest.update(base)
            if digest.hexdigest() != blob:
                return False
    return True


class _Combining:
    """The file as far as it is made."""

    def __init__(self, base: bytes) -> None:
        self._base = base.decode(ENCODING, ERRORS).split("\n")
        self._is_cut = bool(self._base[-1])
        if not self._is_cut:
            self._base.pop()
        self._at = 0
        self._lines: list[str] = []
        self._whose: list[AttemptLines] = []

    def take(self, piece: AttemptPiece, label: str, version: PieceVersion | None) -> None:
        """Take the base up to a piece, and the version of it; None for the base's."""
        start, end = piece.start, piece.end
        is_last = end == len(self._base)
        fits = self._at <= start <= end <= len(self._base)
        if not fits or tuple(self._base[start:end]) != piece.base:
            raise _other_base([piece])
        if piece.ends_without_newline and not (is_last and self._is_cut):
            raise _other_base([piece])
        if version is not None:
            self._lines += self._base[self._at : start]
            self._claim(label, version)
            self._lines += version.lines
            self._at = end
            if is_last:
                self._is_cut = version.ends_without_newline

    def _claim(self, label: str, version: PieceVersion) -> None:
        """Note which lines of the version are the attempt's own."""
        before, at = len(self._lines), 0
        for kept in (*version.unchanged, range(len(version.lines), len(version.lines))):
            if kept.start > at:
                self._add(AttemptLines(label, before + at + 1, before + kept.start))
            at = kept.stop

    def _add(self, lines: AttemptLines) -> None:
        last = self._whose[-1] if self._whose else None
        if last is not None and (last.label, last.end + 1) == (lines.label, lines.start):
            self._whose[-1] = AttemptLines(lines.label, last.start, lines.end)
        else:
            self._whose.append(lines)

    def done(self) -> CombinedFile:
        """Return the file with the rest of the base."""
        lines = [*self._lines, *self._base[self._at :]]
        text = "\n".join(lines) + ("" if self._is_cut or not lines else "\n")
        return CombinedFile(text.encode(ENCODING, ERRORS), tuple(self._whose))


def _other_base(pieces: Sequence[AttemptPiece]) -> ChangeError:
    path = pieces[0].ref.path if pieces else "the file"
    return ChangeError(
        f"The attempts' pieces of {path} were made from another file.",
        "Start the attempts again, or take one of them as a whole.",
    )
