"""What one push says of itself: which events it brought, where the journal ended, and who signs it.

It is a file beside the events it is about (`domain.shared_event` has their names), one line of
canonical JSON with the keys `actor`, `at`, `events`, `head`, `signature` and `version`. `events`
has the SHA-256 of each event's file by the key in its name. What is signed is a line that says what
this is, which keeps it apart from all else that is signed with the same key, and the same JSON
without `signature`.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, cast

from xreview.domain.events.event_json import Json, number_in, object_of, text_in, words_in
from xreview.domain.events.shared_event import (
    MOST_BYTES,
    canonical_line,
    is_what_its_name_says,
    path_for,
)

PUSHES = "pushes"
MOST_EVENTS = 20_000
"""Of one record; what is more goes into another."""

_VERSION = 1
_TAG = b"xreview-tui/journal/push/1\n"
_KEYS = ["actor", "at", "events", "head", "signature", "version"]
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MOST_CHARACTERS = 1000


@dataclass(frozen=True, slots=True)
class JournalHead:
    """Where a journal ended: enough to prove later that it only grew since.

    Args:
        name: of the journal; made once, and nothing else.
        row: the sequence of its last row. events: how many rows there were.
        digest: over the hashes of all of them, in their order.
    """

    name: str
    row: int
    events: int
    digest: str

    def to_json(self) -> dict[str, Any]:
        """The head as JSON values."""
        return {
            "name": self.name,
            "row": self.row,
            "events": self.events,
            "digest": self.digest,
        }

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The head out of JSON values; KeyError or ValueError where they do not fit."""
        digest = text_in(data, "digest")
        if not _DIGEST.fullmatch(digest):
            raise ValueError("the digest is none")
        return cls(text_in(data, "name"), number_in(data, "row"), number_in(data, "events"), digest)


@dataclass(frozen=True)
class PushRecord:
    """One push.

    Args:
        actor: who pushed, as their events name them.
        at: when (as in `Event.at`).
        events: the SHA-256 of the files it brought, by the key in their names.
        head: where the journal ended that they come from; None where that is not told.
        signature: of `signed_text`, as ssh-keygen writes it; "" for none.
    """

    actor: str
    at: str
    events: Mapping[str, str]
    head: JournalHead | None = None
    signature: str = ""

    @property
    def signed_text(self) -> bytes:
        """What the signature is of."""
        values = self._values()
        del values["signature"]
        return _TAG + canonical_line(values)

    @property
    def file(self) -> tuple[str, bytes]:
        """Path and content of its file."""
        content = canonical_line(self._values())
        return path_for(PUSHES, "", hashlib.sha256(content).hexdigest(), content), content

    @property
    def address(self) -> str:
        """The address in `actor`, or all of it where there is none: whom the signer must be."""
        return address_in(self.actor)

    def _values(self) -> dict[str, Any]:
        return {
            "actor": self.actor,
            "at": self.at,
            "events": dict(self.events),
            "head": self.head and self.head.to_json(),
            "signature": self.signature,
            "version": _VERSION,
        }


def address_in(actor: str) -> str:
    """The address in `Ada <ada@example.org>`, or all of it where there is none."""
    name, bracket, rest = actor.rpartition(" <")
    return rest.removesuffix(">") if bracket and rest.endswith(">") else rest or name


def is_push(path: str) -> bool:
    """Whether a path is that of a file made by `PushRecord.file`."""
    return path.startswith(f"{PUSHES}/")


def content_digest(content: bytes) -> str:
    """What a record says of an event's file."""
    return hashlib.sha256(content).hexdigest()


def read_push(path: str, content: bytes) -> PushRecord | None:
    """The record in a file that someone else wrote; None where it is of a newer program.

    Raises ValueError, with the reason in a few words, where it is none.
    """
    if len(content) > MOST_BYTES or not is_what_its_name_says(path, content):
        raise ValueError("not what its name says")
    try:
        data = object_of(json.loads(content))
        if data.get("version") != _VERSION:
            return None
        return _record(data)
    except (KeyError, TypeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError("no record of a push") from error


def _record(data: Json) -> PushRecord:
    if sorted(data) != _KEYS:
        raise ValueError("no record of a push")
    events = words_in(data, "events")
    actor = text_in(data, "actor")
    if len(actor) > _MOST_CHARACTERS or len(events) > MOST_EVENTS:
        raise ValueError("a record of a push without end")
    head = cast("Json | None", data["head"])
    return PushRecord(
        actor,
        text_in(data, "at"),
        events,
        None if head is None else JournalHead.from_json(object_of(head)),
        text_in(data, "signature"),
    )
