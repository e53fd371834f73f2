"""Writing an export to a file, whole or not at all."""

import errno
import os
import stat
import tempfile
from pathlib import Path

from xreview.domain.errors import UsageError


def write_file(path: Path, text: str) -> None:
    """Write a rendered document.

    A regular file is replaced atomically. A symbolic link to one is refused, because a repository
    could have planted it. Pipes and devices are written to. Raises UsageError, and BrokenPipeError
    if the reader of a pipe left.
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
    """Raise UsageError if `write_file` would, to know before a long review."""
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
        "Name a file in an existing folder that you can write to.",
    )


def _is_stream(path: Path) -> bool:
    """Whether the path is a pipe, terminal, or device. Refuses a link to a regular file."""
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
        f"{path} is a symbolic link, which exports don't follow.",
        f"Name its target, {path.readlink()}, or remove the link.",
    )


def _replace(path: Path, content: bytes) -> None:
    """Write a temporary file, then rename it. Permissions stay, or follow the umask."""
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
