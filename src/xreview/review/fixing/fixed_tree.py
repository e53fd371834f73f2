"""What judging needs of a disposable tree and of the patch taken from it, and both sides of files.

`repo.disposable` has the real ones.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Protocol

from xreview.domain.change import FileDiff, FileStatus, Line, LineKind, Side
from xreview.repo.diff.file_header import LINK_MODE
from xreview.repo.files.worktree import read_worktree_file

MOST_BYTES = 8 * 1024 * 1024
"""Of one file that is read to judge a fix."""


class FixedTree(Protocol):
    """The folder that a fixer changed; `base` names the git tree that it started from."""

    @property
    def top(self) -> Path:
        """The folder of the files."""
        ...

    @property
    def base(self) -> str:
        """The git tree before the fix."""
        ...

    def put(self, tree: str, paths: Collection[str] | None = None) -> None:
        """Make files those of a git tree; None for all. Raises ChangeError."""
        ...


class TakenPatch(Protocol):
    """What a fixer changed; `refused` says why paths aren't part of it."""

    @property
    def tree(self) -> str:
        """The git tree with the patch."""
        ...

    @property
    def files(self) -> tuple[FileDiff, ...]:
        """The changed files."""
        ...

    @property
    def refused(self) -> Mapping[str, str]:
        """Why each of these paths isn't part of it."""
        ...


class FixedFiles:
    """A `ContentReader` of the files before and after a fix; never follows a link.

    The old side is computed from the new one and the patch.
    """

    def __init__(self, top: Path, files: Iterable[FileDiff]) -> None:
        self._top = top
        self._by_old = {file.old_path or file.path: file for file in files}
        self._by_new = {file.path: file for file in self._by_old.values()}

    async def read(self, file: FileDiff, side: Side) -> bytes | None:
        """Return the file's content; None if it isn't there, too large, or not in the patch's
        lines. Raises ChangeError."""
        if side is Side.NEW:
            return await asyncio.to_thread(self.new, file.path)
        return await asyncio.to_thread(self.old, file.old_path or file.path)

    def new(self, path: str) -> bytes | None:
        """A file as it is now."""
        found = read_worktree_file(self._top, path, MOST_BYTES)
        return None if found is None or found[0] == LINK_MODE else found[2]

    def old(self, path: str) -> bytes | None:
        """A file as it was before the fix."""
        file = self._by_old.get(path)
        if file is None:
            # Named in the patch, it is a new file.
            return None if path in self._by_new else self.new(path)
        is_large = len(file.body) > MOST_BYTES
        if file.status is FileStatus.ADDED or file.binary or file.unread or is_large:
            return None
        return before_patch(file, self.new(file.path) or b"")

    def new_text(self, path: str) -> str | None:
        """A file as it is now, decoded; None if it isn't there."""
        content = self.new(path)
        return None if content is None else content.decode("utf-8", "surrogateescape")


def before_patch(file: FileDiff, content: bytes) -> bytes | None:
    """The old side of a file from its new side and its diff; None if they don't fit."""
    lines = content.decode("utf-8", "surrogateescape").split("\n")
    is_ended = lines[-1] == ""
    if is_ended:
        lines.pop()
    old: list[str] = []
    at = 0
    last_old: Line | None = None
    for hunk in file.hunks:
        start = hunk.new_start - 1 if hunk.new_count else hunk.new_start
        old += lines[at:start]
        at = start
        for line in hunk.lines:
            if line.kind is not LineKind.REMOVED:
                if at >= len(lines) or lines[at] != line.text:
                    return None
                at += 1
            if line.kind is not LineKind.ADDED:
                old.append(line.text)
                last_old = line
    is_end_shown = at >= len(lines) and last_old is not None
    has_end = not last_old.ends_file_without_newline if is_end_shown and last_old else is_ended
    old += lines[at:]
    text = "\n".join(old) + ("\n" if has_end and old else "")
    return text.encode("utf-8", "surrogateescape")
