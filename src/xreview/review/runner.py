"""Running the reviewers side by side and streaming what they say, checked."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.errors import ReviewerError, XReviewError
from xreview.domain.report import Report
from xreview.review.ground import Grounding
from xreview.reviewers.base import Notice, Progress, RawReport, Reviewer, ReviewRequest, Usage


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that the reviewer at `index` said; None means that it came to its end."""

    index: int
    what: Report | Progress | Usage | CoverageEntry | Notice | ReviewerError | None


BATCH_SECONDS = 0.1
"""How long to gather before the next batch: ten pictures a second are enough for a person, and
each batch costs one write to disk and one sorting of all findings."""


async def run_reviewers(
    reviewers: Sequence[Reviewer], request: ReviewRequest
) -> AsyncGenerator[list[Said], None]:
    """Stream what all reviewers say, in batches: everything that came since the last one.

    A reviewer that fails says a ReviewerError and the others go on. Files it had not accounted
    for by then get a FAILED coverage entry, so that "not reviewed" can't look clean. Closing the
    iterator cancels all of them and waits until they have cleaned up.
    """
    queue: asyncio.Queue[Said] = asyncio.Queue(maxsize=1000)
    tasks = [
        asyncio.create_task(_run_one(index, reviewer, request, queue))
        for index, reviewer in enumerate(reviewers)
    ]
    running = len(tasks)
    try:
        while running:
            batch = [await queue.get()]
            while not queue.empty():
                batch.append(queue.get_nowait())
            running -= sum(said.what is None for said in batch)
            yield batch
            if running:
                await asyncio.sleep(BATCH_SECONDS)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _run_one(
    index: int, reviewer: Reviewer, request: ReviewRequest, queue: asyncio.Queue[Said]
) -> None:
    grounding = Grounding(request.change, request.contents)
    accounted: set[str] = set()
    why = "the reviewer did not say what it did with this file"
    try:
        async with aclosing(reviewer.review(request)) as signals:
            async for signal in signals:
                if isinstance(signal, RawReport):
                    signal = await grounding.check(signal, reviewer.lens)
                elif isinstance(signal, CoverageEntry):
                    accounted.add(signal.path)
                await queue.put(Said(index, signal))
    except XReviewError as error:
        why = error.message
        failure = error if isinstance(error, ReviewerError) else ReviewerError(why, error.advice)
        await queue.put(Said(index, failure))
    name = reviewer.identity.name
    for file in request.change.files:
        if file.path not in accounted:
            entry = CoverageEntry(name, file.path, Reading.FAILED, why)
            await queue.put(Said(index, entry))
    await queue.put(Said(index, None))
