"""Reviewers that are models: `[reviewers.NAME]` tables, the built-in ones, and their keys.

A table says where its key is; never the key itself. A repository can't set any of this.
"""

import re
from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache
from typing import Any, cast

from xreview.config.kinds import Unfit, ValueKind, shown_value
from xreview.domain.record import dataclass
from xreview.domain.report import Lens
from xreview.ports.provider import Provider, ReviewerSettings, agent_names, find_provider, providers

_FILE = "reviewers.toml"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_MOST = 50
_LONGEST = 200
RESERVED = tuple(lens.value for lens in Lens)
"""The names of the embedded analysers."""


_PLAIN = tuple(field.name for field in fields(ReviewerSettings) if field.name != "name")
_NUMBERS = ("context", "max_output")


@dataclass(frozen=True, slots=True)
class ReviewerTables(ValueKind):
    """The kind of the setting `reviewers`: tables by name."""

    def parse(self, raw: object) -> dict[str, ReviewerSettings]:
        """Return the reviewers by name. Raises Unfit."""
        if not isinstance(raw, dict):
            raise Unfit("it must consist of tables, each starting with [reviewers.NAME].")
        tables = cast("dict[str, object]", raw)
        if len(tables) > _MOST:
            raise Unfit(f"there are {len(tables)}, and at most {_MOST} are allowed.")
        return {name: _reviewer(name, table) for name, table in tables.items()}

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        text = {"type": "string", "maxLength": _LONGEST}
        properties: dict[str, Any] = dict.fromkeys(_PLAIN, text)
        properties["provider"] = {"enum": [provider.name for provider in providers()]}
        properties["effort"] = {"enum": _efforts()}
        properties |= {key: {"type": "integer", "minimum": 0} for key in _NUMBERS}
        table = {
            "type": "object",
            "properties": properties,
            "required": ["provider"],
            "additionalProperties": False,
        }
        return {"type": "object", "additionalProperties": table, "maxProperties": _MOST}

    def to_plain(self, value: Mapping[str, ReviewerSettings]) -> Any:
        """Return the tables, without unset keys."""
        return {
            name: {key: given for key in _PLAIN if (given := getattr(reviewer, key))}
            for name, reviewer in value.items()
        }


def _reviewer(name: str, raw: object) -> ReviewerSettings:
    if not _NAME.fullmatch(name):
        raise Unfit(
            f"{shown_value(name)} isn't a valid name: use letters, digits, `.`, `_` and `-`."
        )
    if name in RESERVED:
        raise Unfit(f"{shown_value(name)} is the name of an embedded analyser; choose another.")
    if not isinstance(raw, dict):
        raise Unfit(f"{shown_value(name)} must be a table that starts with [reviewers.{name}].")
    table = cast("dict[str, object]", raw)
    for key in table:
        if key in ("key", "api_key", "token"):
            raise Unfit(
                f"{shown_value(name)} has `{key}`, but keys never belong in a file. Set "
                "`key_variable` to the variable that holds it, or `keyring` to its service in the "
                "keyring."
            )
        if key not in _PLAIN:
            raise Unfit(
                f"{shown_value(name)} has {shown_value(key)}; it can have {', '.join(_PLAIN)}."
            )
    values = {key: _value(name, key, value) for key, value in table.items()}
    provider = find_provider(values.pop("provider", ""))
    if provider is None:
        known = ", ".join(one.name for one in providers())
        raise Unfit(f"{shown_value(name)} needs a `provider`: one of {known}.")
    reviewer = ReviewerSettings(name, provider.name, **values)
    _check(reviewer, provider)
    return reviewer


def _value(name: str, key: str, value: object) -> Any:
    if key in _NUMBERS:
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise Unfit(f"`{key}` of {shown_value(name)} must be a whole number, 0 or more.")
        return value
    if not isinstance(value, str) or len(value) > _LONGEST or not value.isprintable():
        raise Unfit(f"`{key}` of {shown_value(name)} must be one line of text in quotes.")
    return value


def _efforts() -> list[str]:
    from xreview.ports.request import Effort  # the app starts without what asks models

    return list(Effort)


def _check(reviewer: ReviewerSettings, provider: Provider) -> None:
    name, is_agent = reviewer.name, provider.is_agent
    if reviewer.effort and reviewer.effort not in _efforts():
        raise Unfit(f"`effort` of {shown_value(name)} must be one of {', '.join(_efforts())}.")
    if reviewer.key_variable and not _VARIABLE.fullmatch(reviewer.key_variable):
        raise Unfit(f"`key_variable` of {shown_value(name)} must be a variable's name, not a key.")
    if not is_agent and not reviewer.model:
        raise Unfit(f"{shown_value(name)} needs a `model`.")
    if not is_agent and not provider.base_url and not reviewer.base_url:
        raise Unfit(f"{shown_value(name)} needs a `base_url`, like https://openrouter.ai/api/v1.")
    wrong = ("base_url", "key_variable", "keyring") if is_agent else ("command",)
    for key in wrong:
        if getattr(reviewer, key):
            raise Unfit(f"{shown_value(name)} has `{key}`, which {provider.name} doesn't accept.")


@lru_cache(maxsize=1)
def shipped_reviewers() -> Mapping[str, ReviewerSettings]:
    """Return the built-in reviewers, in order of preference: the shipped file, then all agents."""
    import tomllib  # like resources, not needed for the first frame
    from importlib import resources

    text = resources.files("xreview").joinpath(_FILE).read_text("utf-8")
    shipped = ReviewerTables().parse(tomllib.loads(text)["reviewers"])
    return shipped | {name: ReviewerSettings(name, name) for name in agent_names()}


def all_reviewers(own: Mapping[str, ReviewerSettings]) -> Mapping[str, ReviewerSettings]:
    """Return the user's reviewers, then the built-in ones with other names."""
    return {**own, **{n: one for n, one in shipped_reviewers().items() if n not in own}}


KEYRING_USER = "xreview-tui"
"""The user name of keys in the keyring; the service is configured."""


class FoundKey:
    """A key, and where it was found, in words: "$OPENAI_API_KEY", "the keyring (openai)"."""

    __slots__ = ("_text", "variable", "words")

    def __init__(self, text: str, words: str, variable: str = "") -> None:
        self._text = text
        self.words = words
        self.variable = variable

    def reveal(self) -> str:
        """Return the key; don't keep it in a variable."""
        return self._text

    def __repr__(self) -> str:
        return f"FoundKey({self.words})"


def variables_of(reviewer: ReviewerSettings) -> tuple[str, ...]:
    """Return the environment variables for a reviewer's key; the first one set wins."""
    if reviewer.key_variable:
        return (reviewer.key_variable,)
    provider = find_provider(reviewer.provider)
    return provider.variables_for(reviewer.base_url) if provider else ()


def find_key(reviewer: ReviewerSettings, environ: Mapping[str, str]) -> FoundKey | None:
    """Return the reviewer's key; None if there isn't one or the keyring can't be opened."""
    for variable in variables_of(reviewer):
        if text := environ.get(variable, "").strip():
            return FoundKey(text, f"${variable}", variable)
    if reviewer.keyring:
        import keyring
        from keyring.errors import KeyringError

        try:
            text = keyring.get_password(reviewer.keyring, KEYRING_USER)
        except KeyringError:
            return None
        if text:
            return FoundKey(text, f"the keyring ({reviewer.keyring})")
    return None
