"""The user's answer to who wrote a change, and its form on the command line."""

from xreview.domain.authorship.author import PERSON, Evidence, EvidenceKind
from xreview.domain.authorship.family import family_of, model_name
from xreview.domain.errors import UsageError
from xreview.domain.record import dataclass
from xreview.domain.report import Confidence
from xreview.domain.text import shorten, visible

FAMILIES = (
    "anthropic",
    "openai",
    "google",
    "xai",
    "mistral",
    "deepseek",
    "qwen",
    "moonshot",
    "zhipu",
    "meta",
    "minimax",
    "nvidia",
    "xiaomi",
    "cohere",
    "amazon",
    "cursor",
    "cognition",
)
"""The families a user can name, those that write the most code first."""

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class AuthorAnswer:
    """Who the user says wrote it: a model family and optionally a model, `PERSON`, or "" if the
    user doesn't know."""

    vendor: str
    model: str = ""

    @property
    def label(self) -> str:
        """The answer on the command line: `openai`, `openai:gpt-6`, `person`, `unknown`."""
        return ":".join(filter(None, (self.vendor, self.model))) or UNKNOWN

    def evidence(self, pointer: str) -> Evidence:
        """The answer as evidence; `pointer` says where it was given."""
        tool, vendor = (PERSON, "") if self.vendor == PERSON else ("", self.vendor)
        return Evidence(EvidenceKind.ANSWER, tool, vendor, self.model, Confidence.HIGH, pointer)


BY_A_PERSON = AuthorAnswer(PERSON)
NOBODY_KNOWS = AuthorAnswer("")


def parse_answer(text: str) -> AuthorAnswer:
    """Parse `VENDOR`, `VENDOR:MODEL`, a model's name, `person`, or `unknown`.

    Raises UsageError if it names no family, or a model of another one.
    """
    word, colon, rest = text.strip().partition(":")
    vendor, model = word.strip().lower(), rest.strip()
    if vendor == UNKNOWN and not colon:
        return NOBODY_KNOWS
    if vendor == PERSON and not colon:
        return BY_A_PERSON
    if vendor in FAMILIES:
        if (other := family_of(model)) and other != vendor:
            raise UsageError(
                f"“{_shown(model)}” is a model of {other}, not of {vendor}.",
                f"Write {other}:{_shown(model)}, or omit the model.",
            )
        return AuthorAnswer(vendor, model)
    if family := family_of(text):
        named = model_name(model or word)
        return AuthorAnswer(family, "" if named.lower() == family else named)
    raise UsageError(
        f"“{_shown(text)}” isn't a known model family.",
        f"Use one of {', '.join(FAMILIES)} (optionally followed by :MODEL), a model's name, "
        f"{PERSON}, or {UNKNOWN}.",
    )


def _shown(text: str) -> str:
    return visible(shorten(text, 60))
