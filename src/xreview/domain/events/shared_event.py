"""An event as it is shared with other people: a small file with a name made of its content.

The file is one line of canonical JSON (keys sorted, no spaces, ASCII) with the keys `id`,
`session`, `at`, `actor`, `type`, `version` and `payload`. It does not say which repository it is
about: that is a path of one person's machine, and the repository that the file is found in says it.

Its path is `events/SS/SSSS…/IIII…-CCCC….json`, of the first 128 bits of the SHA-256 of the session
(shard and folder), of the event's id, and of the file's content. So two sets of files are united
by putting them together: files of one path are one file, and an id that was given to two contents
is seen by two names.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NoReturn, cast

from xreview.domain.events.event import Event, Payload, SessionOpened, decode
from xreview.domain.events.event_json import text_in

MOST_BYTES = 4 * 1024 * 1024
"""A larger file is no event: the coverage of 15,000 files fits in it."""

NOT_SHARED = frozenset(
    {
        "author-answered",
        "author-forgotten",
        "exported",
        "notice-given",
        "proposal-received",
        "proposal-taken",
        "sessions-pruned",
    }
)
"""Types of events that stay on this machine: they tell where its files are, what was seen there,
of what was done to its journal only, and who writes on its branches (nobody else may choose the
reviewers here). From others they are refused."""

_MOST_CHARACTERS = 1000
_KEYS = ["actor", "at", "id", "payload", "session", "type", "version"]
_SHAPE = re.compile(
    r"(?P<kind>[a-z][a-z0-9-]{0,30})/(?P<group>[0-9a-f]{2}/[0-9a-f]{30})/"
    r"(?P<key>[0-9a-f]{32})-(?P<digest>[0-9a-f]{32})\.json"
)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00")
_EVENTS, _ORIGINS = "events", "origins"


def shared_form(event: Event) -> bytes:
    """The file of an event."""
    return canonical_line(
        {
            "id": event.id,
            "session": event.session,
            "at": event.at,
            "actor": event.actor,
            "type": event.payload.type,
            "version": event.payload.version,
            "payload": _without_places(event.payload).to_json(),
        }
    )


def path_of(event: Event, content: bytes) -> str:
    """Where the file of an event belongs."""
    return path_for(_EVENTS, event.session, event.id, content)


def origin_file(root: str) -> tuple[str, bytes]:
    """Path and content of the file that says which first commit the repository has."""
    content = canonical_line({"root": root})
    return path_for(_ORIGINS, "", root, content), content


def event_key(id: str) -> str:
    """What stands for an event's id in its path."""
    return _short(id.encode("utf-8", "surrogatepass"))


def key_in(path: str) -> str | None:
    """What stands for the id in the path of an event's file; None for another file."""
    match = _SHAPE.fullmatch(path)
    return match["key"] if match and match["kind"] == _EVENTS else None


def is_origin(path: str) -> bool:
    """Whether a path is that of a file made by `origin_file`."""
    return path.startswith(f"{_ORIGINS}/")


def may_be_kept(path: str) -> bool:
    """Whether a path has the form of all shared files, also of kinds that are not known here.

    All have the same depth, so that no file is ever in the place of a folder.
    """
    return _SHAPE.fullmatch(path) is not None


def is_what_its_name_says(path: str, content: bytes) -> bool:
    """Whether the content is the one that the path was made of."""
    match = _SHAPE.fullmatch(path)
    return match is not None and match["digest"] == _short(content)


def read_shared(path: str, content: bytes, repository: str, not_after: str) -> Event | None:
    """The event in a file that someone else wrote; None where its type or version is not known.

    Args:
        repository: what events are to call the repository the file was found in.
        not_after: the latest time that is believed; a later one would outdo every decision.

    Raises ValueError, with the reason in a few words, where it is no event.
    """
    if len(content) > MOST_BYTES:
        raise ValueError("too large")
    if not is_what_its_name_says(path, content):
        raise ValueError("not what its name says")
    try:
        data = json.loads(content, parse_constant=_refuse_constant)
    except (UnicodeDecodeError, RecursionError) as error:
        raise ValueError("no JSON") from error
    if not isinstance(data, dict):
        raise ValueError("no object")
    return _event(path, cast("Mapping[str, Any]", data), repository, not_after)


def event_in(content: str) -> Event | None:
    """The event in a file that was checked by `read_shared` before, of no repository.

    None where its type or version is not known. Raises ValueError where it is no event any more.
    """
    try:
        data = json.loads(content)
        payload = decode(data["type"], data["version"], data["payload"])
        named = {name: text_in(data, name) for name in ("id", "session", "at", "actor")}
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("no event") from error
    return payload and Event(repository="", payload=payload, **named)


def _event(path: str, data: Mapping[str, Any], repository: str, not_after: str) -> Event | None:
    if sorted(data) != _KEYS:
        raise ValueError("other keys than those of an event")
    for name in ("id", "session", "at", "actor", "type"):
        if not isinstance(data[name], str) or not 0 < len(data[name]) <= _MOST_CHARACTERS:
            raise ValueError(f"{name} is no short text")
    if type(data["version"]) is not int or not isinstance(data["payload"], dict):
        raise ValueError("version or payload is of another type")
    names = _SHAPE.fullmatch(path)
    if names is None or names["key"] != event_key(data["id"]):
        raise ValueError("the id is not what its name says")
    if names["group"].replace("/", "") != event_key(data["session"]):
        raise ValueError("the session is not what its name says")
    _check_time(data["at"], not_after)
    if data["type"] in NOT_SHARED:
        raise ValueError("of a type that is not shared")
    try:
        payload = decode(data["type"], data["version"], cast("Mapping[str, Any]", data["payload"]))
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise ValueError("malformed payload") from error
    if payload is None:
        return None
    return Event(data["id"], data["session"], repository, data["at"], data["actor"], payload)


def _check_time(at: str, not_after: str) -> None:
    if not _TIME.fullmatch(at):
        raise ValueError("the time is not written as events write it")
    datetime.fromisoformat(at)
    if at > not_after:
        raise ValueError("its time has not come yet")


def _without_places(payload: Payload) -> Payload:
    if isinstance(payload, SessionOpened):
        return replace(payload, repository_top="")
    return payload


def path_for(kind: str, session: str, id: str, content: bytes) -> str:
    """Where the file of something belongs that has this id, and is of this group of things."""
    group = event_key(session)
    return f"{kind}/{group[:2]}/{group[2:]}/{event_key(id)}-{_short(content)}.json"


def canonical_line(value: object) -> bytes:
    """A JSON value as the one line that a shared file is."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("ascii") + b"\n"


def _short(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")
