"""What others propose, as payloads of events of this machine.

An event that came by `log pull` and that nobody whom the person trusts has signed is never written
down as what it says it is. It is wrapped: so no reader of decisions, notes or conventions, of this
version or an older one, can take it for one.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from xreview.domain.events.event_json import Json, text_in, texts_in


@dataclass(frozen=True, slots=True)
class ProposalReceived:
    """Somebody else's event came in and counts for nothing.

    Args:
        proposed: the file of the event as it was shared, byte for byte (`domain.shared_event`).
        subjects: what it is about, as the journal finds events by it.
        about: the finding's place and title as its sender reported it, "" where that is not known.
        why: why it does not count, in a few words.
        source: the address it came from, fit to be shown.
    """

    type: ClassVar[str] = "proposal-received"
    version: ClassVar[int] = 1
    proposed: str
    subjects: tuple[str, ...]
    about: str
    why: str
    source: str

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {
            "proposed": self.proposed,
            "subjects": list(self.subjects),
            "about": self.about,
            "why": self.why,
            "source": self.source,
        }

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        return cls(
            text_in(data, "proposed"),
            texts_in(data, "subjects"),
            text_in(data, "about"),
            text_in(data, "why"),
            text_in(data, "source"),
        )


@dataclass(frozen=True, slots=True)
class ProposalTaken:
    """The person made proposals their own by a decision or a convention of their own.

    Args:
        action: the action that decided so; where it is undone, the proposals are open again. ""
            where nothing is left to take up, since the event itself came in, signed.
        proposals: the ids of the events that were proposed.
        subjects: what they are about.
    """

    type: ClassVar[str] = "proposal-taken"
    version: ClassVar[int] = 1
    action: str
    proposals: tuple[str, ...]
    subjects: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {
            "action": self.action,
            "proposals": list(self.proposals),
            "subjects": list(self.subjects),
        }

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        return cls(text_in(data, "action"), texts_in(data, "proposals"), texts_in(data, "subjects"))
