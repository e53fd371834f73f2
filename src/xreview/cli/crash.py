"""Crash reports: a file for a bug report, and a message for the user.

The file has the traceback without the values of variables, which can hold keys or code.
"""

import os
import platform
import traceback
from datetime import UTC, datetime
from pathlib import Path

from xreview import __version__
from xreview.config.paths import folders
from xreview.domain.errors import UsageError
from xreview.journal.private import private_folder


def report(error: Exception) -> str:
    """Write the traceback to the state folder and return a message that names the file."""
    what = f"Internal error in xreview-tui ({type(error).__name__})."
    when = datetime.now(UTC)
    try:
        state = folders(os.environ).state
    except UsageError as homeless:
        return f"{what} Its details couldn't be written. {homeless}"
    path = state / f"crash-{when:%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    trace = "".join(traceback.format_exception(error))
    heading = (
        f"xreview-tui {__version__}, Python {platform.python_version()}, "
        f"{platform.system()} {platform.release()}, {when.isoformat(timespec='seconds')}\n"
    )
    try:
        _write_private(path, f"{heading}\n{trace}")
    except OSError as failure:
        why = failure.strerror or type(failure).__name__
        return f"{what} Its details couldn't be written to {path}: {why}."
    return f"{what} The details are in {path}. Please report it and attach that file."


def _write_private(path: Path, text: str) -> None:
    private_folder(path.parent)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
