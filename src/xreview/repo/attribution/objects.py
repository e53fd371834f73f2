"""Reading many references and objects of a repository with few git processes.

`git cat-file --batch-check` tells the size of each object before any content is read, so that a
huge object costs nothing (git-cat-file(1), "BATCH OUTPUT").
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from xreview.domain.errors import ChangeError
from xreview.domain.record import dataclass
from xreview.repo.attribution.base import Deadline
from xreview.repo.hardened.process import GitProcess
from xreview.repo.repository import Repository

ALL_BYTES = 64 * 1024 * 1024
_FOUND = re.compile(rb"([0-9a-f]{40}|[0-9a-f]{64}) (blob|commit) (\d{1,18})")


@dataclass(frozen=True)
class Objects:
    """Contents by the requested name, and the names of objects that were skipped for their size."""

    contents: dict[str, bytes]
    too_large: tuple[str, ...]


def references_matching(
    repository: Repository, patterns: Iterable[str], deadline: Deadline
) -> dict[str, str]:
    """The object ids of references by full name; patterns as in git-for-each-ref(1).

    Raises ChangeError.
    """
    form = "--format=%(objectname) %(refname)"
    listing = repository.start("for-each-ref", form, *patterns)
    rows = (row.partition(" ") for row in output_before_deadline(listing, deadline).splitlines())
    return {name: id for id, _, name in rows}


def read_objects(
    repository: Repository, names: Sequence[str], limit: int, deadline: Deadline
) -> Objects:
    """Read commits and blobs, of at most `limit` bytes each and `ALL_BYTES` in all.

    `names` are full object ids, or `<id>:<path>`, without line feeds. Raises ChangeError where git
    fails or the time is up.
    """
    found: dict[str, str] = {}
    too_large: list[str] = []
    total = 0
    rows = _run(repository, "--batch-check", names, deadline).split(b"\n") if names else []
    for name, row in zip(names, rows, strict=False):
        if match := _FOUND.fullmatch(row):
            size = int(match[3])
            if size > limit or total + size > ALL_BYTES:
                too_large.append(name)
                continue
            total += size
            found[name] = match[1].decode()
    ids = list(dict.fromkeys(found.values()))
    contents = dict(_contents(repository, ids, deadline)) if ids else {}
    by_name = {name: contents[id] for name, id in found.items() if id in contents}
    return Objects(by_name, tuple(too_large))


def output_before_deadline(process: GitProcess, deadline: Deadline) -> str:
    """A git command's whole output. Raises ChangeError where it fails or the time is up."""
    return process.finish(deadline.left).checked().decode("utf-8", "surrogateescape")


def _contents(
    repository: Repository, ids: Sequence[str], deadline: Deadline
) -> Iterator[tuple[str, bytes]]:
    output = _run(repository, "--batch", ids, deadline)
    at = 0
    while (end := output.find(b"\n", at)) >= 0:
        match = _FOUND.fullmatch(output, at, end)
        if match is None:  # deleted in the meantime
            at = end + 1
            continue
        start = end + 1
        at = start + int(match[3]) + 1
        yield match[1].decode(), output[start : at - 1]


def _run(repository: Repository, mode: str, names: Sequence[str], deadline: Deadline) -> bytes:
    asked = "".join(f"{name}\n" for name in names).encode("utf-8", "surrogateescape")
    if not deadline.left:
        raise ChangeError("There was no time left to read objects.", "Allow more time.")
    return repository.start("cat-file", mode, input=asked).finish(deadline.left).checked()
