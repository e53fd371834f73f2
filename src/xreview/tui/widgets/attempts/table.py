"""The table of attempts: what each does while it runs, and what is measured once it is over."""

from collections.abc import Iterator

from textual.content import Content

from xreview.domain.record import dataclass
from xreview.domain.text import clock_words
from xreview.review.attempts.snapshot import AttemptSnapshot
from xreview.tui.widgets.attempts.facts import COLUMNS, in_lines
from xreview.tui.widgets.attempts.state import ShownTrial
from xreview.tui.widgets.attempts.words import spent_words, stage_words, why_not_clean
from xreview.tui.widgets.fixing.cutting import cut_to
from xreview.tui.widgets.row_list import ListedRow, RowHeading, RowList

_LEAD = 2
_WIDEST_WRITER = 26
_TITLES = RowHeading("", "", "bold $text-muted")


@dataclass(frozen=True)
class AttemptRow(ListedRow):
    """One attempt.

    Args:
        numbers: its cost and its time so far, while it runs.
        cells: its measures, in the order of `COLUMNS`; () while it runs.
        names: the width of the column of labels and writers.
    """

    numbers: str = ""
    cells: tuple[str, ...] = ()
    names: int = 0


def attempt_rows(shown: ShownTrial, since: float = 0.0) -> list[RowHeading | AttemptRow]:
    """Return a row for each attempt, in the order of labels, never of merit.

    Args:
        since: seconds that passed since the snapshot.
    """
    trial, veil = shown.snapshot, shown.veil
    named = {one.label: veil.writer(one) for one in trial.attempts}
    widest = min(_WIDEST_WRITER, max(map(len, named.values()), default=0))
    names = 2 + (widest + 2 if widest else 0)
    rows: list[RowHeading | AttemptRow] = [_TITLES] if trial.attempts else []
    rows += (
        _attempt_row(shown, one, cut_to(named[one.label], widest), names, since)
        for one in trial.attempts
    )
    return rows


def _attempt_row(
    shown: ShownTrial, one: AttemptSnapshot, writer: str, names: int, since: float
) -> AttemptRow:
    is_measured = one.is_over and bool(one.files)
    label = ", ".join(_labels(shown, one))
    if is_measured:
        cells = tuple(column.words(one) for column in COLUMNS)
        return AttemptRow(one.label, one.label, "bold", writer, label=label, cells=cells,
                          names=names)  # fmt: skip
    seconds = one.seconds + (since if not one.is_over and one.seconds else 0.0)
    numbers = f"{spent_words(one.cost, one.most)} · {clock_words(seconds)}"
    doing = shown.veil.doing(one)
    if one.is_over:
        doing = shown.veil.line(one.why) or next(why_not_clean(shown, one), "")
    stage = stage_words(one)
    return AttemptRow(one.label, one.label, "bold", writer, numbers=numbers,
                      evidence=f"{stage}: {doing}" if doing else stage, label=label,
                      names=names)  # fmt: skip


def _labels(shown: ShownTrial, one: AttemptSnapshot) -> Iterator[str]:
    if one.is_over and one.is_stopped and one.files:
        yield "cut short"
    if any(one.label in taken.labels for taken in shown.snapshot.taken):
        yield "taken"


class AttemptTable(RowList[AttemptRow]):
    """Shows attempts in columns, over as many lines as these need."""

    def _heading(self, row: RowHeading, width: int) -> list[Content]:
        rows = [one for one in self._rows if isinstance(one, AttemptRow)]
        if not any(one.cells for one in rows):
            return []
        indent = _LEAD + rows[0].names
        lines = in_lines(COLUMNS, width - indent)
        return [
            Content.styled(
                " " * indent + "".join(f"{one.title:>{one.width}}" for one in line), row.style
            ).truncate(width, ellipsis=True, pad=True)
            for line in lines
        ]

    def _row(self, index: int, row: AttemptRow, width: int) -> list[Content]:
        is_here = index == self._cursor
        head = Content.assemble(
            "▸ " if is_here else "  ", (row.sign, row.style), (f" {row.title}", "$text-muted")
        ).truncate(_LEAD + row.names, ellipsis=True, pad=True)
        label = Content.styled(f" {row.label} ", "bold $text-accent") if row.label else Content("")
        lines = list(_measures(row, head, width) if row.cells else _progress(row, head, width))
        room = width - len(label.plain)
        lines[-1] = lines[-1].rstrip().truncate(room, ellipsis=True, pad=True) + label
        if is_here:
            colour = "on $diff-cursor" if self.has_focus else "on $block-cursor-blurred-background"
            lines = [line.stylize_before(colour) for line in lines]
        return lines


def _measures(row: AttemptRow, head: Content, width: int) -> Iterator[Content]:
    values = iter(row.cells)
    indent = len(head.plain)
    for number, line in enumerate(in_lines(COLUMNS, width - indent)):
        lead = Content(" " * indent) if number else head
        cells = "".join(f"{next(values):>{one.width}}" for one in line)
        yield (lead + Content(cells)).truncate(width, ellipsis=True, pad=True)


def _progress(row: AttemptRow, head: Content, width: int) -> Iterator[Content]:
    room = width - len(head.plain) - len(row.numbers) - 3
    if room >= len(row.evidence) or room >= 24:
        told = Content(f" {cut_to(row.evidence, room)}").truncate(room + 1, pad=True)
        yield head + told + Content.styled(f"  {row.numbers}", "$text-muted")
        return
    yield (head + Content.styled(f" {row.numbers}", "$text-muted")).truncate(width, pad=True)
    yield Content(f"    {cut_to(row.evidence, width - 4)}").truncate(width, pad=True)
