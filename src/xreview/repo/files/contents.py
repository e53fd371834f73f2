"""Whole files of either side of a change (what `reviewers.base.ContentReader` asks for).

    contents = contents_of(collected)
    source = await contents.read(file, Side.NEW)

Files on disk are read from disk, without following links; everything else comes out of git by the
object ids in the diff. For a patch, the old side is looked for by its id, then in the worktree, and
the new side is made by applying the patch; where it was applied already, it is taken back.
"""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from xreview.domain.change import (
    BIG_FILE_BYTES,
    ChangeKind,
    ChangeSource,
    FileDiff,
    FileStatus,
    Side,
)
from xreview.repo.change.collecting import CollectedChange
from xreview.repo.diff.apply import applied
from xreview.repo.diff.file_header import SUBMODULE_MODE
from xreview.repo.files.worktree import read_worktree_file
from xreview.repo.repository import Repository

if TYPE_CHECKING:
    from xreview.repo.git import ObjectReader

CONTENT_BYTES = BIG_FILE_BYTES
_ABSENT = {FileStatus.ADDED: Side.OLD, FileStatus.DELETED: Side.NEW}


class GitContents:
    """Reads whole files of a change.

    Args:
        source: what the change is.
        repository: where it is; None for a patch outside of one.
    """

    def __init__(self, source: ChangeSource, repository: Repository | None) -> None:
        self._source = source
        self._repository = repository
        self._objects: ObjectReader | None = None
        self._lock = threading.Lock()

    async def read(self, file: FileDiff, side: Side) -> bytes | None:
        """The content of that side, of a link the path it points to.

        None where the side does not exist, is a submodule, has more than `CONTENT_BYTES`, or can't
        be had (a patch to a file that is not here, an object a partial clone left out). Raises
        ChangeError where git or the disk fails. Never follows a symbolic link.
        """
        return await asyncio.to_thread(self._read, file, side)

    def close(self) -> None:
        """End the git process that reads objects."""
        with self._lock:
            if self._objects is not None:
                self._objects.close()

    def _read(self, file: FileDiff, side: Side) -> bytes | None:
        mode = file.old_mode if side is Side.OLD else file.new_mode
        if _ABSENT.get(file.status) is side or mode == SUBMODULE_MODE:
            return None
        if self._source.kind is ChangeKind.PATCH:
            return self._of_patch(file, side)
        if side is Side.NEW and self._is_on_disk:
            return self._on_disk(file.path)
        return self._object(_blob(file, side) or self._listed(file, side))

    def _listed(self, file: FileDiff, side: Side) -> str:
        """The id that the diff does not name, because the content stays (a new mode, a move)."""
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
        found = read_worktree_file(Path(top), path, CONTENT_BYTES) if top else None
        return found[2] if found else None

    def _object(self, id: str) -> bytes | None:
        if not id or self._repository is None:
            return None
        with self._lock:
            if self._objects is None:
                from xreview.repo.git import ObjectReader

                self._objects = ObjectReader(self._repository)
            objects = self._objects
        return objects.read(id, "blob", CONTENT_BYTES)

    def _of_patch(self, file: FileDiff, side: Side) -> bytes | None:
        if file.binary or file.status is FileStatus.TYPE_CHANGED:
            return self._object(_blob(file, side))
        if file.status is FileStatus.ADDED:
            return applied(file.body, b"")
        for old in self._possible_olds(file):
            new = None if old is None else applied(file.body, old)
            if new is not None:
                return old if side is Side.OLD else new
        new = self._on_disk(file.path)
        old = None if new is None else applied(file.body, new, Side.NEW)
        return None if old is None else old if side is Side.OLD else new

    def _possible_olds(self, file: FileDiff) -> Iterator[bytes | None]:
        yield self._object(_blob(file, Side.OLD))
        yield self._on_disk(file.old_path or file.path)


def _blob(file: FileDiff, side: Side) -> str:
    return file.old_blob if side is Side.OLD else file.new_blob


def contents_of(collected: CollectedChange) -> GitContents:
    """What reads the files of a collected change."""
    return GitContents(collected.source, collected.repository)
