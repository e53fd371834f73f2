"""Leaving the terminal: to somebody else for a while, or in the end, after a fault too."""

import os
from typing import Any, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType


class TerminalApp(App[int]):
    """An app that leaves the terminal well.

    Ctrl+Z stops it and it comes back painted, whoever stopped it; Ctrl+L paints. What nobody
    foresaw ends it without a traceback on the terminal.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        # Without priority: in a text field Ctrl+Z undoes.
        Binding("ctrl+z", "suspend_process", show=False, system=True),
        Binding("ctrl+l", "repaint", show=False, system=True),
    ]

    def on_mount(self) -> None:
        """Paint as soon as the terminal is ours again."""
        self.app_resume_signal.subscribe(self, self._repaint_after)

    def action_suspend_process(self) -> None:
        """Give the terminal back to the shell until it continues the app."""
        if _has_shell():
            super().action_suspend_process()
        else:
            self.notify("There is no shell to go back to: q quits.", severity="warning")

    @property
    def fault(self) -> Exception | None:
        """What ended the app, though nobody foresaw it."""
        return self._exception

    def _fatal_error(self) -> None:
        """End without Textual's traceback: it shows the values of variables, code and keys among
        them. The command line says what is to be said."""
        self._close_messages_no_wait()

    def action_repaint(self) -> None:
        """Draw everything anew, whatever else wrote on the terminal."""
        for screen in self.screen_stack:
            screen.refresh(layout=True)

    def _repaint_after(self, app: App[Any]) -> None:
        self.action_repaint()


def _has_shell() -> bool:
    """Whether there is a shell that would take the terminal, and bring us back with `fg`.

    There is none where the terminal was opened for this program alone; stopped, it would stay so.
    """
    try:
        parent = os.getppid()
        return os.getsid(0) != os.getpid() and os.getsid(parent) == os.getsid(0)
    except OSError:
        return False
