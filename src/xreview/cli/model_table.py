"""The models that could review: as a table, as sentences, and as JSON."""

import shutil
import textwrap
from collections.abc import Sequence
from typing import Any

from xreview.cli.table import Column, table
from xreview.config.prices import Price
from xreview.domain.record import dataclass
from xreview.domain.text import visible
from xreview.ports.model import ModelLimits
from xreview.review.asking.models import known_limits
from xreview.review.asking.prospects import Prospect
from xreview.review.asking.server_check import ServerCheck

WIDE = 140
"""The terminal width for the full table."""

_LONGEST_LINE = 100
_NARROW_TABLE = (
    Column("NAME"),
    Column("FAMILY"),
    Column("MODEL", is_flexible=True),
    Column("$ IN", is_number=True),
    Column("$ OUT", is_number=True),
    Column("USABLE"),
)
_WIDE_TABLE = (
    Column("NAME"),
    Column("PROVIDER"),
    Column("FAMILY"),
    Column("MODEL", is_flexible=True),
    Column("WHERE"),
    Column("$ IN", is_number=True),
    Column("$ OUT", is_number=True),
    Column("FITS", is_number=True),
    Column("USABLE"),
)
_FAST_TABLE = (
    Column("NAME"),
    Column("FAST MODEL", is_flexible=True),
    Column("$ IN", is_number=True),
    Column("$ OUT", is_number=True),
)
_NONE = """\
No model is available, so only the analysers review. Export a vendor's key, or start a
model server on this machine."""


@dataclass(frozen=True)
class ModelLine:
    """One model.

    Args:
        price: None when unknown.
        check: its server's answer; None if the server wasn't asked.
        fast_price: that of its fast model; None when unknown, or without one.
    """

    prospect: Prospect
    price: Price | None
    check: ServerCheck | None = None
    fast_price: Price | None = None

    @property
    def is_usable(self) -> bool:
        """Whether it can be asked, as far as we checked."""
        return not self.why_not

    @property
    def why_not(self) -> str:
        """Why it can't be asked; "" if it can."""
        return self.prospect.why_not or (self.check.trouble if self.check else "")

    @property
    def limits(self) -> ModelLimits:
        """What it can hold: the server's figures, else the settings' or the price list's."""
        told = self.check.limits if self.check else ModelLimits()
        return told.or_else(known_limits(self.prospect.settings, self.price))

    @property
    def key(self) -> str:
        """Where its key was found, in words; never the key."""
        return self.prospect.key.words if self.prospect.key else ""

    @property
    def narrow_row(self) -> tuple[str, ...]:
        """The cells for 80 columns."""
        who = self.prospect.identity
        return (who.name, self._family, self._model, *self._prices_at(self.price), self._usable)

    @property
    def wide_row(self) -> tuple[str, ...]:
        """The cells for a wide terminal, with the host and size."""
        who, fits = self.prospect.identity, self.limits.holds
        return (
            who.name,
            self.prospect.settings.provider,
            self._family,
            self._model,
            self._where,
            *self._prices_at(self.price),
            f"{fits:,}" if fits else "unknown",
            self._usable,
        )

    @property
    def fast_row(self) -> tuple[str, ...]:
        """The cells for its fast tier; () without one."""
        model = self.prospect.settings.lighter
        if not model:
            return ()
        return (self.prospect.identity.name, model, *self._prices_at(self.fast_price))

    @property
    def sentence(self) -> str:
        """What has no room in the table: its key and limits, or why it can't be asked."""
        if not self.is_usable:
            return self.why_not
        if (agent := self.prospect.detected) is not None:
            notices = self.prospect.identity.notices
            return " ".join([f"{self._where} {agent.version}, with its own login.", *notices])
        limits = self.limits
        told = [
            self._where,
            f"key from {self.key}" if self.key else "no key needed",
            f"context {limits.holds:,} tokens" if limits.holds else "",
            f"answers up to {limits.output_tokens:,}" if limits.output_tokens else "",
        ]
        return ", ".join(filter(None, told))

    @property
    def json(self) -> dict[str, Any]:
        """The JSON values; prices are dollars per million tokens."""
        prospect, who, limits = self.prospect, self.prospect.identity, self.limits
        return {
            "name": who.name,
            "provider": prospect.settings.provider,
            "model": who.model or None,
            "lighter": prospect.settings.lighter or None,
            "lighter_price": None if who.is_local else _as_json(self.fast_price),
            "vendor": who.vendor or None,
            "host": who.host or None,
            "is_local": who.is_local,
            "key": self.key or None,
            "price": None if who.is_local else _as_json(self.price),
            "is_free": who.is_local,
            "limits": {"input": limits.holds, "output": limits.output_tokens},
            "usable": self.is_usable,
            "why_not": self.why_not or None,
            "checked": self.check is not None,
        }

    @property
    def _family(self) -> str:
        return self.prospect.identity.vendor or "unknown"

    @property
    def _model(self) -> str:
        return self.prospect.identity.model or "its own choice"

    @property
    def _usable(self) -> str:
        return "yes" if self.is_usable else "no"

    @property
    def _where(self) -> str:
        who = self.prospect.identity
        return f"this machine ({who.host})" if who.is_local else who.host or "unknown"

    def _prices_at(self, price: Price | None) -> tuple[str, str]:
        if self.prospect.identity.is_local:
            return "free", "free"
        if self.prospect.detected is not None:
            return "login", "login"
        if price is None:
            return "unknown", "unknown"
        return f"{price.rates.input:.2f}", f"{price.rates.output:.2f}"


def _as_json(price: Price | None) -> dict[str, float] | None:
    rates = price.rates if price else None
    return None if rates is None else {"input": rates.input, "output": rates.output}


def as_text(lines: Sequence[ModelLine], width: int = 0) -> str:
    """Return a table of the models, and sentences about them; `width` 0 means the terminal's."""
    width = width or shutil.get_terminal_size().columns
    if width < WIDE:
        rows = table(_NARROW_TABLE, [line.narrow_row for line in lines], width)
    else:
        rows = table(_WIDE_TABLE, [line.wide_row for line in lines], width)
    blocks = [rows]
    if fast := [row for line in lines if (row := line.fast_row)]:
        blocks.append(table(_FAST_TABLE, fast, width))
    blocks.append("\n".join(_sentences(lines, width)))
    if not any(line.is_usable for line in lines):
        blocks.append(_NONE)
    return "\n\n".join(blocks)


def _sentences(lines: Sequence[ModelLine], width: int) -> list[str]:
    """Return a sentence for each model; models with the same sentence share it."""
    names: dict[str, list[str]] = {}
    for line in lines:
        names.setdefault(line.sentence, []).append(line.prospect.identity.name)
    return [
        textwrap.fill(
            visible(f"{', '.join(named)}: {sentence}"),
            min(width, _LONGEST_LINE),
            subsequent_indent="    ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for sentence, named in names.items()
    ]
