"""Passes what a flow reports to the main screen, and its questions to the user."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from xreview.domain.record import dataclass, field
from xreview.domain.text import visible
from xreview.tui.messages import FilesArrived, PrecedentsRead, ReviewUpdated

if TYPE_CHECKING:  # brings the journal with it, which the first frame does without
    from xreview.domain.authorship.author import Attribution
    from xreview.domain.authorship.author_answer import AuthorAnswer
    from xreview.domain.change import FileDiff
    from xreview.domain.errors import XReviewError
    from xreview.review.egress.consent import Egress
    from xreview.review.past.precedents import Precedents
    from xreview.review.session.session import ReviewSession
    from xreview.review.session.snapshot import ReviewSnapshot
    from xreview.tui.dialogs.question import ConfirmationText
    from xreview.tui.question_queue import QuestionQueue
    from xreview.tui.screens.triage.screen import TriageScreen
    from xreview.tui.widgets.diff.true_colours import TextSource


@dataclass(frozen=True)
class Listener:
    """Listens to a flow, and asks for it (`review.choosing.selection.UserQuestions`)."""

    triage: "TriageScreen"
    questions: "QuestionQueue"
    keys_given: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the change is drawn, and the keys typed until then are answered."""

    def files_arrived(self, files: "tuple[FileDiff, ...]") -> None:
        """Show more of the change."""
        self.triage.post_message(FilesArrived(files))

    def texts_readable(self, source: "TextSource") -> None:
        """Colour the code by whole files, which can be read from now on."""
        self.triage.code.read_texts(source)

    def session_opened(self, session: "ReviewSession") -> None:
        """Take decisions from now on."""
        session.on_saved_late = self.snapshot_taken
        self.triage.session = session

    def snapshot_taken(self, snapshot: "ReviewSnapshot") -> None:
        """Show a newer state."""
        self.triage.post_message(ReviewUpdated(snapshot))

    def precedents_read(self, precedents: "Precedents") -> None:
        """Show what the journal adds to the findings."""
        self.triage.post_message(PrecedentsRead(precedents))

    async def author_wanted(self, attribution: "Attribution") -> "AuthorAnswer | None":
        """Ask who wrote the change; None where the user doesn't answer now."""
        from xreview.tui.screens.author import AUTHOR_QUESTION, AuthorScreen

        return await self.questions.ask(
            AUTHOR_QUESTION, lambda take: AuthorScreen(attribution, take, partial(take, None))
        )

    async def egress_wanted(self, egress: "Egress") -> bool:
        """Ask whether code can go to a vendor, the first time from this repository."""
        from xreview.tui.dialogs.question import egress_question

        return await self._confirmed(egress_question(egress))

    async def budget_wanted(self, wanted: float, cap: float) -> bool:
        """Ask whether the models can cost more than the cap (both in US dollars)."""
        from xreview.tui.dialogs.question import budget_question

        return await self._confirmed(budget_question(wanted, cap))

    async def _confirmed(self, question: "ConfirmationText") -> bool:
        from xreview.tui.dialogs.question import QuestionScreen

        return await self.questions.ask(question.title, lambda take: QuestionScreen(question, take))

    def trouble(self, error: "XReviewError") -> None:
        """Show an error with its advice."""
        self.triage.app.notify(visible(str(error)), severity="error", markup=False, timeout=15)
