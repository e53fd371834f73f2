"""Names for tools, and titles and details for their results."""

import re
from collections.abc import Iterable

from xreview.domain.record import replace
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.domain.text import shorten

_TITLE_CHARACTERS = 100
_LONGEST_HELP = 1500
"""In characters: some rules come with a manual."""

_OTHER = re.compile(r"[^a-z0-9._]+")
_SENTENCE_END = re.compile(r"[.!?](?=\s)|\n")
_LINK = re.compile(r"(?<!\\)\[((?:\\.|[^\[\]\\])*)\]\([^()\s]*\)")
_ESCAPED = re.compile(r"\\([\[\]])")


def analyser(tool: str, version: str = "") -> ReviewerIdentity:
    """The identity of a tool by the name it gives itself: "Semgrep OSS" becomes `semgrep-oss`.

    The family is the same word, so an imported ruff report and the embedded ruff are one opinion.
    """
    name = _OTHER.sub("-", tool.lower()).strip("-") or "import"
    return ReviewerIdentity(name, ReviewerKind.ANALYSER, name, version)


def named_apart(identity: ReviewerIdentity, taken: Iterable[str]) -> ReviewerIdentity:
    """The identity under the first free name: `ruff`, `ruff-2`, …"""
    used = set(taken)
    name, number = identity.name, 1
    while name in used:
        number += 1
        name = f"{identity.name}-{number}"
    return replace(identity, name=name)


def titled(message: str, rule: str) -> str:
    """The first sentence of a message on one line; the rule where the message is empty."""
    text = message.strip()
    end = _SENTENCE_END.search(text)
    first = text[: end.start()] if end else text
    return shorten(" ".join(first.split()).removesuffix("."), _TITLE_CHARACTERS) or rule


def help_with(message: str, texts: Iterable[str], url: str = "") -> str:
    """What a tool says about a rule, without what the message says already."""
    said = _folded(message)
    told: list[str] = []
    for text in texts:
        if (folded := _folded(text)) and folded not in said:
            told.append(shorten(text.strip(), _LONGEST_HELP))
            said += folded
    if url and url not in said:
        told.append(f"See {url}")
    return "\n\n".join(told)


def web_url(*urls: str) -> str:
    """The first URL that a browser can open; "" for none."""
    return next((url for url in urls if url.startswith(("https://", "http://"))), "")


def plain_text(text: str) -> str:
    """A Markdown text without its links."""
    return _ESCAPED.sub(r"\1", _LINK.sub(r"\1", text)).strip()


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
