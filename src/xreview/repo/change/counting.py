"""Comparing git's own count of a change with the diffs that were read, to find what was missed.

`git diff --raw --numstat -z` names every path with its modes and its numbers of added and removed
lines (git-diff(1), "Raw output format" and "Other diff formats").
"""

from collections.abc import Iterable, Iterator

from xreview.domain.change import FileDiff, Unshown
from xreview.domain.errors import ChangeError
from xreview.domain.record import dataclass

FORMATS = ("--raw", "--numstat", "-z")
_RAW = b":"


@dataclass(frozen=True, slots=True)
class GitCount:
    """Git's count of one path; `lines` is None if git counts none, as for a binary file."""

    path: str
    lines: int | None
    changes_mode: bool


def _parse_counted(output: bytes) -> Iterator[GitCount]:
    """Parse the output of `git diff` with `FORMATS`; any exception means that it's malformed."""
    fields = iter(output.split(b"\0"))
    modes: dict[bytes, bool] = {}
    for field in fields:
        if field.startswith(_RAW):
            old_mode, new_mode, *_, status = field[1:].split(b" ")
            path = next(fields)
            if status[:1] in (b"R", b"C"):
                path = next(fields)
            modes[path] = old_mode != new_mode
        elif field.strip():
            added, removed, path = field.split(b"\t", 2)
            if not path:  # a rename: the old path and the new one follow
                next(fields)
                path = next(fields)
            lines = None if added == b"-" else int(added) + int(removed)
            name = path.decode("utf-8", "surrogateescape")
            yield GitCount(name, lines, modes.get(path, False))


def find_missing(
    files: Iterable[FileDiff], counted: Iterable[GitCount], known: Iterable[Unshown]
) -> Iterator[Unshown]:
    """What git counts beyond the diffs and what is known to be unread."""
    shown: dict[str, int | None] = {}
    for file in files:
        # A link that became a file is two diffs, but git counts one path.
        shown[file.path] = None if file.binary else file.added + file.removed
    for one in known:
        if (lines := shown.get(one.path, 0)) is not None:
            shown[one.path] = lines + one.lines
    for one in counted:
        if one.path not in shown:
            if one.lines != 0 or one.changes_mode:
                yield Unshown(one.path, "git counts it, but its diff wasn't found", one.lines or 0)
            continue
        lines = shown[one.path]
        if lines is not None and one.lines is not None and lines < one.lines:
            yield Unshown(one.path, "git counts more lines than its diff shows", one.lines - lines)


def parse_counts(output: bytes) -> list[GitCount]:
    """Parse git's whole count. Raises ChangeError if it's malformed."""
    try:
        return list(_parse_counted(output))
    except (ValueError, RuntimeError, StopIteration) as error:
        raise ChangeError(
            "git's count of the changed lines can't be read.", "Install git 2.31 or newer."
        ) from error
