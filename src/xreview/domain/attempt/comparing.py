"""Finding the pieces of several attempts: where they change their common base, and how.

The edits of all attempts whose lines in the base overlap or touch are one piece. Touching counts
because git's merge takes two changes for separate only if an unchanged line is between them
(`xscr1->i1 + xscr1->chg1 < xscr2->i1` in `xdl_do_merge`, xdiff/xmerge.c): what are two pieces here
can be combined there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from xreview.domain.attempt.base_edits import BaseEdit, edits_of
from xreview.domain.attempt.piece import AttemptComparison, AttemptPiece, PieceRef, PieceVersion
from xreview.domain.attempt.whole_files import base_path, is_whole, whole_piece
from xreview.domain.change import FileDiff
from xreview.domain.errors import ChangeError
from xreview.domain.record import dataclass, field


def compare_attempts(patches: Mapping[str, Sequence[FileDiff]]) -> AttemptComparison:
    """Compare attempts by what each changes in the same base.

    Args:
        patches: each attempt's diffs against the base, by label, in the order of the labels.

    Raises ChangeError if the diffs don't fit one base.
    """
    by_path: dict[str, dict[str, list[FileDiff]]] = {}
    for label, files in patches.items():
        for file in files:
            by_path.setdefault(base_path(file), {}).setdefault(label, []).append(file)
    labels = tuple(patches)
    pieces: list[AttemptPiece] = []
    for path in sorted(by_path):
        pieces += _pieces(path, labels, by_path[path])
    return AttemptComparison(labels, tuple(pieces))


def _pieces(
    path: str, labels: Sequence[str], diffs: Mapping[str, Sequence[FileDiff]]
) -> Iterator[AttemptPiece]:
    if any(len(files) > 1 or is_whole(files[0]) for files in diffs.values()):
        yield whole_piece(path, labels, diffs)
        return
    (blob, *others) = {file.old_blob for files in diffs.values() for file in files}
    growth = dict.fromkeys(diffs, 0)
    edits = ((label, edit) for label in diffs for edit in edits_of(diffs[label][0].body))
    for number, place in enumerate(_places(edits)):
        base = place.base(path)
        versions = list(_versions(place, base, labels, growth))
        touched = {label for version in versions for label in version.labels}
        yield AttemptPiece(
            ref=PieceRef(path, number),
            start=place.start,
            end=place.end,
            base=tuple(base),
            versions=tuple(versions),
            untouched=tuple(label for label in labels if label not in touched),
            ends_without_newline=place.was_cut,
            blob="" if others else blob,
        )
        for label, own in place.edits.items():
            growth[label] += sum(edit.growth for edit in own)


@dataclass(slots=True)
class _Place:
    """Lines of the base whose edits belong together."""

    start: int
    end: int
    edits: dict[str, list[BaseEdit]] = field(default_factory=dict[str, list[BaseEdit]])

    @property
    def was_cut(self) -> bool:
        return any(edit.was_cut for edits in self.edits.values() for edit in edits)

    def base(self, path: str) -> list[str]:
        """The lines of the base, each of which some edit removes. Raises ChangeError."""
        found: list[str | None] = [None] * (self.end - self.start)
        for edits in self.edits.values():
            for edit in edits:
                known = slice(edit.start - self.start, edit.end - self.start)
                if any(
                    was is not None and was != is_now
                    for was, is_now in zip(found[known], edit.removed, strict=True)
                ):
                    raise _no_common_base(path)
                found[known] = edit.removed
        return [line for line in found if line is not None]


def _places(edits: Iterable[tuple[str, BaseEdit]]) -> Iterator[_Place]:
    place: _Place | None = None
    for label, edit in sorted(edits, key=lambda one: (one[1].start, one[1].end)):
        if place is None or edit.start > place.end:
            if place is not None:
                yield place
            place = _Place(edit.start, edit.end)
        place.end = max(place.end, edit.end)
        place.edits.setdefault(label, []).append(edit)
    if place is not None:
        yield place


def _versions(
    place: _Place, base: Sequence[str], labels: Sequence[str], growth: Mapping[str, int]
) -> Iterator[PieceVersion]:
    """The distinct texts that aren't the base's, in the order of the attempts."""
    found: dict[tuple[tuple[str, ...], bool], tuple[_Text, list[str]]] = {}
    for label in labels:
        if edits := place.edits.get(label):
            text = _edited(place, base, edits)
            found.setdefault((tuple(text.lines), text.is_cut), (text, []))[1].append(label)
    found.pop((tuple(base), place.was_cut), None)
    for (lines, is_cut), (text, whose) in found.items():
        start = place.start + growth[whose[0]] + 1
        yield PieceVersion(
            tuple(whose),
            lines,
            start,
            unchanged=tuple(text.unchanged),
            ends_without_newline=is_cut,
        )


@dataclass(slots=True)
class _Text:
    """What an attempt makes of a place: `unchanged` are the lines that are the base's."""

    lines: list[str] = field(default_factory=list[str])
    unchanged: list[range] = field(default_factory=list[range])
    is_cut: bool = False

    def keep(self, lines: Sequence[str]) -> None:
        if lines:
            self.unchanged.append(range(len(self.lines), len(self.lines) + len(lines)))
            self.lines += lines


def _edited(place: _Place, base: Sequence[str], edits: Sequence[BaseEdit]) -> _Text:
    """The base with the edits of one attempt."""
    first = edits[0]
    if len(edits) == 1 and (first.start, first.end) == (place.start, place.end):
        return _Text(first.added, is_cut=first.is_cut)
    text, at = _Text(), place.start
    for edit in edits:
        text.keep(base[at - place.start : edit.start - place.start])
        text.lines += edit.added
        at = edit.end
    text.keep(base[at - place.start :])
    text.is_cut = edits[-1].is_cut if at == place.end else place.was_cut
    return text


def _no_common_base(path: str) -> ChangeError:
    return ChangeError(
        f"The attempts don't change the same {path}: they started from other files.",
        "Start them again.",
    )
