"""Finding the one JSON object of an answer in the prose around it, at bounded cost."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, cast

MOST_CHARACTERS = 4_000_000
"""Of one answer."""

_MOST_DEPTH = 16  # a valid answer has 4
_MOST_BEGINNINGS = 50
_SIGN = re.compile(r'["{}\[\]]')
_STRING_END = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)


def result_object(
    text: str, wanted: Mapping[str, type], begins: Sequence[str]
) -> dict[str, Any] | str:
    """The object in an answer that has the wanted members, or a sentence that says why there's
    none.

    Args:
        wanted: what each must be: `list` or `dict`.
        begins: the names with which the object can begin.

    An object that is said twice counts once. Quotation marks inside a JSON string are escaped, so
    that code which a string quotes can't pass for the answer.
    """
    if len(text) > MOST_CHARACTERS:
        return f"The answer has more than {MOST_CHARACTERS:,} characters."
    named = " and ".join(f"“{name}”" for name in wanted)
    found: list[dict[str, Any]] = []
    for said in _objects(text, _beginning(tuple(begins))):
        is_whole = all(isinstance(said.get(name), kind) for name, kind in wanted.items())
        if is_whole and said not in found:
            found.append(said)
    if not found:
        return f"The answer has no complete JSON object with {named}."
    if len(found) > 1:
        return f"The answer has {len(found)} JSON objects with {named} that differ."
    return found[0]


@cache
def _beginning(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf'\{{\s*"(?:{"|".join(map(re.escape, names))})"\s*:')


def _objects(text: str, beginning_of: re.Pattern[str]) -> Iterator[dict[str, Any]]:
    at = 0
    for _ in range(_MOST_BEGINNINGS):
        beginning = beginning_of.search(text, at)
        if beginning is None:
            return
        end = _end_of(text, beginning.start())
        at = end or beginning.end()
        value = _read(text[beginning.start() : end]) if end else None
        if isinstance(value, dict):
            yield cast("dict[str, Any]", value)


def _end_of(text: str, start: int) -> int:
    """The end of the object that begins at `start`; 0 if it has none or is nested too deeply."""
    depth, at = 0, start
    while sign := _SIGN.search(text, at):
        at = sign.end()
        if sign[0] == '"':
            string = _STRING_END.match(text, at)
            if string is None:
                return 0
            at = string.end()
            continue
        depth += 1 if sign[0] in "{[" else -1
        if depth > _MOST_DEPTH:
            return 0
        if depth == 0:
            return at
    return 0


def _read(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:  # not JSON, or a number too long for Python to convert
        return None
