"""The brief: questions to the author first, then the description of the change."""

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from xreview.domain.errors import XReviewError
from xreview.domain.text import count_of, visible
from xreview.review.session.contained import contained
from xreview.tui.dialogs.brief_question import AuthorQuestion
from xreview.tui.dialogs.choice import ChoiceScreen, MenuChoice
from xreview.tui.dialogs.dialog import PageScreen
from xreview.tui.handoff.brief import BriefDesk
from xreview.tui.screens.triage.empty import STILL_READING

if TYPE_CHECKING:
    from xreview.review.briefing.draft import BriefDraft
    from xreview.tui.app import XReviewApp

STILL_REVIEWING = "Reviewers are still reading: the text has only what is known so far."
NO_QUESTIONS = "There are no questions: nothing that was decided lacks a reason."


class BriefScreen(PageScreen):
    """Shows the description, or what reviewers needn't flag, and sends it where a key says."""

    DEFAULT_CSS = """
    BriefScreen { background: $background; }
    BriefScreen > VerticalScroll { width: 108; max-width: 100%; height: 92%; padding: 1 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "back", priority=True),
        Binding("enter,question_mark,d", "nothing", show=False, priority=True),
        Binding("a", "answer", "answer", priority=True),
        Binding("y", "copy", "copy", priority=True),
        Binding("w,E", "write", "write to a file", priority=True),
        Binding("o", "edit", "open in editor", priority=True),
        Binding("P", "publish", "into the pull request", priority=True),
        Binding("tab,r", "other", "notes for reviewers", priority=True),
    ]
    KEYS: ClassVar[str] = "a answer · y copy · w file · o edit · P post · Tab notes · Esc"

    def __init__(self, desk: BriefDesk) -> None:
        super().__init__("Brief", Content(""))
        self.desk = desk
        self.is_for_reviewers = False

    async def on_mount(self) -> None:
        """Show the text."""
        await self.draw()

    async def draw(self) -> None:
        """Write the text anew and show it."""
        draft = await self.desk.draft()
        told = "what reviewers needn't flag" if self.is_for_reviewers else "the description"
        box = self.body.parent
        if box is not None and self.is_attached:
            waiting = len(self.desk.basis.unanswered)
            open_ = f" · {count_of(waiting, 'open question')}" if waiting else ""
            box.border_title = Content(f"Brief: {told}{open_}")  # type: ignore[attr-defined]
        self.body.update(Content.assemble(*_parts(draft, is_for_reviewers=self.is_for_reviewers)))

    def action_nothing(self) -> None:
        """Do nothing: pages close with this key, and this one holds edited text."""

    async def action_other(self) -> None:
        """Show the other text."""
        self.is_for_reviewers = not self.is_for_reviewers
        await self.draw()

    async def action_answer(self) -> None:
        """Choose a question, and answer it."""
        questions = self.desk.basis.questions
        if not questions:
            self.desk.say(NO_QUESTIONS)
            return
        if len(questions) == 1:
            await self._ask(questions[0].text)
            return
        answers = self.desk.basis.answers
        choices = [
            MenuChoice(str(at), one.text, "answered" if answers.get(one.text) else "", one.text)
            for at, one in enumerate(questions, 1)
        ]
        await self.app.push_screen(ChoiceScreen("Answer which question?", choices, self._ask))

    async def _ask(self, question: str) -> None:
        async def answered(text: str | None) -> None:
            if text is not None:
                self.desk.answer(question, text)
                await self.desk.keep_answers()
                await self.draw()

        known = self.desk.basis.answers.get(question, "")
        await self.app.push_screen(AuthorQuestion("Your answer", question, answered, known))

    def action_copy(self) -> None:
        """Copy the text."""
        self.run_worker(self.desk.copy(is_for_reviewers=self.is_for_reviewers))

    async def action_write(self) -> None:
        """Write the text to a file."""
        await self.desk.ask_file(is_for_reviewers=self.is_for_reviewers)

    async def action_edit(self) -> None:
        """Edit the description in $EDITOR."""
        if await self.desk.edit():
            self.is_for_reviewers = False
            await self.draw()

    def action_publish(self) -> None:
        """Put the description into the pull request, after a question."""
        if self.is_for_reviewers:
            self.desk.say("This isn't part of a description. Press y, and paste it in a comment.")
            return
        self.run_worker(self.desk.publish())


def _parts(draft: "BriefDraft", *, is_for_reviewers: bool) -> Iterator[str | tuple[str, str]]:
    if is_for_reviewers:
        yield from _lines(draft.for_reviewers)
        return
    yield (f"{visible(draft.title)}\n\n", "bold $text-accent")
    yield from _lines(draft.body)
    if draft.withheld:
        yield (f"\n{count_of(draft.withheld, 'line')} withheld: like a secret.", "$text-warning")


def _lines(text: str) -> Iterator[str | tuple[str, str]]:
    for line in text.split("\n"):
        yield (f"{line}\n", "bold") if line.startswith("#") else f"{line}\n"


async def open_brief(app: "XReviewApp") -> None:
    """Ask the author what isn't known, one question at a time, then show the text."""
    if (flow := app.flow) is None or app.triage.session is None:
        app.notify(STILL_READING, severity="warning")
        return
    try:
        with contained("Reading what the description is made of"):
            running = flow.briefing()
            basis = await running.basis()
            template = await asyncio.to_thread(running.template)
    except XReviewError as error:
        app.show_trouble(error)
        return
    desk = BriefDesk(app, running, basis, template)
    if flow.is_running:
        app.notify(STILL_REVIEWING, markup=False)
    await _ask_first(app, desk, 0)


async def _ask_first(app: "XReviewApp", desk: BriefDesk, skipped: int) -> None:
    """Ask the next question that is neither answered nor skipped; after the last, show the text."""
    waiting = desk.basis.unanswered[skipped:]
    if not waiting:
        await desk.keep_answers()
        await app.push_screen(BriefScreen(desk))
        return
    question = waiting[0].text

    async def answered(text: str | None) -> None:
        is_said = text is not None and bool(text.strip())
        if text is not None and is_said:
            desk.answer(question, text)
        await _ask_first(app, desk, skipped if is_said else skipped + 1)

    of = len(desk.basis.questions)
    at = of - len(waiting) + 1
    await app.push_screen(AuthorQuestion(f"Question {at} of {of}", question, answered))
