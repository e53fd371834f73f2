"""The set of shared files as git's trees: reading, uniting, writing.

A set is a mapping of paths to files. All that is in it is a plain file whose content is the
one its name was made of, so that uniting two sets is putting them together.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xreview.domain.errors import JournalError
from xreview.domain.events.shared_event import MOST_BYTES, may_be_kept

MOST_FILES = 400_000
MOST_LEFT_OUT = 10_000
MOST_READ_BYTES = 128 * 1024 * 1024
"""How many files a journal has, how many other things may be among them, and what is read of those
that are not known yet. A tree of a few bytes can be made to list without end."""
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
    """The files out of `git ls-tree -r -z -l --full-tree`, and how many had to be left out.

    Left out is what can't be a shared file: links, submodules, other names, anything too large.
    Raises JournalError where there is more than anyone's reviews can give.
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
    """A journal that is more than can be read; `what` says in which way."""
    return JournalError(
        f"What the remote keeps under refs/xreview/journal can't be a shared journal: {what} "
        "Nothing was taken from it.",
        "Ask who keeps the remote to look at it.",
    )


def within_budget(files: Iterable[SharedFile]) -> list[SharedFile]:
    """As many of these files, in their order, as may be read; what several names share is read
    once for each, and counted so."""
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
            raise too_much("It has folders in folders without end.")
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
