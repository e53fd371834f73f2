"""What a model says about a finding."""

from enum import StrEnum

from xreview.domain.record import dataclass
from xreview.domain.report import ReviewerIdentity


class StanceKind(StrEnum):
    """The five stances, silence included."""

    RAISES = "raises"
    CONCEDES = "concedes"
    REBUTS = "rebuts"
    TRADE_OFF = "trade-off"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Stance:
    """One party's position on a finding, with the verbatim code it rests on.

    A silent party's argument says why. `path` and `line` (1-based) are the quote's place, "" and 0
    if not looked up or not found; `anchored` is False if it was looked up and isn't in the code.
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
        """The kind it counts as: an answer whose quote isn't in the code counts as silence.

        This is the only place with that rule. The stance itself is kept and shown unchanged.
        """
        if self.kind is StanceKind.RAISES or self.anchored:
            return self.kind
        return StanceKind.SILENT
