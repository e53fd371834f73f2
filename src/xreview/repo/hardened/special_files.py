"""Finding a named pipe or device where git expects a file: it waits there forever, silently.

git doesn't check what kind of file its ignore, attribute and configuration files are, and doesn't
say which one it waits for, so all of them are checked.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

SPECIAL_FILE_ADVICE = "Remove it, or put a file in its place."
_IN_FOLDERS = (".gitignore", ".gitattributes", ".gitmodules")
_IN_GIT_FOLDER = (
    *("HEAD", "config", "config.worktree", "index", "packed-refs", "shallow"),
    *("info/attributes", "info/exclude", "info/grafts", "info/sparse-checkout"),
    "objects/info/alternates",
)
_USER_FILES = ("config", "ignore", "attributes")
_MOST_FOLDERS = 20_000


def find_special_file(folder: Path, environment: Mapping[str, str]) -> Path | None:
    """The first of git's files that is a pipe, a device or a socket; None if all are regular.

    `folder` is git's current folder.
    """
    return next(filter(_is_special, _candidates(folder, environment)), None)


def _is_special(path: Path) -> bool:
    try:
        found = path.stat()
        if os.path.samestat(found, Path(os.devnull).stat()):
            return False  # it ends at once; users, and we, name it for "no file"
    except (OSError, ValueError):
        return False
    mode = found.st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode) or stat.S_ISBLK(mode) or stat.S_ISSOCK(mode)


def _candidates(folder: Path, environment: Mapping[str, str]) -> Iterator[Path]:
    top, git = _places(folder, environment)
    for name in _IN_GIT_FOLDER:
        yield git / name
    yield from _user_files(environment)
    for place, _, files in islice(os.walk(top), _MOST_FOLDERS):
        for name in _IN_FOLDERS:
            if name in files:
                yield Path(place, name)


def _places(folder: Path, environment: Mapping[str, str]) -> tuple[Path, Path]:
    """The worktree's top folder and the git folder, by their usual places."""
    if named := environment.get("GIT_DIR"):
        return folder, folder / named
    for top in (folder, *folder.parents):
        if (git := top / ".git").is_dir():
            return top, git
    return folder, folder


def _user_files(environment: Mapping[str, str]) -> Iterator[Path]:
    if named := environment.get("GIT_CONFIG_GLOBAL"):
        yield Path(named)
    if home := environment.get("HOME"):
        yield Path(home, ".gitconfig")
    folder = environment.get("XDG_CONFIG_HOME") or (home and f"{home}/.config")
    if folder:
        yield from (Path(folder, "git", name) for name in _USER_FILES)
