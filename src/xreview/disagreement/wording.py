"""What a report says, as sets to compare: words, letter groups, and quantities.

It knows only general English and the units of memory, and nothing learned from reports.
"""

import re
from functools import lru_cache
from itertools import chain, filterfalse
from math import prod
from sys import intern

from xreview.domain.record import dataclass
from xreview.domain.report import Report

GRAM = 4
"""Letters in a group: enough to mean something, few enough to survive other endings."""

_GAP = " "
_LONGEST = 4000
"""Characters of a text that count: a report should be a sentence or two."""

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|\d+")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_ENDING = re.compile(r"(?:ing|ed|es|s|ion|ions|ly|er|ers|ment)$")
_DIGIT = re.compile(r"\d")
_MOST_DIGITS = 12
_PLACE = re.compile(
    r"\b(?:lines?|l) ?~?\d+(?:(?: ?[-–,] ?| (?:to|and) )l?\d+)*|\.[a-z]+[:#]l?\d+(?:[-–]l?\d+)?"
)
_PRODUCT = re.compile(r"\b\d+(?: ?\* ?\d+)+\b")
_QUANTITY = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?) ?([kmg]i?b)?")
_BYTES = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
_STOP = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be been being but by can could does for from has have if in"
        " instead into is"
        " it its may might not of on or should so than that the then there these they this those to"
        " was when"
        " where which while will with without would",
    )
)
_NO_NUMBERS = frozenset[float]()


@dataclass(frozen=True, slots=True)
class Wording:
    """The parts of one text.

    Args:
        words: in lower case, with compound identifiers whole: two reports that write
            `cancelAllBookings` mean one thing, two that write "cancel" and "all" may not.
        grams: the distinct groups of `GRAM` letters of the stems in their order, so that other
            endings and parts of identifiers still match. A set would take eight times the memory,
            and there can be ten thousand reports.
        numbers: the quantities it names, other than lines: "10MB" and "10 * 1024 * 1024" share 10
            and the number of bytes.
    """

    words: frozenset[str]
    grams: tuple[str, ...]
    numbers: frozenset[float]


def wording(report: Report) -> Wording:
    """The wording of a report's title and claim; the scenario only repeats them at length."""
    return worded(f"{report.title} {report.claim}"[:_LONGEST])


def worded(text: str) -> Wording:
    """The wording of any text."""
    words = _WORD.findall(text)
    stems = list(chain.from_iterable(map(_stems, words)))
    ends = [_GAP, *[f"{_GAP}{stem}{_GAP}"[1 - GRAM :] for stem in stems]]
    grams = dict.fromkeys(chain.from_iterable(map(_grams, ends, stems)))
    lowered = filterfalse(_STOP.__contains__, map(str.lower, words))
    return Wording(frozenset(lowered), tuple(grams), _numbers(text))


@lru_cache(maxsize=1 << 15)
def _stems(word: str) -> tuple[str, ...]:
    """The stems in a word."""
    parts = (part.lower() for part in _PART.findall(word))
    return tuple(_stem(part) for part in parts if part not in _STOP)


@lru_cache(maxsize=1 << 15)
def _grams(end: str, stem: str) -> tuple[str, ...]:
    """The letter groups that a stem adds to a line of stems with this end."""
    line = f"{end}{stem}{_GAP}"
    return tuple(intern(line[at : at + GRAM]) for at in range(len(line) - GRAM + 1))


def _stem(word: str) -> str:
    if len(word) > GRAM:
        cut = _ENDING.sub("", word)
        word = cut if len(cut) > 2 else word
        return word.removesuffix("e")
    return word[:-1] if len(word) == GRAM and word[-1] == "s" != word[-2] else word


def _numbers(text: str) -> frozenset[float]:
    if not _DIGIT.search(text):
        return _NO_NUMBERS
    found: set[float] = set()
    rest = _PLACE.sub(" ", " ".join(text.lower().split()))
    for product in _PRODUCT.findall(rest):
        factors = [float(one[:_MOST_DIGITS]) for one in product.split("*")]
        found |= {factors[0], prod(factors)}
    for digits, unit in _QUANTITY.findall(_PRODUCT.sub(" ", rest)):
        number = float(digits[:_MOST_DIGITS])
        found |= {number, number * _BYTES.get(unit[:1], 1)}
    return frozenset(found)
