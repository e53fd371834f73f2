"""Opening the file: private, ours, migrated, with the pragmas that durability needs."""

import os
import sqlite3
import stat
import time
from pathlib import Path

from xreview.domain.errors import JournalError
from xreview.domain.record import dataclass
from xreview.journal.migrate import APPLICATION_ID, MIGRATIONS, migrate, pragma
from xreview.journal.private import private_folder
from xreview.journal.rows import first_row
from xreview.journal.schema import differences

CHECKPOINT_PAGES = 4000
"""How far the log grows (16 MB) before an append checkpoints it into the file.

An append writes five or six pages, so at SQLite's default of 1000 every 180th would wait. Closing
checkpoints too, so in a usual session none waits.
"""


@dataclass(frozen=True, slots=True)
class JournalRefusal:
    """Why a journal is read-only, and what to do."""

    why: str
    advice: str


def make_private(path: Path) -> None:
    """Create the file and its folder if they are missing, private to their owner."""
    private_folder(path.parent)
    try:
        # Closing a descriptor drops the locks that another connection of this process holds on the
        # file (POSIX), so only a new file is opened here.
        made = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        try:
            os.fchmod(made, 0o600)  # the umask may mask even the owner's rights
        finally:
            os.close(made)
    except FileExistsError:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(0o600)


def prepare(connection: sqlite3.Connection, path: Path, patience: float) -> JournalRefusal | None:
    """Migrate a file that was just opened, and make it ready for writing.

    Returns why it is read-only; None if it isn't. Raises JournalError or sqlite3.Error.
    """
    connection.execute("PRAGMA trusted_schema = OFF")
    version = pragma(connection, "user_version")
    _refuse_foreign(connection, path)
    if version > len(MIGRATIONS):
        connection.execute("PRAGMA query_only = ON")
        return JournalRefusal(
            f"{path} was written by a newer version of xreview-tui and is read-only.",
            "Update xreview-tui.",
        )
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        raise JournalError(
            f"The journal {path} or its folder is read-only.",
            "Fix its permissions, or choose another data folder.",
        )
    # Readers and a writer don't block each other, and a completed append is on disk.
    _use_write_ahead_log(connection, patience)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    migrate(connection)
    harmful = [one.what for one in differences(connection) if one.is_harmful]
    if harmful:
        return JournalRefusal(
            f"{path} is read-only: its schema was changed. {harmful[0]}",
            "See `xreview-tui log verify`; --rebuild repairs it.",
        )
    return None


def _refuse_foreign(connection: sqlite3.Connection, path: Path) -> None:
    if pragma(connection, "application_id") == APPLICATION_ID:
        return
    (objects,) = first_row(connection, "SELECT count(*) FROM sqlite_master")
    # Another xreview may have created both just now, so the id is read again.
    if objects and pragma(connection, "application_id") != APPLICATION_ID:
        raise JournalError(
            f"{path} belongs to another program; it isn't a journal.",
            "Choose another data folder, or move that file away.",
        )


def _use_write_ahead_log(connection: sqlite3.Connection, patience: float) -> None:
    # SQLite's busy timeout doesn't apply here: the switch fails at once if another opens too.
    deadline = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return
