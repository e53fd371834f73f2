"""What a session gets from outside: who decides where, the clock, and fresh ids."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from xreview.domain.record import dataclass

NO_REPOSITORY = "patch"
"""The name that events give the repository of a patch read outside of any."""


def now() -> str:
    """Return the current UTC time as events write it: ISO 8601 with microseconds."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def new_id() -> str:
    """Return a fresh unique id for a session, an event or an action."""
    return uuid.uuid4().hex


@dataclass(frozen=True)
class Surroundings:
    """What a session gets from outside, so that it reads neither a clock nor a random number: the
    repository and the user as events name them, and from the settings what to ignore and what is
    intended."""

    repository: str
    actor: str
    now: Callable[[], str]
    new_id: Callable[[], str]
    ignores: Callable[[str], bool] = lambda path: False
    conventions: tuple[str, ...] = ()
