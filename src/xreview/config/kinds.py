"""The kinds of value a setting can have: how each is checked, written and described.

A kind turns a TOML value into the value `Settings` holds and raises `Unfit` where it can't; the
sentence of an `Unfit` is what the user reads, after "`tab_size` is 99: ".
"""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast

from xreview.config.ignore import flaw
from xreview.domain.text import shorten, visible


class Unfit(Exception):  # noqa: N818 - a word of this module, always turned into a ConfigError
    """A value that a setting can't have; the message says what is allowed."""


class ValueKind(Protocol):
    """What one kind of value knows."""

    def parse(self, raw: object) -> Any:
        """The value out of a TOML value. Raises Unfit."""
        ...

    def from_text(self, text: str) -> object:
        """An environment variable's text as the TOML value that `parse` takes."""
        ...

    def schema(self) -> dict[str, Any]:
        """The kind as JSON Schema, without description and default."""
        ...

    def to_plain(self, value: Any) -> Any:
        """The value as TOML and JSON have it: the inverse of `parse`."""
        ...


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; `is_command` asks that it can be split as a shell would split it."""

    is_command: bool = False

    def parse(self, raw: object) -> str:
        """The text itself."""
        if not isinstance(raw, str):
            raise Unfit('it must be text in quotes, like "…".')
        if "\n" in raw or "\0" in raw:
            raise Unfit("it must be one line of text.")
        if self.is_command:
            try:
                shlex.split(raw)
            except ValueError as error:
                raise Unfit(f"it can't be read as a command line ({error}).") from error
        return raw

    def from_text(self, text: str) -> object:
        """The text itself."""
        return text

    def schema(self) -> dict[str, Any]:
        """As JSON Schema."""
        return {"type": "string", "pattern": "^[^\\n\\u0000]*$"}

    def to_plain(self, value: str) -> Any:
        """The text itself."""
        return value


_ON = ("1", "true", "yes", "on")
_OFF = ("0", "false", "no", "off")


@dataclass(frozen=True, slots=True)
class Switch:
    """True or false."""

    def parse(self, raw: object) -> bool:
        """The truth value itself."""
        if not isinstance(raw, bool):
            raise Unfit("it must be true or false, without quotes.")
        return raw

    def from_text(self, text: str) -> object:
        """True for 1, true, yes, on; false for 0, false, no, off."""
        word = text.strip().lower()
        return True if word in _ON else False if word in _OFF else text

    def schema(self) -> dict[str, Any]:
        """As JSON Schema."""
        return {"type": "boolean"}

    def to_plain(self, value: bool) -> Any:
        """The truth value itself."""
        return value


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number between two bounds, both included."""

    minimum: int
    maximum: int

    def parse(self, raw: object) -> int:
        """The number itself."""
        is_number = isinstance(raw, int) and not isinstance(raw, bool)  # bool is an int in Python
        if not is_number or not self.minimum <= (number := cast("int", raw)) <= self.maximum:
            raise Unfit(f"it must be a whole number from {self.minimum} to {self.maximum}.")
        return number

    def from_text(self, text: str) -> object:
        """The decimal number, or the text where it is none."""
        plain = text.strip()
        return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else text

    def schema(self) -> dict[str, Any]:
        """As JSON Schema."""
        return {"type": "integer", "minimum": self.minimum, "maximum": self.maximum}

    def to_plain(self, value: int) -> Any:
        """The number itself."""
        return value


@dataclass(frozen=True, slots=True)
class Dollars:
    """An amount of US dollars, up to `maximum`."""

    maximum: float

    def parse(self, raw: object) -> float:
        """The amount itself."""
        is_number = isinstance(raw, int | float) and not isinstance(raw, bool)
        if not is_number or not 0 <= cast("float", raw) <= self.maximum:
            raise Unfit(f"it must be an amount of US dollars between 0 and {self.maximum:g}.")
        return float(cast("float", raw))

    def from_text(self, text: str) -> object:
        """The amount, with a dollar sign or without."""
        try:
            return float(text.strip().removeprefix("$"))
        except ValueError:
            return text

    def schema(self) -> dict[str, Any]:
        """As JSON Schema."""
        return {"type": "number", "minimum": 0, "maximum": self.maximum}

    def to_plain(self, value: float) -> Any:
        """The amount itself."""
        return value


