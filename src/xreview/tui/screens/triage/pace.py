"""When the panes show what is new while reviewers run: not too often, and not between keys."""

from xreview.domain.record import dataclass

PAUSE = 0.2
"""Seconds between two updates: each draws the list anew, and the reviewers need the processor."""
CALM = 0.1
"""Seconds without a key, after which an update disturbs nobody who moves through the code."""
LONGEST_WAIT = 0.6
"""Seconds after which an update is shown though keys come."""


@dataclass
class Pace:
    """Times of the last update and the last key, in seconds of a steady clock."""

    shown: float = float("-inf")
    key: float = float("-inf")

    def wait(self, now: float) -> float:
        """Return in how many seconds the next update may be shown, 0 for now."""
        calm = min(self.key + CALM, self.shown + LONGEST_WAIT)
        return max(0.0, self.shown + PAUSE - now, calm - now)
