"""What a model reviewer is given beside the change: models, terms, tools, memory, time."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from xreview.domain.report import Lens, ReviewerIdentity
from xreview.review.asking.conversation import Terms
from xreview.review.asking.reply_cache import ReplyCache
from xreview.review.tools.toolbox import Toolbox
from xreview.reviewers.model import Effort, Model

MAX_OUTPUT = 16_000
"""Tokens of one answer, thinking included: bounds what a request may cost."""


@dataclass(frozen=True)
class Voice:
    """One model and the terms on which it is asked."""

    model: Model
    terms: Terms


@dataclass(frozen=True)
class Asking:
    """Everything a model reviewer is given beside the change.

    Args:
        identity: who reports; the family is the model's vendor.
        voice: the model for what looks risky.
        lighter: a cheaper one for the rest; None for the same.
        brief, messages: what the change is for, in a person's words or the commits'.
        slots: bounds how many requests run at once, over all reviewers at the same host.
        new_toolbox: makes the tools for one request; None where the model gets none.
        cache: remembers replies; None for not at all.
        seconds: after which no more is asked.
        reads_last: whether documentation and plain data are read.
    """

    identity: ReviewerIdentity
    lens: Lens
    voice: Voice
    slots: asyncio.Semaphore
    lighter: Voice | None = None
    brief: str = ""
    messages: tuple[str, ...] = ()
    effort: Effort | None = None
    max_output: int = MAX_OUTPUT
    new_toolbox: Callable[[], Toolbox] | None = None
    cache: ReplyCache | None = None
    seconds: float = 900.0
    reads_last: bool = True
