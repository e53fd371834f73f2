"""Running the reviewers side by side and streaming what they say, checked."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from xreview.domain.change import Change
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.errors import ReviewerError, XReviewError
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
    """More reviewers read from now on; their indexes follow those that were there."""

    reviewers: tuple[Reviewer, ...]


@dataclass(frozen=True, slots=True)
class ReviewerUpdate:
    """One thing that the reviewer at `index` said; None means that it came to its end.

    `Joined` is nobody's: its index is -1, and so is that of a notice about those who did not join.
    """

    index: int
    what: Report | Progress | Usage | Asked | CoverageEntry | Notice | ReviewerError | Joined | None


LONGEST_PAUSE, SHORTEST_PAUSE = 0.1, 0.01
"""Seconds to gather before the next batch. Each batch costs one write to disk and one sorting of
all findings, so the pause is as long as the last one took: a finding by itself is on the screen at
once, and a flood of them takes at most half of the time."""


async def run_reviewers(
    reviewers: Sequence[Reviewer],
    request: ReviewRequest,
    joining: Awaitable[Sequence[Reviewer]] | None = None,
) -> AsyncGenerator[list[ReviewerUpdate], None]:
    """Stream what all reviewers say, in batches: everything that came since the last one.

    `joining` gives those who read too as soon as it is known who they are; nobody waits for them.
    What it raises becomes a notice.

    A reviewer that fails, whatever it raises, says a ReviewerError and the others go on. Files it
    had not accounted for by then get a FAILED coverage entry, so that "not reviewed" can't look
    clean. Closing the iterator cancels all of them and waits until they have cleaned up.
    """
    queue: asyncio.Queue[ReviewerUpdate] = asyncio.Queue(maxsize=1000)
    tasks: list[asyncio.Task[None]] = []

    def start(more: Sequence[Reviewer], first: int) -> None:
        for index, reviewer in enumerate(more, first):
            tasks.append(asyncio.create_task(_run_one(index, reviewer, request, queue)))

    start(reviewers, 0)
    known = running = len(reviewers)
    if joining is not None:
        tasks.append(asyncio.create_task(_join(joining, queue)))
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
                await asyncio.sleep(min(LONGEST_PAUSE, max(SHORTEST_PAUSE, cost)))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _join(
    joining: Awaitable[Sequence[Reviewer]], queue: asyncio.Queue[ReviewerUpdate]
) -> None:
    try:
        with contained("Choosing the models that read"):
            joined = Joined(tuple(await joining))
        await queue.put(ReviewerUpdate(-1, joined))
    except XReviewError as error:
        await queue.put(ReviewerUpdate(-1, Notice(str(error))))
    await queue.put(ReviewerUpdate(-1, None))


async def _run_one(
    index: int, reviewer: Reviewer, request: ReviewRequest, queue: asyncio.Queue[ReviewerUpdate]
) -> None:
    name = reviewer.identity.name
    grounding = Grounding(request.change, request.contents)
    accounted: set[str] = set()
    why = "the reviewer did not say what it did with this file"
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
    """The entry, made a gap where the diff itself has not all of what the change does."""
    file = change.by_path.get(entry.path)
    if file is None or not file.unread or entry.is_gap:
        return entry
    reading = Reading.TRUNCATED if entry.reading is Reading.READ else entry.reading
    why = "; ".join(filter(None, (file.unread, entry.why)))
    return replace(entry, reading=reading, why=why, expected=False)
