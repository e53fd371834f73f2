"""The kinds of values that settings can have: how each is checked, written and described.

Users read the message of an `Unfit` after "`tab_size` can't be set to this: ".
"""

import json
import shlex
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, cast

from xreview.config.ignore import flaw
from xreview.domain.record import dataclass
from xreview.domain.text import shorten, visible


class Unfit(Exception):  # noqa: N818 - always turned into a ConfigError
    """A value that a setting can't have; the message says what it can have."""


class ValueKind(ABC):
    """A kind of value."""

    @abstractmethod
    def parse(self, raw: object) -> Any:
        """Turn a TOML value into the value of a setting. Raises Unfit."""

    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema, without description and default."""

    def from_text(self, text: str) -> object:
        """Turn the text of an environment variable into a TOML value for `parse`."""
        return text

    def to_plain(self, value: Any) -> Any:
        """Turn a setting's value back into a TOML value."""
        return value


@dataclass(frozen=True, slots=True)
class Text(ValueKind):
    """One line of text; with `is_command`, a command line that a shell could split."""

    is_command: bool = False

    def parse(self, raw: object) -> str:
        """Return the text."""
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

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        return {"type": "string", "pattern": "^[^\\n\\u0000]*$"}


_ON = ("1", "true", "yes", "on")
_OFF = ("0", "false", "no", "off")


@dataclass(frozen=True, slots=True)
class Switch(ValueKind):
    """True or false."""

    def parse(self, raw: object) -> bool:
        """Return the truth value."""
        if not isinstance(raw, bool):
            raise Unfit("it must be true or false, without quotes.")
        return raw

    def from_text(self, text: str) -> object:
        """Read 1, true, yes, on or 0, false, no, off."""
        word = text.strip().lower()
        return True if word in _ON else False if word in _OFF else text

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Whole(ValueKind):
    """A whole number between two bounds, inclusive."""

    minimum: int
    maximum: int

    def parse(self, raw: object) -> int:
        """Return the number."""
        is_number = isinstance(raw, int) and not isinstance(raw, bool)  # bool is an int in Python
        if not is_number or not self.minimum <= (number := cast("int", raw)) <= self.maximum:
            raise Unfit(f"it must be a whole number from {self.minimum} to {self.maximum}.")
        return number

    def from_text(self, text: str) -> object:
        """Read a decimal number; return other text unchanged."""
        plain = text.strip()
        return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else text

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        return {"type": "integer", "minimum": self.minimum, "maximum": self.maximum}


@dataclass(frozen=True, slots=True)
class Dollars(ValueKind):
    """An amount of US dollars, up to `maximum`."""

    maximum: float

    def parse(self, raw: object) -> float:
        """Return the amount."""
        is_number = isinstance(raw, int | float) and not isinstance(raw, bool)
        if not is_number or not 0 <= cast("float", raw) <= self.maximum:
            raise Unfit(f"it must be an amount of US dollars between 0 and {self.maximum:g}.")
        return float(cast("float", raw))

    def from_text(self, text: str) -> object:
        """Read an amount, with or without a dollar sign."""
        try:
            return float(text.strip().removeprefix("$"))
        except ValueError:
            return text

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        return {"type": "number", "minimum": 0, "maximum": self.maximum}


@dataclass(frozen=True)
class WordChoice(ValueKind):
    """One of several words, each for a value."""

    values: Mapping[str, Any]

    def parse(self, raw: object) -> Any:
        """Return the word's value."""
        if not isinstance(raw, str) or raw not in self.values:
            raise Unfit(f"it must be one of {', '.join(map(json.dumps, self.values))}.")
        return self.values[raw]

    def from_text(self, text: str) -> object:
        """Return the word in lower case."""
        return text.strip().lower()

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        return {"enum": list(self.values)}

    def to_plain(self, value: Any) -> Any:
        """Return the word for the value."""
        return next(word for word, meant in self.values.items() if meant == value)


