"""What git's history says later about code that was reviewed, as events of this machine only."""

from enum import StrEnum
from typing import ClassVar

from xreview.domain.events.payload import OutcomeEvent
from xreview.domain.record import dataclass


class AftermathKind(StrEnum):
    """What a later commit did to reviewed lines."""

    REVERTED = "reverted"
    FIXED = "fixed"
    """It changed them again, and says that it fixes something."""


@dataclass(frozen=True, slots=True)
class AftermathSeen(OutcomeEvent):
    """A later commit took back or fixed lines of a reviewed change; seen once for each file.

    Args:
        reviewed: the session that reviewed them.
        commit: the later commit; committed_at: its time (UTC, ISO 8601).
        path: the file as the review knew it. lines: how many of the reviewed lines it concerns.
        subjects: the fingerprints of the findings that the review had on these lines.
        evidence: why it counts, in one sentence.
    """

    type: ClassVar[str] = "aftermath-seen"
    reviewed: str
    kind: AftermathKind
    commit: str
    committed_at: str
    path: str
    lines: int
    subjects: tuple[str, ...]
    evidence: str
