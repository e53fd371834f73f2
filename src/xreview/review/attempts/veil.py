"""Hides who wrote and who reviewed attempts, wherever a text about them could tell."""

import re
from collections.abc import Iterator
from functools import cached_property

from xreview.domain.record import dataclass
from xreview.domain.report import ReviewerIdentity
from xreview.domain.text import visible, visible_block
from xreview.review.attempts.snapshot import AttemptSnapshot, AttemptStage, TrialSnapshot

HIDDEN = "a model"
"""What stands for a name."""

_MAKERS = (
    r"anthropic|claude|opus|sonnet|haiku|openai|chatgpt|codex|gpt|google|gemini|gemma|xai|grok|"
    r"mistral|codestral|devstral|deepseek|qwen|moonshot|kimi|zhipu|glm|minimax|ollama|llama|"
    r"opencode|cursor-agent|copilot|aider|crush|amp|goose"
)
"""Makers, models and agents: a name that isn't among the writers tells by elimination."""

_HOSTS = (
    r"[\w.-]{0,60}?(?:anthropic|claude|openai|openrouter|chatgpt|google|mistral|deepseek|qwen|aliyun|"
    r"moonshot|minimax|bigmodel|amazonaws|azure|opencode)[\w-]{0,60}(?:\.[\w-]{1,60}){0,5}"
    r"\.(?:com|ai|net|cn|dev|org)(?::\d{1,5})?|(?:[\w-]{1,60}\.){0,5}[xz]\.ai(?::\d{1,5})?"
    r"|(?<=connection to )[^\s.]\S{0,200}\w"
)
"""Where they are asked, as errors tell it; a maker's name can be the middle of a word there. And
the server that failed, by the words of our own errors."""

_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_OWN_DOING = frozenset({AttemptStage.WAITING, AttemptStage.PREPARING, AttemptStage.CHECKING})
"""Stages in which what is done is ours, and the same for every writer."""


@dataclass(frozen=True)
class Veil:
    """Makes the texts of a trial safe to show and, while it is down, free of names.

    Args:
        is_down: whether writers and reviewers are hidden.
    """

    trial: TrialSnapshot
    is_down: bool

    @cached_property
    def _names(self) -> re.Pattern[str]:
        named = sorted({re.escape(one) for one in _names_in(self.trial)}, key=len, reverse=True)
        known = "|".join((*named, _MAKERS))
        # With what belongs to a name: `claude-opus-5`, `gpt-5.1`.
        name = rf"(?<![A-Za-z0-9])(?:{known})(?![A-Za-z])(?:[\w.:-]*\w)?"
        host = rf"(?<![\w.-])(?:{_HOSTS})(?![\w-])"
        return re.compile(rf"{host}|{name}", re.IGNORECASE)

    def line(self, raw: str) -> str:
        """One line of a text."""
        return visible(self._hidden(raw))

    def block(self, raw: str) -> str:
        """A text of several lines."""
        return visible_block(self._hidden(raw))

    def _hidden(self, raw: str) -> str:
        # Colours end in a letter, which would hide that a name begins.
        return self._names.sub(HIDDEN, _COLOURS.sub("", raw)) if self.is_down else raw

    def writer(self, attempt: AttemptSnapshot) -> str:
        """Who wrote an attempt; "" while that is hidden."""
        return "" if self.is_down else visible(_named(attempt.seat.writer))

    def readers(self, attempt: AttemptSnapshot) -> str:
        """Which models reviewed an attempt; "" while that is hidden, or if none did."""
        return "" if self.is_down else visible(", ".join(map(_named, attempt.reviewers)))

    def doing(self, attempt: AttemptSnapshot) -> str:
        """What is done now. Hidden writers and reviewers have none: each tells in its own way."""
        if self.is_down and attempt.stage not in _OWN_DOING:
            return ""
        return self.line(attempt.doing)


def _named(one: ReviewerIdentity) -> str:
    return f"{one.name} {one.model}".strip()


def _names_in(trial: TrialSnapshot) -> Iterator[str]:
    """Yield the names of writers and of the models that reviewed, for the pattern."""
    for attempt in trial.attempts:
        models = [one for one in attempt.reviewers if one.is_model]
        for one in (attempt.seat.writer, *models):
            yield from filter(None, (one.name, one.family, one.model))
        told = attempt.statement.by if attempt.statement else ""
        yield from filter(None, (attempt.seat.reviewer, told))
