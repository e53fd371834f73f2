"""The app's side of one session: collect, open, review; each step is told to a listener."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from xreview.config.schema import Settings
from xreview.domain.author import Attribution
from xreview.domain.author_answer import AuthorAnswer
from xreview.domain.change import FileDiff
from xreview.domain.errors import XReviewError
from xreview.repo.source import CollectedChange
from xreview.review.snapshot import ReviewSnapshot
from xreview.tui.collector import Collector

if TYPE_CHECKING:  # brings the journal with it, which the first frame does without
    from xreview.domain.event import AuthorAnswered
    from xreview.review.authorship import Authorship
    from xreview.review.session import ReviewSession


class FlowListener(Protocol):
    """Who is told; each call only posts a message."""

    def files_arrived(self, files: tuple[FileDiff, ...]) -> None:
        """Git gave more of the change."""
        ...

    def session_opened(self, session: "ReviewSession") -> None:
        """From now on decisions can be made."""
        ...

    def snapshot_taken(self, snapshot: ReviewSnapshot) -> None:
        """There is a newer state to show."""
        ...

    async def author_wanted(self, attribution: Attribution) -> AuthorAnswer | None:
        """Nothing tells who wrote the change: ask the person; None where they do not answer now."""
        ...

    def trouble(self, error: XReviewError) -> None:
        """Something failed, the session goes on."""
        ...


class Flow:
    """Runs one session for the app.

    Args:
        said: who the person says wrote the change, for this run.
    """

    def __init__(
        self,
        collector: Collector,
        settings: Settings,
        journal: Path,
        imports: Sequence[Path],
        listener: FlowListener,
        said: AuthorAnswer | None = None,
    ) -> None:
        self._collector = collector
        self._settings = settings
        self._journal = journal
        self._imports = imports
        self._listener = listener
        self._said = said
        self._authorship: Authorship | None = None
        self._session: ReviewSession | None = None
        self._reviewing: asyncio.Task[None] | None = None
        self._attributing: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Everything from the first line of git to the last report.

        Raises XReviewError where there is no change to show.
        """
        collected = await self._collector.opened()
        self._listener.snapshot_taken(ReviewSnapshot("", collected.source))
        files = await self._collect()
        authorship = await self._authorship_of(collected, files)
        answered: AuthorAnswered | None = None
        if authorship.matters:
            whole = ReviewSnapshot("", collected.source, tuple(files), is_collected=True)
            self._listener.snapshot_taken(whole)
            answered = await self._know_author(authorship)
        session = await self._new_session(collected, files, authorship)
        try:
            await session.open()
        except XReviewError as error:
            session.notice(str(error))
            self._listener.trouble(error)
        self._listener.session_opened(session)
        self._listener.snapshot_taken(session.snapshot)
        self._attributing = asyncio.create_task(self._attribute(session, authorship, answered))
        if session.snapshot.files:
            self._reviewing = asyncio.create_task(self._review(session, collected))
            await asyncio.wait([self._reviewing])
            self._listener.snapshot_taken(session.snapshot)
            if not self._reviewing.cancelled():
                self._reviewing.result()
        await self._attributing

    async def _collect(self) -> list[FileDiff]:
        files: list[FileDiff] = []
        async with aclosing(self._collector.batches()) as arriving:
            async for batch in arriving:
                self._listener.files_arrived(batch)
                files += batch
        return files

    async def _authorship_of(
        self, collected: CollectedChange, files: Sequence[FileDiff]
    ) -> "Authorship":
        # Imported here: SQLite and the reviewers are not needed for the first frame.
        from xreview.review.authorship import Authorship
        from xreview.review.opening import candidates

        there = await asyncio.to_thread(candidates, self._settings)
        self._authorship = Authorship(
            collected, files, there, self._settings, self._journal, self._said
        )
        return self._authorship

    async def _know_author(self, authorship: "Authorship") -> "AuthorAnswered | None":
        """Before a model is chosen: look who wrote the change, and ask where nothing tells."""
        await authorship.gather()
        if not authorship.must_ask:
            return None
        answer = await self._listener.author_wanted(authorship.attribution)
        return authorship.answer(answer) if answer else None

    async def _new_session(
        self, collected: CollectedChange, files: Sequence[FileDiff], authorship: "Authorship"
    ) -> "ReviewSession":
        from xreview.review.opening import new_session

        choice = authorship.choice()
        session = await asyncio.to_thread(
            new_session, collected, self._settings, self._journal, self._imports, choice
        )
        session.add_files(files)
        session.finish_collecting()
        self._session = session
        return session

    async def _attribute(
        self,
        session: "ReviewSession",
        authorship: "Authorship",
        answered: "AuthorAnswered | None",
    ) -> None:
        """Write down who wrote the change; where that was not needed before, look for it now."""
        if not authorship.matters:
            await authorship.gather()
        await self._show_author(session, authorship, answered)

    @property
    def author_matters(self) -> bool:
        """Whether who reads depends on who wrote the change."""
        return self._authorship is not None and self._authorship.matters

    async def answer_author(self, answer: AuthorAnswer) -> bool:
        """Take a person's word for who wrote the change; False where it is too early for that."""
        if self._session is None or self._authorship is None or self._attributing is None:
            return False
        await self._attributing
        answered = self._authorship.answer(answer)
        await self._show_author(self._session, self._authorship, answered)
        return True

    async def _show_author(
        self,
        session: "ReviewSession",
        authorship: "Authorship",
        answered: "AuthorAnswered | None",
    ) -> None:
        await session.attribute(authorship.attribution, authorship.choice())
        self._listener.snapshot_taken(session.snapshot)
        if answered is not None:
            try:
                await session.answer_author(answered)
            except XReviewError as error:
                self._listener.trouble(error)

    async def _review(self, session: "ReviewSession", collected: CollectedChange) -> None:
        from xreview.review.opening import contents

        with contents(collected) as reader:
            async with aclosing(session.review(reader)) as updates:
                async for snapshot in updates:
                    self._listener.snapshot_taken(snapshot)

    def stop_review(self) -> bool:
        """Stop the reviewers; False where none is reading."""
        return self._reviewing is not None and self._reviewing.cancel()

    @property
    def is_patch_from_stdin(self) -> bool:
        """Whether the change came from a pipe that is empty now."""
        return self._collector.reads_stdin

    async def close(self) -> None:
        """Stop everything and let the journal go."""
        self._collector.stop()
        stopping = [task for task in (self._reviewing, self._attributing) if task and task.cancel()]
        if stopping:
            await asyncio.wait(stopping)
        if self._session is not None:
            await self._session.close()
