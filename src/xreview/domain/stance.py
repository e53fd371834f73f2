"""What a model says about a finding."""

from dataclasses import dataclass
from enum import StrEnum

from xreview.domain.report import ReviewerIdentity


class StanceKind(StrEnum):
    """The five things one can say, silence included."""

    RAISES = "raises"
    CONCEDES = "concedes"
    REBUTS = "rebuts"
    TRADE_OFF = "trade-off"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Stance:
    """One party's position on a finding, with its argument and what it quotes.

    `settles` says what would settle the question, where the party named it.
    """

    party: ReviewerIdentity
    kind: StanceKind
    argument: str = ""
    quote: str = ""
    settles: str = ""
