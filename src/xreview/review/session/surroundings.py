"""What a session gets from outside, and the events it makes with that."""

from collections.abc import Callable
from dataclasses import dataclass

from xreview.domain.events.event import Event, Payload


@dataclass(frozen=True)
class Surroundings:
    """What a session gets from outside, so that nothing in it reads a clock or a random number.

    Args:
        repository: what events call the repository; actor: who decides.
        now: UTC time as ISO 8601 with microseconds. new_id: a fresh unique id.
        ignores: whether the user's or the repository's settings leave a path out of the review.
    """

    repository: str
    actor: str
    now: Callable[[], str]
    new_id: Callable[[], str]
    ignores: Callable[[str], bool] = lambda path: False
    conventions: tuple[str, ...] = ()


class EventMaker:
    """Makes the events of one session, each no earlier than the one before."""

    def __init__(self, session: str, given: Surroundings) -> None:
        self._session = session
        self._given = given
        self._last_at = ""

    def make(self, payload: Payload, id: str = "") -> Event:
        """The payload as an event of now, with a fresh id where none is given."""
        given = self._given
        # The latest decision holds, so a clock that was set back must not make one look earlier.
        self._last_at = max(self._last_at, given.now())
        return Event(
            id or given.new_id(),
            self._session,
            given.repository,
            self._last_at,
            given.actor,
            payload,
        )
