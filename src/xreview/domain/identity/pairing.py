"""Finding known problems again after the code around them changed.

Quotes must be equal, ignoring white space; their contexts tell which occurrence is which. All rules
are symmetric in old and new. The order of lines matters only between occurrences that nothing else
distinguishes.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from xreview.domain.identity.anchor import Anchor, Context, normalised
from xreview.domain.identity.claim import claims_agree
from xreview.domain.report import Report

SAME_PLACE = 0.2
"""The likeness of contexts from which equal code in one file is the same problem."""

ELSEWHERE = 0.5
"""The same for code that moved to another file."""

SIMILAR_CODE = 0.5
"""The share of common words from which one quote is an edit of the other."""

_TELLING_WORDS = 5
_WORD = re.compile(r"\w+|[^\w\s]+")


def anchor_likeness(left: Context, right: Context) -> float:
    """How alike two contexts are, from 0 to 1: half by blocks, half by the nearest lines.

    0.5 if one is unknown.
    """
    if not left.is_known or not right.is_known:
        return 0.5
    lines = _shared(left.before, right.before), _shared(left.after, right.after)
    return 0.5 * _shared(left.outline, right.outline) + 0.25 * sum(lines)


def _shared(left: Sequence[str], right: Sequence[str]) -> float:
    most = max(len(left), len(right))
    return len(set(left) & set(right)) / len(set(left) | set(right)) if most else 1.0


def pairs(olds: Sequence[Anchor], news: Sequence[Anchor]) -> Mapping[int, int]:
    """Pair new occurrences of some code with old ones.

    Returns indexes in `olds` by indexes in `news`, each at most once. The most alike are paired
    first; of equally alike ones, those at the same position among their file's occurrences.
    """
    old_ranks, new_ranks = _ranks(olds), _ranks(news)
    candidates: list[tuple[float, int, int, int, int]] = []
    for new_index, new in enumerate(news):
        for old_index, old in enumerate(olds):
            alike = anchor_likeness(old.context, new.context)
            if old.side is new.side and _may_be_same(old, new, alike):
                ranks = old_ranks[old_index], new_ranks[new_index]
                apart = abs(ranks[0] - ranks[1])
                score = alike + (1 if old.path == new.path else 0)
                candidates.append((-score, apart, sum(ranks), old_index, new_index))
    found: dict[int, int] = {}
    taken: set[int] = set()
    for *_, old_index, new_index in sorted(candidates):
        if new_index not in found and old_index not in taken:
            found[new_index] = old_index
            taken.add(old_index)
    return found


def _may_be_same(old: Anchor, new: Anchor, alike: float) -> bool:
    if alike >= (SAME_PLACE if old.path == new.path else ELSEWHERE):
        return True
    return old.path == new.path and len(_WORD.findall(old.quote)) >= _TELLING_WORDS


def _ranks(anchors: Sequence[Anchor]) -> list[int]:
    """The position of each among those of its file, by line."""
    ranks = [0] * len(anchors)
    before: Counter[str] = Counter()
    for index in sorted(range(len(anchors)), key=lambda index: anchors[index].start_line):
        path = anchors[index].path
        ranks[index] = before[path]
        before[path] += 1
    return ranks


def is_edited(old: Report, new: Report) -> bool:
    """Whether a report is about the edited code of an earlier one: the same claim in the same block
    of the same file, about similar code."""
    left, right = old.anchor, new.anchor
    return (
        left.path == right.path
        and left.side is right.side
        and left.context.outline == right.context.outline
        and claims_agree(old, new)
        and normalised(left.quote) != normalised(right.quote)
        and common_words(left.quote, right.quote) >= SIMILAR_CODE
    )


def common_words(left: str, right: str) -> float:
    """The share of words and signs that two pieces of code share, from 0 to 1."""
    first, second = set(_WORD.findall(left)), set(_WORD.findall(right))
    return len(first & second) / len(first | second) if first | second else 1.0
