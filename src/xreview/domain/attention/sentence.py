"""A level with its reasons in words, safe to show."""

from collections import Counter
from collections.abc import Sequence

from xreview.domain.attention.attention import (
    Attention,
    AttentionQuestion,
    AttentionReason,
    ChangeAttention,
)
from xreview.domain.text import count_of, shorten, visible

_LONGEST_WORDS = 160
_LONGEST_PATH = 60


def reason_words(reason: AttentionReason, *, with_path: bool = True) -> str:
    """A reason and the file it is about: `it touches money (src/refunds.py)`, or with the word
    that says so: `it touches money (“refund” in src/app.py)`."""
    words = shorten(visible(reason.words), _LONGEST_WORDS)
    path = shorten(visible(reason.path), _LONGEST_PATH) if with_path else ""
    if not path or path in words:
        return words
    is_quoting = words.endswith("”)")
    return f"{words[:-1]} in {path})" if is_quoting else f"{words} ({path})"


def attention_words(attention: Attention, *, with_path: bool = True) -> str:
    """The level's word, the weightiest reason for it, and how many there are besides:
    `“study”: it touches money (src/refunds.py) and 1 more reason`."""
    reasons = attention.reasons
    if not reasons:
        return f"“{attention.level.word}”"
    others = len(reasons) - 1
    more = f" and {count_of(others, 'more reason')}" if others else ""
    return f"“{attention.level.word}”: {reason_words(reasons[0], with_path=with_path)}{more}"


def levels_words(attention: ChangeAttention) -> str:
    """How many files are at each level, the highest first: `2 files at decide, 1 at skim`."""
    counts = sorted(Counter(one.level for one in attention.files.values()).items(), reverse=True)
    told = [f"{number:,} at {level.word}" for level, number in counts[1:]]
    first = [f"{count_of(number, 'file')} at {level.word}" for level, number in counts[:1]]
    return ", ".join([*first, *told])


def reasons_by_question(
    reasons: Sequence[AttentionReason],
) -> dict[AttentionQuestion, list[AttentionReason]]:
    """The reasons by what they depend on, in the order of the questions."""
    found: dict[AttentionQuestion, list[AttentionReason]] = {}
    for question in AttentionQuestion:
        if own := [one for one in reasons if one.question is question]:
            found[question] = own
    return found
