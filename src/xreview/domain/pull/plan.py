"""Where on a pull request a finding can be commented.

A forge takes a comment on a line of its own diff only: added and unchanged lines on the new side,
removed and unchanged ones on the old side, both ends of a range in one hunk. GitHub refuses a whole
review for one comment that isn't, without a word about which. A finding elsewhere goes to its file,
or to the text of the review, and never to a nearby line.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from xreview.domain.change import FileDiff, Hunk, Line, LineKind, Side
from xreview.domain.identity.anchor import Anchor, normalised
from xreview.domain.pull.address import ForgeKind
from xreview.domain.pull.posting import PlannedComment, PostPlacement
from xreview.domain.record import dataclass, replace

NOT_IN_FILE = "the code that it quotes isn't in the file"
NO_FILE = "the file isn't part of the diff"
NOT_UTF8 = "the file's name isn't UTF-8"
BINARY = "the file is binary"
NO_DIFF = "the forge doesn't show the file's diff"
NO_LINES = "no line of the file changes"
OFF_DIFF = "the line isn't part of the diff"
RANGE_OFF_DIFF = "the lines aren't part of the diff"
SEVERAL_HUNKS = "not all of its lines are in one part of the diff"
GONE = "the code that it quotes isn't in the diff any more"


@dataclass(frozen=True, slots=True)
class PostAbilities:
    """What comments of a pending review can be at a kind of forge."""

    has_ranges: bool = True
    has_files: bool = True
    has_suggestions: bool = True


ABILITIES: Mapping[ForgeKind, PostAbilities] = {
    ForgeKind.GITHUB: PostAbilities(),
    ForgeKind.GITLAB: PostAbilities(),
    ForgeKind.GITEA: PostAbilities(has_ranges=False, has_files=False, has_suggestions=False),
    ForgeKind.BITBUCKET: PostAbilities(has_files=False, has_suggestions=False),
}


@dataclass(frozen=True)
class DiffPlaces:
    """Finds the places of findings in a diff.

    Args:
        files: those of the diff, as the forge shows it.
        is_moved: the findings are about another commit: only their quotes lead to their lines.
    """

    files: Sequence[FileDiff]
    abilities: PostAbilities = PostAbilities()
    is_moved: bool = False

    def place(
        self, subjects: tuple[str, ...], anchor: Anchor, *, is_anchored: bool = True
    ) -> PlannedComment:
        """Where a finding goes; its text is still empty."""
        file = self._file(anchor)
        planned = PlannedComment(subjects, PostPlacement.BODY, anchor.path, "", anchor.side)
        if any("\ud800" <= sign <= "\udfff" for sign in anchor.path):
            return replace(planned, why=NOT_UTF8)
        if file is None:
            return replace(planned, why=NO_FILE)
        planned = replace(planned, path=file.path, old_path=file.old_path or file.path)
        if not is_anchored:
            return self._on_file(planned, NOT_IN_FILE)
        if file.binary:
            return self._on_file(planned, BINARY)
        if not file.body:
            return self._on_file(planned, NO_DIFF if file.unread else NO_LINES)
        return self._on_lines(planned, file, anchor)

    def _on_lines(self, planned: PlannedComment, file: FileDiff, anchor: Anchor) -> PlannedComment:
        parts = [_of_side(hunk, anchor.side) for hunk in file.hunks]
        if self.is_moved:
            found = _quoted(parts, anchor)
            why = GONE
        else:
            found = next(filter(None, (_range(lines, anchor) for lines in parts)), None)
            why = _why_not(parts, anchor)
        if found is None:
            return self._on_file(planned, why)
        first, last = found if self.abilities.has_ranges else (found[1], found[1])
        return replace(
            planned,
            placement=PostPlacement.LINES,
            start_line=_number(first, anchor.side),
            end_line=_number(last, anchor.side),
            old_line=last.old_number or 0,
            new_line=last.new_number or 0,
            old_start=first.old_number or 0,
            new_start=first.new_number or 0,
        )

    def _on_file(self, planned: PlannedComment, why: str) -> PlannedComment:
        where = PostPlacement.FILE if self.abilities.has_files else PostPlacement.BODY
        return replace(planned, placement=where, why=why)

    def _file(self, anchor: Anchor) -> FileDiff | None:
        named = (file for file in self.files if file.path == anchor.path)
        renamed = (file for file in self.files if file.old_path == anchor.path)
        return next(named, None) or next(renamed, None)

    def replaces_exactly(self, planned: PlannedComment, anchor: Anchor) -> bool:
        """Whether a comment is on exactly the lines that a finding quotes, on the new side.

        White space counts: a replacement is indented as the quote is.
        """
        file = self._file(anchor)
        if file is None or planned.placement is not PostPlacement.LINES:
            return False
        if anchor.side is not Side.NEW:
            return False
        wanted = range(planned.start_line, planned.end_line + 1)
        there = [
            line.text
            for hunk in file.hunks
            for line in _of_side(hunk, Side.NEW)
            if line.new_number in wanted
        ]
        return [row.rstrip() for row in there] == [row.rstrip() for row in anchor.quote.split("\n")]

    def in_order(self, comments: Iterable[PlannedComment]) -> tuple[PlannedComment, ...]:
        """Comments in the order of the diff; those on no file of it last."""
        order = {file.path: at for at, file in enumerate(self.files)}
        return tuple(
            sorted(comments, key=lambda one: (order.get(one.path, len(order)), one.end_line))
        )


_Ends = tuple[Line, Line]
"""The first and the last line of a range."""


def _of_side(hunk: Hunk, side: Side) -> list[Line]:
    """The lines of a hunk that can be commented on a side."""
    other = LineKind.REMOVED if side is Side.NEW else LineKind.ADDED
    return [line for line in hunk.lines if line.kind is not other]


def _number(line: Line, side: Side) -> int:
    return (line.new_number if side is Side.NEW else line.old_number) or 0


def _range(lines: Sequence[Line], anchor: Anchor) -> _Ends | None:
    by_number = {_number(line, anchor.side): line for line in lines}
    first, last = by_number.get(anchor.start_line), by_number.get(anchor.end_line)
    if first is None or last is None or anchor.start_line > anchor.end_line:
        return None
    return first, last


def _why_not(parts: Sequence[Sequence[Line]], anchor: Anchor) -> str:
    wanted = range(anchor.start_line, anchor.end_line + 1)
    if any(_number(line, anchor.side) in wanted for lines in parts for line in lines):
        return SEVERAL_HUNKS
    return OFF_DIFF if anchor.start_line == anchor.end_line else RANGE_OFF_DIFF


def _quoted(parts: Sequence[Sequence[Line]], anchor: Anchor) -> _Ends | None:
    """The lines with the quoted code, ignoring white space, nearest to where they were."""
    found = [ends for lines in parts for ends in _occurrences(lines, anchor.quote)]
    return min(
        found,
        key=lambda ends: abs(_number(ends[0], anchor.side) - anchor.start_line),
        default=None,
    )


def _occurrences(lines: Sequence[Line], quote: str) -> Iterator[_Ends]:
    wanted = normalised(quote).split("\n")
    if not wanted[0]:
        return
    rows = [(code, line) for line in lines if (code := _bare(line.text))]
    whole: list[_Ends] = []
    for at in range(len(rows) - len(wanted) + 1):
        window = rows[at : at + len(wanted)]
        if [code for code, _ in window] == wanted:
            whole.append((window[0][1], window[-1][1]))
    if whole or len(wanted) > 1:
        yield from whole
    else:  # a quote of one line can be a part of it
        yield from ((line, line) for code, line in rows if wanted[0] in code)


def _bare(row: str) -> str:
    return " ".join(row.split())
