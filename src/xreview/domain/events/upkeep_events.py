"""What is done to the journal itself, as payloads of events."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from xreview.domain.events.event_json import Json, list_in, number_in, object_of, text_in


@dataclass(frozen=True, slots=True)
class ChainHead:
    """How far a session's hash chain has come: the hash of its last row, and how many there are."""

    session: str
    head: str
    events: int

    def to_json(self) -> dict[str, Any]:
        """The head as JSON values."""
        return {"session": self.session, "head": self.head, "events": self.events}

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The head out of JSON values; KeyError or ValueError where they do not fit."""
        return cls(text_in(data, "session"), text_in(data, "head"), number_in(data, "events"))


@dataclass(frozen=True, slots=True)
class SessionsPruned:
    """Old sessions were written to a file and removed from the journal.

    Args:
        archive: the file's path; archive_digest: SHA-256 of its bytes, in hexadecimal.
        sessions: the chains that were removed, so that the file can be told from a forged one.
        kept_digest: of the chains that stayed (`journal.chains.digest_of`), so that `log verify`
            proves that nothing else went.
    """

    type: ClassVar[str] = "sessions-pruned"
    version: ClassVar[int] = 1
    archive: str
    archive_digest: str
    sessions: tuple[ChainHead, ...]
    kept_digest: str

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {
            "archive": self.archive,
            "archive_digest": self.archive_digest,
            "sessions": [head.to_json() for head in self.sessions],
            "kept_digest": self.kept_digest,
        }

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        return cls(
            text_in(data, "archive"),
            text_in(data, "archive_digest"),
            tuple(ChainHead.from_json(object_of(one)) for one in list_in(data, "sessions")),
            text_in(data, "kept_digest"),
        )
