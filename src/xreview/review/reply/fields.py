"""Reading the fields of a JSON object that a model wrote, with a sentence for each error."""

import json
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from xreview.domain.text import shorten, visible

LONGEST_TEXT = 20_000
"""Characters."""

_LARGEST = 2**53  # what every reader of JSON can hold (RFC 8259, section 6)
_LONGEST_SHOWN = 60
_Word = TypeVar("_Word")
_Value = TypeVar("_Value")


class Fields:
    """The fields of an object. Readers collect errors and return a stand-in for a wrong value.
    `place` names the object in the sentences: "findings[0]"."""

    def __init__(
        self, found: Mapping[str, Any], place: str, errors: list[str] | None = None
    ) -> None:
        self._found = found
        self._place = place
        self.errors: list[str] = [] if errors is None else errors

    def text(self, name: str, *, may_be_blank: bool = False, longest: int = LONGEST_TEXT) -> str:
        """A string of at most `longest` characters."""
        value = self._found.get(name)
        if not isinstance(value, str):
            return self._wrong(name, "a string", "")
        if not value.strip() and not may_be_blank:
            self.errors.append(f"{self._place}.{name} is blank.")
        self._bound(name, value, longest)
        return value

    def text_or_none(self, name: str) -> str | None:
        """A string, possibly blank, or null."""
        value = self._found.get(name)
        if name in self._found and value is None:
            return None
        if not isinstance(value, str):
            return self._wrong(name, "a string or null", None)
        self._bound(name, value, LONGEST_TEXT)
        return value

    def whole(self, name: str) -> int:
        """A whole number from 1, as lines are numbered."""
        value = self._found.get(name)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        if not is_whole or not 1 <= cast("int", value) <= _LARGEST:
            return self._wrong(name, "a whole number of 1 or more", 1)
        return cast("int", value)

    def word(self, name: str, words: Mapping[str, _Word]) -> _Word:
        """The value of one of these words."""
        value = self._found.get(name)
        if isinstance(value, str) and value in words:
            return words[value]
        return self._wrong(name, f"one of {', '.join(words)}", next(iter(words.values())))

    def object_or_none(self, name: str) -> "Fields | None":
        """The fields of an object inside this one, or null."""
        value = self._found.get(name)
        if name in self._found and value is None:
            return None
        if not isinstance(value, dict):
            return self._wrong(name, "an object or null", None)
        inner = cast("dict[str, Any]", value)
        return Fields(inner, f"{self._place}.{name}", self.errors)

    def refuse(self, name: str, why: str) -> None:
        """Add an error of the caller's, such as "is not a place"."""
        self.errors.append(f"{self._place}.{name} {why}.")

    def _bound(self, name: str, value: str, longest: int) -> None:
        if len(value) > longest:
            self.errors.append(
                f"{self._place}.{name} has {len(value):,} characters; the maximum is {longest:,}."
            )

    def _wrong(self, name: str, wanted: str, stand_in: _Value) -> _Value:
        said = "is missing" if name not in self._found else f"is {_told(self._found[name])}"
        self.errors.append(f"{self._place}.{name} {said}; it must be {wanted}.")
        return stand_in


def excerpt_of(text: str) -> str:
    """The beginning of a model's text, on one line and neutralised, to be quoted to it."""
    return visible(shorten(text[: 2 * _LONGEST_SHOWN], _LONGEST_SHOWN))


def _told(value: object) -> str:
    """A value as the model wrote it, shortened and neutralised."""
    try:
        return excerpt_of(json.dumps(value, ensure_ascii=False))
    except ValueError:  # an integer too long to be written
        return "a number too long to show"
