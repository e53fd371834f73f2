"""File diffs of two texts, as a patch has them."""

from tests.analysers.changes import diff_body
from xreview.domain.change import FileDiff, FileStatus


def edited(path: str, old: str, new: str, **given: str) -> FileDiff:
    """A changed file; a new or deleted one if a side is ""."""
    status = FileStatus.MODIFIED
    if not old:
        status = FileStatus.ADDED
    elif not new:
        status = FileStatus.DELETED
    return FileDiff(path, status, body=diff_body(old, new), **given)
