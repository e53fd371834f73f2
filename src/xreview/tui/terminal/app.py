"""An app that gives the terminal back properly: when suspended, at exit, and after a crash."""

import os
from typing import Any, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.driver import Driver

from xreview.tui.terminal.widths import make_room


class TerminalApp(App[int]):
    """Ctrl+Z suspends it, Ctrl+L redraws it; a crash shows no traceback on the terminal."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # Without priority: in a text field, Ctrl+Z is undo.
        Binding("ctrl+z", "suspend_process", show=False, system=True),
        Binding("ctrl+l", "repaint", show=False, system=True),
    ]

    def __init__(self, driver_class: type[Driver] | None = None) -> None:
        make_room()
        super().__init__(driver_class=driver_class)

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

    def action_repaint(self) -> None:
        """Redraw everything."""
        for screen in self.screen_stack:
            screen.refresh(layout=True)

    def _repaint_after(self, app: App[Any]) -> None:
        self.action_repaint()


def _has_shell() -> bool:
    """Whether a shell can take the terminal and resume us with `fg`.

    A terminal opened only for this program has none; suspended, the program would hang.
    """
    try:
        parent = os.getppid()
        return os.getsid(0) != os.getpid() and os.getsid(parent) == os.getsid(0)
    except OSError:
        return False