@dataclass(frozen=True, slots=True)
class Sentences(ValueKind):
    """A list of texts, with limits, since a repository can supply it.

    `patterns` requires patterns that `config.ignore` can match; `names` forbids duplicates.
    """

    most: int
    longest: int
    patterns: bool = False
    names: bool = False

    def parse(self, raw: object) -> tuple[str, ...]:
        """Return the texts, in order."""
        if not isinstance(raw, list):
            raise Unfit('it must be a list of texts, like ["…", "…"].')
        items = cast("list[object]", raw)
        if len(items) > self.most:
            raise Unfit(f"it has {len(items)} entries; at most {self.most} are allowed.")
        texts = tuple(self._item(item) for item in items)
        if self.names and len(set(texts)) < len(texts):
            raise Unfit("it has a duplicate.")
        return texts

    def _item(self, item: object) -> str:
        if not isinstance(item, str):
            raise Unfit(f"each entry must be text in quotes, but {shown_value(item)} isn't.")
        if not item.strip():
            raise Unfit("it has an empty entry.")
        if len(item) > self.longest:
            raise Unfit(f"an entry has {len(item)} characters; at most {self.longest} are allowed.")
        if self.patterns and (why := flaw(item)):
            raise Unfit(f"the pattern {shown_value(item)} {why}.")
        return item

    def from_text(self, text: str) -> object:
        """Split the text at commas."""
        return [entry.strip() for entry in text.split(",") if entry.strip()]

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        item = {"type": "string", "pattern": "\\S", "maxLength": self.longest}
        extra = {"uniqueItems": True} if self.names else {}
        return {"type": "array", "items": item, "maxItems": self.most, **extra}

    def to_plain(self, value: tuple[str, ...]) -> Any:
        """Return the texts as a list."""
        return list(value)


@dataclass(frozen=True)
class SettingsTable(ValueKind):
    """A table of settings of other kinds, which becomes a frozen dataclass.

    Args:
        make: the dataclass; its defaults are those of the settings.
        kinds: the kind of each of its fields.
    """

    make: Callable[..., Any]
    kinds: Mapping[str, ValueKind]

    def parse(self, raw: object) -> Any:
        """Return the dataclass. Raises Unfit."""
        if not isinstance(raw, dict):
            raise Unfit(f"it must be a table of {', '.join(self.kinds)}.")
        table = cast("dict[str, object]", raw)
        values: dict[str, Any] = {}
        for name, value in table.items():
            if name not in self.kinds:
                raise Unfit(f"it has {shown_value(name)}; it can have {', '.join(self.kinds)}.")
            try:
                values[name] = self.kinds[name].parse(value)
            except Unfit as why:
                raise Unfit(f"`{name}` can't be set to this: {why}") from why
        return self.make(**values)

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        properties = {name: kind.schema() for name, kind in self.kinds.items()}
        return {"type": "object", "properties": properties, "additionalProperties": False}

    def to_plain(self, value: Any) -> Any:
        """Return the table."""
        return {name: kind.to_plain(getattr(value, name)) for name, kind in self.kinds.items()}


@dataclass(frozen=True, slots=True)
class KeyTable(ValueKind):
    """Keys by action id; the app checks the ids and keys.

    In TOML, `finding.accept = "a"` under `[keys]` makes nested tables; both forms are read.
    """

    def parse(self, raw: object) -> dict[str, tuple[str, ...]]:
        """Return the keys by action id; an action can have none."""
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

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        key = {"type": "string", "minLength": 1}
        keys = {"anyOf": [key, {"type": "array", "items": key}, {"$ref": "#/properties/keys"}]}
        return {"type": "object", "additionalProperties": keys}

    def to_plain(self, value: Mapping[str, tuple[str, ...]]) -> Any:
        """Return lists of keys by action id."""
        return {action: list(keys) for action, keys in value.items()}


def shown_value(value: object) -> str:
    """Return a value from a file in quotes, on one line, safe to show, and shortened."""
    text = value if isinstance(value, str) else str(value)
    return f"`{visible(shorten(text, 60))}`"
