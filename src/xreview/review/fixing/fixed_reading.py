"""Letting a model that verifies a fix read the fixed tree with its tools."""

import time
from collections.abc import Callable
from dataclasses import replace

from xreview.domain.change import ChangeKind, ChangeSource
from xreview.repo.files.tree import RepositoryTree
from xreview.repo.repository import Repository
from xreview.review.asking.answerer import Answerer
from xreview.review.tools.toolbox import Toolbox


def reading_fixed_tree(
    answerer: Answerer, repository: Repository, ignores: Callable[[str], bool] = lambda _: False
) -> Answerer:
    """The answerer with tools that read the files of a disposable tree's own `repository`.

    An agent has tools of its own: make it with a copy of that tree.
    """
    if answerer.voice.model.features.has_own_tools:
        return answerer
    source = ChangeSource(ChangeKind.WORKTREE, "a fix", str(repository.top or ""))
    # A tree reads the list of files once, so each question gets one.
    return replace(
        answerer,
        new_toolbox=lambda: Toolbox(
            RepositoryTree(source, repository), time.monotonic, ignores, gate=answerer.gate
        ),
    )
