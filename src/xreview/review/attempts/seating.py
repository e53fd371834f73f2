"""Who can write, and who sits where."""

from dataclasses import dataclass

from xreview.domain.report import ReviewerIdentity
from xreview.domain.stakes.tier import Tier


@dataclass(frozen=True, slots=True)
class WriterChoice:
    """A writer to choose from.

    Args:
        identity: with the model of its tier.
        why_not: why it can't be used, in a few words; "" if it can.
        is_default: whether it writes if the user names nobody.
        about: what to know before choosing it, in a few words.
    """

    identity: ReviewerIdentity
    tier: Tier
    why_not: str = ""
    is_default: bool = False
    about: str = ""

    @property
    def is_usable(self) -> bool:
        """Whether it can be chosen."""
        return not self.why_not
