"""The signed record of one push: its events, and where the sender's journal ended.

It is a file beside the shared events (`shared_event` names it): one line of canonical JSON with the
fields of `PushRecord` and a version. What is signed is that JSON without `signature`, after a tag
that keeps it apart from everything else signed with the same key.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from xreview.domain.events.codec import Json, from_json, object_of, to_json
from xreview.domain.events.shared_event import (
    MOST_BYTES,
    canonical_line,
    is_what_its_name_says,
    path_for,
)
from xreview.domain.record import dataclass

PUSHES = "pushes"
MOST_EVENTS = 20_000
"""In one record; further events go into another."""

_VERSION = 1
_TAG = b"xreview-tui/journal/push/1\n"
_KEYS = ["actor", "at", "events", "head", "signature", "version"]
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MOST_CHARACTERS = 1000


@dataclass(frozen=True, slots=True)
class JournalHead:
    """Where a journal ended: enough to prove later that it has only grown since.

    Args:
        name: a random name of the journal, made once.
        row: the sequence number of its last row. events: how many rows there were.
        digest: SHA-256 over the hashes of all rows, in order.
    """

    name: str
    row: int
    events: int
    digest: str

    def __post_init__(self) -> None:
        if not _DIGEST.fullmatch(self.digest):
            raise ValueError("the digest is not a SHA-256")


@dataclass(frozen=True)
class PushRecord:
    """One push: the SHA-256 of each event's file, by the key in its name, and where the sender's
    journal ended. The signature is of `signed_text`, as ssh-keygen writes it; "" for none."""

    actor: str
    at: str
    events: Mapping[str, str]
    head: JournalHead | None = None
    signature: str = ""

    @property
    def signed_text(self) -> bytes:
        """What the signature covers."""
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
        """The address in `actor`, which the signing key must belong to."""
        return address_in(self.actor)

    def _values(self) -> dict[str, Any]:
        return {**to_json(self), "version": _VERSION}


def address_in(actor: str) -> str:
    """The address in `Ada <ada@example.org>`, or the whole text if it has none."""
    name, bracket, rest = actor.rpartition(" <")
    return rest.removesuffix(">") if bracket and rest.endswith(">") else rest or name


def is_push(path: str) -> bool:
    """Whether this is the path of a file made by `PushRecord.file`."""
    return path.startswith(f"{PUSHES}/")


def content_digest(content: bytes) -> str:
    """The digest that a record has of an event's file."""
    return hashlib.sha256(content).hexdigest()


def read_push(path: str, content: bytes) -> PushRecord | None:
    """The record in a file that someone else wrote; None if a newer program wrote it.

    Raises ValueError, with the reason in a few words, if it isn't one.
    """
    if len(content) > MOST_BYTES or not is_what_its_name_says(path, content):
        raise ValueError("content doesn't match the name")
    try:
        data = object_of(json.loads(content))
        return _record(data) if data.get("version") == _VERSION else None
    except (KeyError, TypeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError("not a push record") from error


def _record(data: Json) -> PushRecord:
    if sorted(data) != _KEYS:
        raise ValueError("not a push record")
    record = from_json(PushRecord, data)
    if len(record.actor) > _MOST_CHARACTERS or len(record.events) > MOST_EVENTS:
        raise ValueError("a push record that is too large")
    return record
