"""The set of shared files as git trees: reading, uniting, writing.

The content of each file matches its name, so the union of two sets is simply all files of both.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from xreview.domain.errors import JournalError
from xreview.domain.events.shared_event import MOST_BYTES, may_be_kept
from xreview.domain.record import dataclass

MOST_FILES = 400_000
MOST_LEFT_OUT = 10_000
MOST_READ_BYTES = 128 * 1024 * 1024
"""Limits for the files of a journal, for other entries among them, and for the bytes of new files
read. A tree of a few bytes can be crafted to list endlessly."""
_PLAIN = b"100644"
_LONGEST_ROW = 8 * 1024
_DEPTH = 4  # folders on the way to a file, and the file: see `domain.shared_event`


@dataclass(frozen=True, slots=True)
class SharedFile:
    """One plain file of a tree, with its size in bytes."""

    path: str
    id: str
    size: int


FileSet = Mapping[str, SharedFile]


def parse_listing(chunks: Iterable[bytes]) -> tuple[list[SharedFile], int]:
    """The files in `git ls-tree -r -z -l --full-tree`, and the number of skipped entries.

    Skipped are links, submodules, other names, and anything too large. Raises JournalError if there
    is more than real reviews can produce.
    """
    files: list[SharedFile] = []
    left_out = 0
    for row in _rows(chunks):
        if (listed := _listed(row)) is None:
            left_out += 1
        else:
            files.append(listed)
        if left_out > MOST_LEFT_OUT or len(files) > MOST_FILES:
            raise too_much("It has too many files.")
    return files, left_out


def too_much(what: str) -> JournalError:
    """The error for a journal that is too large; `what` says in which way."""
    return JournalError(
        f"refs/xreview/journal at the remote can't be a shared journal: {what} "
        "Nothing was imported.",
        "Ask the remote's administrator to check it.",
    )


def within_budget(files: Iterable[SharedFile]) -> list[SharedFile]:
    """The first of these files that fit the budget; content with several names counts for each."""
    kept: list[SharedFile] = []
    total = 0
    for file in files:
        total += file.size
        if total > MOST_READ_BYTES:
            break
        kept.append(file)
    return kept


def _rows(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *rows, rest = (rest + chunk).split(b"\0")
        if max(map(len, (rest, *rows))) > _LONGEST_ROW:
            raise too_much("Its folders are nested too deeply.")
        yield from rows


def _listed(row: bytes) -> SharedFile | None:
    head, _, name = row.partition(b"\t")
    mode, _, id, size = head.split()
    path = name.decode("utf-8", "surrogateescape")
    if mode != _PLAIN or not may_be_kept(path) or int(size) > MOST_BYTES:
        return None
    return SharedFile(path, id.decode(), int(size))


def united(*sets: FileSet) -> dict[str, SharedFile]:
    """All files of all sets."""
    together: dict[str, SharedFile] = {}
    for files in sets:
        together.update(files)
    return together


def write_trees(files: FileSet, make: Callable[[bytes], Sequence[str]]) -> str:
    """Write the trees of a set, level by level from the deepest; returns the id of the root.

    `make` runs `git mktree -z --batch` on its input and returns an id for each tree.
    """
    level = {path: _PLAIN + b" blob " + file.id.encode() for path, file in files.items()}
    for _ in range(_DEPTH):
        folders: dict[str, list[bytes]] = {"": []} if not level else {}
        for path, entry in level.items():
            folder, _, name = path.rpartition("/")
            folders.setdefault(folder, []).append(entry + b"\t" + name.encode() + b"\0")
        ids = make(b"".join(b"".join(entries) + b"\0" for entries in folders.values()))
        level = {
            folder: b"040000 tree " + id.encode() for folder, id in zip(folders, ids, strict=True)
        }
        if not files:
            break
    return level[""].split()[-1].decode()
