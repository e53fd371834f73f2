"""One model that could review, in words: as rows of a table, as sentences, and as JSON values."""

import shutil
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xreview.cli.table import Column, table
from xreview.config.prices import Price
from xreview.domain.text import visible
from xreview.ports.model import ModelLimits
from xreview.review.asking.prospects import Prospect
from xreview.review.asking.server_check import ServerCheck

WIDE = 140
"""From how many columns on the table has all its columns."""

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
_NONE = """\
No model can be asked: the analysers read alone. Export a vendor's key, or start a model
server on this machine."""


@dataclass(frozen=True)
class ModelLine:
    """One model.

    Args:
        prospect: which, where, and whether it can be asked.
        price: what it costs; None where nobody knows.
        check: what its server says; None where it was not asked.
    """

    prospect: Prospect
    price: Price | None
    check: ServerCheck | None = None

    @property
    def is_usable(self) -> bool:
        """Whether it can be asked, as far as was looked."""
        return not self.why_not

    @property
    def why_not(self) -> str:
        """Why it can't be asked; "" where it can."""
        return self.prospect.why_not or (self.check.trouble if self.check else "")

    @property
    def limits(self) -> ModelLimits:
        """What fits: as its server says, else as settings or price list do."""
        settings, price = self.prospect.settings, self.price
        told = self.check.limits if self.check else ModelLimits()
        known = ModelLimits(
            output_tokens=settings.max_output or (price.max_output if price else None),
            window=settings.context or (price.context if price else None),
        )
        return told.or_else(known)

    @property
    def key(self) -> str:
        """Where its key comes from, in words; never the key."""
        return self.prospect.key.words if self.prospect.key else ""

    @property
    def narrow_row(self) -> tuple[str, ...]:
        """What fits into 80 columns."""
        who = self.prospect.identity
        return (who.name, self._family, self._model, *self._prices, self._usable)

    @property
    def wide_row(self) -> tuple[str, ...]:
        """With where it is, and how many tokens fit into it."""
        who, fits = self.prospect.identity, self.limits.holds
        return (
            who.name,
            self.prospect.settings.provider.value,
            self._family,
            self._model,
            self._where,
            *self._prices,
            f"{fits:,}" if fits else "unknown",
            self._usable,
        )

    @property
    def sentence(self) -> str:
        """What rows have no room for: where its key is and what fits, or why it can't be asked."""
        if not self.is_usable:
            return self.why_not
        if (agent := self.prospect.detected) is not None:
            notices = self.prospect.identity.notices
            return " ".join([f"{self._where} {agent.version}, by its own login.", *notices])
        limits = self.limits
        told = [
            self._where,
            f"key from {self.key}" if self.key else "no key needed",
            f"{limits.holds:,} tokens fit" if limits.holds else "",
            f"{limits.output_tokens:,} of answer" if limits.output_tokens else "",
        ]
        return ", ".join(filter(None, told))

    @property
    def json(self) -> dict[str, Any]:
        """As JSON values; prices are dollars for a million tokens."""
        prospect, who, limits = self.prospect, self.prospect.identity, self.limits
        rates = self.price.rates if self.price else None
        return {
            "name": who.name,
            "provider": prospect.settings.provider.value,
            "model": who.model or None,
            "lighter": prospect.settings.lighter or None,
            "vendor": who.vendor or None,
            "host": who.host or None,
            "is_local": who.is_local,
            "key": self.key or None,
            "price": None
            if who.is_local or rates is None
            else {"input": rates.input, "output": rates.output},
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

    @property
    def _prices(self) -> tuple[str, str]:
        if self.prospect.identity.is_local:
            return "free", "free"
        if self.prospect.detected is not None:
            return "login", "login"
        if self.price is None:
            return "unknown", "unknown"
        return f"{self.price.rates.input:.2f}", f"{self.price.rates.output:.2f}"


def as_text(lines: Sequence[ModelLine], width: int = 0) -> str:
    """The models as a table, and below it what it has no room for.

    Args:
        width: of the terminal in columns; 0 asks it.
    """
    width = width or shutil.get_terminal_size().columns
    if width < WIDE:
        rows = table(_NARROW_TABLE, [line.narrow_row for line in lines], width)
    else:
        rows = table(_WIDE_TABLE, [line.wide_row for line in lines], width)
    blocks = [rows, "\n".join(_sentences(lines, width))]
    if not any(line.is_usable for line in lines):
        blocks.append(_NONE)
    return "\n\n".join(blocks)


def _sentences(lines: Sequence[ModelLine], width: int) -> list[str]:
    """What is to be said of each; models of which the same is to be said share it."""
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
