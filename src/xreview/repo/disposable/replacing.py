"""Replacing the user's files by those of a record, one in a step, and back again."""

import os
import stat
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path

from xreview.domain.change import BIG_FILE_BYTES
from xreview.domain.errors import ChangeError
from xreview.domain.text import count_of
from xreview.repo.diff.file_header import LINK_MODE
from xreview.repo.disposable.below import EXECUTABLE_MODE, delete_below, look, write_below
from xreview.repo.disposable.parts import FileState
from xreview.repo.disposable.undo_record import PathChange, UndoRecord
from xreview.repo.files.worktree import opened_folder, read_worktree_file

OTHER = FileState("", b"")
"""What can't be replaced: a folder, a special file, a file too large, or one behind a link."""
_NAMED = 5


def state_below(top: Path, path: str, ours: Collection[str] = ()) -> FileState | None:
    """What is at a path; None for nothing, `OTHER` for what can't be replaced.

    Nothing is also a folder with only the files `ours`, and a path below such a file: these are
    about to go, or were put there by us. Raises ChangeError for a file that can't be read.
    """
    found = read_worktree_file(top, path, BIG_FILE_BYTES)
    if found is None:
        # A missing file and one behind a link both can't be read; only the first can be written.
        if look(top, path) is not None:
            return OTHER
        return OTHER if _blocking(top, path) not in ("", *ours) else None
    mode, _, content = found
    if content is not None:
        return FileState(mode, content)
    status = look(top, path)
    is_folder = status is not None and stat.S_ISDIR(status.st_mode)
    return None if is_folder and ours and _has_only(top, path, ours) else OTHER


def _blocking(top: Path, path: str) -> str:
    """The file or link that is in place of a folder of a path; "" for none."""
    folders = path.split("/")[:-1]
    for end in range(1, len(folders) + 1):
        folder = "/".join(folders[:end])
        status = look(top, folder)
        if status is None:
            return ""
        if not stat.S_ISDIR(status.st_mode):
            return folder
    return ""


def _has_only(top: Path, folder: str, ours: Collection[str]) -> bool:
    for place, folders, files in os.walk(top / folder):
        names = (*files, *(one for one in folders if Path(place, one).is_symlink()))
        if any(str(Path(place, name).relative_to(top)) not in ours for name in names):
            return False
    return True


def rights_of(top: Path, path: str) -> int | None:
    """The permissions of a file; None for no file."""
    status = look(top, path)
    if status is None or not stat.S_ISREG(status.st_mode):
        return None
    return stat.S_IMODE(status.st_mode) & 0o777


def write_changes(top: Path, record: UndoRecord, *, is_new: bool) -> None:
    """Write what comes after; with `is_new` nothing of it may be there yet. Raises ChangeError."""
    ours = {change.path for change in record.changes}
    for number, change in _in_order(record.changes):
        now = state_below(top, change.path, ours)
        if now == change.after and not is_new:
            continue
        if now != change.before:
            raise ChangeError(
                f"{change.path} changed while this was applied.", "Undo, then apply it again."
            )
        rights = _rights_for(change.after, change.rights)
        _put(top, change.path, change.after, rights, _temporary(record, number))


def take_back(top: Path, record: UndoRecord) -> None:
    """Write what was before, also after a kill in the middle. Raises ChangeError."""
    ours = {change.path for change in record.changes}
    for number, change in reversed(_in_order(record.changes)):
        temporary = _temporary(record, number)
        _clear(top, change.path, temporary)
        if state_below(top, change.path, ours) != change.before:
            _put(top, change.path, change.before, change.rights, temporary)
    made = {folder for change in record.changes for folder in change.made}
    for folder in sorted(made, key=len, reverse=True):
        *outer, name = os.fsencode(folder).split(b"/")
        with suppress(OSError), opened_folder(top, outer) as opened:
            os.rmdir(name, dir_fd=opened)


def refuse_later_changes(top: Path, record: UndoRecord) -> None:
    """Raise ChangeError if the user, or a later apply, changed the files since."""
    ours = {change.path for change in record.changes}
    later = [
        change.path
        for change in record.changes
        if state_below(top, change.path, ours) not in (change.before, change.after)
    ]
    if later:
        more = f" and {count_of(len(later) - _NAMED, 'more file')}" if later[_NAMED:] else ""
        raise ChangeError(
            f"{', '.join(later[:_NAMED])}{more} changed since this was applied.",
            "Undo what was done later first, or undo this by hand.",
        )


def _in_order(changes: Iterable[PathChange]) -> list[tuple[int, PathChange]]:
    """Deletions first: a file can take the place of a folder, and the other way round."""
    return sorted(enumerate(changes), key=lambda pair: pair[1].after is not None)


def _clear(top: Path, path: str, temporary: str) -> None:
    """Delete what a killed write left beside a path."""
    folder, _, _ = path.rpartition("/")
    beside = f"{folder}/{temporary}" if folder else temporary
    if look(top, beside) is not None:
        delete_below(top, beside)


def _put(top: Path, path: str, state: FileState | None, rights: int | None, temporary: str) -> None:
    status = look(top, path)
    try:
        if state is not None:
            write_below(top, path, state.mode, state.content, temporary, rights)
        elif status is not None and not stat.S_ISDIR(status.st_mode):
            delete_below(top, path)
    except OSError as error:
        raise ChangeError(
            f"{path} can't be written: {error.strerror}.", "Undo, or finish it once it can."
        ) from error


def _rights_for(state: FileState | None, rights: int | None) -> int | None:
    """The permissions that a file had, with the right to run it or not."""
    if state is None or rights is None or state.mode == LINK_MODE:
        return None
    if state.mode == EXECUTABLE_MODE:
        return rights | (rights & 0o444) >> 2
    return rights & ~0o111


def _temporary(record: UndoRecord, number: int) -> str:
    return f".xreview-{record.id}-{number}"
