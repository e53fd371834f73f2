"""Asking who wrote the change, with the evidence so far; one key answers."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar

from xreview.domain.authorship.author import PERSON, Attribution
from xreview.domain.authorship.author_answer import (
    BY_A_PERSON,
    FAMILIES,
    NOBODY_KNOWS,
    AuthorAnswer,
)
from xreview.domain.text import shorten, visible
from xreview.review.choosing.author_words import author_line
from xreview.tui.dialogs.choice import ChoiceScreen, MenuChoice
from xreview.tui.screens.triage.empty import STILL_READING

if TYPE_CHECKING:
    from xreview.tui.app import XReviewApp

AUTHOR_QUESTION = "Who wrote this change?"

_MOST_TRACES = 3
_LINE = 120
_KNOWN_AS = {
    "anthropic": "Claude",
    "openai": "GPT, Codex, o-models",
    "google": "Gemini, Gemma",
    "xai": "Grok",
    "mistral": "Mistral, Devstral, Codestral",
    "deepseek": "DeepSeek",
    "qwen": "Qwen",
    "moonshot": "Kimi",
    "zhipu": "GLM",
}


def author_choices() -> list[MenuChoice[AuthorAnswer]]:
    """Return the most common model families, a person, and an answer for not knowing."""
    families = [family for family in FAMILIES if family in _KNOWN_AS]
    return [
        *(
            MenuChoice(str(number), family, _KNOWN_AS[family], AuthorAnswer(family))
            for number, family in enumerate(families, start=1)
        ),
        MenuChoice("p", "a person", "any model can review it", BY_A_PERSON),
        MenuChoice("0", "I don't know", "you won't be asked again on this branch", NOBODY_KNOWS),
    ]


class AuthorScreen(ChoiceScreen[AuthorAnswer]):
    """Asks who wrote the change, and shows the evidence so far."""

    DEFAULT_CSS = "AuthorScreen #about { max-height: 8; }"
    KEYS: ClassVar[str] = "Enter selects · Esc: not now"

    def __init__(
        self,
        attribution: Attribution,
        on_answer: Callable[[AuthorAnswer], Awaitable[object]],
        on_no_answer: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        choices = author_choices()
        families = [choice.value.vendor for choice in choices]
        author = attribution.author
        vendor = author.vendor or (PERSON if author.is_person else "")
        marked = families.index(vendor) if vendor in families else len(choices) - 1
        super().__init__(AUTHOR_QUESTION, choices, on_answer, marked, _evidence(attribution))
        self._on_no_answer = on_no_answer

    def action_leave(self) -> None:
        """Leave the question unanswered for now."""
        super().action_leave()
        if self._on_no_answer is not None:
            self.app.call_later(self._on_no_answer)


def _evidence(attribution: Attribution) -> list[str]:
    author = attribution.author
    lines = [f"So far: {author_line(attribution)}"]
    lines += [f"• {shorten(sentence, _LINE)}" for sentence in author.evidence[:_MOST_TRACES]]
    if len(author.evidence) > _MOST_TRACES:
        lines.append(f"• and {len(author.evidence) - _MOST_TRACES} more")
    if not author.evidence:
        lines.append("No evidence in the commits, git notes, or agent sessions on this machine.")
    return lines


async def open_author(app: "XReviewApp") -> None:
    """Ask who wrote the change, and tell the session."""
    snapshot, flow = app.triage.snapshot, app.flow
    if snapshot is None or snapshot.attribution is None or flow is None:
        app.notify(STILL_READING, severity="warning")
        return

    async def answer(given: AuthorAnswer) -> None:
        if await flow.answer_author(given):
            again = " Press F to review again." if flow.author_matters else ""
            app.notify(f"Author: {visible(given.label)}.{again}", markup=False)

    await app.push_screen(AuthorScreen(snapshot.attribution, answer))
