"""Reads what is at stake in a change, with a look at the repository's tests."""

from collections.abc import Callable, Sequence

from xreview.domain.change import FileDiff
from xreview.domain.stakes.stakes import Stakes
from xreview.repo.files.tree import RepositoryTree
from xreview.review.stakes.change import change_stakes
from xreview.review.stakes.naming_tests import named_by_tests


def read_stakes(
    files: Sequence[FileDiff], open_tree: Callable[[], RepositoryTree | None]
) -> Stakes:
    """Return the stakes of changed files; `open_tree` gives the repository after the change, None
    outside of any. Blocks on git."""
    tree = open_tree()
    if tree is None:
        return change_stakes(files)
    try:
        return change_stakes(files, named_by_tests(files, tree))
    finally:
        tree.close()
