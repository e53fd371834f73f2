"""Which commit wrote single lines of a file (git-blame(1), "INCREMENTAL OUTPUT")."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from xreview.repo.attribution.base import Deadline
from xreview.repo.diff.file_names import unquote
from xreview.repo.repository import Repository

SECONDS = 10.0
"""For one file."""
_BYTES = 8 * 1024 * 1024
_MEMORY = 1024 * 1024 * 1024
_MOST_RANGES = 200
_GROUP = re.compile(rb"([0-9a-f]{40}|[0-9a-f]{64}) (\d{1,12}) (\d{1,12}) (\d{1,12})")
_NAME = b"filename "
_COMMAND = (
    # The repository could name programs and files here: conversions, and commits to skip.
    *("blame", "--incremental", "-w", "--no-textconv", "--no-ext-diff", "--ignore-revs-file="),
)


class LineOrigin(NamedTuple):
    """The commit that wrote a line, with its path and line number there; the path is raw."""

    commit: str
    path: str
    line: int


def line_origins(
    repository: Repository, commit: str, path: str, lines: Iterable[int], deadline: Deadline
) -> dict[int, LineOrigin]:
    """Return where lines (1-based) of a file in a commit come from, through renames of the file
    and changes of white space.

    Lines that git can't tell before the deadline aren't in it. Raises ChangeError where git fails.
    """
    wanted = sorted(set(lines))
    spans = list(_spans(wanted))
    ranges = [f"-L{start},{end}" for start, end in spans] if len(spans) <= _MOST_RANGES else []
    process = repository.start(*_COMMAND, *ranges, commit, "--", path)
    process.bound(min(SECONDS, deadline.left), _MEMORY)
    output = bytearray()
    try:
        for chunk in process.chunks():
            output += chunk
            if len(output) > _BYTES:
                break
    finally:
        process.close()
    known = dict(_origins(bytes(output)))
    return {line: known[line] for line in wanted if line in known}


def _spans(lines: Iterable[int]) -> Iterator[tuple[int, int]]:
    start = end = 0
    for line in lines:
        if start and line == end + 1:
            end = line
            continue
        if start:
            yield start, end
        start = end = line
    if start:
        yield start, end


def _origins(output: bytes) -> Iterator[tuple[int, LineOrigin]]:
    """Each group of lines begins with `commit, its line, our line, count` and ends with its path;
    between them are the commit's headers, each with a name before its value."""
    group: re.Match[bytes] | None = None
    for row in output.split(b"\n"):
        if match := _GROUP.fullmatch(row):
            group = match
        elif group is not None and row.startswith(_NAME):
            path = unquote(row.removeprefix(_NAME)).decode("utf-8", "surrogateescape")
            commit, theirs, ours, count = group[1].decode(), *map(int, group.groups()[1:])
            for offset in range(min(count, _BYTES)):
                yield ours + offset, LineOrigin(commit, path, theirs + offset)
            group = None
