"""The first frame, painted before Textual is imported.

Importing Textual takes several times longer than git's first lines (`bench/app.py`), so this draws
the change by hand where the app will show it: same panes, same rows, no syntax colours. Keys typed
meanwhile stay in the terminal's queue, without echo, for the app.
"""

import os
import signal
import termios
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from types import FrameType
from typing import Any, Self

from xreview.domain.change import ChangeSource, FileDiff
from xreview.domain.record import replace
from xreview.domain.text import shorten, visible
from xreview.tui.screens.triage.splits import TITLES, Box, PaneSplits, PaneView
from xreview.tui.widgets.diff.blocks import DiffRow
from xreview.tui.widgets.diff.rows import FileRows, RowKind, file_facts
from xreview.tui.widgets.diff.text import drawn_line

_HEADER_ROWS, _FOOTER_ROWS = 2, 1
_BESIDE_CODE = 3  # the border and the scroll bar
_KEYBOARD, _SCREEN = 0, 2  # as in Textual: standard input and standard error
_ENTER = "\x1b[?1049h\x1b[?25l"
_LEAVE = b"\x1b[?25h\x1b[?1049l"
_GROUNDS = {
    RowKind.FILE: "diff-file",
    RowKind.HUNK: "diff-hunk",
    RowKind.ADDED: "diff-added",
    RowKind.REMOVED: "diff-removed",
}
_SIGNS = {RowKind.ADDED: "+", RowKind.REMOVED: "-"}


def panes(columns: int, rows: int, splits: PaneSplits) -> list[Box]:
    """Return the panes below the header, as the app will show them first."""
    boxes = splits.boxes(columns, rows - _HEADER_ROWS - _FOOTER_ROWS, PaneView())
    return [replace(box, y=box.y + _HEADER_ROWS) for box in boxes]


class FirstFrame:
    """Paints the terminal once. Textual then switches to the same alternate screen and draws over.

    A context manager: if the app never took over, it restores the terminal. `colors` is empty for
    NO_COLOR or the terminal's own colours.
    """

    def __init__(self, colors: Mapping[str, str], tab_size: int, splits: PaneSplits) -> None:
        self._colors = colors
        self._splits = splits
        self._tab_size = tab_size
        self._modes: list[Any] | None = None
        self._is_taken_over = False

    def paint(self, source: ChangeSource, files: Sequence[FileDiff]) -> None:
        """Draw the beginning of the change; do nothing without a terminal."""
        try:
            columns, rows = os.get_terminal_size(_SCREEN)
            self._modes = termios.tcgetattr(_KEYBOARD)
        except (OSError, termios.error):
            return
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _leave)
        quiet = list(self._modes)
        # No echo, no line buffering; Ctrl+C still interrupts until the app runs.
        quiet[3] = int(quiet[3]) & ~(termios.ECHO | termios.ICANON)
        with suppress(termios.error):
            termios.tcsetattr(_KEYBOARD, termios.TCSANOW, quiet)
        boxes = panes(columns, rows, self._splits)
        frame = _frame(source, files, columns, rows, boxes, self._colors, self._tab_size)
        text = _ENTER + "".join(frame) + "\x1b[0m"
        _write(text.encode("utf-8", "replace"))

    def hand_over(self) -> list[Any] | None:
        """Leave the terminal to the app; return the modes it must restore at exit, if changed."""
        self._is_taken_over = True
        return self._modes

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._modes is not None and not self._is_taken_over:
            _write(_LEAVE)
            with suppress(termios.error):
                termios.tcsetattr(_KEYBOARD, termios.TCSANOW, self._modes)


def _write(text: bytes) -> None:
    """Write to the terminal; one that is gone is the app's to notice."""
    with suppress(OSError):
        os.write(_SCREEN, text)


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _frame(
    source: ChangeSource,
    files: Sequence[FileDiff],
    columns: int,
    rows: int,
    boxes: Sequence[Box],
    colors: Mapping[str, str],
    tab_size: int,
) -> Iterator[str]:
    plain = _style(colors, "syntax-text", "background")
    panel = _style(colors, "syntax-text", "panel")
    border = _style(colors, "diff-number", "background")
    yield plain + "\x1b[2J"
    title = shorten(visible(source.title), max(0, columns - 12))
    yield f"{_at(0, 0)}{panel}{' ' * columns}{_at(0, 1)}{' ' * columns}"
    yield f"{_at(0, 0)}\x1b[7m xreview \x1b[27m {title}"
    for box in boxes:
        yield from _border(box, border)
    for box in boxes:
        if box.pane == "code":
            yield from _code(box, _lines(files, box.width - _BESIDE_CODE, tab_size), colors)
    yield f"{_at(0, rows - 1)}{panel}{' ' * columns}"


def _border(box: Box, style: str) -> Iterator[str]:
    across, title = box.width - 2, TITLES[box.pane]
    yield f"{style}{_at(box.x, box.y)}┌─ {title} {'─' * (across - len(title) - 3)}┐"
    for y in range(box.y + 1, box.y + box.height - 1):
        yield f"{_at(box.x, y)}│{_at(box.x + box.width - 1, y)}│"
    yield f"{_at(box.x, box.y + box.height - 1)}└{'─' * across}┘"


def _code(
    box: Box, lines: Iterator[tuple[RowKind, str]], colors: Mapping[str, str]
) -> Iterator[str]:
    for y, (kind, text) in enumerate(islice(lines, box.height - 2), start=box.y + 1):
        style = _style(colors, "syntax-text", _GROUNDS.get(kind, "diff-context"))
        yield f"{_at(box.x + 1, y)}{style}{text}"


def _lines(files: Sequence[FileDiff], width: int, tab_size: int) -> Iterator[tuple[RowKind, str]]:
    for file in files:
        rows = FileRows(file)
        facts = shorten(file_facts(rows), width // 2)
        name = shorten(visible(file.path), max(0, width - len(facts) - 3))
        yield RowKind.FILE, f" {name}{facts:>{max(0, width - len(name) - 2)}} "
        for index, _ in enumerate(rows.blocks()):
            for row in rows.rows_of(index):
                yield row.kind, _line(rows, row, width, tab_size)


def _line(rows: FileRows, row: DiffRow, width: int, tab_size: int) -> str:
    digits = rows.number_width
    old = "" if row.old is None else row.old
    new = "" if row.new is None else row.new
    gutter = f" {old:>{digits}} {new:>{digits}} {_SIGNS.get(row.kind, ' ')}"
    window = drawn_line(rows.text(row).rstrip("\r"), tab_size).window(
        0, max(0, width - len(gutter))
    )
    return gutter + window.text + " " * max(0, width - len(gutter) - window.cells)


def _at(x: int, y: int) -> str:
    return f"\x1b[{y + 1};{x + 1}H"


def _style(colors: Mapping[str, str], text: str, ground: str) -> str:
    return "\x1b[0m" + _colour(colors, text, 38) + _colour(colors, ground, 48)


def _colour(colors: Mapping[str, str], name: str, layer: int) -> str:
    value = colors.get(name, "")
    if not value.startswith("#"):
        return ""
    digits = value[1:] if len(value) == 7 else "".join(digit * 2 for digit in value[1:])
    red, green, blue = (int(digits[index : index + 2], 16) for index in (0, 2, 4))
    return f"\x1b[{layer};2;{red};{green};{blue}m"
