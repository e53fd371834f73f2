"""Who writes an attempt, and who reviews it."""

from enum import StrEnum

from xreview.domain.record import dataclass
from xreview.domain.report import ReviewerIdentity
from xreview.domain.stakes.tier import Tier

LABELS = "ABCDEFGHIJKLMNOPQRST"
"""The labels of attempts, in order; so many writers at most."""

_PARTY = "attempt "  # no reviewer of the settings has a space in its name


def attempt_party(label: str) -> str:
    """What an attempt's writer is called as the party of a finding: `attempt B`."""
    return f"{_PARTY}{label}"


def is_attempt_party(name: str) -> bool:
    """Whether the party of a finding is an attempt, so that nobody reviewed anything."""
    return name.startswith(_PARTY)


class Preset(StrEnum):
    """A usual way to seat writers and reviewers."""

    SWAP = "swap"
    """Two writers, each of which reviews the other's attempt."""
    THREE = "three"
    """Three writers of different families."""
    FAST_DEEP = "fast-deep"
    """The fast model of each family writes, and a deep one reviews."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One attempt's writer and reviewer.

    Args:
        label: "A", "B", …: what it is called until an attempt is picked.
        writer: an agent or a model.
        reviewer: the name of the reviewer that is asked; "" where the pipeline chooses.
        reviewer_tier: None where the pipeline chooses.
    """

    label: str
    writer: ReviewerIdentity
    tier: Tier = Tier.DEEP
    reviewer: str = ""
    reviewer_tier: Tier | None = None
