"""Messages for exceptions that no other code reports: refusals of the system, and crashes."""

import errno
import os
from datetime import UTC, datetime
from pathlib import Path

from xreview import __version__
from xreview.config.paths import folders
from xreview.domain.errors import UsageError, XReviewError
from xreview.domain.text import shorten

_REFUSALS: dict[int, tuple[type[XReviewError], str, str]] = {
    errno.ENAMETOOLONG: (UsageError, "is too long a name for this system", "Use a shorter one."),
    errno.EACCES: (UsageError, "can't be accessed", "Check its permissions."),
    errno.EPERM: (UsageError, "can't be accessed", "Check its permissions."),
    errno.EROFS: (UsageError, "is on a read-only disk", "Use another folder."),
    errno.ELOOP: (UsageError, "is a link that leads to itself", "Name the file itself."),
    errno.ENOTDIR: (UsageError, "is below something that isn't a folder", "Name another path."),
    errno.EISDIR: (UsageError, "is a folder", "Name a file."),
    errno.ENOSPC: (XReviewError, "can't be written: the disk is full", "Free some space."),
    errno.EDQUOT: (XReviewError, "can't be written: your quota is full", "Free some space."),
    errno.EIO: (XReviewError, "can't be read or written: the device failed", "Check the disk."),
    errno.ESTALE: (XReviewError, "is gone from its server", "Mount it again."),
    errno.EMFILE: (XReviewError, "can't be opened: too many files are open", "Raise `ulimit -n`."),
    errno.ENFILE: (XReviewError, "can't be opened: too many files are open", "Close programs."),
    errno.EAGAIN: (XReviewError, "can't be started: too many processes", "Close programs."),
    errno.ENOMEM: (XReviewError, "needs more memory than is free", "Close programs."),
}
_LONGEST_NAME = 120


def machine_refusal(error: Exception) -> XReviewError | None:
    """What the system refused, and what to do; None for what may be a fault of the program."""
    if _is_folder_gone():
        return UsageError("The current folder no longer exists.", "Change to another one.")
    if isinstance(error, MemoryError):
        return XReviewError("Not enough memory.", "Close programs, or review less.")
    if not isinstance(error, OSError) or error.errno not in _REFUSALS:
        return None
    kind, what, advice = _REFUSALS[error.errno]
    return kind(f"{_name(error)} {what}.", advice)


def _name(error: OSError) -> str:
    if isinstance(error.filename, str | bytes):
        return shorten(os.fsdecode(error.filename), _LONGEST_NAME)
    return "A file"


def _is_folder_gone() -> bool:
    try:
        Path.cwd()
    except OSError:
        return True
    return False


def report(error: Exception) -> str:
    """Write the traceback to the state folder and return a message that names the file.

    The traceback has no values of variables, which can hold keys or code.
    """
    import platform
    import traceback

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
    from xreview.journal.private import private_folder

    private_folder(path.parent)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
