"""Why git is silent: it opened a named pipe or a device where it expects a file.

git opens what tells it what to ignore and how to read files, without asking what it is; a named
pipe to which nobody writes keeps it for ever. git does not say for which file it waits, so those
that it reads are looked at.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

BLOCKED_ADVICE = "Remove it, or put a file in its place."
_IN_FOLDERS = (".gitignore", ".gitattributes", ".gitmodules")
_IN_GIT_FOLDER = (
    "HEAD",
    "config",
    "config.worktree",
    "index",
    "packed-refs",
    "shallow",
    "info/attributes",
    "info/exclude",
    "info/grafts",
    "info/sparse-checkout",
    "objects/info/alternates",
)
_USERS = ("config", "ignore", "attributes")
_MOST_FOLDERS = 20_000


def what_blocks(folder: Path, environment: Mapping[str, str]) -> Path | None:
    """The first of the files that git reads here that is none; None where all are.

    Args:
        folder: where git runs.
        environment: git's own.
    """
    return next(filter(_is_special, _candidates(folder, environment)), None)


def _is_special(path: Path) -> bool:
    try:
        found = path.stat()
        if os.path.samestat(found, Path(os.devnull).stat()):
            return False  # it ends at once; people, and we, name it for "no file"
    except (OSError, ValueError):
        return False
    mode = found.st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode) or stat.S_ISBLK(mode) or stat.S_ISSOCK(mode)


def _candidates(folder: Path, environment: Mapping[str, str]) -> Iterator[Path]:
    top, git = _places(folder, environment)
    for name in _IN_GIT_FOLDER:
        yield git / name
    yield from _of_the_user(environment)
    for place, _, files in islice(os.walk(top), _MOST_FOLDERS):
        for name in _IN_FOLDERS:
            if name in files:
                yield Path(place, name)


def _places(folder: Path, environment: Mapping[str, str]) -> tuple[Path, Path]:
    """The top of the worktree and the git folder, as far as they are where they usually are."""
    if named := environment.get("GIT_DIR"):
        return folder, folder / named
    for top in (folder, *folder.parents):
        if (git := top / ".git").is_dir():
            return top, git
    return folder, folder


def _of_the_user(environment: Mapping[str, str]) -> Iterator[Path]:
    if named := environment.get("GIT_CONFIG_GLOBAL"):
        yield Path(named)
    if home := environment.get("HOME"):
        yield Path(home, ".gitconfig")
    folder = environment.get("XDG_CONFIG_HOME") or (home and f"{home}/.config")
    if folder:
        yield from (Path(folder, "git", name) for name in _USERS)
