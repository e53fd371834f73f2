"""Suggested replacements as edits of files: exact, several at once, and whole or not at all.

An edit replaces the lines that its report quotes, where they are: at the report's own place, or at
the only place in the file that has them. The edits of one finding are made together; if one of them
can't be, none is, and a sentence says why. Of two findings that change the same lines, the first
wins.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from xreview.domain.fixing.kept_lines import KeptLines, LineRange
from xreview.domain.record import dataclass


@dataclass(frozen=True, slots=True)
class LineEdit:
    """Replaces the quoted lines of a file.

    Args:
        owner: the finding that asks for it. name: the finding's, for sentences, safe to show.
        start_line: where the quote was (1-based).
        quote: the lines verbatim, joined by line feeds.
        replacement: the new lines, the last with or without a line feed; "" removes the lines.
    """

    owner: str
    name: str
    path: str
    start_line: int
    quote: str
    replacement: str

    @property
    def old(self) -> list[str]:
        """The quoted lines."""
        return _lines(self.quote)

    @property
    def new(self) -> list[str]:
        """The lines that replace them."""
        return _lines(self.replacement.removesuffix("\n")) if self.replacement else []


@dataclass(frozen=True, slots=True)
class EditPlan:
    """What edits make of files.

    Args:
        contents: the new content of each changed file.
        refused: by owner, a sentence that says why nothing of it was done; it can hold a path, raw.
    """

    contents: Mapping[str, bytes]
    refused: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Placed:
    edit: LineEdit
    place: LineRange


def quoted_place(edit: LineEdit, lines: KeptLines) -> LineRange | str:
    """Where an edit's quote is, or a sentence that says why that isn't known."""
    old = edit.old
    if not any(line.strip() for line in old):
        return f"It quotes no code in {edit.path}."
    start = edit.start_line - 1
    if lines.is_at(start, old):
        return LineRange(start, start + len(old))
    found = lines.found(old)
    if len(found) == 1:
        return found[0]
    if not found:
        return f"The lines it quotes aren't in {edit.path}."
    return (
        f"The lines it quotes are in {edit.path} {len(found)} times,"
        f" but not at line {edit.start_line}."
    )


def plan_edits(
    contents: Mapping[str, bytes | None], edits: Sequence[LineEdit], broken: Collection[str] = ()
) -> EditPlan:
    """What the edits make of these files.

    Args:
        contents: by path; None for a file that can't be read.
        broken: the paths of files that no longer parse with their edits.
    """
    files = {path: KeptLines.of(raw) for path, raw in contents.items() if raw is not None}
    refused: dict[str, str] = {}
    placed: list[_Placed] = []
    for edit in edits:
        place = _place_in(files.get(edit.path), edit)
        if isinstance(place, LineRange) and edit.path in broken:
            place = f"With the suggested lines, {edit.path} no longer parses: they were undone."
        if isinstance(place, str):
            refused.setdefault(edit.owner, place)
        else:
            placed.append(_Placed(edit, place))
    chosen, losing = _without_overlaps([one for one in placed if one.edit.owner not in refused])
    return EditPlan(_contents(files, chosen), refused | losing)


def _place_in(lines: KeptLines | None, edit: LineEdit) -> LineRange | str:
    return quoted_place(edit, lines) if lines else f"{edit.path} can't be read as a file."


def _without_overlaps(placed: Sequence[_Placed]) -> tuple[list[_Placed], dict[str, str]]:
    """The edits that can be made together, and why the other findings lose."""
    by_owner: dict[str, list[_Placed]] = {}
    for one in placed:
        by_owner.setdefault(one.edit.owner, []).append(one)
    chosen: dict[tuple[str, LineRange], _Placed] = {}
    refused: dict[str, str] = {}
    for owner, wanted in by_owner.items():
        wanted = list(
            {(one.edit.path, one.place, tuple(one.edit.new)): one for one in wanted}.values()
        )
        if why := _clash(wanted, list(chosen.values())):
            refused[owner] = why
        else:
            chosen |= {(one.edit.path, one.place): one for one in wanted}
    return list(chosen.values()), refused


def _clash(wanted: Sequence[_Placed], chosen: Sequence[_Placed]) -> str:
    for one in wanted:
        for other in chosen:
            if _disagree(one, other):
                where = f"{one.place.words} of {one.edit.path}"
                return (
                    f"It changes {where}, and so does “{other.edit.name}”, which comes first:"
                    " fix it in a second round."
                )
    ordered = sorted(wanted, key=lambda one: (one.edit.path, one.place.start))
    for one, other in pairwise(ordered):
        if _disagree(one, other):
            return f"Its own suggestions overlap in {one.place.words} of {one.edit.path}."
    return ""


def _disagree(one: _Placed, other: _Placed) -> bool:
    """Whether two edits change the same lines, unless they make the same of them."""
    if one.edit.path != other.edit.path or not one.place.overlaps(other.place):
        return False
    return one.place != other.place or one.edit.new != other.edit.new


def _contents(files: Mapping[str, KeptLines], chosen: Sequence[_Placed]) -> dict[str, bytes]:
    changes: dict[str, dict[LineRange, list[str]]] = {}
    for one in chosen:
        changes.setdefault(one.edit.path, {})[one.place] = one.edit.new
    contents = {path: files[path].replaced(places).content for path, places in changes.items()}
    return {path: raw for path, raw in contents.items() if raw != files[path].content}


def _lines(text: str) -> list[str]:
    return [line.removesuffix("\r") for line in text.split("\n")]
