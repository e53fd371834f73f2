"""An app that filters what it writes to the terminal, and gives the terminal back properly: when
suspended, at exit, and after a crash."""

import os
import sys
from collections.abc import Sequence
from typing import Any, ClassVar

from rich.console import RenderableType
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.filter import LineFilter
from textual.messages import Prune
from textual.screen import Screen
from textual.widget import Widget

from xreview.config.schema import Notify
from xreview.tui.terminal.drawn_lines import forget_drawn_lines
from xreview.tui.terminal.filters import NeutralFilter, WithoutColour
from xreview.tui.terminal.widths import make_room
from xreview.tui.terminal.window import notify_sequence, title_sequence


class TerminalApp(App[int]):
    """Ctrl+Z suspends it, Ctrl+L redraws it; a crash shows no traceback on the terminal."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # Without priority: in a text field, Ctrl+Z is undo.
        Binding("ctrl+z", "suspend_process", show=False, system=True),
        Binding("ctrl+l", "repaint", show=False, system=True),
    ]

    _window_title = ""
    is_painting_held = False

    def __init__(self, driver_class: type[Driver] | None = None) -> None:
        make_room()
        forget_drawn_lines()
        super().__init__(driver_class=driver_class)
        self._neutral = NeutralFilter()
        self._without_colour = WithoutColour()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return our filters first: all text passes them on its way out."""
        return [
            self._neutral,
            *([self._without_colour] if self.no_color else []),
            *super().get_line_filters(),
        ]

    def _start_widget(self, parent: Widget, widget: Widget) -> None:
        super()._start_widget(parent, widget)
        if parent._closing:
            # The parent has ended its children, so nothing else would end this one: a bar or a
            # toast of a dialog closed at once, which keeps the dialog.
            widget.post_message(Prune())

    def pop_screen(self) -> AwaitComplete:
        """Close the screen on top, and forget the text fields of those closed before."""
        # A text field watches the theme, and Textual forgets it only when the theme changes.
        watched: dict[str, list[tuple[Widget, object]]] = getattr(self, "__watchers", {})
        for watchers in watched.values():
            watchers[:] = [one for one in watchers if not one[0]._closing]
        return super().pop_screen()

    def _refresh_notifications(self) -> None:
        super()._refresh_notifications()
        from textual.widgets._toast import ToastHolder, ToastRack

        # Textual removes a toast that ended on another screen, but not what held it.
        name = ToastRack._toast_id  # pyright: ignore[reportPrivateUsage]
        shown = {name(one) for one in self._notifications}
        for screen in self.screen_stack:
            for holder in screen.query(ToastHolder):
                if holder.id not in shown:
                    holder.remove()

    def on_mount(self) -> None:
        """Redraw when resumed."""
        self.app_resume_signal.subscribe(self, self._repaint_after)

    def action_suspend_process(self) -> None:
        """Return to the shell until it resumes the app."""
        if _has_shell():
            super().action_suspend_process()
        else:
            self.notify("No shell to return to. Press q to quit.", severity="warning")

    @property
    def fault(self) -> Exception | None:
        """The unexpected exception that ended the app, if any."""
        return self._exception

    def _fatal_error(self) -> None:
        """End without Textual's traceback of code and keys; the command line reports the fault."""
        self._close_messages_no_wait()

    def hold_painting(self) -> None:
        """Draw nothing until `paint`: what is on the terminal stays.

        Textual's own batch doesn't do: two sizes of the terminal that arrive during one bring each
        other back forever.
        """
        self.is_painting_held = True

    def paint(self) -> None:
        """Draw from now on; without a hold, do nothing."""
        if self.is_painting_held:
            self.is_painting_held = False
            self.screen.refresh()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if not self.is_painting_held:
            super()._display(screen, renderable)

    def action_repaint(self) -> None:
        """Redraw everything."""
        for screen in self.screen_stack:
            screen.refresh(layout=True)

    def show_title(self, title: str) -> None:
        """Show a title in the terminal's window, until the app ends."""
        if title != self._window_title:
            self._window_title = title
            self.write_to_terminal(title_sequence(title))

    def notify_user(self, how: Notify, sentence: str) -> None:
        """Tell a user who looks at another window."""
        self.write_to_terminal(notify_sequence(how, sentence))

    def write_to_terminal(self, sequence: str) -> None:
        """Write a sequence between two drawings, if there is a terminal."""
        out = sys.__stderr__  # as Textual's driver
        if self._driver is None or self.is_headless or out is None or not out.isatty():
            return
        self._driver.write(sequence)
        self._driver.flush()

    def _repaint_after(self, app: App[Any]) -> None:
        self.action_repaint()
        if self._window_title:  # given back while suspended
            self.write_to_terminal(title_sequence(self._window_title))


def _has_shell() -> bool:
    """Whether a shell can take the terminal and resume us with `fg`.

    A terminal opened only for this program has none; suspended, the program would hang.
    """
    try:
        parent = os.getppid()
        return os.getsid(0) != os.getpid() and os.getsid(parent) == os.getsid(0)
    except OSError:
        return False
