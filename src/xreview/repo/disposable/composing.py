"""Making a patch of files that come from several trees, as objects of one of them."""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from xreview.domain.errors import ChangeError
from xreview.domain.record import dataclass
from xreview.repo.disposable.own_git import with_variables
from xreview.repo.disposable.parts import FileState, Placement
from xreview.repo.disposable.taking import TreePatch, files_between
from xreview.repo.repository import Repository


@dataclass(frozen=True, slots=True)
class PlacedFile:
    """What becomes of a path, and who wants it so, in words for the user: "attempt A"."""

    whose: str
    placement: Placement


def collisions(placed: Iterable[PlacedFile], base: Collection[str]) -> tuple[str, ...]:
    """Sentences about files that can't be together in one tree.

    Two put different things at one path, or a file is where another needs a folder.

    Args:
        base: the paths of the tree that they are put on.
    """
    found: list[str] = []
    fresh: dict[str, PlacedFile] = {}
    gone: set[str] = set()
    for one in placed:
        path, state = one.placement.path, one.placement.state
        if state is None:
            gone.add(path)
        elif fresh.setdefault(path, one).placement.state != state:
            found.append(f"{path} would come from {fresh[path].whose} and from {one.whose}.")
    kept = dict.fromkeys(set(base) - gone, "the base")
    owners = kept | {path: one.whose for path, one in fresh.items()}
    for path in sorted(owners):
        for outer in _folders(path):
            if outer in owners and (outer in fresh or path in fresh):
                whose = f"{outer} from {owners[outer]} and {path} from {owners[path]}"
                found.append(f"{whose} can't both be there: one needs the other as a folder.")
    return tuple(dict.fromkeys(found))


def _folders(path: str) -> Iterable[str]:
    at = path.find("/")
    while at > 0:
        yield path[:at]
        at = path.find("/", at + 1)


def composed_patch(own: Repository, base: str, placed: Sequence[Placement]) -> TreePatch:
    """The patch that puts these files on top of the git tree `base`, as objects of `own`.

    Where several name one path, what puts a file there counts. Only an index of its own is written,
    so that others can use the repository meanwhile. Raises ChangeError.
    """
    states: dict[str, FileState | None] = {one.path: None for one in placed}
    states |= {one.path: one.state for one in placed if one.state is not None}
    with TemporaryDirectory(dir=own.git_dir) as folder:
        indexed = with_variables(own, GIT_INDEX_FILE=str(Path(folder, "index")))
        indexed.start("read-tree", base).finish().checked()
        if states:
            rows = _index_rows(own, Path(folder), states, "0" * len(base))
            staging = indexed.start("update-index", "-z", "--index-info", input=rows)
            staging.finish().checked()
        tree = indexed.start("write-tree").finish().checked().decode().strip()
    return TreePatch(tree, files_between(own, base, tree), {})


def _index_rows(
    own: Repository, folder: Path, states: Mapping[str, FileState | None], no_id: str
) -> bytes:
    """What `update-index --index-info` reads (git-update-index(1), "USING --INDEX-INFO").

    Deletions come first: a file can take the place of a folder, and the other way round.
    """
    ids = iter(_written(own, folder, [one.content for one in states.values() if one is not None]))
    gone = [f"0 {no_id}\t{path}\0" for path, state in states.items() if state is None]
    there = [
        f"{state.mode} {next(ids)}\t{path}\0" for path, state in states.items() if state is not None
    ]
    return os.fsencode("".join((*gone, *there)))


def _written(own: Repository, folder: Path, contents: Sequence[bytes]) -> list[str]:
    """Write blobs; returns their ids."""
    names = [folder / f"{number}" for number in range(len(contents))]
    try:
        for name, content in zip(names, contents, strict=True):
            name.write_bytes(content)
    except OSError as error:
        raise ChangeError(
            f"{folder} can't be written: {error.strerror}.",
            "Check that there is space on the disk.",
        ) from error
    if not names:
        return []
    asked = b"".join(os.fsencode(name) + b"\n" for name in names)
    hashing = own.start("hash-object", "-w", "--no-filters", "--stdin-paths", input=asked)
    return hashing.finish().checked().decode().split()
