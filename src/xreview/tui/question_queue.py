"""The questions of a running review: they wait in the header until the user opens them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from textual.app import App
from textual.screen import Screen

from xreview.domain.record import dataclass

Answer = TypeVar("Answer")
Take = Callable[[Answer], Awaitable[None]]
"""Takes the answer; a dialog awaits it."""


@dataclass(eq=False)
class WaitingQuestion:
    """A question, the dialog that asks it, and the dialog on the screen while it is open."""

    title: str
    dialog: Callable[[], Screen[Any]]
    shown: Screen[Any] | None = None


class QuestionQueue:
    """Keeps the questions that nobody answered yet, the oldest first.

    `on_change` is called with their titles whenever these change.
    """

    def __init__(self, app: App[Any], on_change: Callable[[tuple[str, ...]], object]) -> None:
        self._app = app
        self._on_change = on_change
        self._waiting: list[WaitingQuestion] = []

    @property
    def titles(self) -> tuple[str, ...]:
        """What waits, the oldest first."""
        return tuple(one.title for one in self._waiting)

    async def ask(self, title: str, dialog: Callable[[Take[Answer]], Screen[Any]]) -> Answer:
        """Wait for the answer; don't await this where keys are handled.

        `dialog` makes the dialog once the user opens the question. If the asker is cancelled, the
        question disappears, also from the screen.
        """
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

        async def take(answer: Answer) -> None:
            if not answered.done():
                answered.set_result(answer)
            self._forget(question)
            # Here, before the next key is handled: it must not go to the screen below.
            await self._show_first()

        question = WaitingQuestion(title, lambda: dialog(take))
        self._waiting.append(question)
        self._tell()
        try:
            return await answered
        finally:
            self._forget(question)

    async def open(self) -> bool:
        """Show the oldest question, then the next, until none waits; return False for none."""
        await self._show_first()
        return bool(self._waiting)

    async def _show_first(self) -> None:
        if self._waiting:
            first = self._waiting[0]
            first.shown = first.dialog()
            await self._app.push_screen(first.shown)

    def _forget(self, question: WaitingQuestion) -> None:
        if question not in self._waiting:
            return
        self._waiting.remove(question)
        if question.shown is not None and self._app.screen is question.shown:
            self._app.pop_screen()
        self._tell()

    def _tell(self) -> None:
        self._on_change(self.titles)
