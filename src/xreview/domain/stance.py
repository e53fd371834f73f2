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

    Args:
        argument: why; for a party that is silent after it was asked, why it is.
        quote: the code it rests on, verbatim.
        settles: what would settle the question, where the party named it.
        path, line: where the quote stands, 1-based; "" and 0 where nobody looked, or it stands
            nowhere.
        anchored: False where the quote was looked for in the code and stands nowhere.
    """

    party: ReviewerIdentity
    kind: StanceKind
    argument: str = ""
    quote: str = ""
    settles: str = ""
    path: str = ""
    line: int = 0
    anchored: bool = True

    @property
    def counts_as(self) -> StanceKind:
        """What it is to the kind of disagreement: an answer that quotes no code says nothing.

        This is the one place where that is ruled. The stance itself is kept and shown as it is.
        """
        if self.kind is StanceKind.RAISES or self.anchored:
            return self.kind
        return StanceKind.SILENT
