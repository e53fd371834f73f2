"""Taking the patch from a disposable tree: what differs from its base, and what is left out.

Whatever the agent made is looked at before git reads it: a link that leads out, a nested
repository, a special file or a file of gigabytes never gets into the patch.
"""

import os
import stat
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from xreview.domain.change import BIG_FILE_BYTES, FileDiff
from xreview.domain.errors import ChangeError
from xreview.domain.inside import why_outside
from xreview.domain.record import dataclass
from xreview.domain.text import count_of
from xreview.repo.change.comparison import DIFF_OPTIONS, PATCH
from xreview.repo.diff.file_header import SUBMODULE_MODE
from xreview.repo.diff.git_diff import split_git_diff
from xreview.repo.disposable.below import is_closed, leads_out, link_target, look
from xreview.repo.disposable.tree_listing import ListedEntry, list_tree
from xreview.repo.repository import Repository

MOST_FILES = 50_000
PATCH_BYTES = 64 * 1024 * 1024
"""How much a patch can have: changed files, and bytes in them on both sides."""
_LISTING = ("ls-files", "-z", "--others", "--modified", "--deleted", "--exclude-standard")
_ADVICE = "Check that there is space on the disk."


@dataclass(frozen=True)
class TreePatch:
    """What differs between the base of a disposable tree and its files.

    Args:
        tree: the git tree after the patch, in the tree's own objects.
        files: the diffs, in git's order.
        refused: why a changed path isn't part of the patch, to follow its name ("a link that …").
    """

    tree: str
    files: tuple[FileDiff, ...]
    refused: Mapping[str, str]


def take_patch(
    own: Repository, top: Path, base: str, left_out: Callable[[str], str | None]
) -> TreePatch:
    """Take the patch; `left_out` says why a path isn't part of it ("" for no word about it).

    Raises ChangeError where git fails, or for more than `MOST_FILES`.
    """
    own.start("read-tree", "--reset", "-i", base).finish().checked()
    own.start("update-index", "-q", "--refresh").finish()
    before = list_tree(own, base)
    refused: dict[str, str] = {}
    present: dict[str, int] = {}
    absent: dict[str, int] = {}
    for path in sorted(_changed(own)):
        old = before.get(path)
        why = left_out(path)
        if why is None:
            why = _why_refused(top, path, old) or None
        if why is not None:
            refused[path.rstrip("/")] = why
            continue
        status = look(top, path)
        size = old.size if old else 0
        if status is None or stat.S_ISDIR(status.st_mode):
            absent[path] = size
        else:
            present[path] = size + status.st_size
    _keep_within(present, absent, refused)
    _stage(own, absent, "--force-remove")
    _stage(own, present, "--add", "--replace")
    tree = own.start("write-tree").finish().checked().decode().strip()
    said = {path: why for path, why in refused.items() if why}
    return TreePatch(tree, files_between(own, base, tree), said)


def files_between(own: Repository, base: str, tree: str) -> tuple[FileDiff, ...]:
    """The diffs between two git trees, in git's order. Raises ChangeError."""
    if tree == base:
        return ()
    diff = own.start("diff", *PATCH, *DIFF_OPTIONS, base, tree, "--")
    return tuple(file for batch in split_git_diff(diff.chunks()) for file in batch)


def _changed(own: Repository) -> set[str]:
    """The paths that may differ; a nested repository ends with a slash."""
    listing = own.start(*_LISTING)
    found: set[str] = set()
    rest = b""
    for chunk in listing.chunks():
        *rows, rest = (rest + chunk).split(b"\0")
        found.update(map(os.fsdecode, rows))
        if len(found) > MOST_FILES:
            listing.close()
            raise ChangeError(
                f"More than {MOST_FILES:,} files changed.",
                "Name what is built in .gitignore, or discard the changes.",
            )
    return found


def _why_refused(top: Path, path: str, old: ListedEntry | None) -> str:
    """Why a changed path can't be part of a patch; "" if it can."""
    if path.endswith("/"):
        return "a nested repository"
    if why := why_outside(path):
        return why
    if old is not None and old.mode == SUBMODULE_MODE:
        return "a submodule"
    if old is not None and old.size > BIG_FILE_BYTES:
        return f"a file of {count_of(old.size, 'byte')} before"
    status = look(top, path)
    if status is None:
        is_deleted = old is not None and not is_closed(top, path)
        return "" if is_deleted else "it can't be reached"
    if stat.S_ISDIR(status.st_mode):
        return "" if old is not None else "a folder"
    if stat.S_ISLNK(status.st_mode):
        return _why_link_refused(top, path)
    if not stat.S_ISREG(status.st_mode):
        return "not a regular file"
    if status.st_size > BIG_FILE_BYTES:
        return f"a file of {count_of(status.st_size, 'byte')}"
    # Its content would be read; git fails as a whole for a file that it can't.
    return "" if status.st_mode & stat.S_IRUSR or os.geteuid() == 0 else "it can't be read"


def _why_link_refused(top: Path, path: str) -> str:
    try:
        target = link_target(top, path)
    except OSError:
        return "it can't be reached"
    return "a link that leads out of the tree" if leads_out(path, target) else ""


def _keep_within(present: dict[str, int], absent: dict[str, int], refused: dict[str, str]) -> None:
    """Leave out the largest files until the rest is within `PATCH_BYTES`."""
    left = PATCH_BYTES
    for path, size in sorted((present | absent).items(), key=lambda item: item[1]):
        left -= size
        if left < 0:
            present.pop(path, None)
            absent.pop(path, None)
            refused[path] = f"the patch is larger than {PATCH_BYTES >> 20} MiB"


def _stage(own: Repository, paths: Iterable[str], *options: str) -> None:
    names = b"".join(os.fsencode(path) + b"\0" for path in paths)
    if names:
        own.start("update-index", *options, "-z", "--stdin", input=names).finish().checked()
