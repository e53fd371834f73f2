"""Where to look first in a change, from the history of what it touches."""

from collections.abc import Sequence

from xreview.domain.orientation import AttentionMap
from xreview.repo.past_commits import PastCommit
from xreview.repo.repository import Repository
from xreview.review.session.whole_change import WholeChange


def attention_of(
    change: WholeChange, repository: Repository, commits: Sequence[PastCommit]
) -> AttentionMap:
    """SCAFFOLD: the engineer of this part writes it."""
    raise NotImplementedError
