"""Leaving the app or the review: it asks first if something would be lost."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from xreview.domain.text import count_of

if TYPE_CHECKING:  # loads the journal, which the first frame does without
    from xreview.review.session.session import ReviewSession
    from xreview.tui.app import XReviewApp
    from xreview.tui.dialogs.question import ConfirmationText

Leave = Callable[[], Awaitable[None]]


class Leaving:
    """Asks at most one question at a time; what it calls after a yes really leaves."""

    def __init__(self, app: "XReviewApp") -> None:
        self._app = app
        self._is_asked = False

    async def quit(self, leave: Leave) -> None:
        """Leave the app. A second Ctrl+C leaves at once: no other key gets here meanwhile."""
        session, flow = self._app.triage.session, self._app.flow
        if self._is_asked:
            await leave()
        elif session is not None and session.snapshot.unsaved:
            await self.unless_lost(leave)
        elif (work := self._about_work()) is not None:
            await self._ask(work, leave)
        elif (question := self._about_sending() or self._about_texts()) is not None:
            await self._ask(question, leave)
        elif flow is not None and flow.is_running:
            from xreview.tui.dialogs.question import running_question

            await self._ask(running_question(), leave)
        else:
            await leave()

    async def unless_lost(self, leave: Leave) -> None:
        """Leave at once; ask first if a fix or attempts are running, something is being sent or,
        after a retry, something is unsaved."""
        from xreview.tui.dialogs.question import unsaved_question

        session = self._app.triage.session
        if session is None or not session.snapshot.unsaved or await session.retry_unsaved():
            question = self._about_work() or self._about_sending()
            await (self._ask(question, leave) if question else leave())
        else:
            await self._ask(unsaved_question(session.snapshot.unsaved), leave)

    async def for_another_change(self, leave: Leave) -> None:
        """Leave for another change; ask first about what `unless_lost` does, and about texts."""

        async def ask_rest() -> None:
            question = self._about_texts()
            await (self._ask(question, leave) if question else leave())

        await self.unless_lost(ask_rest)

    def _about_work(self) -> "ConfirmationText | None":
        """Return what to ask about writers that are at work; None without any."""
        if self._app.is_fixing:
            from xreview.tui.dialogs.question import fix_running_question

            return fix_running_question()
        if self._app.is_attempting:
            from xreview.tui.dialogs.question import attempts_running_question

            return attempts_running_question()
        return None

    def _about_sending(self) -> "ConfirmationText | None":
        desk = self._app.pull_desk
        if desk is None or not desk.sending:
            return None
        from xreview.tui.handoff.pull_questions import sending_question

        return sending_question(desk.sending)

    def _about_texts(self) -> "ConfirmationText | None":
        """Return what to ask about texts that are neither sent nor saved; None without any."""
        unsent = desk.unsent if (desk := self._app.pull_desk) else 0
        if not unsent and not self._app.kept_draft:
            return None
        from xreview.tui.handoff.pull import unsent_words
        from xreview.tui.handoff.pull_questions import unsent_question

        lost = (
            unsent_words(unsent) if unsent else "",
            "The draft of your own finding isn't saved." if self._app.kept_draft else "",
        )
        return unsent_question(" ".join(filter(None, lost)))

    async def _ask(self, question: "ConfirmationText", leave: Leave) -> None:
        from xreview.tui.dialogs.question import QuestionScreen

        async def answer(is_yes: bool) -> None:
            self._is_asked = False
            if is_yes:
                await leave()

        self._is_asked = True
        # Doesn't wait for the answer: this runs where keys arrive, including the one that answers.
        await self._app.push_screen(QuestionScreen(question, answer))


def loss_of(session: "ReviewSession | None") -> str:
    """Return a sentence on the decisions and notes that a session didn't save, or ""."""
    count = session.snapshot.unsaved if session else 0
    what = count_of(count, "decision or note", "decisions or notes")
    return f"{what} lost: the journal could not be written." if count else ""
