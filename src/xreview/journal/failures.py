"""The one place that maps errors of SQLite and the file system to sentences.

The names are SQLite's result codes (sqlite.org/rescode.html), extended ones by their first part.
"""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from xreview.domain.errors import JournalError

MOVE_AWAY = "Move the file away to start a new one, but keep it: most of it can often be recovered."

_LOCKED = (
    "Another program has locked the journal {path}.",
    "Wait for the other program or end it, then try again.",
)
_SENTENCES = {
    "SQLITE_FULL": (
        "The disk is full: nothing was written to the journal {path}.",
        "Free some space and try again.",
    ),
    "SQLITE_BUSY": _LOCKED,
    "SQLITE_LOCKED": _LOCKED,
    "SQLITE_READONLY": (
        "The journal {path} or its folder is read-only: nothing was written.",
        "Fix its permissions, or choose another data folder.",
    ),
    "SQLITE_CANTOPEN": (
        "The journal {path} can't be opened.",
        "Check that its folder exists and is writable.",
    ),
    "SQLITE_NOTADB": ("{path} isn't a journal: it isn't an SQLite database.", MOVE_AWAY),
    "SQLITE_CORRUPT": (
        "The journal {path} is damaged: it was truncated or overwritten.",
        MOVE_AWAY,
    ),
    "SQLITE_IOERR": (
        "The disk failed or refused the data: nothing was written to the journal {path}.",
        "Check the disk, its free space and your file size limit, then try again.",
    ),
    "SQLITE_CONSTRAINT": (
        "The journal {path} refused a row.",
        "It may have been altered: check it with `xreview-tui log verify`.",
    ),
}


@contextmanager
def explained(path: Path) -> Generator[None]:
    """Turn errors of SQLite and the file system into a JournalError."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # a mistake in this program, such as use after close
    except sqlite3.Error as error:
        raise _from_sqlite(error, path) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise JournalError(
            f"The journal {path} can't be opened: {reason}.",
            "Check that its folder exists and is writable, or choose another data folder.",
        ) from error


def _from_sqlite(error: sqlite3.Error, path: Path) -> JournalError:
    name = getattr(error, "sqlite_errorname", "")
    for prefix, (message, advice) in _SENTENCES.items():
        if name.startswith(prefix):
            return JournalError(message.format(path=path), advice)
    return JournalError(
        f"The journal {path} can't be used: {error}.",
        "It may be damaged: check it with `xreview-tui log verify`.",
    )
