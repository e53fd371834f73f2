"""Keeps in the journal what came of reviewed changes, each outcome once."""

import hashlib
from collections.abc import Callable, Iterable

from xreview.domain.events.event import AftermathSeen, Event
from xreview.journal.store import Journal


def record_aftermath(
    journal: Journal,
    found: Iterable[AftermathSeen],
    *,
    repository: str,
    actor: str,
    now: Callable[[], str],
) -> frozenset[AftermathSeen]:
    """Append what isn't in the journal yet, and return that. Raises JournalError.

    An outcome's event is named by session, commit and file, so that looking again, or on two
    programs at once, records nothing twice.
    """
    known = {event.id for event in journal.events(repository=repository, types=(AftermathSeen,))}
    fresh = {aftermath_id(one): one for one in found}
    fresh = {id: one for id, one in fresh.items() if id not in known}
    journal.append(
        [Event(id, one.reviewed, repository, now(), actor, one) for id, one in fresh.items()]
    )
    return frozenset(fresh.values())


def aftermath_id(seen: AftermathSeen) -> str:
    """The id of an outcome's event."""
    parts = ("aftermath", seen.reviewed, seen.commit, seen.path)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
