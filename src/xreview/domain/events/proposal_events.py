"""What other people propose, as payloads of this machine's own events.

`log pull` stores an event that no allowed key signed only in this wrapping, so no reader of
decisions, notes or conventions, of this version or an older one, can take it for one.
"""

from dataclasses import dataclass
from typing import ClassVar

from xreview.domain.events.payload import ProposalEvent


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
