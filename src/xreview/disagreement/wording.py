"""What a report says, as sets that can be compared: word stems, letter groups, files it names.

Only general English and the words of programming are known here; nothing was learned from the
reports of any change.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from xreview.domain.report import Report

GRAM = 4
"""Letters in a group: long enough to mean something, short enough to survive other endings."""

_GAP = " "
_LONGEST = 4000
"""Characters of a text that are looked at: a report is a sentence or two, whatever was sent."""

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|\d+")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_ENDING = re.compile(r"(?:ing|ed|es|s|ion|ions|ly|er|ers|ment)$")
_NAME = re.compile(r"[\w.-]+")
_FILE_ENDINGS = frozenset(
    re.findall(
        r"\w+",
        "c cc cpp cs css erb ex exs ftl go h hbs hpp htm html java js json jsx kt kts"
        " less lua m md mjs"
        " mod php properties proto py pyi rb rs sass scala scss sh sql svelte swift tf"
        " toml ts tsx vue"
        " xml yaml yml",
    )
)
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
_KINDS = {
    "injection": "inject unescap unsanit ssrf xss csrf traversal shell",
    "secret": "secret credential apikey password",
    "authorisation": "authori authentic permission privileg bypass",
    "race": "race concurren toctou atomic deadlock lock synchroni mutex",
    "async": "await promise foreach asynchron callback",
    "null": "null nil none undefined optional attributeerror dereferenc npe",
    "swallowed": "swallow silent unhandled uncaught caught catch",
    "leak": "leak dispos unsubscrib dangling",
    "bounds": "index overflow underflow slic bounds range",
    "time": "timezone timestamp utc date datetime timeout expir ttl",
    "cache": "cach stale invalidat memoi",
    "key": "collision duplicate unique delimiter hash",
    "type": "typeerror mismatch cast isinstance instanceof signature",
    "name": "typo misspel misleading naming rename inconsisten docstring comment documentation",
    "test": "test assert mock coverage flaky",
    "speed": "performance inefficien slow quadratic redundant unnecessar expensive",
    "validation": "validat unchecked regex format",
    "condition": "condition logic invert comparison operator wrong",
    "dead": "unused unreachable",
    "migration": "migrat schema column backward compatib",
}
_KIND_BEGINNINGS = {f"kind of {kind}": tuple(words.split()) for kind, words in _KINDS.items()}
"""How the words begin that name a kind of failure, as in `domain.claim`."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One text, taken apart.

    Args:
        words: stems, the parts of compound identifiers among them, and the kinds of failure that
            are named, so that "nil" and "undefined" have something in common.
        grams: groups of `GRAM` letters of the stems in their order.
        files: base names of files it names, in lower case.
    """

    words: frozenset[str]
    grams: frozenset[str]
    files: frozenset[str]


def wording(report: Report) -> Wording:
    """What a report claims: its title and its claim. The scenario says the same at length."""
    return worded(f"{report.title} {report.claim}"[:_LONGEST])


def worded(text: str) -> Wording:
    """Any text, taken apart."""
    words: list[str] = []
    grams: list[str] = []
    end = _GAP
    for word in _WORD.findall(text):
        stems, kinds = _taken_apart(word)
        words += kinds
        words += stems
        for stem in stems:
            grams += _grams(end, stem)
            end = f"{stem} "[1 - GRAM :]
    return Wording(frozenset(words), frozenset(grams), _files(text))


@lru_cache(maxsize=1 << 15)
def _taken_apart(word: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The stems in a word, and the kinds of failure it names."""
    parts = [part.lower() for part in _PART.findall(word)]
    kinds = tuple(
        kind
        for kind, beginnings in _KIND_BEGINNINGS.items()
        if any(part.startswith(beginnings) for part in (*parts, word.lower()))
    )
    return tuple(_stem(part) for part in parts if part not in _STOP), kinds


@lru_cache(maxsize=1 << 17)
def _grams(end: str, stem: str) -> tuple[str, ...]:
    """The letter groups that a stem adds to a line that ends so."""
    line = f"{end}{stem} "
    return tuple(line[start : start + GRAM] for start in range(len(line) - GRAM + 1))


def _stem(word: str) -> str:
    if len(word) > GRAM:
        cut = _ENDING.sub("", word)
        word = cut if len(cut) > 2 else word
        return word.removesuffix("e")
    return word[:-1] if len(word) == GRAM and word[-1] == "s" != word[-2] else word


def _files(text: str) -> frozenset[str]:
    found = (word for word in text.split() if "." in word[:-1])
    names = (name.lower().strip(".") for word in found for name in _NAME.findall(word))
    return frozenset(name for name in names if name.rpartition(".")[2] in _FILE_ENDINGS)
