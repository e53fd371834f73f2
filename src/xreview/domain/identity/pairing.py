"""Finding known problems again after the code around them changed: which is which among twins.

Quotes are compared white space aside and must be the same; what stands around them says which
occurrence is which. Everything here is symmetric (old and new may be swapped) and depends on
neither the order nor the number of a line but where two occurrences can't be told apart otherwise:
then their order in the file decides.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from xreview.domain.identity.anchor import Anchor, Context, normalised
from xreview.domain.identity.claim import claims_agree
from xreview.domain.report import Report

SAME_PLACE = 0.2
"""From which likeness of what stands around on, equal code in one file is the same problem."""

ELSEWHERE = 0.5
"""The same for code that left one file and is in another."""

SIMILAR_CODE = 0.5
"""From which share of common words on, a quote is the other one edited."""

_TELLING_WORDS = 5
_WORD = re.compile(r"\w+|[^\w\s]+")


def same_problem(old: Report, new: Report) -> bool:
    """Whether two reports of two moments are about one problem: claim, code and surroundings."""
    return (
        old.anchor.side is new.anchor.side
        and normalised(old.anchor.quote) == normalised(new.anchor.quote)
        and claims_agree(old, new)
        and _may_be_same(
            old.anchor, new.anchor, anchor_likeness(old.anchor.context, new.anchor.context)
        )
    )


def anchor_likeness(left: Context, right: Context) -> float:
    """How alike two surroundings are, from 0 to 1: half the blocks, half the nearest lines.

    Where one is not known it is 0.5: neither for nor against.
    """
    if not left.is_known or not right.is_known:
        return 0.5
    lines = _shared(left.before, right.before), _shared(left.after, right.after)
    return 0.5 * _shared(left.outline, right.outline) + 0.25 * sum(lines)


def _shared(left: Sequence[str], right: Sequence[str]) -> float:
    most = max(len(left), len(right))
    return len(set(left) & set(right)) / len(set(left) | set(right)) if most else 1.0


def pairs(olds: Sequence[Anchor], news: Sequence[Anchor]) -> Mapping[int, int]:
    """Which of the new occurrences of some code is which old one.

    Args:
        olds, news: anchors with the same quote, white space aside.

    Returns the index in `olds` by the index in `news`; no index occurs twice. The most alike are
    paired first; of equally alike ones those at the same place in the files' order.
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
    """The place of each among those of its file, in the order of lines."""
    ranks = [0] * len(anchors)
    for place, index in _in_files(anchors):
        ranks[index] = place
    return ranks


def _in_files(anchors: Sequence[Anchor]) -> Iterator[tuple[int, int]]:
    by_path: dict[str, list[int]] = {}
    for index, anchor in enumerate(anchors):
        by_path.setdefault(anchor.path, []).append(index)
    for indexes in by_path.values():
        yield from enumerate(sorted(indexes, key=lambda index: anchors[index].start_line))


def is_edited(old: Report, new: Report) -> bool:
    """Whether a report is about the code of an earlier one after it was edited: the same claim in
    the same block of the same file, and code that has much in common but is not the same."""
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
    """The share of words and signs that two pieces of code have in common, from 0 to 1."""
    first, second = set(_WORD.findall(left)), set(_WORD.findall(right))
    return len(first & second) / len(first | second) if first | second else 1.0
