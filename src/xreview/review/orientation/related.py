"""What is related to a change and isn't in it."""

from collections.abc import Sequence

from xreview.domain.orientation import RelatedCode
from xreview.repo.past_commits import PastCommit
from xreview.repo.repository import Repository
from xreview.review.session.whole_change import WholeChange


async def related_to(
    change: WholeChange, repository: Repository, commits: Sequence[PastCommit]
) -> RelatedCode:
    """SCAFFOLD: the engineer of this part writes it."""
    raise NotImplementedError