@dataclass(frozen=True)
class WordChoice:
    """One of several words, each standing for a value."""

    values: Mapping[str, Any]

    def parse(self, raw: object) -> Any:
        """The value the word stands for."""
        if not isinstance(raw, str) or raw not in self.values:
            raise Unfit(f"it must be one of {', '.join(map(json.dumps, self.values))}.")
        return self.values[raw]

    def from_text(self, text: str) -> object:
        """The word, in lower case."""
        return text.strip().lower()

    def schema(self) -> dict[str, Any]:
        """As JSON Schema."""
        return {"enum": list(self.values)}

    def to_plain(self, value: Any) -> Any:
        """The word for the value."""
        return next(word for word, meant in self.values.items() if meant == value)


@dataclass(frozen=True, slots=True)
class Sentences:
    """A list of texts. Bounded, since a repository may hand it in.

    `patterns` asks that each is a pattern that `config.ignore` can match; `names` that none
    comes twice.
    """

    most: int
    longest: int
    patterns: bool = False
    names: bool = False

    def parse(self, raw: object) -> tuple[str, ...]:
        """The texts, in order."""
        if not isinstance(raw, list):
            raise Unfit('it must be a list of texts, like ["…", "…"].')
        items = cast("list[object]", raw)
        if len(items) > self.most:
            raise Unfit(f"it may have at most {self.most} entries, not {len(items)}.")
        texts = tuple(self._item(item) for item in items)
        if self.names and len(set(texts)) < len(texts):
            raise Unfit("it names one twice.")
        return texts

    def _item(self, item: object) -> str:
        if not isinstance(item, str):
            raise Unfit(f"each entry must be text in quotes, and {shown_value(item)} is not.")
        if not item.strip():
            raise Unfit("it has an empty entry.")
        if len(item) > self.longest:
            raise Unfit(f"an entry may have at most {self.longest} characters, not {len(item)}.")
        if self.patterns and (why := flaw(item)):
            raise Unfit(f"the pattern {shown_value(item)} {why}.")
        return item

    def from_text(self, text: str) -> object:
        """The entries, separated by commas."""
        return [entry.strip() for entry in text.split(",") if entry.strip()]

    def schema(self) -> dict[str, Any]:
        """As JSON Schema."""
        item = {"type": "string", "pattern": "\\S", "maxLength": self.longest}
        extra = {"uniqueItems": True} if self.names else {}
        return {"type": "array", "items": item, "maxItems": self.most, **extra}

    def to_plain(self, value: tuple[str, ...]) -> Any:
        """The texts as a list."""
        return list(value)


@dataclass(frozen=True, slots=True)
class KeyTable:
    """Action ids, each with a key or a list of keys; whether they mean anything the app says.

    `[keys]` with `finding.accept = "a"` under it makes nested tables in TOML; both forms are read.
    """

    def parse(self, raw: object) -> dict[str, tuple[str, ...]]:
        """The keys by action id; no keys for an action that is to have none."""
        if not isinstance(raw, dict):
            raise Unfit(
                'it must be a table: a line [keys], then lines like "finding.accept" = "a".'
            )
        return dict(self._flatten(cast("dict[str, object]", raw), ""))

    def _flatten(self, table: dict[str, object], prefix: str) -> list[tuple[str, tuple[str, ...]]]:
        pairs: list[tuple[str, tuple[str, ...]]] = []
        for name, value in table.items():
            action = prefix + name
            if isinstance(value, dict):
                pairs += self._flatten(cast("dict[str, object]", value), f"{action}.")
            else:
                pairs.append((action, self._keys(action, value)))
        return pairs

    def _keys(self, action: str, value: object) -> tuple[str, ...]:
        listed = cast("list[object]", value) if isinstance(value, list) else [value]
        keys = tuple(key for key in listed if isinstance(key, str) and key)
        if len(keys) < len(listed):
            raise Unfit(f"{shown_value(action)} must be a key or a list of keys in quotes.")
        return keys

    def from_text(self, text: str) -> object:
        """Not offered: keys have no environment variable."""
        return text

    def schema(self) -> dict[str, Any]:
        """As JSON Schema."""
        key = {"type": "string", "minLength": 1}
        keys = {
            "anyOf": [
                key,
                {"type": "array", "items": key},
                {"$ref": "#/properties/keys"},
            ]
        }
        return {"type": "object", "additionalProperties": keys}

    def to_plain(self, value: Mapping[str, tuple[str, ...]]) -> Any:
        """The keys as lists by action id."""
        return {action: list(keys) for action, keys in value.items()}


def shown_value(value: object) -> str:
    """A value of a file in quotes and on one line, safe to show and not too long."""
    text = value if isinstance(value, str) else str(value)
    return f"`{visible(shorten(text, 60))}`"
