"""Which model family a name belongs to, however it is spelt.

Names come from trailers, notes, transcripts and configuration: `Claude Opus 4.8 (1M context)`,
`openrouter/anthropic/claude-sonnet-4`, `eu.anthropic.claude-opus-5`, `Crush:qwen3.7-plus`,
`"gpt-5"`. Versions are never listed, since there is a new one every month: a family is known by a
word in the name. Who merely hosts a model or lends it the form of an API comes last: a
`openai/…/gemini-2.5-pro` is Google's.
"""

import re
from typing import NamedTuple

_LONGEST = 300
_LONGEST_MODEL = 80

# A text can run together with what is before it (`codellama`), so few patterns ask for a boundary.
_FAMILIES = (
    ("nvidia", r"(?:llama[\w.-]{0,40})?nemotron"),  # `llama-3.1-nemotron` is no longer Meta's
    ("anthropic", r"claude|opus|sonnet|haiku|fable"),
    ("openai", r"\bgpt|chatgpt|codex|\bo[1-9]\b"),
    ("google", r"gemini|gemma"),
    ("xai", r"\bgrok"),
    ("meta", r"(?<!o)llama"),
    ("mistral", r"mistral|mixtral|devstral|codestral|magistral|ministral|pixtral"),
    ("deepseek", r"deepseek"),
    ("qwen", r"qwen|\bqwq"),
    ("moonshot", r"\bkimi"),
    ("zhipu", r"\bglm|chatglm"),
    ("minimax", r"minimax"),
    ("xiaomi", r"\bmimo\b"),
    ("cursor", r"\bcomposer\b"),
    ("cognition", r"\bswe-\d"),
    ("cohere", r"\bcommand-[ar]\b"),
    ("amazon", r"\bnova-(?:micro|lite|pro|premier)"),
)
_COMPANIES = (
    ("anthropic", r"\banthropic\b"),
    ("openai", r"\bopenai\b"),
    ("google", r"\bgoogle\b"),
    ("xai", r"\bx-?ai\b"),
    ("meta", r"\bmeta-?llama\b"),
    ("mistral", r"\bmistralai\b"),
    ("moonshot", r"\bmoonshot(?:ai)?\b"),
    ("zhipu", r"\b(?:z-?ai|zhipu(?:ai)?)\b"),
    ("nvidia", r"\bnvidia\b"),
    ("xiaomi", r"\bxiaomi\b"),
    ("cohere", r"\bcohere\b"),
)


def _any_of(named: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in named))


_FAMILY = _any_of(_FAMILIES)
_COMPANY = _any_of(_COMPANIES)
# Tools that run any vendor's models and have a family's word in their names.
_TOOLS = re.compile(r"\bopen-?claude\b|\bclaude[ _-]?code\b", re.IGNORECASE)
_ASIDE = re.compile(r"\([^()]{0,80}\bcontext\)|\[1m\]", re.IGNORECASE)
_VIA = re.compile(r"\s*\(?\bvia\b.*", re.IGNORECASE | re.DOTALL)
_AGENT = re.compile(r"[A-Za-z][\w .-]{0,40}:\s*(?=[A-Za-z])")
_HOSTED = re.compile(r"(?:[a-z]{2,6}\.)?(?:anthropic|amazon|meta|mistral|deepseek|openai|qwen)\.")
_DIALECT = re.compile(r"\Aopenai/")
_QUOTES = " \t\r\n\"'`“”‘’*_"
_NO_MODEL = frozenset(
    {"", "?", "auto", "default", "inherit", "model", "n/a", "none", "null", "synthetic", "unknown"}
)


class _Cut(NamedTuple):
    """A name without what is around it, and its last path segment."""

    whole: str
    last: str


def _cut(text: str) -> _Cut:
    whole = _VIA.sub("", _ASIDE.sub("", text[:_LONGEST])).strip(_QUOTES)
    pieces = [piece.strip(_QUOTES) for piece in whole.split("/")]
    return _Cut(whole, next((piece for piece in reversed(pieces) if piece), ""))


def family_of(text: str) -> str:
    """The model family (the vendor) that a model's name, however it is spelt, belongs to.

    "" if it names none: `auto`, `Claude Code` (a tool that can run any model), a name never
    seen. Where a name has the words of two families, the first one made it.
    """
    if family := model_family(text):
        return family
    # Many programs call whatever speaks OpenAI's API `openai/…`.
    found = _COMPANY.search(_DIALECT.sub("", _cut(text.lower()).whole, count=1))
    return (found.lastgroup or "") if found else ""


def model_family(text: str) -> str:
    """As `family_of`, but only a model's own name counts, not that of a company."""
    whole, last = _cut(_TOOLS.sub(" ", text[:_LONGEST].lower()))
    for piece in (_AGENT.sub("", last, count=1), last, whole):
        if found := _FAMILY.search(piece):
            return found.lastgroup or ""
    return ""


def model_name(text: str) -> str:
    """A model's name for display: without its route, context size, quotes and host's prefix.

    `openrouter/anthropic/claude-sonnet-4` is `claude-sonnet-4`, `Crush:GLM-5 via x` is `GLM-5`;
    "" for what names no model (`default`, `<synthetic>`). The text stays raw otherwise.
    """
    name = _cut(text).last
    if rest := _AGENT.sub("", name, count=1).strip(_QUOTES):
        name = rest
    name = " ".join(_HOSTED.sub("", name, count=1).split()).strip(_QUOTES)
    return "" if name.lower().strip("<>") in _NO_MODEL else name[:_LONGEST_MODEL]
