"""What is said on a pull request, read from its forge, as reviewers that join the review."""

import asyncio
from collections.abc import Sequence

from xreview.domain.pull.discussion import Discussion
from xreview.domain.pull.pull import Pull
from xreview.domain.report import Lens, ReviewerIdentity, ReviewerKind
from xreview.imports.reviewer import ImportedReviewer
from xreview.imports.statement import ToolStatement
from xreview.imports.threads import reviewers_from, sights_of
from xreview.ports.forge_failure import ForgeError
from xreview.ports.reviewer import Reviewer
from xreview.review.assembly.run_options import RunOptions
from xreview.review.pulls.access import forge_for
from xreview.review.session.session import ReviewSession
from xreview.review.session.whole_change import WholeChange


async def join_discussion(
    change: WholeChange, session: ReviewSession, options: RunOptions
) -> Sequence[Reviewer]:
    """The bots and people who commented, as reviewers; the session is given their threads first.

    A discussion that can't be read is no silence: a reviewer that failed stands for it.
    """
    pull = change.collected.pull
    if pull is None:
        return ()
    try:
        discussion = await _read(pull, options)
    except ForgeError as error:
        return (_unread(pull, failed=str(error)),)
    head = pull.head.commit
    await session.take_discussion(discussion.threads, sights_of(discussion, head, pull.asked))
    taken = [one.identity.name for one in session.snapshot.reviewers]

    def joining() -> tuple[Reviewer, ...]:
        return reviewers_from(discussion, pull.author, head, taken=taken)

    reviewers = await asyncio.to_thread(joining)
    gaps = (_unread(pull, gaps=discussion.gaps),) if discussion.gaps else ()
    return (*reviewers, *gaps)


async def _read(pull: Pull, options: RunOptions) -> Discussion:
    forge = await asyncio.to_thread(forge_for, pull.address.forge, options)
    try:
        return (await forge.discussion(pull)).published()
    finally:
        await forge.close()


def _unread(pull: Pull, *, failed: str = "", gaps: tuple[str, ...] = ()) -> ImportedReviewer:
    """A reviewer that stands for what could not be read."""
    host = pull.address.forge.name
    identity = ReviewerIdentity(host, ReviewerKind.ANALYSER, host)
    return ImportedReviewer(
        ToolStatement(identity, Lens.RISK, failed=failed, unread=gaps), pull.address.shown
    )
