"""A question to the author of a change, with a line for the answer."""

from collections.abc import Awaitable, Callable

from textual.app import ComposeResult
from textual.widgets import Static

from xreview.domain.text import visible
from xreview.tui.dialogs.dialog import framed
from xreview.tui.dialogs.prompt import PromptScreen


class AuthorQuestion(PromptScreen):
    """Asks one question; Enter answers, Escape skips (None). Push it with `await`."""

    DEFAULT_CSS = """
    AuthorQuestion > Vertical { width: 96; }
    AuthorQuestion Static { height: auto; padding-bottom: 1; }
    """

    def __init__(
        self,
        title: str,
        question: str,
        on_answer: Callable[[str | None], Awaitable[object]],
        value: str = "",
    ) -> None:
        super().__init__(title, on_answer, value, on_cancel=lambda: on_answer(None))
        self._question = Static(visible(question), markup=False)

    def compose(self) -> ComposeResult:
        """Create the question and the line."""
        keys = "Enter answers · Esc skips"
        yield framed(self._question, self._input, title=self._title, keys=keys)
