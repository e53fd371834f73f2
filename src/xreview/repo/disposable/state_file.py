"""The small JSON files beside a disposable tree: written whole or not at all."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import cast

from xreview.domain.errors import ChangeError

_MOST_BYTES = 64 * 1024 * 1024
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def write_state(path: Path, content: Mapping[str, object]) -> None:
    """Write a file that is on disk when this returns. Raises ChangeError."""
    try:
        write_synced(path, json.dumps(content).encode("ascii"))
    except OSError as error:
        raise ChangeError(
            f"{path} can't be written: {error.strerror}.", "Check that there is space on the disk."
        ) from error


def write_synced(path: Path, content: bytes) -> None:
    """Replace a file in one step, and wait until it's on disk. Raises OSError."""
    fresh = path.with_name(f"{path.name}.new")
    with suppress(FileNotFoundError):
        fresh.unlink()
    with os.fdopen(os.open(fresh, _NEW_FILE, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read_state(path: Path) -> dict[str, object] | None:
    """Read such a file; None if it's missing, a link, or not an object of JSON."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            found: object = json.loads(file.read(_MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return None
    return cast("dict[str, object]", found) if isinstance(found, dict) else None


def state_texts(state: Mapping[str, object], key: str) -> tuple[str, ...]:
    """A list of texts of a state; () if it isn't there."""
    value = state.get(key)
    if not isinstance(value, list):
        return ()
    return tuple(one for one in cast("list[object]", value) if isinstance(one, str))
