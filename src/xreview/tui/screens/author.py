"""The question who wrote the change, with the traces there are, and its answers by one key."""

from collections.abc import Awaitable, Callable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from xreview.domain.authorship.author import Attribution
from xreview.domain.authorship.author_answer import FAMILIES, NOBODY_KNOWS, AuthorAnswer
from xreview.domain.authorship.author_words import author_line
from xreview.domain.text import shorten, visible
from xreview.tui.dialogs.choice import ChoiceScreen, MenuChoice

MOST_TRACES = 3
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
    """The families that write most of the code, and that the person does not know.

    By digits: a key meant for the screen below must not name an author.
    """
    families = [family for family in FAMILIES if family in _KNOWN_AS]
    return [
        *(
            MenuChoice(str(number), family, _KNOWN_AS[family], AuthorAnswer(family))
            for number, family in enumerate(families, start=1)
        ),
        MenuChoice("0", "I don't know", "nobody asks again on this branch", NOBODY_KNOWS),
    ]


class AuthorScreen(ChoiceScreen[AuthorAnswer]):
    """Asks who wrote the change.

    Args:
        attribution: what is known; its traces are shown above the answers.
        on_answer: gets the answer.
        on_no_answer: is called where the person leaves without one.
    """

    DEFAULT_CSS = """
    AuthorScreen #known { height: auto; max-height: 8; padding-bottom: 1; }
    """

    def __init__(
        self,
        attribution: Attribution,
        on_answer: Callable[[AuthorAnswer], Awaitable[object]],
        on_no_answer: Callable[[], object] = lambda: None,
    ) -> None:
        choices = author_choices()
        families = [choice.value.vendor for choice in choices]
        vendor = attribution.author.vendor
        marked = families.index(vendor) if vendor in families else len(choices) - 1
        super().__init__("Which models wrote this change?", choices, on_answer, marked)
        self._attribution = attribution
        self._on_no_answer = on_no_answer

    def compose(self) -> ComposeResult:
        """The traces, then the answers."""
        box = Vertical(Static(_known(self._attribution), markup=False, id="known"), self._list)
        box.border_title = self._title
        box.border_subtitle = "Enter takes the marked one · Esc: not now"
        yield box

    def action_leave(self) -> None:
        """Take no answer now."""
        super().action_leave()
        self._on_no_answer()


def _known(attribution: Attribution) -> str:
    author = attribution.author
    said = [f"So far: {author_line(attribution)}"]
    said += [f"• {shorten(sentence, _LINE)}" for sentence in author.evidence[:MOST_TRACES]]
    if len(author.evidence) > MOST_TRACES:
        said.append(f"• and {len(author.evidence) - MOST_TRACES} more")
    if not author.evidence:
        said.append("Nothing in the commits, the notes or this machine's sessions tells.")
    return "\n".join(map(visible, said))
