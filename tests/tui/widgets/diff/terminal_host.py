"""A program for a real terminal: the code pane on a hostile change, in the theme of argument 1."""

import sys
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.filter import LineFilter

from tests.tui.widgets.diff.diffs import HOSTILE, file_of
from xreview.domain.change import Side
from xreview.domain.identity.anchor import Anchor
from xreview.domain.report import Severity
from xreview.tui.terminal.filters import WithoutColour
from xreview.tui.themes.files import variable_defaults
from xreview.tui.themes.register import register_available
from xreview.tui.widgets.diff.view import DiffView
from xreview.tui.widgets.findings.marks import Mark

LINES = [("-", f"return old({HOSTILE!r})"), ("+", f"return new({HOSTILE})"), (" ", "# bye")]
FILE = file_of((1, 1, LINES), path=f"src/{HOSTILE}.py")


class Host(App[None]):
    BINDINGS: ClassVar = [Binding("v", "side_by_side"), Binding("q", "quit")]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(variable_defaults())

    def get_line_filters(self) -> list[LineFilter]:
        return [WithoutColour()] if self.no_color else list(super().get_line_filters())

    def compose(self) -> ComposeResult:
        yield DiffView()

    def on_mount(self) -> None:
        register_available(self, None)
        self.theme = sys.argv[1]
        view = self.query_one(DiffView)
        view.focus()
        view.append_files((FILE,))
        view.set_marks({(FILE.path, Side.NEW, 1): Mark(Severity.HIGH, True)})
        view.show(Anchor(FILE.path, Side.NEW, 1, 1, ""))
        view.finish()
        self.set_interval(0.05, self.tell_when_settled)

    def tell_when_settled(self) -> None:
        if self.query_one(DiffView).is_settled:
            self.title = "settled"
            self.bell()

    def action_side_by_side(self) -> None:
        view = self.query_one(DiffView)
        view.set_side_by_side(not view.side_by_side)


if __name__ == "__main__":
    Host().run()
