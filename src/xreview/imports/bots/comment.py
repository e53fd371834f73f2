"""One comment as a problem: its title, claim, severity and suggested edit."""

import re

from xreview.domain.pull.markup import (
    Fence,
    Part,
    TextLine,
    comment_parts,
    lines_of,
    plain_title,
    without_code,
)
from xreview.domain.record import dataclass
from xreview.domain.report import Confidence, Severity
from xreview.domain.text import shorten
from xreview.imports.bots.adapter import BotAdapter

LONGEST_CLAIM = 6_000
"""Characters that are kept of a comment."""

_LONGEST_TITLE = 160
_HEAD = 25
"""Lines at the beginning of a comment in which its marks are searched."""

_SUGGESTED = "The comment suggests an edit"
_UNTITLED = "A comment without words"

# GitHub: https://docs.github.com/pull-requests (suggested changes); with a range in lines above and
# below, GitLab: https://docs.gitlab.com/user/project/merge_requests/reviews/suggestions/.
_SUGGESTION = re.compile(r"suggestion(?::-(\d{1,3})\+(\d{1,3}))?\s*$")
_HEADING = re.compile(r"#{1,6}\s+(\S.*)$")
_BOLD = re.compile(r"\*\*([^*]+)\*\*[:.]?$")
# A small letter after it means an abbreviation ("e.g. this") or an ellipsis.
_SENTENCE_END = re.compile(r"[.!?](?=\s+[^a-z\s]|\s*$)")
_NOTHING = re.compile(r"[\s*_|>•·—–-]*$")


@dataclass(frozen=True, slots=True)
class SuggestedLines:
    """A suggested edit: the text that replaces the lines of the comment or, with a range, those
    from `above` lines before its last line to `below` lines after it."""

    text: str
    above: int | None = None
    below: int | None = None


@dataclass(frozen=True, slots=True)
class ReadComment:
    """What a comment says.

    Args:
        claim: everything else that it says; the title where that is all.
        labels: the lines with its marks: "Functional Correctness", "bug_risk".
        severity, confidence: None for not given.
        id: the problem's, as its bot numbers it; "" for none.
    """

    title: str
    claim: str
    labels: str = ""
    severity: Severity | None = None
    confidence: Confidence | None = None
    suggestion: SuggestedLines | None = None
    id: str = ""
    model: str = ""


def read_comment(body: str, adapter: BotAdapter | None) -> ReadComment | None:
    """What a comment says; None for one without any text.

    `adapter` is None for a person's comment and for a bot that isn't known: then the title is the
    first heading, bold line or sentence.
    """
    lines = lines_of(body)
    drop = adapter.drop_details.matches if adapter else _keep
    parts = comment_parts(lines, drop, adapter.drop_tags if adapter else ())
    marks = _marks(parts, adapter)
    suggestion, parts = _suggestion_in(parts)
    kept = [part for part in parts if not _is_noise(part, adapter)]
    title, rest = _titled(kept, adapter)
    claim = _joined(rest)
    if not title and not claim and suggestion is None:
        return None
    title = title or _first_words(claim) or (_SUGGESTED if suggestion else _UNTITLED)
    raw = body if adapter else ""
    return ReadComment(
        title=shorten(title, _LONGEST_TITLE),
        claim=shorten(claim or title, LONGEST_CLAIM),
        labels=marks.labels,
        severity=marks.severity,
        confidence=marks.confidence,
        suggestion=suggestion,
        id=adapter.id.first(raw, "id") if adapter else "",
        model=adapter.model.first(raw, "model") if adapter else "",
    )


def _keep(summary: str) -> bool:
    del summary
    return False


@dataclass(frozen=True, slots=True)
class _Marks:
    severity: Severity | None
    confidence: Confidence | None
    labels: str


def _marks(parts: list[Part], adapter: BotAdapter | None) -> _Marks:
    """The first severity and confidence in the head of a comment, and the lines with them."""
    severity = confidence = None
    labels: list[str] = []
    if adapter is None:
        return _Marks(None, None, "")
    for part in parts[:_HEAD]:
        if isinstance(part, Fence) or not part.raw.strip():
            continue
        if severity is None and isinstance(found := adapter.severity.of(part.raw), Severity):
            severity = found
            labels.append(part.text)
        if confidence is None and isinstance(sure := adapter.confidence.of(part.raw), Confidence):
            confidence = sure
    return _Marks(severity, confidence, " ".join(labels))


def _suggestion_in(parts: list[Part]) -> tuple[SuggestedLines | None, list[Part]]:
    """The first suggested edit, and the parts without it."""
    for index, part in enumerate(parts):
        if isinstance(part, Fence) and (found := _SUGGESTION.match(part.info)):
            above, below = found[1], found[2]
            edit = SuggestedLines(
                part.code,
                int(above) if above is not None else None,
                int(below) if below is not None else None,
            )
            return edit, parts[:index] + parts[index + 1 :]
    return None, parts


def _is_noise(part: Part, adapter: BotAdapter | None) -> bool:
    """Whether a line says nothing about the problem."""
    if isinstance(part, Fence):
        return False
    if adapter is not None and adapter.drop_lines.matches(part.raw):
        return True
    return bool(part.raw.strip()) and _NOTHING.match(part.text.replace("\xa0", " ")) is not None


def _titled(parts: list[Part], adapter: BotAdapter | None) -> tuple[str, list[Part]]:
    """The title, and the parts that it doesn't contain."""
    if adapter is not None and adapter.title:
        for index, part in enumerate(parts[:_HEAD]):
            if isinstance(part, TextLine) and (found := adapter.title.find(part.raw)):
                title = plain_title(found.get("title", ""))
                rest = TextLine(found.get("rest", ""), found.get("rest", "").strip())
                return title, [*parts[:index], rest, *parts[index + 1 :]]
    for index, part in enumerate(parts):
        if isinstance(part, TextLine) and (text := part.text.strip()):
            if whole := _HEADING.match(text) or _BOLD.match(text):
                return plain_title(whole[1]), [*parts[:index], *parts[index + 1 :]]
            return _first_sentence(parts[index:]), parts
    return "", parts


def _first_sentence(parts: list[Part]) -> str:
    """The first sentence of a paragraph; of its mark, only that of a question stays."""
    words: list[str] = []
    for part in parts:
        if isinstance(part, Fence) or not part.text.strip():
            break
        words.append(part.text.strip())
        if sum(map(len, words)) > _LONGEST_TITLE:
            break
    text = plain_title(" ".join(words))
    ends = (found.start() for found in _SENTENCE_END.finditer(without_code(text)))
    # A greeting isn't a title.
    end = next((end for end in ends if " " in text[:end]), len(text))
    return text[: end + 1] if text[end : end + 1] == "?" else text[:end]


def _first_words(claim: str) -> str:
    """The first line of a claim that has words, for a comment whose title has none."""
    return next((title for line in claim.split("\n") if (title := plain_title(line))), "")


def _joined(parts: list[Part]) -> str:
    """The parts as text, with at most one empty line in a row."""
    rows: list[str] = []
    for part in parts:
        if isinstance(part, Fence):
            rows += [f"```{part.info}", part.code, "```"]
        elif part.text.strip() or (rows and rows[-1]):
            rows.append(part.text.rstrip() if part.text.strip() else "")
    return "\n".join(rows).strip()
