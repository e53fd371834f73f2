"""What is said on a pull request, read from its forge, as reviewers that join the review."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from xreview.domain.errors import XReviewError
from xreview.domain.pull.discussion import Discussion, RemoteComment
from xreview.domain.pull.pull import Pull
from xreview.domain.pull.said import said_on_change
from xreview.domain.pull.sight import BotSight
from xreview.domain.report import Lens, ReviewerIdentity, ReviewerKind
from xreview.imports.reviewer import ImportedReviewer
from xreview.imports.sights import sights_of
from xreview.imports.statement import ToolStatement
from xreview.imports.threads import reviewers_from
from xreview.ports.reviewer import Reviewer
from xreview.review.assembly.run_options import RunOptions
from xreview.review.pulls.access import forge_for
from xreview.review.pulls.commented import CommentedFiles
from xreview.review.session.contained import contained
from xreview.review.session.session import ReviewSession
from xreview.review.session.whole_change import WholeChange

if TYPE_CHECKING:
    from xreview.ports.forge import Forge


class PullListening:
    """Listens to one pull request for a session. Close it."""

    def __init__(
        self, pull: Pull, change: WholeChange, session: ReviewSession, options: RunOptions
    ) -> None:
        self._pull = pull
        self._change = change
        self._session = session
        self._options = options
        self._forge: Forge | None = None
        self._files: CommentedFiles | None = None

    async def join(self) -> Sequence[Reviewer]:
        """The bots and people who commented, as reviewers; the session gets their threads first.

        A discussion that can't be read is no silence: a reviewer that failed stands for it.
        """
        try:
            with contained("Reading what is said on the pull request"):
                return await self._reviewers()
        except XReviewError as error:
            return (self._unread(failed=str(error)),)

    async def _reviewers(self) -> Sequence[Reviewer]:
        discussion, session = await self._discussion(), self._session
        taken = [one.identity.name for one in session.snapshot.reviewers]
        # Hundreds of comments take a while to read.
        reviewers, sights, said = await asyncio.to_thread(self._heard, discussion, taken)
        await session.take_discussion(discussion.threads, sights, said)
        gaps = (self._unread(gaps=discussion.gaps),) if discussion.gaps else ()
        return (*reviewers, *gaps)

    def _heard(
        self, discussion: Discussion, taken: Sequence[str]
    ) -> tuple[Sequence[Reviewer], Sequence[BotSight], Sequence[RemoteComment]]:
        """Who speaks, how far bots have seen the head, and what is said on the whole. Blocks."""
        pull, head = self._pull, self._pull.head.commit
        content_at = self._files.read if self._files is not None else None
        reviewers = reviewers_from(
            discussion, pull.author, head, taken, asked=pull.asked, content_at=content_at
        )
        sights = sights_of(discussion, head, pull.asked)
        return reviewers, sights, said_on_change(discussion, pull.author)

    async def close(self) -> None:
        """Close the connections, and end git."""
        if self._files is not None:
            await self._files.close()
        if self._forge is not None:
            await self._forge.close()

    async def _discussion(self) -> Discussion:
        host, project = self._pull.address.forge, self._pull.address.project
        forge = self._forge = await asyncio.to_thread(forge_for, host, self._options)
        self._files = CommentedFiles(forge, project, self._change.repository)
        return (await forge.discussion(self._pull)).published()

    def _unread(self, *, failed: str = "", gaps: tuple[str, ...] = ()) -> ImportedReviewer:
        """A reviewer that stands for what could not be read."""
        host = self._pull.address.forge.name
        identity = ReviewerIdentity(host, ReviewerKind.ANALYSER, host)
        said = ToolStatement(identity, Lens.RISK, failed=failed, unread=gaps)
        return ImportedReviewer(said, self._pull.address.shown)
