"""The app's side of one session: collect, open, review; each step is told to a listener."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from xreview.config.schema import Settings
from xreview.domain.change import FileDiff
from xreview.domain.errors import XReviewError
from xreview.repo.source import CollectedChange
from xreview.review.snapshot import ReviewSnapshot
from xreview.tui.collector import Collector

if TYPE_CHECKING:  # brings the journal with it, which the first frame does without
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

    def trouble(self, error: XReviewError) -> None:
        """Something failed, the session goes on."""
        ...


class Flow:
    """Runs one session for the app."""

    def __init__(
        self,
        collector: Collector,
        settings: Settings,
        journal: Path,
        imports: Sequence[Path],
        listener: FlowListener,
    ) -> None:
        self._collector = collector
        self._settings = settings
        self._journal = journal
        self._imports = imports
        self._listener = listener
        self._session: ReviewSession | None = None
        self._reviewing: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Everything from the first line of git to the last report.

        Raises XReviewError where there is no change to show.
        """
        collected = await self._collector.opened()
        self._listener.snapshot_taken(ReviewSnapshot("", collected.source))
        session = await self._collect(collected)
        try:
            await session.open()
        except XReviewError as error:
            session.notice(str(error))
            self._listener.trouble(error)
        self._listener.session_opened(session)
        self._listener.snapshot_taken(session.snapshot)
        if session.snapshot.files:
            self._reviewing = asyncio.create_task(self._review(session, collected))
            await asyncio.wait([self._reviewing])
            self._listener.snapshot_taken(session.snapshot)
            if not self._reviewing.cancelled():
                self._reviewing.result()

    async def _collect(self, collected: CollectedChange) -> "ReviewSession":
        batches: list[tuple[FileDiff, ...]] = []
        async with aclosing(self._collector.batches()) as arriving:
            async for batch in arriving:
                self._listener.files_arrived(batch)
                batches.append(batch)
        # Imported here: SQLite and the reviewers are not needed for the first frame.
        from xreview.review.opening import new_session

        session = await asyncio.to_thread(
            new_session, collected, self._settings, self._journal, self._imports
        )
        session.add_files(file for batch in batches for file in batch)
        session.finish_collecting()
        self._session = session
        return session

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
        if self.stop_review() and self._reviewing is not None:
            await asyncio.wait([self._reviewing])
        if self._session is not None:
            await self._session.close()
