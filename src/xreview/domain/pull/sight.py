"""How far a reviewer at the forge has seen the present head of a pull request."""

from enum import StrEnum

from xreview.domain.pull.pull import ForgeAccount
from xreview.domain.record import dataclass


class Sight(StrEnum):
    """What is known of a bot's reading. Only `reviewed` counts as having read."""

    REVIEWED = "reviewed"
    """A review or comment of it is about the present head."""
    STALE = "stale"
    """All that it said is about an older head."""
    BLIND = "blind"
    """It says that it could not review."""
    SILENT = "silent"
    """It was asked and has said nothing."""


@dataclass(frozen=True, slots=True)
class BotSight:
    """The sight of one bot.

    Args:
        why: for a blind bot its own sentence, raw; for a stale one the commit that it saw; else "".
    """

    bot: ForgeAccount
    sight: Sight
    why: str = ""
