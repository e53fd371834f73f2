"""One edit that an agent made to one file."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

_MILLISECONDS_FROM = 1e11  # as seconds, this would be in the year 5138


@dataclass(frozen=True, slots=True)
class SessionEdit:
    """What a session did to a file.

    Args:
        path: the file, below the worktree's top folder, `/`-separated.
        model: as the transcript names it; "" where it does not.
        at: when, UTC as ISO 8601; "" where it does not say.
        added: the text that was written; never shown, not even in a traceback.
        removed: the text that it replaced, "" where the file was written whole.
    """

    path: str
    model: str
    at: str
    added: str = field(repr=False)
    removed: str = field(default="", repr=False)

    def new_lines(self) -> list[str]:
        """The lines that were written and did not stand in what they replaced."""
        rows = self.added.split("\n")
        if not self.removed:
            return rows
        before = Counter(self.removed.split("\n"))
        new: list[str] = []
        for row in rows:
            if before[row] > 0:
                before[row] -= 1
            else:
                new.append(row)
        return new


def transcript_moment(value: object) -> str:
    """A time of a transcript, UTC as ISO 8601 to the second; "" where it is none.

    Args:
        value: ISO 8601 (local time where it names no zone), or seconds or milliseconds since the
            epoch.
    """
    try:
        if isinstance(value, str):
            when = datetime.fromisoformat(value[:40])
        elif isinstance(value, int | float) and not isinstance(value, bool):
            seconds = value / 1000 if abs(value) > _MILLISECONDS_FROM else value
            when = datetime.fromtimestamp(seconds, UTC)
        else:
            return ""
        return when.astimezone(UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        return ""
