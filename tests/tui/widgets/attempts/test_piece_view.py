"""Large pieces: drawing costs as much as the screen, not as the piece."""

import sys
from dataclasses import replace

from textual.app import App, ComposeResult

from tests.tui.scripted_attempts import CLAUDE, COMPARED, attempt, over
from xreview.domain.attempt.piece import AttemptComparison, AttemptPiece, PieceRef, PieceVersion
from xreview.tui.themes.files import variable_defaults
from xreview.tui.widgets.attempts.piece_columns import BaseLines, piece_columns
from xreview.tui.widgets.attempts.piece_list import PieceList
from xreview.tui.widgets.attempts.piece_view import PieceView
from xreview.tui.widgets.attempts.state import ShownTrial

LINES = 5_000
LABELS = "ABCDE"


def large(lines: int = LINES) -> ShownTrial:
    """Five attempts that write so many lines each, in one piece, and as many small pieces."""
    base = tuple(f"value_{number} = compute({number})" for number in range(lines))
    versions = tuple(
        PieceVersion((label,), tuple(f"{line}  # {label}" for line in base), 1) for label in LABELS
    )
    huge = AttemptPiece(PieceRef("big.py", 0), 0, lines, base, versions)
    small = (
        replace(COMPARED.pieces[1], ref=PieceRef("small.py", number), start=number * 9,
                end=number * 9 + 2)
        for number in range(lines)
    )  # fmt: skip
    one = attempt("A", CLAUDE, files=())
    attempts = tuple(replace(one, seat=replace(one.seat, label=label)) for label in LABELS)
    compared = AttemptComparison(tuple(LABELS), (huge, *small))
    return ShownTrial(replace(over(), attempts=attempts, comparison=compared), hides=True)


class Panes(App[None]):
    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(variable_defaults())

    def compose(self) -> ComposeResult:
        yield PieceList(id="pieces")
        yield PieceView(id="piece")


def calls(action) -> int:
    """How many functions of Python an action calls: a measure of its work that no load changes."""
    count = 0

    def called(_frame, event, _arg) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(called)
    try:
        action()
    finally:
        sys.setprofile(None)
    return count


def draw(pane, y: int) -> None:
    pane.scroll_to(y=y, animate=False, immediate=True)
    for row in range(pane.size.height):
        pane.render_line(row)


async def work(lines: int) -> tuple[int, int, int]:
    """The calls for a screen of code, one of the list, and a step over many pieces."""
    shown = large(lines)
    app = Panes()
    async with app.run_test(size=(160, 48)) as pilot:
        view, listed = app.query_one(PieceView), app.query_one(PieceList)
        piece = shown.pieces[0]
        view.show(piece.ref, "big.py", piece_columns(shown, piece, BaseLines(), 0, 160))
        listed.show_trial(shown)
        await pilot.pause()
        assert view.virtual_size.height == lines + 1
        middle = lines // 2
        drawn = calls(lambda: draw(view, middle)), calls(lambda: draw(listed, middle))
        return *drawn, calls(lambda: listed.move_cursor(200))


async def test_the_work_for_a_screen_does_not_grow_with_the_piece():
    small, big = await work(LINES // 10), await work(LINES)
    for few, many in zip(small, big, strict=True):
        assert many <= few * 1.2 + 50


async def test_every_line_is_as_wide_as_the_pane_whatever_it_holds():
    shown = large()
    family = "🙂👩\u200d👩\u200d👧" * 40
    hostile = ("\x1b[2J", "\t" * 50, family, "e\u0301" * 300, "漢字" * 90, "\u202e", "")
    piece = replace(shown.pieces[0], versions=(PieceVersion(("A",), hostile, 1),), base=hostile[:2])
    app = Panes()
    async with app.run_test(size=(97, 30)) as pilot:
        view = app.query_one(PieceView)
        view.show(piece.ref, "a.py", piece_columns(shown, piece, BaseLines(), 0, 97))
        await pilot.pause()
        for column in (0, 1, 7, 40):
            view.move_sideways(column)
            for _ in range(2):
                for y in range(view.size.height):
                    strip = view.render_line(y)
                    assert strip.cell_length == sum(one.cell_length for one in strip)
                    assert strip.cell_length == view.size.width - view.scrollbar_size_vertical
                    assert "\x1b" not in strip.text
                await pilot.pause()  # once more, with colours
