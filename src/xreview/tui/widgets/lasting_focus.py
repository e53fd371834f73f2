"""Panes that keep the focus while the keys switch between them."""

from textual import events


class LastingFocus:
    """A pane that stays focused when it hears, too late, that it was hidden.

    The screen shows the pane with the focus. Keys typed fast can bring a pane back before it hears
    that it was hidden, and Textual would then focus another one.
    """

    def on_hide(self, event: events.Hide) -> None:
        """Keep the focus."""
        event.prevent_default()
