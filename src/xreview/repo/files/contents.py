"""Reading whole files of either side of a change, from disk or by the object ids in the diff.

For a patch, the old side is found by its id or in the worktree, and the new side by applying the
patch; if it's already applied, the old side is found by reverting it. For a pull request without a
clone, the forge has the new side, and the old one is found by reverting the diff.
"""

import asyncio
from collections.abc import Iterator

from xreview.domain.change import (
    BIG_FILE_BYTES,
    ChangeKind,
    ChangeSource,
    FileDiff,
    FileStatus,
    Side,
)
from xreview.domain.errors import ChangeError
from xreview.repo.change.collecting import CollectedChange, DistantFiles
from xreview.repo.diff.apply import apply_hunks
from xreview.repo.diff.file_header import SUBMODULE_MODE
from xreview.repo.files.worktree import read_worktree_file
from xreview.repo.repository import Repository

CONTENT_BYTES = BIG_FILE_BYTES
_REGULAR = ("100644", "100755")
_ABSENT = {FileStatus.ADDED: Side.OLD, FileStatus.DELETED: Side.NEW}


class GitContents:
    """Reads whole files of a change; `repository` is None for a change outside of one."""

    def __init__(
        self,
        source: ChangeSource,
        repository: Repository | None,
        distant: DistantFiles | None = None,
    ) -> None:
        self._source = source
        self._distant = distant
        self._repository = repository
        self._objects = repository.objects if repository else None

    async def read(self, file: FileDiff, side: Side) -> bytes | None:
        """Return the content of one side (of a link, its target).

        None if the side doesn't exist, is a submodule, has more than `CONTENT_BYTES`, or isn't
        available (a patch to an unknown file, an object that a partial clone lacks). Raises
        ChangeError where git or the disk fails. Never follows a symbolic link.
        """
        return await asyncio.to_thread(self.read_blocking, file, side)

    def close(self) -> None:
        """End the git process that reads objects, and the connections to a forge."""
        if self._objects is not None:
            self._objects.close()
        if self._distant is not None:
            self._distant.close()

    def read_blocking(self, file: FileDiff, side: Side) -> bytes | None:
        """As `read`, for a thread that waits."""
        mode = file.old_mode if side is Side.OLD else file.new_mode
        if _ABSENT.get(file.status) is side or mode == SUBMODULE_MODE:
            return None
        if self._distant is not None:
            return _at_forge(file, side, self._distant)
        if self._source.kind is ChangeKind.PATCH:
            return self._of_patch(file, side)
        if side is Side.NEW and self._is_on_disk:
            return self._on_disk(file.path)
        return self._object(_blob(file, side) or self._listed(file, side))

    def _listed(self, file: FileDiff, side: Side) -> str:
        """The id, if the diff doesn't name it because the content is unchanged (a mode, a move)."""
        path = (file.old_path if side is Side.OLD else None) or file.path
        tree = self._source.base if side is Side.OLD else self._source.head
        if self._repository is None or (tree is None and side is Side.OLD):
            return ""
        command = ("ls-files", "-z", "--stage") if tree is None else ("ls-tree", "-z", tree)
        listing = self._repository.start(*command, "--", path).finish().output
        # `<mode> blob <id>` TAB path from a tree, `<mode> <id> <stage>` TAB path from the index.
        fields = listing.partition(b"\t")[0].decode("ascii", "replace").split(" ")
        if len(fields) != 3 or fields[0] == SUBMODULE_MODE or fields[1] == "tree":
            return ""
        return fields[1] if tree is None else fields[2]

    @property
    def _is_on_disk(self) -> bool:
        kinds = (ChangeKind.WORKTREE, ChangeKind.BRANCH)
        return self._source.head is None and self._source.kind in kinds

    def _on_disk(self, path: str) -> bytes | None:
        top = self._repository.top if self._repository else None
        found = read_worktree_file(top, path, CONTENT_BYTES) if top else None
        return found[2] if found else None

    def _object(self, id: str) -> bytes | None:
        return self._objects.read(id, "blob", CONTENT_BYTES) if id and self._objects else None

    def _of_patch(self, file: FileDiff, side: Side) -> bytes | None:
        if file.binary or file.status is FileStatus.TYPE_CHANGED:
            return self._object(_blob(file, side))
        if file.status is FileStatus.ADDED:
            return apply_hunks(file.body, b"")
        for old in self._possible_olds(file):
            new = None if old is None else apply_hunks(file.body, old)
            if new is not None:
                return old if side is Side.OLD else new
        new = self._on_disk(file.path)
        old = None if new is None else apply_hunks(file.body, new, Side.NEW)
        return None if old is None else old if side is Side.OLD else new

    def _possible_olds(self, file: FileDiff) -> Iterator[bytes | None]:
        yield self._object(_blob(file, Side.OLD))
        yield self._on_disk(file.old_path or file.path)


def _at_forge(file: FileDiff, side: Side, distant: DistantFiles) -> bytes | None:
    """Asks for one side only: the number of calls is limited, and only the head is certain."""
    is_whole = not (file.binary or file.unread or file.status is FileStatus.TYPE_CHANGED)
    if is_whole and file.status is FileStatus.ADDED:
        return apply_hunks(file.body, b"")
    if side is Side.OLD and (not is_whole or file.status is FileStatus.DELETED):
        return distant.read(side, file.old_path or file.path, CONTENT_BYTES)
    new = distant.read(Side.NEW, file.path, CONTENT_BYTES)
    if side is Side.NEW or new is None:
        return new
    return apply_hunks(file.body, new, Side.NEW)


def _blob(file: FileDiff, side: Side) -> str:
    return file.old_blob if side is Side.OLD else file.new_blob


def contents_of(collected: CollectedChange) -> GitContents:
    """Return a reader for a collected change; close it."""
    return GitContents(collected.source, collected.files_in, collected.distant)


def file_before(collected: CollectedChange, name: str, limit: int) -> tuple[str, bytes] | None:
    """Return the name for messages, and the content, of a file as it was before the change.

    A patch is assumed to apply to HEAD. Returns None if the file doesn't exist there. Raises
    ChangeError if it isn't a regular file, is larger than `limit` bytes, or can't be read.
    """
    repository, source = collected.files_in, collected.source
    if collected.distant is not None and source.base is not None:
        content = collected.distant.read(Side.OLD, name, limit)
        return None if content is None else (f"{name} at {source.base[:7]}", content)
    base = "HEAD" if source.kind is ChangeKind.PATCH else source.base
    if repository is None or base is None:
        return None
    listing = repository.start("ls-tree", "-z", "--long", "--full-tree", base, "--", name).finish()
    fields = listing.output.decode("utf-8", "surrogateescape").partition("\t")[0].split()
    if listing.code or not fields:
        return None
    place = f"{name} at {base[:7]}"
    mode, kind, id, size = fields
    if kind != "blob" or mode not in _REGULAR:
        raise ChangeError(f"{place} isn't a file.", "Commit a TOML file there, or remove it.")
    if int(size) > limit:
        raise ChangeError(
            f"{place} is larger than {limit // 1024} KiB, too large for a configuration file.",
            "Shorten it, or remove it.",
        )
    return place, repository.start("cat-file", "blob", id).finish().checked()
