"""When to retry a request, and after how long (reference `providers.md`, section 0)."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from xreview.domain.text import count_of

_FIRST_SECONDS = 0.5
_LONGEST_SECONDS = 8.0
_JITTER = 0.25
_MINUTE, _HOUR, _DAY, _YEAR = 60.0, 3600.0, 86_400.0, 366 * 86_400.0
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_RETRIED = frozenset({408, 409, 429})


def is_retried(status: int, headers: Mapping[str, str]) -> bool:
    """Return whether a retry can help; the server's own word decides first."""
    told = headers.get("x-should-retry")
    if told in ("true", "false"):
        return told == "true"
    return status in _RETRIED or status >= 500


def backoff(attempt: int, chance: float) -> float:
    """Return the seconds to wait after attempt number `attempt` (from 0); `chance` is 0 to 1."""
    return min(_FIRST_SECONDS * 2.0**attempt, _LONGEST_SECONDS) * (1 - _JITTER * chance)


def seconds_told(headers: Mapping[str, str], wall: float) -> float | None:
    """Return how long the server asks to wait; None for nothing sensible.

    `retry-after-ms` comes before `retry-after`, which holds seconds or a date (RFC 9110, 10.2.3).
    """
    for name, divisor in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        seconds = _number(headers.get(name, ""))
        if seconds is not None:
            return seconds / divisor if seconds > 0 else None
    date = headers.get("retry-after", "")
    try:
        seconds = parsedate_to_datetime(date).timestamp() - wall
    except (ValueError, OverflowError):
        return None
    return seconds if seconds > 0 else None


def sane(seconds: float | None) -> float | None:
    """Return a wait from a reply's body; None if it makes no sense."""
    is_wait = seconds is not None and math.isfinite(seconds) and seconds > 0
    return seconds if is_wait else None


def wait_words(seconds: float, wall: float) -> str:
    """Return a wait in words: “90 seconds”, “3 hours”, “until 14 March 2027”, “until 2099”.

    Args:
        wall: seconds since the epoch, now.
    """
    if seconds < 2 * _MINUTE:
        return count_of(round(seconds), "second")
    if seconds < 2 * _HOUR:
        return count_of(round(seconds / _MINUTE), "minute")
    if seconds < 2 * _DAY:
        return count_of(round(seconds / _HOUR), "hour")
    try:
        day = datetime.fromtimestamp(wall + seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return "for thousands of years"
    if seconds < _YEAR:
        return f"until {day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"until {day.year}"


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
