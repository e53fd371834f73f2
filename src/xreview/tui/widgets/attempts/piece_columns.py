"""A piece as columns of code: the base, and what each attempt makes of it."""

from collections.abc import Mapping, Sequence
from itertools import chain, repeat

from xreview.domain.attempt.piece import AttemptPiece, PieceVersion
from xreview.domain.change import FileDiff, LineKind
from xreview.domain.record import dataclass, field
from xreview.review.attempts.snapshot import AttemptSnapshot
from xreview.tui.widgets.attempts.state import ShownTrial
from xreview.tui.widgets.diff.blocks import RowKind

CONTEXT_LINES = 3
"""Lines of the base before and after a piece, where a diff shows them."""

EVERY_COLUMN_FROM = 150
TWO_COLUMNS_FROM = 90
_LEAST_COLUMN = 24
_KINDS = {
    LineKind.CONTEXT: RowKind.CONTEXT,
    LineKind.ADDED: RowKind.ADDED,
    LineKind.REMOVED: RowKind.REMOVED,
}


@dataclass(frozen=True, slots=True)
class PieceLine:
    """A line of a column; its number is None where the file has none, or it isn't known."""

    number: int | None
    text: str
    kind: RowKind


@dataclass(frozen=True)
class PieceColumn:
    """One column.

    Args:
        label: the attempt; "" for the base. title: what stands above it.
        lines: the context before, the piece, and the context after; None where it has no line.
    """

    label: str
    title: str
    lines: Sequence[PieceLine | None]
    is_chosen: bool = False


@dataclass
class BaseLines:
    """The lines of base files that the diffs of attempts show, read from these once for each."""

    _known: dict[str, tuple[Sequence[AttemptSnapshot], dict[int, str]]] = field(
        default_factory=dict[str, tuple[Sequence[AttemptSnapshot], dict[int, str]]]
    )

    def of(self, path: str, attempts: Sequence[AttemptSnapshot]) -> Mapping[int, str]:
        """Return what is known of a file's lines in the base, by their 1-based numbers."""
        known = self._known.get(path)
        if known is None or known[0] is not attempts:
            known = self._known[path] = (attempts, _base_lines(path, attempts))
        return known[1]


def _base_lines(path: str, attempts: Sequence[AttemptSnapshot]) -> dict[int, str]:
    found: dict[int, str] = {}
    for file in _files_at(path, attempts):
        for hunk in file.hunks:
            for line in hunk.lines:
                if line.old_number is not None:
                    found[line.old_number] = line.text
    return found


def _files_at(path: str, attempts: Sequence[AttemptSnapshot]) -> list[FileDiff]:
    return [file for one in attempts for file in one.files if path in (file.path, file.old_path)]


