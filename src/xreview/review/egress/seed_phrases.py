"""Finding the seed phrases of wallets (BIP-39) by their checksum."""

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mnemonic import Mnemonic

_LENGTHS = (24, 21, 18, 15, 12)
_MOST_WORDS = 5_000  # of one run
_WORD = re.compile(r"[A-Za-z]{3,8}")
# Twelve short words close together; letters and other characters alternate, so there is no
# backtracking.
_CANDIDATE = re.compile(r"(?<![A-Za-z])[A-Za-z]{3,8}(?:[^A-Za-z]{1,8}[A-Za-z]{3,8}){11,}+")


def seed_phrases(text: str) -> Iterator[tuple[int, int]]:
    """The start and end offset of each phrase; words can be numbered or quoted.

    Words in alphabetical order don't count: they are the word list or an example of the standard.
    """
    for candidate in _CANDIDATE.finditer(text):
        known = _known()
        run: list[re.Match[str]] = []
        for word in _WORD.finditer(text, *candidate.span()):
            if word[0].lower() in known:
                run.append(word)
            else:
                yield from _in_run(run)
                run = []
        yield from _in_run(run)


def _in_run(run: list[re.Match[str]]) -> Iterator[tuple[int, int]]:
    words = [word[0].lower() for word in run]
    start = 0
    while start + _LENGTHS[-1] <= min(len(run), _MOST_WORDS):
        length = next((one for one in _LENGTHS if _is_phrase(words, start, one)), 0)
        if length:
            yield run[start].start(), run[start + length - 1].end()
        start += length or 1
    if len(run) > _MOST_WORDS:  # so many words of this list are no coincidence
        yield run[start].start(), run[-1].end()


def _is_phrase(words: list[str], start: int, length: int) -> bool:
    some = words[start : start + length]
    return len(some) == length and some != sorted(some) and _phrases().check(" ".join(some))


@cache
def _known() -> frozenset[str]:
    return frozenset(_phrases().wordlist)


@cache
def _phrases() -> "Mnemonic":
    from mnemonic import Mnemonic

    return Mnemonic("english")
