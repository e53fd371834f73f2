"""Orienting the user: the history is read once, then each kind of hint is made from it."""

import asyncio
from collections.abc import AsyncGenerator

from xreview.domain.orientation import Orientation, RelatedCode
from xreview.repo.past_commits import past_commits
from xreview.review.orientation.related import related_to
from xreview.review.session.whole_change import WholeChange

LEAST_COMMITS = 50
"""With fewer, counts say nothing."""

NO_HISTORY = "The change isn't in a repository with a history."


async def orient(change: WholeChange) -> AsyncGenerator[Orientation, None]:
    """Yield what is known, more each time. Raises ChangeError where git fails.

    Everything blocking runs in threads. Close the iterator to stop.
    """
    repository, base = change.repository, change.source.base
    if repository is None or base is None:
        yield _unknown(NO_HISTORY)
        return
    commits = await asyncio.to_thread(past_commits, repository, base)
    if len(commits) < LEAST_COMMITS:
        yield _unknown(f"The history has only {len(commits)} commits before this change.")
        return
    yield Orientation(await related_to(change, repository, commits))


def _unknown(why: str) -> Orientation:
    return Orientation(RelatedCode(why_none=why))
