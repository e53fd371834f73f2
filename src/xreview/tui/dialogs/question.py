"""A yes-or-no question, answered with digits: no key of the main screen answers it by accident."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar

from xreview.domain.record import dataclass
from xreview.domain.text import count_of
from xreview.tui.dialogs.choice import ChoiceScreen, MenuChoice

if TYPE_CHECKING:
    from xreview.review.egress.consent import Egress

_KILO = 1024


@dataclass(frozen=True, slots=True)
class ConfirmationText:
    """The words of a question: title, what you need to know, and what each answer does."""

    title: str
    sentences: tuple[str, ...]
    yes: str
    yes_means: str
    no: str
    no_means: str


def egress_question(egress: "Egress") -> ConfirmationText:
    """Ask whether code may be sent to a vendor, the first time for this repository."""
    size = max(1, round(egress.size / _KILO))
    readers = " and ".join(egress.reviewers)
    family = f" ({egress.vendor})" if egress.vendor else ""
    return ConfirmationText(
        f"Send code to {egress.place}{family}?",
        (
            f"{readers} would review this change: {count_of(egress.files, 'file')}, "
            f"a {size:,} KiB diff, and the surrounding code.",
            "Other files in this repository can be sent too, except those that git ignores.",
            "Lines and files that look like secrets are withheld.",
            "Nothing else leaves this machine. Your answer is saved for this repository.",
            *filter(None, (egress.note,)),
        ),
        "yes",
        f"send it to {egress.place}",
        "no",
        "not this time; the analysers continue",
    )


def budget_question(wanted: float, cap: float) -> ConfirmationText:
    """Ask whether the models may cost more than the budget; both amounts in US dollars."""
    return ConfirmationText(
        "Go over the budget?",
        (
            f"The next requests can bring the cost of this review to ${wanted:.2f}; "
            f"the budget is ${cap:.2f}.",
            "Findings so far are kept either way.",
        ),
        "yes",
        f"continue, up to ${2 * cap:.2f}",
        "no",
        "stop here; the rest is marked as not read",
    )


def unsaved_question(count: int) -> ConfirmationText:
    """Ask whether to leave with `count` decisions or notes unsaved."""
    what = count_of(count, "decision or note isn't", "decisions or notes aren't")
    return ConfirmationText(
        "Leave and lose them?" if count > 1 else "Leave and lose it?",
        (
            f"{what} saved: the journal can't be written.",
            "Free up space or restore the folder; saving is retried automatically.",
        ),
        "leave",
        "unsaved work is lost",
        "stay",
        "keep it while the app runs",
    )


def running_question() -> ConfirmationText:
    """Ask whether to leave while reviewers read or a model answers."""
    return ConfirmationText(
        "Leave? The review is still running",
        (
            "Findings and decisions so far are in the journal.",
            "What the reviewers haven't read yet stays unread.",
        ),
        "leave",
        "stop the review",
        "stay",
        "let it continue",
    )


def fix_running_question() -> ConfirmationText:
    """Ask whether to leave while a fixer works."""
    return ConfirmationText(
        "Leave? A fix is running",
        (
            "What the fixer changed so far is kept outside of your files.",
            "`xreview-tui fix --list` shows it, `xreview-tui fix --clean ID` removes it.",
        ),
        "leave",
        "stop the fixer and keep its partial patch",
        "stay",
        "let it continue",
    )


def attempts_running_question() -> ConfirmationText:
    """Ask whether to leave while attempts are written or reviewed."""
    return ConfirmationText(
        "Leave? Attempts are running",
        (
            "What they wrote so far is kept outside of your files.",
            "`xreview-tui attempt --list` shows it, `xreview-tui attempt --clean ID` removes it.",
        ),
        "leave",
        "stop the attempts and keep what they wrote",
        "stay",
        "let them continue",
    )


def worries_question(worries: tuple[str, ...]) -> ConfirmationText:
    """Ask whether to apply a patch that does harm, as far as is known."""
    return ConfirmationText(
        "Apply it anyway?",
        (*worries, "The list says where. You can undo it while nothing else changes."),
        "apply",
        "I have read it",
        "don't",
        "leave my files unchanged",
    )


def conflict_question(paths: tuple[str, ...]) -> ConfirmationText:
    """Ask whether to write conflict markers into files."""
    return ConfirmationText(
        "Write conflict markers?",
        (
            "You and the fix changed the same lines:",
            *paths,
            "Both versions go into the file, between <<<<<<< and >>>>>>>.",
        ),
        "write",
        "settle the conflicts in the editor",
        "don't",
        "leave these files unchanged",
    )


def discard_question(has_applied: bool) -> ConfirmationText:
    """Ask whether to throw a fix away."""
    applied = ("What you applied stays in your files.",) if has_applied else ()
    return ConfirmationText(
        "Discard the fix?",
        ("Its tree and its patch are removed from this machine.", *applied),
        "discard",
        "remove it",
        "keep",
        "decide later",
    )


class QuestionScreen(ChoiceScreen[bool]):
    """Asks a question; Escape answers no."""

    KEYS: ClassVar[str] = "Enter selects · Esc: no"

    def __init__(
        self, question: ConfirmationText, on_answer: Callable[[bool], Awaitable[object]]
    ) -> None:
        choices = [
            MenuChoice("1", question.yes, question.yes_means, value=True),
            MenuChoice("0", question.no, question.no_means, value=False),
        ]
        super().__init__(question.title, choices, on_answer, 1, question.sentences)

    def on_mount(self) -> None:
        """Clear the notices that would cover the answers."""
        super().on_mount()
        self.app.clear_notifications()

    def action_leave(self) -> None:
        """Answer no."""
        super().action_leave()
        self.app.call_later(self._on_choice, False)
