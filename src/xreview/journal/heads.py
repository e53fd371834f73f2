"""Where the journal ended, kept in a small file in the state folder, so that truncation is noticed.

The file is written after the rows are on disk, so it may lag behind the journal but is never ahead
of an intact one. A user who can write both can forge both; only a pushed or signed end shows it.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import sqlite3
import uuid
from collections.abc import Generator, Iterable
from contextlib import closing, contextmanager
from pathlib import Path

from xreview.domain.events.codec import from_json, object_of, to_json
from xreview.domain.events.shared_push import JournalHead
from xreview.domain.record import dataclass, replace
from xreview.journal.private import private_folder, sync_folder
from xreview.journal.rows import first_row, text_of

_FORMAT = "xreview-tui journal head"
_VERSION = 1
_TAG = b"xreview-tui/journal/head/1\n"
_PROGRAM = "xreview"
_START = hashlib.sha256(_TAG).hexdigest()
_MOST_BYTES = 1024 * 1024
_ROWS = "SELECT sequence, hash FROM events WHERE sequence > ? AND sequence <= ? ORDER BY sequence"
_HASH = "SELECT hash FROM events WHERE sequence = ?"
_END = 2**63 - 1


@dataclass(frozen=True, slots=True)
class SignedHead:
    """An end that the user signed, and the address that the key belongs to."""

    head: JournalHead
    by: str
    signature: str


@dataclass(frozen=True, slots=True)
class KeptHead:
    """The content of the file.

    Args:
        head: the last row, the number of rows, and a digest over the hashes of all in order.
        first, last: the hashes of the first and the last row.
        coming: where it ends if the pruning that was running completed.
        signed: an earlier end that was signed.
    """

    head: JournalHead
    first: str
    last: str
    coming: "KeptHead | None" = None
    signed: SignedHead | None = None


class DamagedHeadError(ValueError):
    """The file exists, but isn't what this program writes."""


class HeadFile:
    """The head file of the journal at a path."""

    def __init__(self, journal: Path) -> None:
        self._journal = journal
        name = hashlib.sha256(os.fsencode(journal)).hexdigest()[:16]
        self.path = heads_folder(journal) / f"{name}.json"

    def read(self) -> KeptHead | None:
        """The content; None if the file is missing. Raises DamagedHeadError or OSError."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except FileNotFoundError:
            return None
        with os.fdopen(descriptor, "rb") as file:
            content = file.read(_MOST_BYTES) or b""
        try:
            data = object_of(json.loads(content))
            if data["format"] != _FORMAT or data["version"] != _VERSION:
                raise DamagedHeadError("another program wrote it")
            return from_json(KeptHead, data)
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise DamagedHeadError("this program didn't write it like this") from error

    def write(self, kept: KeptHead) -> None:
        """Replace the content; it is on disk when this returns. Raises OSError."""
        values = {"format": _FORMAT, "version": _VERSION, "journal": str(self._journal)}
        content = json.dumps({**values, **to_json(kept)}, indent=1).encode("ascii")
        fresh = self.path.with_suffix(f".{os.getpid()}-{uuid.uuid4().hex[:8]}")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        try:
            with os.fdopen(os.open(fresh, flags, 0o600), "wb") as file:
                os.fchmod(file.fileno(), 0o600)  # the umask may mask even the owner's rights
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
        sync_folder(self.path.parent)

    @contextmanager
    def locked(self, *, waits: bool) -> Generator[bool]:
        """Lock out other programs; yields whether the lock was acquired. Raises OSError."""
        private_folder(self.path.parent)
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
        lock = os.open(self.path.with_suffix(".lock"), flags, 0o600)
        try:
            os.fchmod(lock, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(lock)


def heads_folder(journal: Path) -> Path:
    """The folder of head files for the journal at a path, below the program's state folder.

    The same rule as `config.paths.folders` (a room of this floor): the platform's folder for the
    platform's journal; otherwise, with everything in one place, `state` beside it.
    """
    state = journal.parent / "state"
    if journal.parent.name == _PROGRAM:  # only then can it be the platform's
        from platformdirs import PlatformDirs

        dirs = PlatformDirs(_PROGRAM, appauthor=False)
        if journal.parent == Path(dirs.user_data_dir):
            state = Path(dirs.user_state_dir)
    return state / "heads"


def advance(connection: sqlite3.Connection, file: HeadFile) -> None:
    """Bring the file up to the last row, if the journal continues from where it ended.

    If it doesn't, the file is unchanged, and `log verify` reports what is missing. If another
    program holds the lock or the folder is read-only, the file lags.
    """
    with (
        contextlib.suppress(OSError, DamagedHeadError, sqlite3.Error),
        file.locked(waits=False) as is_mine,
    ):
        if is_mine:
            kept = going_on(connection, file.read())
            if kept is not None:
                file.write(kept)


def going_on(connection: sqlite3.Connection, kept: KeptHead | None) -> KeptHead | None:
    """The current end; None if nothing was added or the journal doesn't continue from `kept`."""
    if kept is None:
        return _extended(connection, _empty(uuid.uuid4().hex))
    holding = holding_of(connection, kept)
    if holding is None:
        return None
    extended = _extended(connection, replace(holding, coming=None))
    return None if extended == kept else extended


