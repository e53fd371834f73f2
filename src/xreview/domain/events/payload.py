"""The base of all payloads, and the groups that readers take or skip.

A reader matches on the payloads that it needs and names the groups that it skips, with no `case _`:
then the type checker reports each reader that a new payload would slip through.
"""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from xreview.domain.events.codec import Json

Upgrade = Callable[[Json], dict[str, Any]]
"""Turns the JSON of one version into that of the next."""


def unchanged(data: Json) -> dict[str, Any]:
    """The upgrade to a version in which only an enum has one more value."""
    return dict(data)


class JournalPayload:
    """What an event says: a frozen dataclass, stored in the form that `codec` derives.

    `type` names it in the journal. Raise `version`, and add the step from the version before to
    `upgrades`, whenever the stored form changes: a field, or a value of an enum in it.
    """

    __slots__ = ()
    type: ClassVar[str]
    version: ClassVar[int] = 1
    upgrades: ClassVar[Sequence[Upgrade]] = ()
    is_shared: ClassVar[bool] = True


class SessionEvent(JournalPayload):
    """What a session is about and how its review went."""

    __slots__ = ()


class FindingEvent(JournalPayload):
    """What reviewers and other models say about problems, and whether these are fixed."""

    __slots__ = ()


class TriageEvent(JournalPayload):
    """What a user decides and notes."""

    __slots__ = ()


class PersonEvent(JournalPayload):
    """Which problems a user finds."""

    __slots__ = ()


class EscalationEvent(JournalPayload):
    """What comes back for an escalated finding."""

    __slots__ = ()


class ConventionEvent(JournalPayload):
    """What is intended in a repository."""

    __slots__ = ()


class LocalEvent(JournalPayload):
    """What stays on this machine, and is refused when it comes from another."""

    __slots__ = ()
    is_shared = False


class AuthorEvent(LocalEvent):
    """What a user says about the author of a branch; only they may choose the reviewers here."""

    __slots__ = ()


class ProposalEvent(LocalEvent):
    """What other people propose, and which proposals were adopted."""

    __slots__ = ()


class FixEvent(LocalEvent):
    """What fixers make of accepted findings, and what of it the user applies."""

    __slots__ = ()


class AttemptEvent(LocalEvent):
    """What writers make of a task, and what of it the user takes."""

    __slots__ = ()


class PullEvent(LocalEvent):
    """What is read from a pull request, and what is posted to it."""

    __slots__ = ()


class OutcomeEvent(LocalEvent):
    """What came of reviewed code later."""

    __slots__ = ()


class UpkeepEvent(LocalEvent):
    """What leaves the journal, exports and pruned sessions, and which files a user has viewed."""

    __slots__ = ()
