"""The characters that a part of a parsed regular expression matches."""

import string
from typing import Any

ALL = string.ascii_letters + string.digits + string.punctuation + " \t\n"
"""The characters that are tried, the most readable first. Enough to tell sets apart."""

_EVERY = frozenset(ALL)
_DIGITS = frozenset(string.digits)
_WORDS = frozenset(string.ascii_letters + string.digits + "_")
_SPACES = frozenset(" \t\n")
_CATEGORIES = {
    "CATEGORY_DIGIT": _DIGITS,
    "CATEGORY_NOT_DIGIT": _EVERY - _DIGITS,
    "CATEGORY_SPACE": _SPACES,
    "CATEGORY_NOT_SPACE": _EVERY - _SPACES,
    "CATEGORY_WORD": _WORDS,
    "CATEGORY_NOT_WORD": _EVERY - _WORDS,
}


def characters_of(name: str, argument: Any) -> frozenset[str]:
    """The characters of `ALL` that a part matches; none if it isn't a part for one character.

    Args:
        name, argument: the part as in the module `re._parser`.
    """
    match name:
        case "LITERAL":
            return _EVERY & {chr(argument)}
        case "NOT_LITERAL":
            return _EVERY - {chr(argument)}
        case "ANY":
            return _EVERY - {"\n"}
        case "RANGE":
            first, last = argument
            return frozenset(letter for letter in ALL if first <= ord(letter) <= last)
        case "CATEGORY":
            return _CATEGORIES[str(argument)]
        case "IN":
            items = [(str(kind), value) for kind, value in argument]
            found = frozenset[str]().union(*(characters_of(*item) for item in items))
            return _EVERY - found if items[0][0] == "NEGATE" else found
        case _:
            return frozenset()