def shown_columns(labels: Sequence[str], first: int, width: int) -> tuple[bool, tuple[str, ...]]:
    """Return whether the base has a column, and which attempts have one.

    Args:
        first: the index of the attempt that is shown first, where there isn't room for all.
    """
    if not labels:
        return True, ()
    if width >= EVERY_COLUMN_FROM:
        most = max(1, width // _LEAST_COLUMN - 1)
        return True, labels_from(labels, first, most)
    if width >= TWO_COLUMNS_FROM:
        return True, labels_from(labels, first, 1)
    return False, labels_from(labels, first, 1)


def labels_from(labels: Sequence[str], first: int, most: int) -> tuple[str, ...]:
    """Return the labels of `most` columns, beginning with the one at an index."""
    if len(labels) <= most:
        return tuple(labels)
    return tuple(labels[(first + index) % len(labels)] for index in range(most))


def changing_labels(shown: ShownTrial, piece: AttemptPiece) -> tuple[str, ...]:
    """Return the attempts that change a piece, in the order of their labels."""
    compared = shown.snapshot.comparison
    labels = compared.labels if compared else ()
    return tuple(one for one in labels if piece.version_of(one) is not None)


def piece_columns(
    shown: ShownTrial, piece: AttemptPiece, known: BaseLines, first: int, width: int
) -> tuple[PieceColumn, ...]:
    """Return the columns of a piece that fit into a width, with some lines around it.

    Attempts that leave it as it is have none: they are named above the base.
    """
    attempts = shown.snapshot.attempts
    has_base, labels = shown_columns(changing_labels(shown, piece), first, width)
    around: Mapping[int, str] = {}
    if not piece.is_whole:
        around = known.of(piece.ref.path, attempts)
    versions = {label: one for one in piece.versions for label in one.labels}
    bodies = {label: _body(shown, piece, versions[label], label) for label in labels}
    base = _base_body(piece)
    height = max(map(len, [base, *bodies.values()]), default=0)
    before = [n for n in range(piece.start + 1 - CONTEXT_LINES, piece.start + 1) if n in around]
    after = [n for n in range(piece.end + 1, piece.end + 1 + CONTEXT_LINES) if n in around]
    chosen = shown.choice.get(piece.ref)
    columns: list[PieceColumn] = []
    if has_base:
        lines = _column(base, height, around, before, after, 0, 0)
        title = " = ".join(("base", *piece.untouched))
        columns.append(PieceColumn("", title, lines, is_chosen=chosen == ""))
    for label in labels:
        version = versions[label]
        start, end = _shifts(piece, version)
        lines = _column(bodies[label], height, around, before, after, start, end)
        title = _title(piece, version, label)
        columns.append(PieceColumn(label, title, lines, is_chosen=chosen == label))
    return tuple(columns)


def _shifts(piece: AttemptPiece, version: PieceVersion) -> tuple[int, int]:
    """Return what is added to a number of the base before and after the piece."""
    before = version.start - (piece.start + 1)
    return before, before + len(version.lines) - len(piece.base)


def _column(
    body: Sequence[PieceLine],
    height: int,
    around: Mapping[int, str],
    before: Sequence[int],
    after: Sequence[int],
    shift_before: int,
    shift_after: int,
) -> Sequence[PieceLine | None]:
    lead = (_context(around, number, shift_before) for number in before)
    rest = (_context(around, number, shift_after) for number in after)
    return [*lead, *chain(body, repeat(None, height - len(body))), *rest]


def _context(around: Mapping[int, str], number: int, shift: int) -> PieceLine:
    return PieceLine(number + shift, around[number], RowKind.CONTEXT)


def _base_body(piece: AttemptPiece) -> list[PieceLine]:
    # A line that some attempt doesn't have is marked, as in a diff against it.
    kept = [frozenset(one.lines) for one in piece.versions]
    lines: list[PieceLine] = []
    for number, text in enumerate(piece.base, piece.start + 1):
        is_kept = all(text in one for one in kept)
        lines.append(PieceLine(number, text, RowKind.CONTEXT if is_kept else RowKind.REMOVED))
    return lines


def _body(
    shown: ShownTrial, piece: AttemptPiece, version: PieceVersion, label: str
) -> list[PieceLine]:
    if piece.is_whole and not version.lines:
        return _diff_lines(shown, piece.ref.path, label)
    base = frozenset(piece.base)
    return [
        PieceLine(number, text, RowKind.CONTEXT if text in base else RowKind.ADDED)
        for number, text in enumerate(version.lines, version.start)
    ]


def _diff_lines(shown: ShownTrial, path: str, label: str) -> list[PieceLine]:
    """Return the lines of the diff of a whole file, which has nothing else to show."""
    attempt = shown.attempt(label)
    files = _files_at(path, [attempt] if attempt else [])
    return [
        PieceLine(line.new_number, line.text, _KINDS[line.kind])
        for file in files
        for hunk in file.hunks
        for line in hunk.lines
    ]


def _title(piece: AttemptPiece, version: PieceVersion, label: str) -> str:
    first = version.labels[0]
    told = f" {version.whole}" if piece.is_whole and version.whole else ""
    return f"{label}{told}" if label == first else f"{label} = {first}{told}"
