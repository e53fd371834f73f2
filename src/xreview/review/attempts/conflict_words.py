"""What is said about a place where attempts conflict: what each does there, in neutral words."""

import re
from collections.abc import Iterable, Mapping, Sequence

from xreview.domain.attempt.piece import AttemptPiece, PieceVersion
from xreview.domain.attempt.statement import EdgeCase
from xreview.domain.events.attempt_events import AttemptTaken
from xreview.domain.record import dataclass
from xreview.domain.report import Report
from xreview.domain.text import count_of, shorten
from xreview.review.attempts.conflict_places import Conflict, ConflictPlace
from xreview.review.attempts.snapshot import AttemptSnapshot, TrialSnapshot

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{2,40}\b")
_KEYWORDS = """and case class const def elif else except False false for from func function
import let new nil None not null pass public raise return self static string this throw True true
try var void while with"""
_NO_NAMES = frozenset(_KEYWORDS.split())
"""Words of many languages that say nothing about what code does."""
_MOST_NAMES = 5
_MOST_CASES = 3
_LONGEST = 300
"""Characters of a case, as a statement words it."""
_TAKEN = "Attempt {}, which you took, has "


def claim_of(place: ConflictPlace, label: str) -> str:
    """What an attempt has in a place, and what the taken one has instead.

    The names that only one of them uses tell both apart, and this place from others.
    """
    ours, theirs = tuple(place.versions_of(place.label)), tuple(place.versions_of(label))
    taken = _TAKEN.format(place.label)
    return f"Attempt {label} has {_summary(theirs, ours)}. {taken}{_summary(ours, theirs)}."


def _summary(versions: Sequence[PieceVersion], others: Sequence[PieceVersion]) -> str:
    whole = [one.whole for one in versions if one.whole]
    if whole:
        return f"this file {' and '.join(whole)}"
    lines = [line for one in versions for line in one.lines]
    if not any(line.strip() for line in lines):
        return "nothing here"
    known = set(_names(line for one in others for line in one.lines))
    own = [name for name in dict.fromkeys(_names(lines)) if name not in known][:_MOST_NAMES]
    count = count_of(len(lines), "line")
    return f"{', '.join(f'`{name}`' for name in own)} in {count}" if own else f"{count} here"


def _names(lines: Iterable[str]) -> list[str]:
    found = (name for line in lines for name in _NAME.findall(line))
    return [name for name in found if name not in _NO_NAMES]


def cases_here(attempt: AttemptSnapshot, place: ConflictPlace) -> tuple[EdgeCase, ...]:
    """The edge cases that an attempt's statement links to its version of a place."""
    if attempt.statement is None:
        return ()
    pieces = [one.piece for one in place.pieces]
    return tuple(
        case
        for case in attempt.statement.handled
        if any(_is_in(case, piece, attempt.label) for piece in pieces)
    )


def _is_in(case: EdgeCase, piece: AttemptPiece, label: str) -> bool:
    version = piece.version_of(label)
    if version is None or not case.is_linked or case.path != piece.ref.path:
        return False
    if version.labels[0] == label:
        end = version.start + len(version.lines)
        return case.start_line < end and version.start <= case.end_line
    # Its lines may be elsewhere in this attempt's file than `start` says.
    lines = {" ".join(line.split()) for line in version.lines}
    quoted = [" ".join(line.split()) for line in case.quote.split("\n") if line.strip()]
    return bool(quoted) and lines.issuperset(quoted)


def has_said(label: str, cases: Sequence[EdgeCase], taken: str, left_out: str) -> str:
    """What the statements say about a place; "" for nothing."""
    said = [
        f"Attempt {label} says that it handles: {_cut(one.text)}" for one in cases[:_MOST_CASES]
    ]
    if left_out:
        said.append(f"Attempt {taken} says that it leaves out: {_cut(left_out)}")
    return "\n".join(said)


@dataclass(frozen=True, slots=True)
class TakenSide:
    """The side of the attempt that was taken: what it has, and the code it rests on."""

    label: str
    argument: str
    quote: str


def side_of(
    report: Report,
    taken: AttemptTaken,
    conflicts: Mapping[str, Sequence[Conflict]],
    snapshot: TrialSnapshot,
) -> TakenSide | None:
    """The side of the taken attempt on a report that was made by `claim_of`; None for another."""
    for label in taken.labels:
        _, mark, said = report.claim.partition(_TAKEN.format(label))
        if mark:
            quote = next(filter(str.strip, report.anchor.quote.split("\n")), "")
            quoted = [
                piece
                for pieces in conflicts.values()
                for piece, labels in pieces
                if label in labels and _is_quoted(piece, label, report)
            ]
            cases = [
                case
                for case in _cases_of(snapshot.by_label[label])
                if any(_is_in(case, piece, label) for piece in quoted)
            ]
            argument = f"Attempt {label} has {said}"
            handled = has_said(label, cases, "", "")
            return TakenSide(label, "\n".join(filter(None, (argument, handled))), quote)
    return None


def _cases_of(attempt: AttemptSnapshot) -> Sequence[EdgeCase]:
    return attempt.statement.handled if attempt.statement else ()


def _is_quoted(piece: AttemptPiece, label: str, report: Report) -> bool:
    """Whether a report quotes lines of an attempt's version of a piece."""
    version = piece.version_of(label)
    quoted = {line.strip() for line in report.anchor.quote.split("\n") if line.strip()}
    lines = [line.strip() for line in version.lines if line.strip()] if version else []
    is_here = piece.is_whole or piece.ref.path == report.anchor.path
    return is_here and bool(lines) and quoted.issuperset(lines[: len(quoted)])


def _cut(text: str) -> str:
    return f"“{shorten(text, _LONGEST)}”"
