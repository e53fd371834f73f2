"""The prices and limits of models, from the shipped `prices.toml` and the user's own.

Models in neither file have an unknown price, which is never shown as free.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, cast

from xreview.config import document
from xreview.domain.errors import ConfigError
from xreview.domain.record import dataclass

FILE = "prices.toml"
_MILLION = 1_000_000
_RATES = ("input", "cached", "cache_write", "output")


@dataclass(frozen=True, slots=True)
class Rates:
    """US dollars per million tokens of each kind."""

    input: float
    cached: float
    cache_write: float
    output: float


@dataclass(frozen=True, slots=True)
class Price:
    """One model's price and limits (in tokens; None when unknown).

    `tiers` are (minimum input tokens, exclusive; rates for those requests), the lowest first.
    """

    rates: Rates
    tiers: tuple[tuple[int, Rates], ...] = ()
    context: int | None = None
    max_output: int | None = None

    def cost(self, input: int, output: int, cached: int = 0, cache_written: int = 0) -> float:
        """Return the cost of one request in US dollars.

        `input` includes `cached` and `cache_written` tokens; `output` includes reasoning.
        """
        rates = self.rates
        for above, dearer in self.tiers:
            if input > above:
                rates = dearer
        plain = max(0, input - cached - cache_written)
        return (
            plain * rates.input
            + cached * rates.cached
            + cache_written * rates.cache_write
            + output * rates.output
        ) / _MILLION


@dataclass(frozen=True)
class Prices:
    """All known prices by model id, and their date."""

    models: Mapping[str, Price]
    dated: date

    def of(self, model: str) -> Price | None:
        """Return a model's price; None when unknown.

        A dated snapshot (`claude-opus-5-5-20261001`) and a router's name
        (`anthropic/claude-opus-5-5`) cost the same as the model itself.
        """
        name = model.lower().rpartition("/")[2].partition(":")[0]
        if name in self.models:
            return self.models[name]
        base, _, snapshot = name.rpartition("-")
        return self.models.get(base) if snapshot.isdigit() and len(snapshot) == 8 else None


def load_prices(own: Path | None = None) -> Prices:
    """Return the shipped prices, overridden by the user's own file.

    Raises ConfigError, with the line, if the user's file is malformed.
    """
    shipped = resources.files("xreview").joinpath(FILE).read_text("utf-8")
    values = tomllib.loads(shipped)
    models = {id: _price(cast("dict[str, Any]", entry)) for id, entry in values["models"].items()}
    dated: date = values["dated"]
    content = document.read_config_file(own, is_own=True) if own is not None else None
    if own is not None and content is not None:
        parsed = document.parse_toml(content, str(own))
        models |= _own_models(parsed)
        own_date = parsed.values.get("dated")
        dated = max(dated, own_date) if type(own_date) is date else dated
    return Prices({id.lower(): price for id, price in models.items()}, dated)


def _own_models(parsed: document.TomlDocument) -> dict[str, Price]:
    entries: object = parsed.values.get("models", {})
    if not isinstance(entries, dict):
        raise ConfigError("`models` must consist of tables, like [models.NAME].", path=parsed.path)
    found: dict[str, Price] = {}
    for id, entry in cast("dict[str, object]", entries).items():
        try:
            found[id] = _price(cast("dict[str, Any]", entry))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ConfigError(
                f"The price of “{id}” needs the numbers `input`, `cached` and `output`, in dollars "
                "per million tokens.",
                "Fix or remove it.",
                path=parsed.path,
                line=parsed.lines.get(("models", id)),
            ) from error
    return found


def _price(entry: Mapping[str, Any]) -> Price:
    tiers = sorted((int(tier["above"]), _rates(tier)) for tier in _tables(entry.get("tiers", [])))
    return Price(_rates(entry), tuple(tiers), _whole(entry, "context"), _whole(entry, "max_output"))


def _tables(raw: object) -> list[Mapping[str, Any]]:
    if not isinstance(raw, list):
        raise TypeError("tiers")
    return cast("list[Mapping[str, Any]]", raw)


def _rates(entry: Mapping[str, Any]) -> Rates:
    numbers = {name: entry.get(name, entry["input"]) for name in _RATES}
    numbers["cached"], numbers["output"] = entry["cached"], entry["output"]
    for number in numbers.values():
        if not isinstance(number, int | float) or isinstance(number, bool) or not number >= 0:
            raise ValueError("a price is a number of dollars")
    return Rates(**{name: float(number) for name, number in numbers.items()})


def _whole(entry: Mapping[str, Any], name: str) -> int | None:
    number = entry.get(name)
    if number is not None and (not isinstance(number, int) or isinstance(number, bool)):
        raise ValueError(name)
    return number
