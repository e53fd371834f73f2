"""What is known of one bot's comments, from its TOML file.

Each key is a field of `BotAdapter`, `BodySection` or `Marked`. A pattern is searched in one line of
a comment at a time, so it can't see more than that line, and its time is limited.
"""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, cast

from xreview.domain.pull.pull import ForgeAccount
from xreview.domain.record import dataclass
from xreview.domain.report import Confidence, Severity
from xreview.imports.bots.patterns import LinePatterns

_PACKAGE = "xreview.imports.bots"
_LEVELS: Mapping[str, Severity] = {level.word: level for level in Severity}
_CONFIDENCES: Mapping[str, Confidence] = {level.word: level for level in Confidence}


@dataclass(frozen=True, slots=True)
class Marked:
    """How a bot marks a severity or a confidence: patterns with the group `word`, and what each
    word means. A word that isn't listed means nothing, and the severity stays unknown."""

    patterns: LinePatterns
    words: Mapping[str, Severity | Confidence]

    def of(self, line: str) -> Severity | Confidence | None:
        """What a line says."""
        word = self.patterns.group(line, "word")
        return self.words.get(word.strip().lower()) if word else None


@dataclass(frozen=True, slots=True)
class BodySection:
    """Findings that a bot lists in the body of a review or comment.

    Args:
        begin, end: the lines between which they are.
        file: lines that name the file of the findings after them (group `path`).
        entry: the first line of a finding: groups `path`, `start`, `end` and `rest`, each optional.
        head: lines between findings with marks of those after them. done: first lines of findings
            that the bot has closed.
        place: a line within a finding that names its place, where `entry` doesn't.
        take: the lines between which its text is; all of them without any.
        quotes: whether a fence in it quotes the code that it is about.
        is_repeated: whether the bot also posts these findings as threads.
        confidence: None for the usual one.
    """

    begin: LinePatterns
    end: LinePatterns
    file: LinePatterns
    entry: LinePatterns
    head: LinePatterns
    done: LinePatterns
    place: LinePatterns
    take: tuple[LinePatterns, LinePatterns] | None
    quotes: bool
    is_repeated: bool
    confidence: Confidence | None


@dataclass(frozen=True, slots=True)
class BotAdapter:
    """What is known of one bot.

    Args:
        reviewer: its name as a reviewer. label: its name in sentences.
        family: of its model, as `domain.authorship.family` names them; "" for unknown.
        logins: of its accounts, in lower case, without `[bot]`.
        mark: a line that proves a comment to be the bot's when a person's account posts it.
        model: a line that names the model (group `model`).
        id: a line with the problem's id (group `id`), the same where it is posted again.
        title: the line with the title (group `title`), before badges and tags are removed.
        drop_lines, drop_details: lines and foldable parts (by their summary) that aren't about the
            problem.
        drop_tags: names of tags whose content is dropped: "code_context".
        blind: sentences that say that it could not review. clean: that it found nothing.
        reviewed: a line with the commit that it read (group `commit`).
        summary: lines that mark a body as a summary of the change or the review.
    """

    reviewer: str
    label: str
    family: str
    logins: tuple[str, ...]
    mark: LinePatterns
    model: LinePatterns
    id: LinePatterns
    severity: Marked
    confidence: Marked
    title: LinePatterns
    drop_lines: LinePatterns
    drop_details: LinePatterns
    drop_tags: tuple[str, ...]
    blind: LinePatterns
    clean: LinePatterns
    reviewed: LinePatterns
    summary: LinePatterns
    sections: tuple[BodySection, ...]


@cache
def bot_adapters() -> tuple[BotAdapter, ...]:
    """All adapters: each TOML file in this package."""
    found = (file for file in files(_PACKAGE).iterdir() if file.name.endswith(".toml"))
    texts = {file.name: file.read_text("utf-8") for file in found}
    return tuple(_adapter(tomllib.loads(texts[name])) for name in sorted(texts))


def adapter_of(account: ForgeAccount) -> BotAdapter | None:
    """The adapter for an account; None for a person, and for an unknown bot."""
    return _by_login().get(account.key)


def adapter_marked(body: str) -> BotAdapter | None:
    """The adapter whose mark a comment has, from any account."""
    marked = (one for one in bot_adapters() if one.mark)
    return next((one for one in marked if one.mark.any_line(body)), None)


@cache
def _by_login() -> Mapping[str, BotAdapter]:
    return {login: one for one in bot_adapters() for login in one.logins}


def _adapter(raw: Mapping[str, Any]) -> BotAdapter:
    def patterns(name: str) -> LinePatterns:
        return LinePatterns.of(_texts(raw, name))

    return BotAdapter(
        reviewer=raw["reviewer"],
        label=raw["label"],
        family=raw.get("family", ""),
        logins=_texts(raw, "logins"),
        mark=patterns("mark"),
        model=patterns("model"),
        id=patterns("id"),
        severity=_marked(raw.get("severity", {}), _LEVELS),
        confidence=_marked(raw.get("confidence", {}), _CONFIDENCES),
        title=patterns("title"),
        drop_lines=patterns("drop_lines"),
        drop_details=patterns("drop_details"),
        drop_tags=_texts(raw, "drop_tags"),
        blind=patterns("blind"),
        clean=patterns("clean"),
        reviewed=patterns("reviewed"),
        summary=patterns("summary"),
        sections=tuple(map(_section, raw.get("sections", ()))),
    )


def _marked(
    raw: Mapping[str, Any], levels: Mapping[str, Severity] | Mapping[str, Confidence]
) -> Marked:
    words = cast("Mapping[str, str]", raw.get("words", {}))
    return Marked(
        LinePatterns.of(_texts(raw, "patterns")),
        {word: levels[level] for word, level in words.items()},
    )


def _section(raw: Mapping[str, Any]) -> BodySection:
    def patterns(name: str) -> LinePatterns:
        return LinePatterns.of(_texts(raw, name))

    take = patterns("take_after"), patterns("take_before")
    confidence = raw.get("confidence")
    return BodySection(
        begin=patterns("begin"),
        end=patterns("end"),
        file=patterns("file"),
        entry=patterns("entry"),
        head=patterns("head"),
        done=patterns("done"),
        place=patterns("place"),
        take=take if all(take) else None,
        quotes=raw.get("quotes", False),
        is_repeated=raw.get("is_repeated", False),
        confidence=None if confidence is None else _CONFIDENCES[confidence],
    )


def _texts(raw: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = cast("Iterable[str]", raw.get(name, ()))
    return tuple(found)
