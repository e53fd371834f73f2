"""The whole flow without an interface: for scripts, CI and other programs."""

import asyncio
import signal
from collections.abc import Callable, Sequence
from contextlib import aclosing
from pathlib import Path

from xreview.config.schema import Settings
from xreview.domain.change import FileDiff
from xreview.domain.errors import JournalError
from xreview.repo.request import ChangeRequest
from xreview.repo.source import CollectedChange, collect
from xreview.review.opening import contents, new_session
from xreview.review.snapshot import ReviewSnapshot


def review_to_the_end(
    request: ChangeRequest,
    settings: Settings,
    *,
    journal: Path,
    imports: Sequence[Path] = (),
    on_progress: Callable[[ReviewSnapshot], None] | None = None,
) -> ReviewSnapshot:
    """`review_once` in a loop of its own, as a program that may be terminated runs it.

    SIGTERM cancels the review as asyncio has Ctrl+C do: git and the reviewers' processes are ended
    on the way out. Raises SystemExit then (128 + the signal), KeyboardInterrupt on Ctrl+C.
    """

    async def review() -> ReviewSnapshot:
        once = review_once(
            request, settings, journal=journal, imports=imports, on_progress=on_progress
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
    on_progress: Callable[[ReviewSnapshot], None] | None = None,
) -> ReviewSnapshot:
    """Collect the change, have it reviewed to the end, and give back the last snapshot.

    A journal that can't be written becomes a notice in the snapshot: the review itself needs none.
    Raises ChangeError where there is no change to read, ReviewerError where a configured reviewer
    does not exist. Cancelling stops git and the reviewers.
    """
    collected = await asyncio.to_thread(collect, request)
    session = await asyncio.to_thread(new_session, collected, settings, journal, imports)
    try:
        session.add_files(await asyncio.to_thread(_all_files, collected))
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
        return session.snapshot
    finally:
        collected.close()
        await session.close()


def _all_files(collected: CollectedChange) -> list[FileDiff]:
    return [file for batch in collected.batches for file in batch]
