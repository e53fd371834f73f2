"""The changed lines of single commits, and of the difference of two."""

import re
from collections.abc import Iterator, Sequence

from xreview.domain.change import FileDiff
from xreview.repo.attribution.base import Deadline
from xreview.repo.change.comparison import DIFF_OPTIONS
from xreview.repo.change.revisions import EMPTY_TREES
from xreview.repo.diff.git_diff import split_git_diff
from xreview.repo.hardened.process import GitProcess
from xreview.repo.repository import Repository

PATCH_BYTES = 32 * 1024 * 1024
_FILE_BYTES = 2 * 1024 * 1024
_MEMORY = 1024 * 1024 * 1024
_AT_ONCE = 100
_LISTED = (
    *("log", "--no-walk=unsorted", "--format=%H", "--no-show-signature", "--no-notes"),
    *("--no-decorate", "--no-mailmap", "--no-relative"),
)
_MARK = re.compile(rb"^([0-9a-f]{40}|[0-9a-f]{64})\n", re.MULTILINE)
_OBJECT_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def is_object_id(text: str | None) -> bool:
    """Whether it is a full object id, as the journal keeps them."""
    return text is not None and _OBJECT_ID.fullmatch(text) is not None


def difference(
    repository: Repository,
    base: str | None,
    head: str,
    deadline: Deadline,
    *,
    context: int = 0,
    paths: Sequence[str] = (),
) -> tuple[FileDiff, ...]:
    """Return the difference of two commits; `base` None is the empty tree. Without context,
    changes of white space alone aren't in it.

    Returns () if it is too large. Raises ChangeError where git fails, as it does for a commit that
    isn't here.
    """
    base = base or EMPTY_TREES[len(head)]
    space = () if context else ("--ignore-all-space",)
    shown = ("--patch", f"--unified={context}", *space, *DIFF_OPTIONS)
    process = repository.start("diff", *shown, base, head, "--", *paths)
    output, is_whole = _output(process, deadline)
    return _files(output) if is_whole else ()


def commit_patches(
    repository: Repository, ids: Sequence[str], deadline: Deadline
) -> Iterator[tuple[str, tuple[FileDiff, ...]]]:
    """Yield each commit with its changes without context, except those of white space alone, as
    many as can be read before the deadline.

    The commits aren't merges. Raises ChangeError where git fails.
    """
    options = ("--root", "--patch", "--unified=0", "--ignore-all-space", *DIFF_OPTIONS)
    for start in range(0, len(ids), _AT_ONCE):
        if not deadline.left:
            return
        asked = ids[start : start + _AT_ONCE]
        process = repository.start(*_LISTED, *options, "--end-of-options", *asked, "--")
        output, is_whole = _output(process, deadline)
        # Without context, every line of a patch has a mark: a bare id begins a commit.
        _, *parts = _MARK.split(output)
        found = list(zip(parts[::2], parts[1::2], strict=True))
        for id, patch in found if is_whole else found[:-1]:
            yield id.decode("ascii"), _files(patch.lstrip(b"\n"))
        if not is_whole:
            return


def _files(output: bytes) -> tuple[FileDiff, ...]:
    batches = split_git_diff([output], _FILE_BYTES, PATCH_BYTES) if output else ()
    return tuple(file for batch in batches for file in batch)


def _output(process: GitProcess, deadline: Deadline) -> tuple[bytes, bool]:
    """What git printed, and whether that is all of it."""
    process.bound(deadline.left, _MEMORY)
    output = bytearray()
    try:
        for chunk in process.chunks():
            output += chunk
            if len(output) > PATCH_BYTES:
                return bytes(output), False
        return bytes(output), not process.is_late
    finally:
        process.close()
