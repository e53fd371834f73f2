"""Writing an export to a file that appears whole or not at all."""

import errno
import os
import stat
import tempfile
from pathlib import Path

from xreview.domain.errors import UsageError


def write_file(path: Path, text: str) -> None:
    """Write a document that an exporter made, and so neutralised.

    A regular file is replaced in one step, so that a reader never finds half of it. A symbolic
    link to one is refused, since a repository could have put it there; a pipe or device is written
    to. Raises UsageError where the path can't be written, BrokenPipeError where a reader left.
    """
    content = text.encode("utf-8", "surrogateescape")
    try:
        if _is_stream(path):
            path.write_bytes(content)
        else:
            _replace(path, content)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _unwritable(path, error) from error


def check_file(path: Path) -> None:
    """Raise UsageError where `write_file` would, before a long review rather than after it."""
    try:
        is_stream = _is_stream(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    if not is_stream and not os.access(path.parent, os.W_OK | os.X_OK):
        number = errno.EACCES if path.parent.is_dir() else errno.ENOENT
        raise _unwritable(path, OSError(number, os.strerror(number)))


def _unwritable(path: Path, error: OSError) -> UsageError:
    return UsageError(
        f"{path} can't be written: {error.strerror or error}.",
        "Name a file in a folder that exists and that you may write to.",
    )


def _is_stream(path: Path) -> bool:
    """Whether the path is a pipe, a terminal or a device. Refuses a link to a regular file."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        if path.is_symlink():
            raise _link(path) from None
        return False
    if stat.S_ISREG(mode) and path.is_symlink():
        raise _link(path)
    if stat.S_ISDIR(mode):
        raise UsageError(f"{path} is a folder.", "Name a file in it.")
    return not stat.S_ISREG(mode)


def _link(path: Path) -> UsageError:
    return UsageError(
        f"{path} is a symbolic link, and those are not written through.",
        f"Name the file it leads to, {path.readlink()}, or remove the link.",
    )


def _replace(path: Path, content: bytes) -> None:
    """Write beside the file, then put it in its place. Permissions stay, or follow the umask."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(descriptor, _mode_for(path))
            os.fsync(descriptor)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _mode_for(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        umask = os.umask(0)
        os.umask(umask)
        return 0o666 & ~umask
