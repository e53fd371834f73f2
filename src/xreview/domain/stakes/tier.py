"""The two models that a vendor offers for one reviewer or writer."""

from enum import StrEnum

from xreview.domain.record import dataclass


class Tier(StrEnum):
    """Which of a vendor's two models is asked."""

    FAST = "fast"
    """The `lighter` one of `reviewers.toml`."""
    DEEP = "deep"


@dataclass(frozen=True, slots=True)
class TierAdvice:
    """The tier that a piece of work deserves, and why, as one sentence for the user."""

    tier: Tier
    reason: str
