"""Waiting for a server's rate limit instead of running into it.

Headers: `anthropic-ratelimit-WHAT-{remaining,reset}` with an RFC 3339 date, and
`x-ratelimit-{remaining,reset}[-WHAT]` with a duration like `6m0s` or `12ms` (OpenAI) or with
seconds or milliseconds since the epoch (OpenRouter).
"""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime

LONGEST_PAUSE = 120.0
"""Seconds; for longer ones the request is sent anyway, and the server rejects it."""

_WHAT = ("requests", "tokens", "input-tokens", "output-tokens")
_NAMES = (
    *(f"anthropic-ratelimit-{what}-remaining" for what in _WHAT),
    *(f"x-ratelimit-remaining-{what}" for what in _WHAT),
    "x-ratelimit-remaining",
)
_DURATION = re.compile(r"(?:[0-9]{1,9}(?:\.[0-9]{1,9})?(?:ms|h|m|s))+")
_PART = re.compile(r"([0-9.]+)(ms|h|m|s)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_EPOCH_SECONDS = 1e9
_EPOCH_MILLISECONDS = 1e12


class RateLimits:
    """The limits of one host and key; times are seconds on the monotonic clock."""

    def __init__(self) -> None:
        self._free_at: dict[str, float] = {}

    def note(self, headers: Mapping[str, str], monotonic: float, wall: float) -> None:
        """Learn from the headers of a reply."""
        for name in _NAMES:
            remaining = headers.get(name)
            if remaining is None:
                continue
            if remaining.strip() != "0":
                self._free_at.pop(name, None)
                continue
            seconds = seconds_until(headers.get(name.replace("remaining", "reset"), ""), wall)
            if seconds is not None and 0 < seconds <= LONGEST_PAUSE:
                self._free_at[name] = monotonic + seconds

    def pause(self, monotonic: float) -> float:
        """Return the seconds to wait before the next request."""
        return max(0.0, *(free_at - monotonic for free_at in self._free_at.values()), 0.0)


def seconds_until(reset: str, wall: float) -> float | None:
    """Return the seconds until a reset, in any server's notation; None if unreadable."""
    reset = reset.strip()
    if _DURATION.fullmatch(reset):
        return sum(float(number) * _SECONDS[unit] for number, unit in _PART.findall(reset))
    try:
        number = float(reset)
    except ValueError:
        return _until_date(reset, wall)
    if not math.isfinite(number):
        return None
    if number >= _EPOCH_MILLISECONDS:
        return number / 1000 - wall
    return number - wall if number >= _EPOCH_SECONDS else number


def _until_date(text: str, wall: float) -> float | None:
    try:
        date = datetime.fromisoformat(text)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - wall
    except (ValueError, OverflowError):
        return None
