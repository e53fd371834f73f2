"""Looking, writing and deleting below a folder that an agent can change: never through a link.

Each folder on the way is opened separately with O_NOFOLLOW, and a file is replaced by renaming a
new one over it, so that a reader sees the old content or the new one.
"""

import os
import stat
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from xreview.repo.diff.file_header import LINK_MODE
from xreview.repo.files.worktree import opened_folder

EXECUTABLE_MODE = "100755"
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def look(top: Path, path: str) -> os.stat_result | None:
    """The status of what is at a path; None for nothing, or for a path through a link."""
    *folders, name = os.fsencode(path).split(b"/")
    try:
        with opened_folder(top, folders) as folder:
            return os.stat(name, dir_fd=folder, follow_symlinks=False)
    except OSError:  # also a link on the way, or a folder that can't be entered (`is_closed`)
        return None


def is_closed(top: Path, path: str) -> bool:
    """Whether permissions keep us from looking at a path."""
    try:
        with opened_folder(top, os.fsencode(path).split(b"/")[:-1]):
            return False
    except PermissionError:
        return True
    except OSError:
        return False


def link_target(top: Path, path: str) -> str:
    """The target of a link. Raises OSError."""
    *folders, name = os.fsencode(path).split(b"/")
    with opened_folder(top, folders) as folder:
        return os.fsdecode(os.readlink(name, dir_fd=folder))


def leads_out(path: str, target: str) -> bool:
    """Whether a link at `path` leads out of its tree, or into a folder of git.

    A target is judged by its words; `..` after a name counts, because the name may be a link.
    """
    parts = target.split("/")
    if target.startswith("/") or ".git" in (part.casefold() for part in parts):
        return True
    depth, is_down = path.count("/"), False
    for part in parts:
        if part in ("", "."):
            continue
        if part == "..":
            depth -= 1
            if is_down or depth < 0:
                return True
        else:
            is_down = True
    return False


@contextmanager
def made_folder(top: Path, path: str) -> Generator[tuple[int, bytes]]:
    """Open the folder of a path, created where missing; yields it with the last name.

    Raises OSError: NotADirectoryError if a file or a link is in the way.
    """
    *folders, name = os.fsencode(path).split(b"/")
    folder = os.open(top, _FOLDER)
    try:
        for part in folders:
            with suppress(FileExistsError):
                os.mkdir(part, dir_fd=folder)
            inner = os.open(part, _FOLDER, dir_fd=folder)
            os.close(folder)
            folder = inner
        yield folder, name
    finally:
        os.close(folder)


def missing_folders(top: Path, path: str) -> tuple[str, ...]:
    """The folders that a file at `path` needs and that don't exist, the outermost first."""
    parts = path.split("/")[:-1]
    above = ["/".join(parts[: end + 1]) for end in range(len(parts))]
    found = ((one, look(top, one)) for one in above)
    return tuple(one for one, now in found if now is None or not stat.S_ISDIR(now.st_mode))


def write_below(
    top: Path, path: str, mode: str, content: bytes, temporary: str, rights: int | None = None
) -> None:
    """Put a file, or a link to `content`, at a path, in one step.

    Args:
        temporary: the name it has in the same folder until then.
        rights: the permissions of a file; None for those of a new one.

    Raises OSError.
    """
    with made_folder(top, path) as (folder, name):
        fresh = os.fsencode(temporary)
        with suppress(FileNotFoundError):
            os.unlink(fresh, dir_fd=folder)
        try:
            if mode == LINK_MODE:
                os.symlink(content, fresh, dir_fd=folder)
            else:
                usual = 0o777 if mode == EXECUTABLE_MODE else 0o666
                descriptor = os.open(fresh, _NEW_FILE, usual, dir_fd=folder)
                with os.fdopen(descriptor, "wb") as file:
                    file.write(content)
                    if rights is not None:
                        os.fchmod(file.fileno(), rights)
            os.rename(fresh, name, src_dir_fd=folder, dst_dir_fd=folder)
        except OSError:
            with suppress(FileNotFoundError):
                os.unlink(fresh, dir_fd=folder)
            raise


def delete_below(top: Path, path: str) -> None:
    """Delete a file or link, if it's there, and the folders that it leaves empty."""
    *folders, name = os.fsencode(path).split(b"/")
    with opened_folder(top, folders) as folder, suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder)
    while folders:
        *folders, name = folders
        try:
            with opened_folder(top, folders) as folder:
                os.rmdir(name, dir_fd=folder)
        except OSError:  # something else is in it
            return


def special_below(top: Path) -> list[str]:
    """The named pipes, sockets and devices below a folder.

    git doesn't list them, and a program that reads all files would wait for one for ever.
    """
    found: list[str] = []
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        with suppress(OSError), os.scandir(top / folder) as entries:
            for entry in entries:
                path = f"{folder}{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{path}/")
                elif not (entry.is_file(follow_symlinks=False) or entry.is_symlink()):
                    found.append(path)
    return found


def remove_all(parent: Path, name: str) -> None:
    """Delete a folder with everything in it; a link is deleted, not followed. Raises OSError.

    Inner folders are moved up one by one, so that neither their depth nor what their permissions
    are matters.
    """
    with opened_folder(parent, (), is_root_trusted=True) as above:
        status = os.stat(name, dir_fd=above, follow_symlinks=False)
        if not stat.S_ISDIR(status.st_mode):
            os.unlink(name, dir_fd=above)
            return
        top = _opened(above, name)
        try:
            waiting = _emptied(top, top, count=0)
            count = len(waiting)
            while waiting:
                inner = waiting.pop()
                opened = _opened(top, inner)
                try:
                    found = _emptied(opened, top, count)
                finally:
                    os.close(opened)
                count += len(found)
                waiting += found
                os.rmdir(inner, dir_fd=top)
        finally:
            os.close(top)
        os.rmdir(name, dir_fd=above)


def _opened(above: int, name: str) -> int:
    """Open a folder, with all rights of its owner."""
    path_only = getattr(os, "O_PATH", None)
    if path_only is None:
        os.chmod(name, 0o700, dir_fd=above, follow_symlinks=False)
        return os.open(name, _FOLDER, dir_fd=above)
    handle = os.open(name, path_only | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=above)
    try:
        if stat.S_IMODE(os.fstat(handle).st_mode) & 0o700 != 0o700:
            Path(f"/proc/self/fd/{handle}").chmod(0o700)
    finally:
        os.close(handle)
    return os.open(name, _FOLDER, dir_fd=above)


def _emptied(folder: int, top: int, count: int) -> list[str]:
    """Delete the files of a folder, and move its folders to `top`; returns their names there."""
    moved: list[str] = []
    with os.scandir(folder) as entries:
        names = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
    taken = set(os.listdir(top))
    for name, is_folder in names:
        if not is_folder:
            os.unlink(name, dir_fd=folder)
            continue
        number = count + len(moved)
        while (fresh := f".removed-{number}") in taken:
            number += 1
        taken.add(fresh)
        os.close(_opened(folder, name))  # moving a folder needs the right to write to it
        os.rename(name, fresh, src_dir_fd=folder, dst_dir_fd=top)
        moved.append(fresh)
    return moved
