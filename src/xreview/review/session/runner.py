"""Runs the reviewers in parallel and streams their checked updates."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Sequence
from contextlib import aclosing

from xreview.domain.change import Change
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.errors import ReviewerError, XReviewError
from xreview.domain.record import dataclass, replace
from xreview.domain.report import Report
from xreview.ports.reviewer import (
    Asked,
    Notice,
    Progress,
    RawReport,
    Reviewer,
    ReviewRequest,
    Usage,
)
from xreview.review.session.contained import contained
from xreview.review.session.ground import Grounding


@dataclass(frozen=True, slots=True)
class Joined:
    """More reviewers, with indexes that follow the earlier ones."""

    reviewers: tuple[Reviewer, ...]


@dataclass(frozen=True, slots=True)
class ReviewerUpdate:
    """One update of the reviewer at `index`; None means that it is done.

    The index is -1 for `Joined` and for a notice about reviewers that could not join.
    """

    index: int
    what: Report | Progress | Usage | Asked | CoverageEntry | Notice | ReviewerError | Joined | None


LONGEST_PAUSE, SHORTEST_PAUSE = 0.1, 0.01
"""Seconds between two batches. A batch costs a write to disk and a sort of all findings, so the
pause is as long as the last one took: a single finding shows at once, and many take at most half
of the time."""


async def run_reviewers(
    reviewers: Sequence[Reviewer],
    request: ReviewRequest,
    joining: Sequence[Awaitable[Sequence[Reviewer]]] = (),
) -> AsyncGenerator[list[ReviewerUpdate], None]:
    """Stream the updates of all reviewers in batches; those in `joining` come later, each group
    when it is there.

    An error of a reviewer becomes a ReviewerError, and the others go on. Each file that it did not
    account for gets a FAILED coverage entry, so that an unreviewed file can't look clean. Closing
    the iterator cancels all reviewers and waits for their cleanup.
    """
    queue: asyncio.Queue[ReviewerUpdate] = asyncio.Queue(maxsize=1000)
    tasks: list[asyncio.Task[None]] = []

    def start(more: Sequence[Reviewer], first: int) -> None:
        for index, reviewer in enumerate(more, first):
            tasks.append(asyncio.create_task(_run_one(index, reviewer, request, queue)))

    start(reviewers, 0)
    known = running = len(reviewers)
    if joining:
        tasks.append(asyncio.create_task(_join_all(joining, queue)))
        running += 1
    try:
        while running:
            batch = [await queue.get()]
            while not queue.empty():
                batch.append(queue.get_nowait())
            running -= sum(said.what is None for said in batch)
            for said in batch:
                if isinstance(said.what, Joined):
                    start(said.what.reviewers, known)
                    known += len(said.what.reviewers)
                    running += len(said.what.reviewers)
            begin = time.perf_counter()
            yield batch
            if running:
                cost = time.perf_counter() - begin
                # Once all reviewers are done, nothing more is waited for.
                await asyncio.wait(tasks, timeout=min(LONGEST_PAUSE, max(SHORTEST_PAUSE, cost)))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _join_all(
    joining: Sequence[Awaitable[Sequence[Reviewer]]], queue: asyncio.Queue[ReviewerUpdate]
) -> None:
    async with asyncio.TaskGroup() as group:
        for more in joining:
            group.create_task(_join(more, queue))
    await queue.put(ReviewerUpdate(-1, None))


async def _join(more: Awaitable[Sequence[Reviewer]], queue: asyncio.Queue[ReviewerUpdate]) -> None:
    try:
        with contained("Finding out who reviews"):
            joined = Joined(tuple(await more))
        await queue.put(ReviewerUpdate(-1, joined))
    except XReviewError as error:
        await queue.put(ReviewerUpdate(-1, Notice(str(error))))


async def _run_one(
    index: int, reviewer: Reviewer, request: ReviewRequest, queue: asyncio.Queue[ReviewerUpdate]
) -> None:
    name = reviewer.identity.name
    grounding = Grounding(request.change, request.contents)
    accounted: set[str] = set()
    why = "the reviewer did not account for this file"
    try:
        with contained(f"The review by {name}"):
            async with aclosing(reviewer.review(request)) as signals:
                async for signal in signals:
                    if isinstance(signal, RawReport):
                        signal = await grounding.check(signal, reviewer.lens)
                    elif isinstance(signal, CoverageEntry):
                        accounted.add(signal.path)
                        signal = _as_far_as_readable(signal, request.change)
                    await queue.put(ReviewerUpdate(index, signal))
    except XReviewError as error:
        why = error.message
        failure = error if isinstance(error, ReviewerError) else ReviewerError(why, error.advice)
        await queue.put(ReviewerUpdate(index, failure))
    for file in request.change.files:
        if file.path not in accounted:
            entry = CoverageEntry(name, file.path, Reading.FAILED, why)
            await queue.put(ReviewerUpdate(index, entry))
    await queue.put(ReviewerUpdate(index, None))


def _as_far_as_readable(entry: CoverageEntry, change: Change) -> CoverageEntry:
    """The entry, turned into a gap where the diff doesn't show all of the change."""
    file = change.by_path.get(entry.path)
    if file is None or not file.unread or entry.is_gap:
        return entry
    reading = Reading.TRUNCATED if entry.reading is Reading.READ else entry.reading
    why = "; ".join(filter(None, (file.unread, entry.why)))
    return replace(entry, reading=reading, why=why, expected=False)
