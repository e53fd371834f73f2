"""Reading many objects of a repository with two git processes, however many they are.

`git cat-file --batch-check` tells the size of each before any content is asked for, so that an
object of a gigabyte costs nothing (git-cat-file(1), "BATCH OUTPUT").
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xreview.domain.errors import ChangeError
from xreview.repo.attribution.base import Deadline
from xreview.repo.hardened.process import Completed
from xreview.repo.repository import Repository

ALL_BYTES = 64 * 1024 * 1024
_FOUND = re.compile(rb"([0-9a-f]{40}|[0-9a-f]{64}) (blob|commit) (\d{1,18})")


@dataclass(frozen=True)
class Objects:
    """What was read.

    Args:
        contents: by the name that was asked for; what is not there is not in it.
        too_large: names of objects that were left out for their size.
    """

    contents: dict[str, bytes]
    too_large: tuple[str, ...]


def read_objects(
    repository: Repository, names: Sequence[str], limit: int, deadline: Deadline
) -> Objects:
    """The commits and blobs of the given names.

    Args:
        names: full object ids, or `<id>:<path>`, without line feeds.
        limit: the most bytes of one; all together may have `ALL_BYTES`.

    Raises ChangeError where git fails or the time is over.
    """
    found, too_large = _sizes(repository, names, limit, deadline)
    ids = list(dict.fromkeys(found.values()))
    contents = dict(_contents(repository, ids, deadline)) if ids else {}
    by_name = {name: contents[id] for name, id in found.items() if id in contents}
    return Objects(by_name, tuple(too_large))


def _sizes(
    repository: Repository, names: Sequence[str], limit: int, deadline: Deadline
) -> tuple[dict[str, str], list[str]]:
    """The ids of what is there and small enough, by name, and the names of what is too large."""
    found: dict[str, str] = {}
    too_large: list[str] = []
    total = 0
    if not names:
        return found, too_large
    rows = _run(repository, "--batch-check", names, deadline).output.split(b"\n")
    for name, row in zip(names, rows, strict=False):
        if match := _FOUND.fullmatch(row):
            size = int(match[3])
            if size > limit or total + size > ALL_BYTES:
                too_large.append(name)
                continue
            total += size
            found[name] = match[1].decode()
    return found, too_large


def _contents(
    repository: Repository, ids: Sequence[str], deadline: Deadline
) -> Iterator[tuple[str, bytes]]:
    output = _run(repository, "--batch", ids, deadline).output
    at = 0
    while (end := output.find(b"\n", at)) >= 0:
        match = _FOUND.fullmatch(output, at, end)
        if match is None:  # gone in the meantime
            at = end + 1
            continue
        start = end + 1
        at = start + int(match[3]) + 1
        yield match[1].decode(), output[start : at - 1]


def _run(repository: Repository, mode: str, names: Sequence[str], deadline: Deadline) -> Completed:
    asked = "".join(f"{name}\n" for name in names).encode("utf-8", "surrogateescape")
    if not deadline.left:
        raise ChangeError("There was no time left to read objects.", "Allow more time.")
    done = repository.start("cat-file", mode, input=asked).finish(deadline.left)
    done.checked()
    return done