def holding_of(connection: sqlite3.Connection, kept: KeptHead) -> KeptHead | None:
    """Of the ends before and after a pruning, the one that is in the journal.

    The row of the pruning is looked up first: only the later end has it, and both have the row in
    which the journal ended before.
    """
    for one in (kept.coming, kept):
        if one is not None and has_row(connection, one):
            return replace(one, signed=kept.signed)
    return None


def has_row(connection: sqlite3.Connection, kept: KeptHead) -> bool:
    """Whether the journal has the row it ended in, unchanged. Costs one look-up."""
    if not kept.head.row:
        return True
    return first_row(connection, _HASH, kept.head.row) == (kept.last,)


def head_after_pruning(connection: sqlite3.Connection, kept: KeptHead | None) -> KeptHead:
    """Where a journal ends, recounted. Call it in the transaction that prunes."""
    name = kept.head.name if kept else uuid.uuid4().hex
    return _extended(connection, replace(_empty(name), signed=kept.signed if kept else None))


def changes(connection: sqlite3.Connection, kept: KeptHead) -> str:
    """Why the journal isn't a continuation of what it was, in a sentence; "" if it is."""
    ends = [one for one in (kept, kept.coming) if one is not None]
    now = heads_at(connection, [one.head.row for one in ends])
    if any(now[one.head.row].digest == one.head.digest for one in ends):
        return ""
    query = "SELECT coalesce(max(sequence), 0), count(*) FROM events"
    last, count = first_row(connection, query)
    was = kept.head
    if last < was.row:
        return (
            f"The end was cut off: the journal had {was.events:,} rows and ended in row "
            f"{was.row:,}; it has {count:,} and ends in row {last:,}."
        )
    first = first_row(connection, "SELECT hash FROM events ORDER BY sequence LIMIT 1")
    if first != (kept.first,) and not has_row(connection, kept):
        return (
            "Another journal has replaced this one: neither its first row nor row "
            f"{was.row:,} is the same."
        )
    return (
        f"Some of the first {was.events:,} rows were removed, inserted or rewritten with matching "
        "hashes: the digest over all of them has changed."
    )


def heads_at(connection: sqlite3.Connection, rows: Iterable[int]) -> dict[int, JournalHead]:
    """Where the journal ended after each of these rows, by its present content; in one pass."""
    found: dict[int, JournalHead] = {}
    kept = _empty("")
    for row in sorted(set(rows)):
        kept = _extended(connection, kept, row)
        found[row] = kept.head
    return found


def _empty(name: str) -> KeptHead:
    return KeptHead(JournalHead(name, 0, 0, _START), "", "")


def _extended(connection: sqlite3.Connection, kept: KeptHead, until: int = _END) -> KeptHead:
    head, first, last = kept.head, kept.first, kept.last
    row, events, digest = head.row, head.events, head.digest
    with closing(connection.execute(_ROWS, (row, until))) as cursor:
        for sequence, value in cursor:
            text = value if isinstance(value, str) else text_of(bytes(value))
            link = f"{digest}\n{sequence}\n{text}\n".encode("utf-8", "surrogatepass")
            digest = hashlib.sha256(link).hexdigest()
            row, events, last = sequence, events + 1, text
            first = first or text
    return replace(kept, head=JournalHead(head.name, row, events, digest), first=first, last=last)
