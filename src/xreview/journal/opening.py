"""Opening the file: private, ours, of the newest form, with the pragmas that durability needs."""

import os
import sqlite3
import stat
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from xreview.domain.errors import JournalError
from xreview.journal.migrate import APPLICATION_ID, MIGRATIONS, migrate, pragma
from xreview.journal.private import private_folder
from xreview.journal.schema import differences

CHECKPOINT_PAGES = 4000
"""How long the log grows (16 MB) before an append carries it over into the file.

An append writes five or six pages; at SQLite's 1000 every 180th would wait for that. Closing does
it too, so that in a usual session none does.
"""


@dataclass(frozen=True, slots=True)
class JournalRefusal:
    """Why nothing is written to a journal, and what to do."""

    why: str
    advice: str


def make_private(path: Path) -> None:
    """Make the file and its folder where they do not exist, for their owner alone."""
    private_folder(path.parent)
    try:
        # Closing a descriptor of the file would drop the locks that another connection of this
        # process holds on it (POSIX), so only a file that is not there yet is opened here.
        made = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        try:
            os.fchmod(made, 0o600)  # the umask may have taken even the owner's rights
        finally:
            os.close(made)
    except FileExistsError:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(0o600)


def prepare(connection: sqlite3.Connection, path: Path, patience: float) -> JournalRefusal | None:
    """Bring a file that was just opened to the newest form, ready to be written to.

    Returns why it can only be read, None where it can be written. Raises JournalError or
    sqlite3.Error.
    """
    connection.execute("PRAGMA trusted_schema = OFF")
    version = pragma(connection, "user_version")
    _refuse_foreign(connection, path)
    if version > len(MIGRATIONS):
        connection.execute("PRAGMA query_only = ON")
        return JournalRefusal(
            f"{path} was written by a newer version of xreview-tui and is only read.",
            "Update xreview-tui.",
        )
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        raise JournalError(
            f"The journal {path} or its folder is read-only.",
            "Give yourself the right to write there, or choose another data folder.",
        )
    _use_write_ahead_log(connection, patience)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    migrate(connection)
    harmful = [one.what for one in differences(connection) if one.is_harmful]
    if harmful:
        return JournalRefusal(
            f"{path} is only read: somebody changed how it works. {harmful[0]}",
            "See `xreview-tui log verify`; with --rebuild it puts this right.",
        )
    return None


def _refuse_foreign(connection: sqlite3.Connection, path: Path) -> None:
    if pragma(connection, "application_id") == APPLICATION_ID:
        return
    with closing(connection.execute("SELECT count(*) FROM sqlite_master")) as cursor:
        (objects,) = cursor.fetchone()
    # Counted after the id was read as absent: another xreview may just have made both.
    if objects and pragma(connection, "application_id") != APPLICATION_ID:
        raise JournalError(
            f"{path} is a database of another program, not a journal.",
            "Choose another data folder, or move that file away.",
        )


def _use_write_ahead_log(connection: sqlite3.Connection, patience: float) -> None:
    # SQLite's own patience does not hold here: the switch fails at once where another opens too.
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
