"""What a user says about authors and has viewed, and what other people propose, as events of this
machine only.

`log pull` stores an event that no allowed key signed only as a proposal, so no reader of decisions,
notes or conventions, of this version or an older one, can take it for one.
"""

from typing import ClassVar

from xreview.domain.events.payload import AuthorEvent, ProposalEvent, UpkeepEvent
from xreview.domain.record import dataclass


@dataclass(frozen=True, slots=True)
class AuthorAnswered(AuthorEvent):
    """A user said who writes the changes on a branch; a later answer replaces it.

    The branch is without `refs/heads/`, "" if none is checked out. The vendor is `person` for a
    person, "" if the user doesn't know, which ends the question too.
    """

    type: ClassVar[str] = "author-answered"
    branch: str
    vendor: str
    model: str = ""


@dataclass(frozen=True, slots=True)
class AuthorForgotten(AuthorEvent):
    """The user's answer about the author of a branch no longer holds."""

    type: ClassVar[str] = "author-forgotten"
    branch: str


@dataclass(frozen=True, slots=True)
class ProposalReceived(ProposalEvent):
    """Another person's event arrived; it has no effect.

    Args:
        proposed: the shared file of the event, byte for byte (`domain.events.shared_event`).
        subjects: what it is about, as the journal indexes events.
        about: the finding's place and title as the sender reported it; "" for unknown.
        why: why it has no effect, in a few words.
        source: the address it came from, safe to display.
    """

    type: ClassVar[str] = "proposal-received"
    proposed: str
    subjects: tuple[str, ...]
    about: str
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class ProposalTaken(ProposalEvent):
    """The user adopted proposals by a decision or a convention of their own.

    Args:
        action: the action that did so; undoing it opens the proposals again. "" if the proposed
            event itself arrived later, signed.
        proposals: the ids of the proposed events.
        subjects: what they are about.
    """

    type: ClassVar[str] = "proposal-taken"
    action: str
    proposals: tuple[str, ...]
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileViewed(UpkeepEvent):
    """The user has viewed what a change does to a file, by its digest (`domain.viewed`)."""

    type: ClassVar[str] = "file-viewed"
    path: str
    digest: str


@dataclass(frozen=True, slots=True)
class FileUnviewed(UpkeepEvent):
    """A file no longer counts as viewed."""

    type: ClassVar[str] = "file-unviewed"
    path: str
