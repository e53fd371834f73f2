"""Who a tool is to the review, and what its results are called."""

import re
from collections.abc import Iterable
from dataclasses import replace

from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.domain.text import shorten

_TITLE_CHARACTERS = 100
_OTHER = re.compile(r"[^a-z0-9._]+")
_SENTENCE_END = re.compile(r"[.!?](?=\s)|\n")


def analyser(tool: str, version: str = "") -> ReviewerIdentity:
    """The identity of a tool by the name it gives itself: "Semgrep OSS" is `semgrep-oss`.

    The family is the same word, so that ruff's file and our own use of ruff are one family and do
    not count as two that agree.
    """
    name = _OTHER.sub("-", tool.lower()).strip("-") or "import"
    return ReviewerIdentity(name, ReviewerKind.ANALYSER, name, version)


def titled(message: str, rule: str) -> str:
    """A line that says what a result is about: its message's first sentence, else its rule."""
    text = message.strip()
    end = _SENTENCE_END.search(text)
    first = text[: end.start()] if end else text
    return shorten(" ".join(first.split()).removesuffix("."), _TITLE_CHARACTERS) or rule


def named_apart(identity: ReviewerIdentity, taken: Iterable[str]) -> ReviewerIdentity:
    """The identity by a name that nobody has yet: `ruff`, `ruff-2`, …"""
    used = set(taken)
    name, number = identity.name, 1
    while name in used:
        number += 1
        name = f"{identity.name}-{number}"
    return replace(identity, name=name)
