"""Finding this machine's programs, and never one from the reviewed repository.

    folders = repository_folders(Path.cwd(), os.environ)
    git = find_program("git", os.environ, folders)

PATH can contain the current folder (`.` or an empty entry), a folder relative to it
(`node_modules/.bin`), a folder of the repository, or a link into one. So all programs are found
here, started by absolute path, and given a PATH without such entries. This starts no process, since
git itself must be found first.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

_REPOSITORY_POINTER_BYTES = 4096


def repository_folders(cwd: Path, environ: Mapping[str, str]) -> tuple[Path, ...]:
    """Return the real paths of the folders of the repository around `cwd`.

    They are the worktree's top, its git folders (including shared ones), and the worktrees that
    contain those. Outside a repository, it is the folder itself, unless it contains the user's
    home.
    """
    start = _real(cwd.absolute())
    found = [start / environ[name] for name in _PLACES if environ.get(name)]
    for folder in (start, *start.parents):
        entry = folder / ".git"
        if os.path.lexists(entry) or _is_git_folder(folder):
            found += [folder, *_git_folders(entry if os.path.lexists(entry) else folder)]
            break
    else:
        home = environ.get("HOME", "")
        if not found and not (home and _real(Path(home)).is_relative_to(start)):
            found.append(start)
    # The repositories that contain these git folders, for linked worktrees and submodules.
    found += [part.parent for one in found for part in (one, *one.parents) if part.name == ".git"]
    folders = dict.fromkeys(map(_real, found))
    return tuple(folder for folder in folders if folder != Path(folder.anchor))


def search_path(environ: Mapping[str, str], folders: Sequence[Path]) -> str:
    """Return PATH without relative entries and those in `folders` (`repository_folders`)."""
    return without_folders(environ.get("PATH", os.defpath), folders)


def without_folders(value: str, folders: Sequence[Path]) -> str:
    """Return a PATH-like list without relative entries and those in `folders`."""
    kept = (
        entry
        for entry in value.split(os.pathsep)
        if Path(entry).is_absolute() and not _belongs_to(Path(entry), folders)
    )
    return os.pathsep.join(kept)


def find_program(name: str, environ: Mapping[str, str], folders: Sequence[Path]) -> Path | None:
    """Return the absolute path of a program on PATH; None if it isn't there.

    Args:
        name: without a folder.
        folders: `repository_folders`; programs in them, or links into them, are skipped.
    """
    if not name or os.sep in name:
        return None
    path = search_path(environ, folders)
    candidates = (Path(folder, name) for folder in path.split(os.pathsep) if folder)
    return next((one for one in candidates if is_program(one, folders)), None)


def chosen_program(
    command: str, environ: Mapping[str, str], folders: Sequence[Path]
) -> Path | None:
    """Return the absolute path of a program that the user configured; None if it isn't there.

    A plain name is looked up on PATH. A path, even in the repository, is the user's own choice.
    """
    if os.sep not in command:
        return find_program(command, environ, folders)
    path = Path(command).expanduser().absolute()
    return path if is_program(path) else None


def environment_of_child(environ: Mapping[str, str], folders: Sequence[Path]) -> dict[str, str]:
    """Return `environ` with a safe PATH, for a user's program."""
    return {**environ, "PATH": search_path(environ, folders)}


def is_program(path: Path, folders: Sequence[Path] = ()) -> bool:
    """Return whether a file is executable and not in `folders`."""
    return _is_file(path) and os.access(path, os.X_OK) and not _belongs_to(path, folders)


def _belongs_to(path: Path, folders: Sequence[Path]) -> bool:
    """Return whether a path is in one of the folders, directly or through links."""
    if not folders:
        return False
    real = _real(path)
    return any(real.is_relative_to(folder) for folder in folders) or any(
        _real(parent) in folders for parent in (path, *path.parents)
    )


_PLACES = ("GIT_WORK_TREE", "GIT_DIR", "GIT_COMMON_DIR")


def _is_git_folder(folder: Path) -> bool:
    """Return whether this is a bare repository or a git folder (gitrepository-layout)."""
    return all(os.path.lexists(folder / name) for name in ("HEAD", "objects", "refs"))


def _git_folders(entry: Path) -> Iterable[Path]:
    """Yield the git folder that a `.git` entry is or points to, and the shared one."""
    folder = entry
    if _is_file(entry):
        pointer = _first_line(entry)
        if not pointer.startswith("gitdir:"):
            return
        folder = entry.parent / pointer.removeprefix("gitdir:").strip()
    yield folder
    if shared := _first_line(folder / "commondir"):
        yield folder / shared


def _first_line(file: Path) -> str:
    if not _is_file(file):
        return ""
    try:
        with file.open("rb") as opened:
            text = os.fsdecode(opened.read(_REPOSITORY_POINTER_BYTES))
    except OSError:
        return ""
    return "" if "\0" in text else text.partition("\n")[0].strip()


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a parent folder isn't accessible
        return False


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))  # unlike `resolve`, accepts circular links
