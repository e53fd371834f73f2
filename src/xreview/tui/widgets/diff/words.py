"""The words of a changed line that differ from the line it replaces, at bounded cost: pure."""

import re
from difflib import SequenceMatcher

CharacterRanges = tuple[tuple[int, int], ...]
"""Half-open ranges of character indices, in order, without overlaps."""

_WORD = re.compile(r"\w+|\s+|.", re.DOTALL)
_MOST_WORDS = 160
_MOST_CHARACTERS = 2000
_LEAST_ALIKE = 0.4


def code_words(line: str) -> list[str]:
    """Return the words and signs of a line without its blanks, of a long line the first ones."""
    words = _WORD.findall(line[:_MOST_CHARACTERS])
    return [word for word in words[:_MOST_WORDS] if not word.isspace()]


def changed_words(old: str, new: str) -> tuple[CharacterRanges, CharacterRanges]:
    """Return the differing parts of two lines, or nothing if they have too little in common.

    How far they are indented doesn't count.
    """
    old_code, new_code = old.lstrip(), new.lstrip()
    if old_code == new_code:
        return (), ()
    old_words, new_words = _differing(old_code, new_code)
    return (
        _shifted(old_words, len(old) - len(old_code)),
        _shifted(new_words, len(new) - len(new_code)),
    )


def is_reindented(old: str, new: str) -> bool:
    """Whether two lines differ in their indentation only."""
    return old != new and old.lstrip() == new.lstrip()


def _shifted(ranges: CharacterRanges, by: int) -> CharacterRanges:
    return tuple((start + by, end + by) for start, end in ranges)


def _differing(old: str, new: str) -> tuple[CharacterRanges, CharacterRanges]:
    if len(old) > _MOST_CHARACTERS or len(new) > _MOST_CHARACTERS:
        return _ends_apart(old, new)
    old_words, new_words = _WORD.findall(old), _WORD.findall(new)
    if len(old_words) > _MOST_WORDS or len(new_words) > _MOST_WORDS:
        return _ends_apart(old, new)
    matcher = SequenceMatcher(None, old_words, new_words, autojunk=False)
    old_ranges: list[tuple[int, int]] = []
    new_ranges: list[tuple[int, int]] = []
    old_at = new_at = alike = 0
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        old_size = sum(map(len, old_words[old_from:old_to]))
        new_size = sum(map(len, new_words[new_from:new_to]))
        if tag == "equal":
            alike += sum(len(word) for word in old_words[old_from:old_to] if not word.isspace())
        else:
            _extend(old_ranges, old_at, old_at + old_size, old)
            _extend(new_ranges, new_at, new_at + new_size, new)
        old_at, new_at = old_at + old_size, new_at + new_size
    if alike < _LEAST_ALIKE * min(_dense(old), _dense(new)) or not alike:
        return (), ()
    return tuple(old_ranges), tuple(new_ranges)


def _dense(text: str) -> int:
    return len("".join(text.split()))


def _extend(ranges: list[tuple[int, int]], start: int, end: int, text: str) -> None:
    """Add a range; merge it with the last one if only blanks separate them."""
    if start == end:
        return
    if ranges and text[ranges[-1][1] : start].isspace():
        ranges[-1] = (ranges[-1][0], end)
    else:
        ranges.append((start, end))


def _ends_apart(old: str, new: str) -> tuple[CharacterRanges, CharacterRanges]:
    shorter = min(len(old), len(new))
    front = _common(old, new, shorter)
    back = _common(old[::-1], new[::-1], shorter - front)
    if 2 * (front + back) < shorter:
        return (), ()
    return _range(front, len(old) - back), _range(front, len(new) - back)


def _range(start: int, end: int) -> CharacterRanges:
    return ((start, end),) if start < end else ()


def _common(left: str, right: str, most: int) -> int:
    """Return the length of the common start of two texts, at most `most`, by bisection."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
