"""The attention of a change as text, and as JSON."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from xreview.domain.attention.attention import Attention, AttentionReason, ChangeAttention
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.attention.sentence import levels_words, reasons_by_question
from xreview.domain.change import ChangeSource
from xreview.domain.stakes.stakes import Stakes
from xreview.domain.text import visible

SCHEMA = 1
"""The version of the JSON document; a field is never removed and never changes its meaning in one
version."""


def attention_text(source: ChangeSource, attention: ChangeAttention) -> str:
    """The level of a change with its reasons, then its files, the highest level first."""
    change = attention.change
    levels = levels_words(attention) or "no files"
    of_all = [one for one in change.reasons if not one.path]  # the files tell the others
    blocks = [
        "\n".join(
            (f"{_level(change.level)}: {visible(source.title)} ({levels})", *_reasons(of_all))
        )
    ]
    blocks += [
        "\n".join((f"{_level(one.level)}  {visible(path)}", *_reasons(one.reasons)))
        for path, one in _highest_first(attention.files.items())
    ]
    return "\n\n".join(blocks)


def attention_as_json(
    source: ChangeSource, stakes: Stakes, attention: ChangeAttention
) -> dict[str, Any]:
    """The attention of a change as JSON values, documented in docs/attention.md; texts are raw."""
    topics: dict[str, dict[str, None]] = {}
    for risk in stakes.risks:
        topics.setdefault(risk.path, {})[risk.what] = None
    old_paths = {getattr(one, "path", ""): getattr(one, "old_path", "") for one in stakes.parts}
    return {
        "schema": SCHEMA,
        "change": source.title,
        **_as_json(attention.change),
        "files": [
            {
                "path": path,
                "topics": list(topics.get(path, {}) | topics.get(old_paths.get(path, ""), {})),
                **_as_json(one),
            }
            for path, one in _highest_first(attention.files.items())
        ],
    }


def _as_json(attention: Attention) -> dict[str, Any]:
    return {
        "level": attention.level.value,
        "word": attention.level.word,
        "reasons": [
            {
                "question": reason.question.name.lower(),
                "words": reason.words,
                "path": reason.path or None,
                "raises": reason.raises,
            }
            for reason in attention.reasons
        ],
    }


def _highest_first(files: Iterable[tuple[str, Attention]]) -> list[tuple[str, Attention]]:
    return sorted(files, key=lambda one: -one[1].level)  # stable: else in git's order


def _level(level: AttentionLevel) -> str:
    return f"{level.value} {level.word}"


def _reasons(reasons: Sequence[AttentionReason]) -> Iterator[str]:
    """One line for each question, and a second one for what lowers the level."""
    for question, own in reasons_by_question(reasons).items():
        for raises, sign in ((True, ""), (False, "− ")):
            if said := [visible(one.words) for one in own if one.raises is raises]:
                yield f"    {sign}{question.value}: {'; '.join(said)}"
