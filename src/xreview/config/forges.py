"""The kind of the setting `forges`: hosts of the user's own, and what they run."""

from collections.abc import Mapping
from typing import Any, cast

from xreview.config.kinds import Unfit, ValueKind, shown_value
from xreview.domain.errors import ConfigError
from xreview.domain.pull.address import ForgeKind
from xreview.domain.record import dataclass
from xreview.hardening.address import address_of

_FORGE_WORDS = {kind.value: kind for kind in ForgeKind} | {"forgejo": ForgeKind.GITEA}


@dataclass(frozen=True, slots=True)
class ForgeTable(ValueKind):
    """The kind of each forge, by its host ("git.example.com") or origin.

    An origin with plain http must be this machine.
    """

    def parse(self, raw: object) -> dict[str, ForgeKind]:
        """Return the kinds by origin: "https://git.example.com"."""
        if not isinstance(raw, dict):
            raise Unfit('it must be a table: a line [forges], then "git.example.com" = "gitlab".')
        return dict(self._entry(*pair) for pair in cast("dict[str, object]", raw).items())

    def _entry(self, host: str, word: object) -> tuple[str, ForgeKind]:
        if not isinstance(word, str) or word not in _FORGE_WORDS:
            words = ", ".join(_FORGE_WORDS)
            raise Unfit(f"{shown_value(host)} is {shown_value(word)}; it can be {words}.")
        try:
            address = address_of(host if "://" in host else f"https://{host}")
        except ConfigError as error:
            raise Unfit(f"{shown_value(host)} isn't a host: {error.message}") from error
        if address.base.count("/") != 2:
            raise Unfit(f"{shown_value(host)} has a path; name the host only.")
        return address.base, _FORGE_WORDS[word]

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        return {"type": "object", "additionalProperties": {"enum": list(_FORGE_WORDS)}}

    def to_plain(self, value: Mapping[str, ForgeKind]) -> Any:
        """Return the words by origin."""
        return {origin: kind.value for origin, kind in value.items()}
