"""Which changed files alter or remove public names that the latest release has."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from xreview.analysers.plan import is_aside
from xreview.domain.change import FileDiff, FileStatus, LineKind, Side
from xreview.repo.release_files import files_at, released_commit
from xreview.repo.repository import Repository
from xreview.review.attention.public_names import (
    PublicName,
    altered_names,
    names_defined,
    public_names,
)

MOST_FILES = 60
_MOST_LINES = 2_000
_MODULES = ("py", "pyi", "js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts", "java", "rs")
"""Languages that name the file where they import from it."""


def released_files(
    files: Sequence[FileDiff], repository: Repository, base: str, is_over: Callable[[], bool]
) -> frozenset[str]:
    """Return the paths of the files of which something that was released isn't as it was.

    Args:
        base: the full id of the commit before the change.
        is_over: whether the time is up.

    Raises ChangeError if git fails.
    """
    altered = {
        file.path: names
        for file in islice(filter(_can_alter, files), MOST_FILES)
        if not is_over() and ((names := _altered(file)) or _moves(file))
    }
    if not altered or (tag := released_commit(repository, base)) is None:
        return frozenset()
    before = {file.path: file.old_path or file.path for file in files if file.path in altered}
    contents = files_at(repository, tag, sorted(set(before.values())))
    moved = frozenset(file.path for file in files if _moves(file))
    found: set[str] = set()
    for path, old_path in before.items():
        rows = contents.get(old_path, b"").decode("utf-8", "replace").split("\n")
        if is_over():
            break
        released = names_defined(old_path, rows)
        if released & altered[path] or (released and path in moved):
            found.add(path)
    return frozenset(found)


def _can_alter(file: FileDiff) -> bool:
    is_text = not file.binary and file.status not in (FileStatus.ADDED, FileStatus.COPIED)
    return is_text and not is_aside(file.old_path or file.path)


def _moves(file: FileDiff) -> bool:
    """Whether importing it by its old name fails afterwards."""
    old = file.old_path
    if file.status is not FileStatus.RENAMED or old is None:
        return False
    return old.rpartition(".")[2].lower() in _MODULES


def _altered(file: FileDiff) -> frozenset[str]:
    """The public names whose definitions differ between the sides of a diff, or are gone."""
    before = _names(file.old_path or file.path, file, Side.OLD)
    # The old path: a file that becomes a private one is another matter (`_moves`).
    after = _names(file.old_path or file.path, file, Side.NEW)
    return frozenset(altered_names(before, after))


def _names(path: str, file: FileDiff, side: Side) -> Iterator[PublicName]:
    """The public names in the hunks of one side, with context: a definition can go over lines."""
    left = _MOST_LINES
    other = LineKind.ADDED if side is Side.OLD else LineKind.REMOVED
    for hunk in file.hunks:
        rows: Iterable[str] = (line.text for line in hunk.lines if line.kind is not other)
        kept = list(islice(rows, left))
        left -= len(kept)
        yield from public_names(path, kept)
