"""Copying the user's files as they see them: tracked and untracked, changed or not, not ignored.

The bytes are copied as they are on disk, so that no conversion (line ends, filters, encodings)
comes between the user's files and the tree. git only lists; nothing in the repository is written.
"""

import os
import stat
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from xreview.domain.change import BIG_FILE_BYTES
from xreview.domain.errors import ChangeError
from xreview.domain.inside import is_inside
from xreview.domain.record import dataclass, field
from xreview.domain.text import count_of
from xreview.repo.change.untracked import LIST_ARGUMENTS
from xreview.repo.diff.file_header import SUBMODULE_MODE
from xreview.repo.disposable.below import leads_out, made_folder
from xreview.repo.files.worktree import opened_folder
from xreview.repo.repository import Repository

_SOURCE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_TARGET = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_PIECE_BYTES = 1024 * 1024


@dataclass
class CopiedCheckout:
    """What was copied.

    Args:
        head: the commit of HEAD; "" before the first commit.
        paths: the copied files and links.
        submodules: the commit of each, by path; they are empty folders in the copy.
        left_out: why files weren't copied, by path.
        leading_out: the links that lead out of the tree.
    """

    head: str
    paths: list[str] = field(default_factory=list[str])
    submodules: dict[str, str] = field(default_factory=dict[str, str])
    left_out: dict[str, str] = field(default_factory=dict[str, str])
    leading_out: list[str] = field(default_factory=list[str])

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences for the user about what differs from their files."""
        return checkout_notices(len(self.submodules), self.left_out, self.leading_out)


def checkout_notices(
    submodules: int, left_out: Mapping[str, str], leading_out: Iterable[str]
) -> tuple[str, ...]:
    """Sentences about what a tree lacks, and the links that lead out of it."""
    found: list[str] = []
    if submodules:
        found.append(f"{count_of(submodules, 'submodule')} can't be changed: empty.")
    found += (f"{path} isn't in the tree: {why}." for path, why in left_out.items())
    found += (f"The link {path} leads out of the tree." for path in leading_out)
    return tuple(found)


def copy_checkout(repository: Repository, source: Path, target: Path) -> CopiedCheckout:
    """Copy the files of the worktree `source` into the empty folder `target`.

    Raises ChangeError for unresolved conflicts, and where git or the disk fails.
    """
    staging = repository.start("ls-files", "-z", "--stage")
    heading = repository.start("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    shows_untracked = repository.settings.last("status.showuntrackedfiles").lower() != "no"
    listing = repository.start(*LIST_ARGUMENTS) if shows_untracked else None
    copied = CopiedCheckout(heading.finish().output.decode().strip())
    folders: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for path, is_tracked in _listed(staging.finish().checked(), copied):
        _sort_in(folders, path, is_tracked, copied)
    others = listing.finish().checked().split(b"\0") if listing else ()
    for raw in others:
        if raw and not raw.endswith(b"/"):  # a nested repository
            _sort_in(folders, os.fsdecode(raw), False, copied)
    try:
        for folder, names in folders.items():
            _copy_folder(source, target, folder, names, copied)
        for path in copied.submodules:
            with made_folder(target, f"{path}/inside"):
                pass
    except OSError as error:
        raise ChangeError(
            f"The files can't be copied to {target}: {error.strerror}.",
            "Check that there is space on the disk.",
        ) from error
    return copied


def _listed(output: bytes, copied: CopiedCheckout) -> Iterator[tuple[str, bool]]:
    """The tracked files in `<mode> <id> <stage>` TAB path NUL, repeated."""
    for entry in output.split(b"\0"):
        fields, _, raw = entry.partition(b"\t")
        if not fields:
            continue
        mode, id, stage = fields.decode("ascii", "replace").split(" ")
        path = os.fsdecode(raw)
        if stage != "0":
            raise ChangeError(
                "The index has unresolved conflicts.",
                "Resolve them (`git status` names them), then start again.",
            )
        if mode == SUBMODULE_MODE:
            if is_inside(path):
                copied.submodules[path] = id
        else:
            yield path, True


def _sort_in(
    folders: dict[str, list[tuple[str, bool]]], path: str, is_tracked: bool, copied: CopiedCheckout
) -> None:
    if is_inside(path):
        folder, _, name = path.rpartition("/")
        folders[folder].append((name, is_tracked))
    else:
        copied.left_out[path] = "its name leads out"


def _copy_folder(
    source: Path, target: Path, folder: str, names: list[tuple[str, bool]], copied: CopiedCheckout
) -> None:
    prefix = f"{folder}/" if folder else ""
    with ExitStack() as opened:
        try:
            parts = [os.fsencode(part) for part in folder.split("/") if part]
            inner = opened.enter_context(opened_folder(source, parts))
        except PermissionError:
            copied.left_out[folder] = "it can't be read"
            return
        except OSError:  # it's gone, or a link or a file is in its place: git lists that
            return
        outer, _ = opened.enter_context(made_folder(target, f"{prefix}inside"))
        for name, is_tracked in names:
            _copy(inner, outer, os.fsencode(name), prefix + name, is_tracked, copied)


def _copy(
    source: int, target: int, name: bytes, path: str, is_tracked: bool, copied: CopiedCheckout
) -> None:
    try:
        status = os.stat(name, dir_fd=source, follow_symlinks=False)
        if stat.S_ISLNK(status.st_mode):
            link = os.readlink(name, dir_fd=source)
            os.symlink(link, name, dir_fd=target)
            copied.paths.append(path)
            if leads_out(path, os.fsdecode(link)):
                copied.leading_out.append(path)
            return
        if not stat.S_ISREG(status.st_mode):
            return
        if not is_tracked and status.st_size > BIG_FILE_BYTES:
            copied.left_out[path] = f"it has {count_of(status.st_size, 'byte')}, and isn't tracked"
            return
        descriptor = os.open(name, _SOURCE, dir_fd=source)
    except FileNotFoundError:
        return
    except PermissionError:
        copied.left_out[path] = "it can't be read"
        return
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        usual = 0o777 if status.st_mode & stat.S_IXUSR else 0o666
        written = os.open(name, _TARGET, usual, dir_fd=target)
        with os.fdopen(written, "wb", buffering=0) as copy:
            while piece := file.read(_PIECE_BYTES):
                copy.write(piece)
    copied.paths.append(path)
