"""The parts of a patch, and what a file is when some of its hunks are applied."""

from collections.abc import Collection, Mapping

from xreview.domain.change import FileDiff, FileStatus, Hunk
from xreview.domain.errors import ChangeError
from xreview.domain.record import dataclass
from xreview.repo.diff.apply import apply_parsed
from xreview.repo.disposable.taking import TreePatch
from xreview.repo.disposable.tree_listing import list_tree, read_blobs
from xreview.repo.repository import Repository

_BY_HUNK = (FileStatus.MODIFIED, FileStatus.RENAMED)
_HUNKLESS = frozenset({0})


@dataclass(frozen=True, slots=True)
class PatchPart:
    """A part of a patch: hunk `hunk` (from 0) of the file diff of `path`, None for all."""

    path: str
    hunk: int | None = None


@dataclass(frozen=True, slots=True)
class FileState:
    """A file or link: git's mode, and its bytes (of a link, its target)."""

    mode: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a file is, and what it is; None if it doesn't exist."""

    path: str
    state: FileState | None


class FileParts:
    """A file diff whose hunks can be applied one by one, in any order.

    A new, deleted, binary or link file, and one with a single hunk, is applied as a whole. The
    first hunk of a renamed file moves it; a new mode comes with the last hunk.
    """

    def __init__(self, file: FileDiff, old: FileState | None, new: FileState | None) -> None:
        self.file = file
        self._old, self._new = old, new
        hunks = tuple(file.hunks) if file.status in _BY_HUNK and not file.binary else ()
        self._hunks: tuple[Hunk, ...] = hunks if len(hunks) > 1 else ()
        self.all = frozenset(range(len(hunks))) if self._hunks else _HUNKLESS

    @property
    def leaves_its_path(self) -> bool:
        """Whether there is no file at the old path any more."""
        return self.file.status in (FileStatus.DELETED, FileStatus.RENAMED)

    def named(self, hunk: int | None) -> frozenset[int]:
        """The hunks that a part names. Raises ChangeError for one that doesn't exist."""
        if hunk is None or (hunk == 0 and not self._hunks):
            return self.all
        if hunk not in self.all:
            raise ChangeError(f"{self.file.path} has no hunk {hunk + 1}.", "Read the patch again.")
        return frozenset({hunk})

    def with_applied(self, hunks: Collection[int]) -> Placement:
        """The file with these hunks."""
        if not hunks:
            return Placement(self.file.old_path or self.file.path, self._old)
        if self.all <= set(hunks) or self._old is None:
            return Placement(self.file.path, self._new)
        chosen = (hunk for number, hunk in enumerate(self._hunks) if number in hunks)
        content = apply_parsed(chosen, self._old.content)
        if content is None:
            raise ChangeError(
                f"The hunks of {self.file.path} don't fit the file that they were made from.",
                "Apply the whole file.",
            )
        return Placement(self.file.path, FileState(self._old.mode, content))


def parts_of(
    own: Repository, base: str, patch: TreePatch, paths: Collection[str]
) -> Mapping[str, FileParts]:
    """The file diffs of these paths as parts, by path. Raises ChangeError."""
    files = [file for file in patch.files if file.path in paths]
    before, after = list_tree(own, base), list_tree(own, patch.tree)
    olds = [before.get(file.old_path or file.path) for file in files]
    news = [None if file.status is FileStatus.DELETED else after.get(file.path) for file in files]
    blobs = read_blobs(own, [entry.id for entry in (*olds, *news) if entry])
    found: dict[str, FileParts] = {}
    for file, old, new in zip(files, olds, news, strict=True):
        if file.status is FileStatus.ADDED:
            old = None
        states = (FileState(one.mode, blobs[one.id]) if one else None for one in (old, new))
        found[file.path] = FileParts(file, *states)
    return found
