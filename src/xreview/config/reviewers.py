"""The reviewers that are models: `[reviewers.NAME]` tables, the user's over those that ship.

A table names a protocol (`provider`), a model, and where its key comes from; never the key itself.
The repository under review may set none of this.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import lru_cache
from typing import Any, cast

from xreview.config.kinds import Unfit, shown_value

FILE = "reviewers.toml"
EFFORTS = ("low", "medium", "high", "xhigh", "max")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_MOST = 50
_LONGEST = 200
RESERVED = ("risk", "economy")
"""Names of the embedded analysers, which no model may have."""


class Provider(StrEnum):
    """What a model is asked through: a protocol over HTTP, or a program."""

    ANTHROPIC = "anthropic"
    OPENAI = "openai"
    GOOGLE = "google"
    COMPATIBLE = "compatible"
    OLLAMA = "ollama"
    CLAUDE_CODE = "claude-code"
    CODEX = "codex"
    GEMINI_CLI = "gemini-cli"
    OPENCODE = "opencode"

    @property
    def is_agent(self) -> bool:
        """Whether it is a program on this machine, with its own login."""
        return self in _AGENTS


_AGENTS = (Provider.CLAUDE_CODE, Provider.CODEX, Provider.GEMINI_CLI, Provider.OPENCODE)


@dataclass(frozen=True, slots=True)
class ReviewerSettings:
    """One reviewer that is a model.

    Args:
        model: its id as the server takes it; "" leaves it to an agent's own configuration.
        lighter: a cheaper model of the same family for files of little risk; "" for none.
        vendor: the model's family, where its name does not tell.
        effort: how much it may think, one of `EFFORTS`; "" for the server's own.
        base_url: where the server is; "" for the vendor's own.
        key_variable: the environment variable that holds the key; "" for the provider's usual one.
        keyring: the service in the OS keyring that holds the key; "" for none.
        context, max_output: in tokens, for a server that does not tell; 0 for unknown.
        command: an agent's program, a name on PATH or a path; "" for its usual name.
    """

    name: str
    provider: Provider
    model: str = ""
    lighter: str = ""
    vendor: str = ""
    effort: str = ""
    base_url: str = ""
    key_variable: str = ""
    keyring: str = ""
    context: int = 0
    max_output: int = 0
    command: str = ""


_PLAIN = tuple(field.name for field in fields(ReviewerSettings) if field.name != "name")
_NUMBERS = ("context", "max_output")


@dataclass(frozen=True, slots=True)
class ReviewerTables:
    """The kind of the setting `reviewers`: tables by name."""

    def parse(self, raw: object) -> dict[str, ReviewerSettings]:
        """The reviewers by name. Raises Unfit."""
        if not isinstance(raw, dict):
            raise Unfit("it must be tables, each like a line [reviewers.NAME] and lines below it.")
        tables = cast("dict[str, object]", raw)
        if len(tables) > _MOST:
            raise Unfit(f"there may be at most {_MOST} of them, not {len(tables)}.")
        return {name: _reviewer(name, table) for name, table in tables.items()}

    def from_text(self, text: str) -> object:
        """Not offered: reviewers have no environment variable."""
        return text

    def schema(self) -> dict[str, Any]:
        """As JSON Schema."""
        text = {"type": "string", "maxLength": _LONGEST}
        properties: dict[str, Any] = dict.fromkeys(_PLAIN, text)
        properties["provider"] = {"enum": [provider.value for provider in Provider]}
        properties["effort"] = {"enum": list(EFFORTS)}
        properties |= {key: {"type": "integer", "minimum": 0} for key in _NUMBERS}
        table = {
            "type": "object",
            "properties": properties,
            "required": ["provider"],
            "additionalProperties": False,
        }
        return {"type": "object", "additionalProperties": table, "maxProperties": _MOST}

    def to_plain(self, value: Mapping[str, ReviewerSettings]) -> Any:
        """The tables, without what is not set."""
        return {
            name: {key: given for key in _PLAIN if (given := getattr(reviewer, key))}
            for name, reviewer in value.items()
        }


def _reviewer(name: str, raw: object) -> ReviewerSettings:
    if not _NAME.fullmatch(name):
        raise Unfit(f"{shown_value(name)} is no name: use letters, digits, `.`, `_` and `-`.")
    if name in RESERVED:
        raise Unfit(f"{shown_value(name)} is the name of an embedded analyser: choose another.")
    if not isinstance(raw, dict):
        raise Unfit(f"{shown_value(name)} must be a table: a line [reviewers.{name}].")
    table = cast("dict[str, object]", raw)
    for key in table:
        if key in ("key", "api_key", "token"):
            raise Unfit(
                f"{shown_value(name)} has `{key}`: a key is never written into a file. Name the "
                "variable that holds it with `key_variable`, "
                "or the keyring's service with `keyring`."
            )
        if key not in _PLAIN:
            raise Unfit(
                f"{shown_value(name)} has {shown_value(key)}; there are {', '.join(_PLAIN)}."
            )
    values = {key: _value(name, key, value) for key, value in table.items()}
    provider = _provider(name, values.pop("provider", None))
    reviewer = ReviewerSettings(name, provider, **values)
    _check(reviewer)
    return reviewer


def _value(name: str, key: str, value: object) -> Any:
    if key in _NUMBERS:
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise Unfit(f"`{key}` of {shown_value(name)} must be a whole number, 0 or more.")
        return value
    if not isinstance(value, str) or len(value) > _LONGEST or not value.isprintable():
        raise Unfit(f"`{key}` of {shown_value(name)} must be one line of text in quotes.")
    return value


def _provider(name: str, value: object) -> Provider:
    try:
        return Provider(value)
    except ValueError:
        known = ", ".join(provider.value for provider in Provider)
        raise Unfit(f"{shown_value(name)} needs a `provider`: one of {known}.") from None


def _check(reviewer: ReviewerSettings) -> None:
    name, is_agent = reviewer.name, reviewer.provider.is_agent
    if reviewer.effort and reviewer.effort not in EFFORTS:
        raise Unfit(f"`effort` of {shown_value(name)} must be one of {', '.join(EFFORTS)}.")
    if reviewer.key_variable and not _VARIABLE.fullmatch(reviewer.key_variable):
        raise Unfit(f"`key_variable` of {shown_value(name)} must be a variable's name, not a key.")
    if not is_agent and not reviewer.model:
        raise Unfit(f"{shown_value(name)} needs a `model`.")
    if reviewer.provider is Provider.COMPATIBLE and not reviewer.base_url:
        raise Unfit(f"{shown_value(name)} needs a `base_url`, like https://openrouter.ai/api/v1.")
    wrong = ("base_url", "key_variable", "keyring", "lighter") if is_agent else ("command",)
    for key in wrong:
        if getattr(reviewer, key):
            raise Unfit(f"`{key}` of {shown_value(name)} means nothing to {reviewer.provider}.")


@lru_cache(maxsize=1)
def shipped_reviewers() -> Mapping[str, ReviewerSettings]:
    """The reviewers that are there without configuration, in order of preference."""
    import tomllib  # not needed for the first frame, and nor is the next
    from importlib import resources

    text = resources.files("xreview").joinpath(FILE).read_text("utf-8")
    return ReviewerTables().parse(tomllib.loads(text)["reviewers"])


def all_reviewers(own: Mapping[str, ReviewerSettings]) -> Mapping[str, ReviewerSettings]:
    """The user's reviewers, first, and those that ship under names the user left free."""
    return {**own, **{n: one for n, one in shipped_reviewers().items() if n not in own}}
