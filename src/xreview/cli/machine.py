"""What the machine refuses anywhere, as sentences: a full disk, a name that is too long, no memory.

Code that knows more about what it was doing says it itself; this is for the rest, which is no fault
of the program and needs no report.
"""

import errno
import os
from pathlib import Path

from xreview.domain.errors import UsageError, XReviewError
from xreview.domain.text import shorten

_REFUSALS: dict[int, tuple[type[XReviewError], str, str]] = {
    errno.ENAMETOOLONG: (UsageError, "is too long a name for this system", "Use a shorter one."),
    errno.EACCES: (UsageError, "may not be used", "Check its permissions."),
    errno.EPERM: (UsageError, "may not be used", "Check its permissions."),
    errno.EROFS: (UsageError, "is on a disk that can't be written", "Use another folder."),
    errno.ELOOP: (UsageError, "is a link that leads to itself", "Name the file itself."),
    errno.ENOTDIR: (UsageError, "goes through something that is no folder", "Name another place."),
    errno.EISDIR: (UsageError, "is a folder", "Name a file."),
    errno.ENOSPC: (XReviewError, "can't be written: the disk is full", "Make room."),
    errno.EDQUOT: (XReviewError, "can't be written: your quota is used up", "Make room."),
    errno.EIO: (XReviewError, "can't be read or written: the device failed", "Check the disk."),
    errno.ESTALE: (XReviewError, "is gone from its server", "Mount it again."),
    errno.EMFILE: (XReviewError, "can't be opened: too many files are open", "Raise `ulimit -n`."),
    errno.ENFILE: (XReviewError, "can't be opened: too many files are open", "Close programs."),
    errno.EAGAIN: (XReviewError, "can't be started: too many processes run", "Close programs."),
    errno.ENOMEM: (XReviewError, "needs more memory than there is", "Close programs."),
}
_LONGEST_NAME = 120


def machine_refusal(error: Exception) -> XReviewError | None:
    """What the machine refused, and what to do; None where it is rather a fault of the program."""
    if _is_folder_gone():
        return UsageError(
            "The folder you are in does not exist any more.", "Change to one that does."
        )
    if isinstance(error, MemoryError):
        return XReviewError("There is not enough memory.", "Close programs, or review less.")
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
