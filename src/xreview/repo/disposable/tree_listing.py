"""Reading git trees and blobs of a disposable tree in one go."""

import os
from collections.abc import Iterable, Mapping

from xreview.domain.errors import ChangeError
from xreview.domain.record import dataclass
from xreview.repo.repository import Repository


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """An entry of a tree; `size` is in bytes, 0 for a submodule."""

    mode: str
    id: str
    size: int


def list_tree(repository: Repository, tree: str) -> dict[str, ListedEntry]:
    """The files, links and submodules of a tree, by path. Raises ChangeError."""
    output = repository.start("ls-tree", "-r", "-z", "-l", "--full-tree", tree).finish().checked()
    found: dict[str, ListedEntry] = {}
    for row in output.split(b"\0"):
        fields, _, raw = row.partition(b"\t")
        if fields:
            mode, _, id, size = fields.decode("ascii", "replace").split()
            found[os.fsdecode(raw)] = ListedEntry(mode, id, int(size) if size != "-" else 0)
    return found


def read_blobs(repository: Repository, ids: Iterable[str]) -> Mapping[str, bytes]:
    """The content of blobs, all in memory. Raises ChangeError for a missing one."""
    wanted = tuple(dict.fromkeys(ids))
    if not wanted:
        return {}
    asked = "".join(f"{id}\n" for id in wanted).encode()
    output = repository.start("cat-file", "--batch", input=asked).finish().checked()
    found: dict[str, bytes] = {}
    at = 0
    while at < len(output):
        end = output.index(b"\n", at)
        id, *about = output[at:end].decode("ascii", "replace").split()
        if len(about) != 2:
            raise ChangeError(
                f"The object {id} is gone from the repository.",
                "It was pruned (`git gc`). Discard this and start again.",
            )
        size = int(about[1])
        found[id] = output[end + 1 : end + 1 + size]
        at = end + size + 2
    return found
