"""When to send a request, first or again (reference `providers.md`, section 0).

Rate-limit headers: `anthropic-ratelimit-WHAT-{remaining,reset}` with an RFC 3339 date, and
`x-ratelimit-{remaining,reset}[-WHAT]` with a duration like `6m0s` or `12ms` (OpenAI) or with
seconds (GitHub) or milliseconds (OpenRouter) since the epoch; GitLab's are without the `x-`.
"""

import math
import re
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
    """Return a wait in words: “90 seconds”, “3 hours”, “until 14 March 2027”, “until 2099”."""
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


LONGEST_PAUSE = 120.0
"""Seconds; for longer ones the request is sent anyway, and the server rejects it."""

_WHAT = ("requests", "tokens", "input-tokens", "output-tokens")
_NAMES = (
    *(f"anthropic-ratelimit-{what}-remaining" for what in _WHAT),
    *(f"x-ratelimit-remaining-{what}" for what in _WHAT),
    "x-ratelimit-remaining",
    "ratelimit-remaining",
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
