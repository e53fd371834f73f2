"""Reads which pieces of which attempts a graft takes."""

from collections.abc import Iterable, Sequence

from xreview.cli.parser import nearest, quoted
from xreview.domain.attempt.piece import AttemptComparison, AttemptPiece, PieceKind, PieceRef
from xreview.domain.errors import UsageError

_FORMS = "Write PATH=LABEL, PATH:NUMBER=LABEL, or LABEL for all of an attempt."
BASE = "base"
"""In place of a label: as it was before any attempt."""


def graft_choice(compared: AttemptComparison, words: Sequence[str]) -> dict[PieceRef, str]:
    """The attempt chosen for each piece; pieces that aren't in it stay as in the base.

    A later word overrides an earlier one. Raises UsageError for a word that names nothing.
    """
    choice: dict[PieceRef, str] = {}
    for word in words:
        place, equals, said = word.rpartition("=")
        label = _label(said, compared, word)
        pieces = _pieces(place, compared) if equals else compared.pieces
        if label and not any(label in one.labels for one in pieces):
            raise UsageError(f"“{quoted(word)}”: {label} changes nothing there.", _changed(pieces))
        choice |= {one.ref: label if label in one.labels else "" for one in pieces}
    chosen = {ref: label for ref, label in choice.items() if label}
    if not chosen:
        raise UsageError("This graft takes nothing.", _FORMS)
    return chosen


def undecided_pieces(
    compared: AttemptComparison, choice: dict[PieceRef, str]
) -> tuple[AttemptPiece, ...]:
    """The conflicting pieces of which no version is taken."""
    return tuple(
        one
        for one in compared.pieces
        if one.kind is PieceKind.CONFLICTING and not choice.get(one.ref)
    )


def _label(said: str, compared: AttemptComparison, word: str) -> str:
    if said.lower() == BASE:
        return ""
    if said.upper() not in compared.labels:
        raise UsageError(
            f"“{quoted(word)}” ends with no label of an attempt.",
            f"Use {', '.join(compared.labels)}, or {BASE}. {_FORMS}",
        )
    return said.upper()


def _pieces(place: str, compared: AttemptComparison) -> Sequence[AttemptPiece]:
    """All pieces of a file, or the one with that number."""
    if place in compared.by_path:
        return compared.by_path[place]
    path, colon, number = place.rpartition(":")
    if colon and number.isascii() and number.isdigit() and path in compared.by_path:
        found = [one for one in compared.by_path[path] if one.ref.number == int(number)]
        if not found:
            most = len(compared.by_path[path]) - 1
            raise UsageError(f"{quoted(path)} has no piece {number}.", f"They go from 0 to {most}.")
        return found
    raise UsageError(
        f"No attempt changes “{quoted(place)}”.",
        nearest(place, compared.by_path) or "`attempt --open ID` lists the files.",
    )


def _changed(pieces: Iterable[AttemptPiece]) -> str:
    labels = sorted({label for one in pieces for label in one.labels})
    return f"{' and '.join(labels)} {'does' if len(labels) == 1 else 'do'}."
