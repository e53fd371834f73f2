"""Finding this machine's programs, and never one of the reviewed repository.

    folders = repository_folders(Path.cwd(), os.environ)
    git = find_program("git", os.environ, folders)

PATH may name the current folder (`.`, or nothing between two colons), a folder that is relative to
it (`node_modules/.bin`), or a folder of the repository by its whole path; and a link elsewhere may
lead into it. Everything that starts a program asks here which one, starts it by its absolute path,
and gives it a PATH that was cleaned the same way. No process is started for it: git is one of the
programs that are looked for.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

_REPOSITORY_POINTER_BYTES = 4096


def repository_folders(cwd: Path, environ: Mapping[str, str]) -> tuple[Path, ...]:
    """The real paths of the folders that belong to the repository around `cwd`.

    They are the top of the worktree, its git folders (shared ones too), and the worktrees those
    lie in; outside of any repository it is the folder itself, where the user's home is not below
    it.
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
    # The repositories that hold these git folders: of linked worktrees and of submodules.
    found += [part.parent for one in found for part in (one, *one.parents) if part.name == ".git"]
    folders = dict.fromkeys(map(_real, found))
    return tuple(folder for folder in folders if folder != Path(folder.anchor))


def search_path(environ: Mapping[str, str], folders: Sequence[Path]) -> str:
    """PATH without what is relative or belongs to `folders` (`repository_folders`)."""
    return without_folders(environ.get("PATH", os.defpath), folders)


def without_folders(value: str, folders: Sequence[Path]) -> str:
    """A list of folders as PATH is one, without what is relative or belongs to `folders`."""
    kept = (
        entry
        for entry in value.split(os.pathsep)
        if Path(entry).is_absolute() and not _belongs_to(Path(entry), folders)
    )
    return os.pathsep.join(kept)


def find_program(name: str, environ: Mapping[str, str], folders: Sequence[Path]) -> Path | None:
    """The absolute path of a program on PATH; None where there is none but the repository's.

    Args:
        name: without any folder.
        folders: `repository_folders`, none of whose programs is taken, not through a link either.
    """
    if not name or os.sep in name:
        return None
    path = search_path(environ, folders)
    candidates = (Path(folder, name) for folder in path.split(os.pathsep) if folder)
    return next((one for one in candidates if is_program(one, folders)), None)


def chosen_program(
    command: str, environ: Mapping[str, str], folders: Sequence[Path]
) -> Path | None:
    """The absolute path of a program that the user names; None where there is none.

    A name is looked for on PATH as ever. A path, even of the repository, is the user's own choice.
    """
    if os.sep not in command:
        return find_program(command, environ, folders)
    path = Path(command).expanduser().absolute()
    return path if is_program(path) else None


def environment_of_child(environ: Mapping[str, str], folders: Sequence[Path]) -> dict[str, str]:
    """`environ` with a cleaned PATH, for a program of the user."""
    return {**environ, "PATH": search_path(environ, folders)}


def is_program(path: Path, folders: Sequence[Path] = ()) -> bool:
    """Whether a file can be run, and does not belong to `folders`."""
    return _is_file(path) and os.access(path, os.X_OK) and not _belongs_to(path, folders)


def _belongs_to(path: Path, folders: Sequence[Path]) -> bool:
    """Whether a path lies, or leads, into one of the folders, whatever links are on the way."""
    if not folders:
        return False
    real = _real(path)
    return any(real.is_relative_to(folder) for folder in folders) or any(
        _real(parent) in folders for parent in (path, *path.parents)
    )


_PLACES = ("GIT_WORK_TREE", "GIT_DIR", "GIT_COMMON_DIR")


def _is_git_folder(folder: Path) -> bool:
    """Whether this is a bare repository, or the inside of a git folder (gitrepository-layout)."""
    return all(os.path.lexists(folder / name) for name in ("HEAD", "objects", "refs"))


def _git_folders(entry: Path) -> Iterable[Path]:
    """The git folder that a `.git` entry is or points to, and the one that worktrees share."""
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
    except OSError:  # a folder on the way may not be entered
        return False


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))  # unlike `resolve`, at peace with links in a circle
