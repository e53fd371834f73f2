"""The commits of a change: author, committer, message and trailers.

Trailers are the `Key: value` lines of the message's last paragraph (git-interpret-trailers(1) isn't
run because the repository can configure commands for it).
"""

import re
from datetime import UTC, datetime, timedelta, timezone

from xreview.domain.change import ChangeKind, ChangeSource
from xreview.domain.record import dataclass
from xreview.repo.git import commit_ids
from xreview.repo.repository import Repository

COMMITS = 200
_COMMIT_BYTES = 1024 * 1024
_PERSON = re.compile(r"([^<>]*?) ?<([^<>]*)> (\d{1,12}) ([+-]\d{4})$")
_TRAILER = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*)\s*:\s*(.*)")
# Encodings of real commits. Some other codecs of Python hang on hostile text.
_ENCODINGS = ("iso", "latin", "windows", "cp", "koi8", "euc", "shift", "gb", "big5")
_HEADED = (ChangeKind.COMMIT, ChangeKind.RANGE, ChangeKind.BRANCH, ChangeKind.PULL)


@dataclass(frozen=True, slots=True)
class Person:
    """A commit's author or committer, and the time (None if malformed)."""

    name: str
    email: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class CommitDetails:
    """A commit's content; all text is raw."""

    id: str
    author: Person
    committer: Person
    message: str
    trailers: tuple[tuple[str, str], ...]


def commits_of(
    repository: Repository, source: ChangeSource, limit: int = COMMITS
) -> tuple[CommitDetails, ...]:
    """Return the commits of a change, the newest first, at most `limit`; () for a patch.

    Raises ChangeError where git fails.
    """
    if source.kind not in _HEADED:
        return ()
    if source.kind is ChangeKind.COMMIT:
        ids = (source.head or "HEAD",)
    else:
        ids = commit_ids(repository, source.base, source.head or "HEAD", limit)
    reader = repository.objects
    try:
        contents = [(id, reader.read(id, "commit", _COMMIT_BYTES)) for id in ids]
    finally:
        reader.close()
    return tuple(parse_commit(id, content) for id, content in contents if content is not None)


def parse_commit(id: str, content: bytes) -> CommitDetails:
    """Parse a commit object; missing and malformed parts are empty."""
    header, _, message = content.partition(b"\n\n")
    fields: dict[bytes, bytes] = {}
    for row in header.split(b"\n"):
        key, _, value = row.partition(b" ")
        fields.setdefault(key, value)
    encoding = fields.get(b"encoding", b"utf-8").decode("ascii", "replace")
    text = _decoded(message, encoding)
    return CommitDetails(
        id,
        _person(_decoded(fields.get(b"author", b""), encoding)),
        _person(_decoded(fields.get(b"committer", b""), encoding)),
        text,
        trailers(text),
    )


def trailers(message: str) -> tuple[tuple[str, str], ...]:
    """The trailers of a message: its last paragraph, if it isn't the first and has nothing else.

    A line that begins with white space continues the one before.
    """
    paragraphs = re.split(r"\n[ \t]*\n", message.strip())
    if len(paragraphs) < 2:
        return ()
    found: list[tuple[str, str]] = []
    for row in paragraphs[-1].split("\n"):
        if match := _TRAILER.fullmatch(row):
            found.append((match[1], match[2].strip()))
        elif row[:1].isspace() and found:
            key, value = found[-1]
            found[-1] = (key, f"{value} {row.strip()}")
        elif not row.startswith("(cherry picked from commit "):
            return ()
    return tuple(found)


def _decoded(raw: bytes, encoding: str) -> str:
    if encoding.lower().startswith(_ENCODINGS):
        try:
            return raw.decode(encoding)
        except (LookupError, ValueError):
            pass  # wrong name or wrong bytes: fall back to git's default
    return raw.decode("utf-8", "surrogateescape")


def _person(row: str) -> Person:
    match = _PERSON.match(row)
    if match is None:
        return Person(row, "", None)
    hours, minutes = int(match[4][1:3]), int(match[4][3:5])
    sign = -1 if match[4].startswith("-") else 1
    offset = timedelta(hours=hours, minutes=minutes) * sign
    try:
        zone = UTC if not offset else timezone(offset)
        return Person(match[1], match[2], datetime.fromtimestamp(int(match[3]), zone))
    except (ValueError, OverflowError, OSError):  # a nonexistent time zone or year
        return Person(match[1], match[2], None)
