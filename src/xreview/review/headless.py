"""The whole flow without an interface: for scripts, CI and other programs."""

import asyncio
import signal
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

from xreview.config.schema import Settings
from xreview.domain.author_answer import AuthorAnswer
from xreview.domain.change import FileDiff
from xreview.domain.errors import JournalError
from xreview.repo.request import ChangeRequest
from xreview.repo.source import CollectedChange, collect
from xreview.review.authorship import Authorship
from xreview.review.opening import candidates, contents, new_session
from xreview.review.session import ReviewSession
from xreview.review.snapshot import ReviewSnapshot


def review_to_the_end(
    request: ChangeRequest,
    settings: Settings,
    *,
    journal: Path,
    imports: Sequence[Path] = (),
    said: AuthorAnswer | None = None,
    on_progress: Callable[[ReviewSnapshot], None] | None = None,
) -> ReviewSnapshot:
    """`review_once` in a loop of its own, as a program that may be terminated runs it.

    SIGTERM cancels the review as asyncio has Ctrl+C do: git and the reviewers' processes are ended
    on the way out. Raises SystemExit then (128 + the signal), KeyboardInterrupt on Ctrl+C.
    """

    async def review() -> ReviewSnapshot:
        once = review_once(
            request, settings, journal=journal, imports=imports, said=said, on_progress=on_progress
        )
        task = asyncio.ensure_future(once)
        is_terminated = asyncio.Event()

        def terminate() -> None:
            is_terminated.set()
            task.cancel()

        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, terminate)
        try:
            return await task
        except asyncio.CancelledError:
            if is_terminated.is_set():
                raise SystemExit(128 + signal.SIGTERM) from None
            raise

    return asyncio.run(review())


async def review_once(
    request: ChangeRequest,
    settings: Settings,
    *,
    journal: Path,
    imports: Sequence[Path] = (),
    said: AuthorAnswer | None = None,
    on_progress: Callable[[ReviewSnapshot], None] | None = None,
) -> ReviewSnapshot:
    """Collect the change, have it reviewed to the end, and give back the last snapshot.

    `said` is who the user says wrote it. Nobody is asked: where the author is not known, the
    review goes on with both lenses. A journal that can't be written becomes a notice in the
    snapshot: the review itself needs none.
    Raises ChangeError where there is no change to read, ReviewerError where a configured reviewer
    does not exist. Cancelling stops git and the reviewers.
    """
    collected = await asyncio.to_thread(collect, request)
    try:
        files = await asyncio.to_thread(_all_files, collected)
        there = candidates(settings)
        authorship = Authorship(collected, files, there, settings, journal, said)
        async with _gathering(authorship) as gathered:
            if authorship.matters:
                await gathered
            choice = authorship.choice()
            session = await asyncio.to_thread(
                new_session, collected, settings, journal, imports, choice
            )
            try:
                await _review(session, files, collected, on_progress, gathered, authorship)
            finally:
                await session.close()
        return session.snapshot
    finally:
        collected.close()


async def _review(
    session: ReviewSession,
    files: Sequence[FileDiff],
    collected: CollectedChange,
    on_progress: Callable[[ReviewSnapshot], None] | None,
    gathered: asyncio.Task[None],
    authorship: Authorship,
) -> None:
    session.add_files(files)
    session.finish_collecting()
    try:
        await session.open()
    except JournalError as error:
        session.notice(str(error))
    with contents(collected) as reader:
        async with aclosing(session.review(reader)) as updates:
            async for snapshot in updates:
                if on_progress is not None:
                    on_progress(snapshot)
    await gathered
    await session.attribute(authorship.attribution, authorship.choice())


@asynccontextmanager
async def _gathering(authorship: Authorship) -> AsyncGenerator[asyncio.Task[None]]:
    """Look for traces of the author beside what is done here, and not for longer."""
    task = asyncio.create_task(authorship.gather())
    try:
        yield task
    finally:
        task.cancel()


def _all_files(collected: CollectedChange) -> list[FileDiff]:
    return [file for batch in collected.batches for file in batch]
