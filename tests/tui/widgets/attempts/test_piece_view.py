"""Large pieces: drawing costs as much as the screen, not as the piece."""

import time
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
FAST = 0.05
"""Seconds for a screen, generous: a frame of the app's own code pane takes a tenth of it."""


def large() -> ShownTrial:
    """Five attempts that write 5,000 lines each, in one piece, and as many small pieces."""
    base = tuple(f"value_{number} = compute({number})" for number in range(LINES))
    versions = tuple(
        PieceVersion((label,), tuple(f"{line}  # {label}" for line in base), 1) for label in LABELS
    )
    huge = AttemptPiece(PieceRef("big.py", 0), 0, LINES, base, versions)
    small = (
        replace(COMPARED.pieces[1], ref=PieceRef("small.py", number), start=number * 9,
                end=number * 9 + 2)
        for number in range(LINES)
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


def slowest(pane, offsets) -> float:
    worst = 0.0
    for offset in offsets:
        pane.scroll_to(y=offset, animate=False, immediate=True)
        began = time.perf_counter()
        for y in range(pane.size.height):
            pane.render_line(y)
        worst = max(worst, time.perf_counter() - began)
    return worst


async def test_five_attempts_of_5000_lines_scroll_without_lag():
    shown = large()
    app = Panes()
    async with app.run_test(size=(160, 48)) as pilot:
        view, listed = app.query_one(PieceView), app.query_one(PieceList)
        began = time.perf_counter()
        piece = shown.pieces[0]
        view.show(piece.ref, "big.py", piece_columns(shown, piece, BaseLines(), 0, 160))
        listed.show_trial(shown)
        opened = time.perf_counter() - began
        await pilot.pause()
        assert view.virtual_size.height == LINES + 1
        drawn = slowest(view, range(0, LINES, 250)), slowest(listed, range(0, LINES, 250))
        began = time.perf_counter()
        listed.move_cursor(200)
        moved = time.perf_counter() - began
    print(f"opened {opened:.3f} s, a screen {max(drawn):.4f} s, 200 pieces on {moved:.3f} s")
    assert opened < 10 * FAST
    assert max(drawn) < FAST
    assert moved < FAST


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
