"""A question of a running review that is answered by yes or no, by digits.

It may come up while somebody triages: a key meant for the screen below must not answer it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from xreview.domain.text import count_of, visible
from xreview.tui.dialogs.choice import ChoiceScreen, MenuChoice

if TYPE_CHECKING:
    from xreview.review.egress.consent import Egress

_KILO = 1024


@dataclass(frozen=True, slots=True)
class ConfirmationText:
    """What is asked: a title, what a person must know, and what each answer does."""

    title: str
    sentences: tuple[str, ...]
    yes: str
    yes_means: str
    no: str
    no_means: str


def egress_question(egress: "Egress") -> ConfirmationText:
    """Whether code may go to a vendor, the first time it would from this repository."""
    size = max(1, round(egress.size / _KILO))
    readers = " and ".join(egress.reviewers)
    family = f" ({egress.vendor})" if egress.vendor else ""
    return ConfirmationText(
        f"Send code to {egress.place}{family}?",
        (
            f"{readers} would read this change: {count_of(egress.files, 'file')}, "
            f"a diff of {size:,} KiB and the code around it.",
            "It may also read other files of this repository that git does not ignore.",
            "Lines and files that look like secrets are withheld.",
            "Nothing else leaves this machine. The answer is kept for this repository.",
            *filter(None, (egress.note,)),
        ),
        "yes",
        f"send it to {egress.place}",
        "no",
        "not this time; the analysers go on",
    )


def budget_question(wanted: float, cap: float) -> ConfirmationText:
    """Whether the models may cost more than was allowed."""
    return ConfirmationText(
        "Go over the budget?",
        (
            f"The next requests may bring the cost of this review to ${wanted:.2f}; "
            f"the budget is ${cap:.2f}.",
            "What was found so far stays, whatever you answer.",
        ),
        "yes",
        f"go on, up to ${2 * cap:.2f}",
        "no",
        "stop here; what was not read is shown as such",
    )


def unsaved_question(count: int) -> ConfirmationText:
    """Whether to leave although decisions or notes are not on disk."""
    what = count_of(count, "decision or note is", "decisions or notes are")
    return ConfirmationText(
        "Leave and lose them?" if count > 1 else "Leave and lose it?",
        (
            f"{what} not on disk: the journal can't be written.",
            "Make room or give the folder back, and they are written by themselves.",
        ),
        "leave",
        "what is not on disk is lost",
        "stay",
        "nothing is lost while the app runs",
    )


class QuestionScreen(ChoiceScreen[bool]):
    """Asks a question; Escape is no."""

    DEFAULT_CSS = """
    QuestionScreen #question { height: auto; padding-bottom: 1; }
    """

    def __init__(
        self, question: ConfirmationText, on_answer: Callable[[bool], Awaitable[object]]
    ) -> None:
        choices = [
            MenuChoice("1", question.yes, question.yes_means, value=True),
            MenuChoice("0", question.no, question.no_means, value=False),
        ]
        super().__init__(question.title, choices, on_answer, marked=1)
        self._question = question
        self._answer = on_answer

    def compose(self) -> ComposeResult:
        """What a person must know, then the answers."""
        text = "\n".join(visible(sentence) for sentence in self._question.sentences)
        box = Vertical(Static(text, markup=False, id="question"), self._list)
        box.border_title = Content(visible(self._question.title))
        box.border_subtitle = "Enter takes the marked one · Esc: no"
        yield box

    def on_mount(self) -> None:
        """Take away the notices that would lie over the answers."""
        super().on_mount()
        self.app.clear_notifications()

    def action_leave(self) -> None:
        """No."""
        super().action_leave()
        self.app.call_later(self._answer, False)


async def ask(screen: Screen[Any], question: ConfirmationText) -> bool:
    """Put a question over a screen and wait for its answer; not from where keys are handled."""
    answered: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def take(answer: bool) -> None:
        if not answered.done():  # the review may have been stopped while it was asked
            answered.set_result(answer)

    await screen.app.push_screen(QuestionScreen(question, take))
    return await answered
