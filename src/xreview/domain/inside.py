"""The one rule for paths from outside: from git, a patch, a forge, an import, or a model.

Everything that joins such a path to a folder on disk checks it here first. Paths are `/`-separated
and decoded with `surrogateescape`.

The disguises of `.git` are those that git refuses (fsck's `hasDotgit`): a file system may fold
case, ignore invisible characters (HFS+), or drop trailing dots and blanks and use short names
(NTFS). They are refused on every system, since repositories are copied between machines.
"""

import re
from collections.abc import Iterable

CLASHING = "another entry has its name"
"""Why `clashing` paths are refused."""

LONGEST_NAME = 255
LONGEST_PATH = 4095
"""The longest name and path that a file system accepts, in bytes."""

# HFS+ ignores these in names.
_INVISIBLE: dict[int, None] = dict.fromkeys(
    (*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF)
)
_DRIVE = re.compile(r"[A-Za-z]:(?:[/\\]|$)")
_DOT_GIT = frozenset({".git", "git~1"})
_HARMLESS = re.compile(
    r"(?:[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}/){0,30}[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}"
)
"""Short names without unusual characters, none of which begins with a dot: nothing can be wrong
with such a path, and a repository has thousands."""


def is_inside(path: str) -> bool:
    """Whether a relative path stays in its folder and out of git's own."""
    return not why_outside(path)


def why_outside(path: str) -> str:
    """Why a path is refused, to follow its name ("it leads out …"); "" if it is inside."""
    if _HARMLESS.fullmatch(path):
        return ""
    try:
        raw = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return "it can't be a file name"
    if not raw:
        return "it is empty"
    if b"\0" in raw:
        return "it contains a NUL byte"
    if path.startswith(("/", "\\")) or _DRIVE.match(path):
        return "it is an absolute path"
    if len(raw) > LONGEST_PATH:
        return f"it is longer than {LONGEST_PATH:,} bytes"
    if any(len(name) > LONGEST_NAME for name in raw.split(b"/")):
        return f"a name in it is longer than {LONGEST_NAME} bytes"
    reasons = (_why_refused(name) for name in path.split("/"))
    return next((why for why in reasons if why), "")


def _why_refused(name: str) -> str:
    if not name:
        return "a name in it is empty"
    # A backslash separates folders on other systems.
    for part in name.split("\\"):
        if part == "..":
            return "it leads out of its folder (“..”)"
        if _is_dot_git(part):
            return "it leads into git's own folder (“.git”)"
    return "a name in it is “.”" if name == "." else ""


def _is_dot_git(name: str) -> bool:
    plain = name.translate(_INVISIBLE).partition(":")[0].rstrip(". ")
    return plain.casefold() in _DOT_GIT


def relative_path(given: str) -> str | None:
    """A path as models and people write it ("./src/", "."), with "" for the top; None if it leads
    out."""
    parts = [part for part in given.strip().split("/") if part not in ("", ".")]
    path = "/".join(parts)
    if given.strip().startswith("/") or (path and not is_inside(path)):
        return None
    return path


def clashing(paths: Iterable[str]) -> frozenset[str]:
    """The paths that can't all be files: listed twice, or below a path that is a file."""
    seen: set[str] = set()
    twice = {path for path in paths if path in seen or seen.add(path)}
    below = {path for path in seen if any(folder in seen for folder in _folders(path))}
    above = {folder for path in below for folder in _folders(path) if folder in seen}
    return frozenset(twice | below | above)


def _folders(path: str) -> Iterable[str]:
    at = path.find("/")
    while at >= 0:
        yield path[:at]
        at = path.find("/", at + 1)
