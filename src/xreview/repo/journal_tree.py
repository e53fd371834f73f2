"""The set of shared files as git's trees: reading, uniting, writing.

A set is a mapping of paths to files. All that is in it is a plain file whose content is the
one its name was made of, so that uniting two sets is putting them together.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xreview.domain.errors import JournalError
from xreview.domain.shared_event import MOST_BYTES, may_be_kept

MOST_FILES = 1_000_000
MOST_LISTING_BYTES = 256 * MOST_FILES
_PLAIN = b"100644"
_DEPTH = 4  # folders on the way to a file, and the file: see `domain.shared_event`


@dataclass(frozen=True, slots=True)
class SharedFile:
    """One plain file of a tree, with its size in bytes."""

    path: str
    id: str
    size: int


FileSet = Mapping[str, SharedFile]


def parse_listing(chunks: Iterable[bytes]) -> tuple[list[SharedFile], int]:
    """The files out of `git ls-tree -r -z -l --full-tree`, and how many had to be left out.

    Left out is what can't be a shared file: links, submodules, other names, anything too large.
    Raises JournalError where there is more than anyone's reviews can give: a tree can be made to
    list without end.
    """
    files: list[SharedFile] = []
    left_out = total = 0
    for row in _rows(chunks):
        total += len(row) + 1
        if total > MOST_LISTING_BYTES or len(files) > MOST_FILES:
            raise JournalError(
                "The shared journal has too many files to be one.",
                "Ask who keeps the remote to look at refs/xreview/journal.",
            )
        if (listed := _listed(row)) is None:
            left_out += 1
        else:
            files.append(listed)
    return files, left_out


def _rows(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *rows, rest = (rest + chunk).split(b"\0")
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
    """Make the trees of a set, the deepest first, a level at a time; the id of the top one.

    Args:
        make: runs `git mktree -z --batch` on an input and gives the ids, one for each tree.
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
