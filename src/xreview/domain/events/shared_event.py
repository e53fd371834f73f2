"""The form in which an event is shared with other people: a file named after its content.

The file is one line of canonical JSON (keys sorted, no spaces, ASCII) with the keys of
`SharedForm`. The repository isn't among them: it is a path on one person's machine, and the file is
found in the repository it is about.

Its path is `events/SS/SSSS…/IIII…-CCCC….json`, from the first 128 bits of the SHA-256 of the
session (shard and folder), of the event's id, and of the file's content. The union of two sets of
files is therefore all files of both: files with one path are one file, and an id with two contents
shows as two names.
"""

import hashlib
import json
import re
from datetime import datetime
from typing import NoReturn

from xreview.domain.events.codec import Json, UnknownValueError, from_json, object_of, to_json
from xreview.domain.events.event import PAYLOADS, Event, SessionOpened, decode
from xreview.domain.record import dataclass, replace

MOST_BYTES = 4 * 1024 * 1024
"""A larger file isn't an event: the coverage of 15,000 files fits."""

_MOST_CHARACTERS = 1000
_KEYS = ["actor", "at", "id", "payload", "session", "type", "version"]
_SHAPE = re.compile(
    r"(?P<kind>[a-z][a-z0-9-]{0,30})/(?P<group>[0-9a-f]{2}/[0-9a-f]{30})/"
    r"(?P<key>[0-9a-f]{32})-(?P<digest>[0-9a-f]{32})\.json"
)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00")
_EVENTS, _ORIGINS = "events", "origins"


@dataclass(frozen=True, slots=True)
class SharedForm:
    """The keys of a shared file, as in `Event` and its payload."""

    id: str
    session: str
    at: str
    actor: str
    type: str
    version: int
    payload: Json


def shared_form(event: Event) -> bytes:
    """The file of an event, without paths of this machine."""
    payload = event.payload
    if isinstance(payload, SessionOpened):
        payload = replace(payload, repository_top="")
    form = SharedForm(
        event.id,
        event.session,
        event.at,
        event.actor,
        payload.type,
        payload.version,
        to_json(payload),
    )
    return canonical_line(to_json(form))


def path_of(event: Event, content: bytes) -> str:
    """The path of an event's file."""
    return path_for(_EVENTS, event.session, event.id, content)


def origin_file(root: str) -> tuple[str, bytes]:
    """Path and content of the file that names the repository's first commit."""
    content = canonical_line({"root": root})
    return path_for(_ORIGINS, "", root, content), content


def event_key(id: str) -> str:
    """The key for an event's id in its path."""
    return _short(id.encode("utf-8", "surrogatepass"))


def key_in(path: str) -> str | None:
    """The key for the id in the path of an event's file; None for any other file."""
    match = _SHAPE.fullmatch(path)
    return match["key"] if match and match["kind"] == _EVENTS else None


def is_origin(path: str) -> bool:
    """Whether this is the path of a file made by `origin_file`."""
    return path.startswith(f"{_ORIGINS}/")


def may_be_kept(path: str) -> bool:
    """Whether a path has the form of all shared files, including kinds unknown to this version.

    All have the same depth, so a file never takes the place of a folder.
    """
    return _SHAPE.fullmatch(path) is not None


def is_what_its_name_says(path: str, content: bytes) -> bool:
    """Whether the content matches the digest in the path."""
    match = _SHAPE.fullmatch(path)
    return match is not None and match["digest"] == _short(content)


def read_shared(path: str, content: bytes, repository: str, not_after: str) -> Event | None:
    """The event in a file that someone else wrote; None if a newer program is needed for it.

    Args:
        repository: the event's repository: the one that the file was found in.
        not_after: the latest acceptable time; a later one would override every decision.

    Raises ValueError, with the reason in a few words, if it isn't an event.
    """
    if len(content) > MOST_BYTES:
        raise ValueError("too large")
    if not is_what_its_name_says(path, content):
        raise ValueError("content doesn't match the name")
    try:
        data = json.loads(content, parse_constant=_refuse_constant)
    except (UnicodeDecodeError, RecursionError) as error:
        raise ValueError("not JSON") from error
    if sorted(object_of(data)) != _KEYS:
        raise ValueError("not the keys of an event")
    form = from_json(SharedForm, data)
    _check_names(path, form)
    _check_time(form.at, not_after)
    if form.type in PAYLOADS and not PAYLOADS[form.type].is_shared:
        raise ValueError("a type that isn't shared")
    try:
        return _event(form, repository)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise ValueError("malformed payload") from error


def event_in(content: str) -> Event | None:
    """The event, of no repository, in a file that `read_shared` checked before.

    None if a newer program is needed for it. Raises ValueError if it no longer is an event.
    """
    try:
        return _event(from_json(SharedForm, json.loads(content)), "")
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("not an event") from error


def _event(form: SharedForm, repository: str) -> Event | None:
    try:
        payload = decode(form.type, form.version, form.payload)
    except UnknownValueError:
        return None
    return payload and Event(form.id, form.session, repository, form.at, form.actor, payload)


def _check_names(path: str, form: SharedForm) -> None:
    for name in ("id", "session", "at", "actor", "type"):
        if not 0 < len(getattr(form, name)) <= _MOST_CHARACTERS:
            raise ValueError(f"{name} is empty or too long")
    names = _SHAPE.fullmatch(path)
    if names is None or names["key"] != event_key(form.id):
        raise ValueError("the id doesn't match the name")
    if names["group"].replace("/", "") != event_key(form.session):
        raise ValueError("the session doesn't match the name")


def _check_time(at: str, not_after: str) -> None:
    if not _TIME.fullmatch(at):
        raise ValueError("not a time as events write it")
    datetime.fromisoformat(at)
    if at > not_after:
        raise ValueError("a time in the future")


def path_for(kind: str, session: str, id: str, content: bytes) -> str:
    """The path of a shared file of some kind, by group (a session), id and content."""
    group = event_key(session)
    return f"{kind}/{group[:2]}/{group[2:]}/{event_key(id)}-{_short(content)}.json"


def canonical_line(value: object) -> bytes:
    """A JSON value as the one line of a shared file."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("ascii") + b"\n"


def _short(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} isn't JSON")
