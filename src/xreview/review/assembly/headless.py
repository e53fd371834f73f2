"""The whole review without an interface, for scripts, CI and other programs."""

import asyncio
import signal
from collections.abc import Callable, Sequence
from contextlib import aclosing

from xreview.config.schema import Settings
from xreview.domain.authorship.author import Attribution
from xreview.domain.authorship.author_answer import AuthorAnswer
from xreview.domain.errors import InterruptionError
from xreview.domain.record import dataclass
from xreview.ports.reviewer import Reviewer
from xreview.repo.change.request import ChangeRequest
from xreview.repo.hardened.processes import Processes
from xreview.review.assembly.run_options import RunOptions
from xreview.review.assembly.running import RunningReview, start_review
from xreview.review.egress.consent import Egress
from xreview.review.pulls.opening import collect_change
from xreview.review.record.document import Exportable, exportable
from xreview.review.session.session import ReviewSession
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.review.session.whole_change import read_to_end

OnProgress = Callable[[ReviewSnapshot], None]

INTERRUPTED = "The review was interrupted; these are the findings so far."


# On a signal, asyncio makes the repr of the loop's main task, with its result; for a large review
# that took seconds.
@dataclass(frozen=True, slots=True, repr=False)
class Reviewed:
    """A finished review; `is_interrupted` says that the user ended it early."""

    snapshot: ReviewSnapshot
    exportable: Exportable
    settings: Settings
    is_interrupted: bool = False


def review_to_the_end(
    request: ChangeRequest, options: RunOptions, *, on_progress: OnProgress | None = None
) -> Reviewed:
    """Run `review_once` in a loop of its own, with Ctrl+C and SIGTERM handled.

    The first signal ends git and the reviewers' processes and returns the findings so far; the
    second ends that too. Raises InterruptionError if there is no result yet.
    """

    async def review() -> Reviewed:
        is_interrupted = asyncio.Event()
        task = asyncio.ensure_future(
            review_once(request, options, on_progress=on_progress, keep_if=is_interrupted.is_set)
        )

        def interrupt() -> None:
            is_interrupted.set()
            task.cancel()

        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, interrupt)
        try:
            return await task
        except asyncio.CancelledError:
            if is_interrupted.is_set():
                raise InterruptionError(
                    "The review was interrupted before it had a result."
                ) from None
            raise

    return asyncio.run(review())


async def review_once(
    request: ChangeRequest,
    options: RunOptions,
    *,
    on_progress: OnProgress | None = None,
    keep_if: Callable[[], bool] = lambda: False,
) -> Reviewed:
    """Read the change and review it to the end, without a question.

    An unknown author means both lenses, and a vendor that needs consent gets no code. If the
    journal can't be written, the snapshot has a notice and the export comes from memory. If
    cancelled, and `keep_if` says so, the findings so far are returned once the reviewers have
    started.

    Raises ChangeError if there is no change to read, ReviewerError if a configured reviewer doesn't
    exist or can't be used.
    """
    with Processes():
        return await _review_once(request, options, on_progress, keep_if)


async def _review_once(
    request: ChangeRequest,
    options: RunOptions,
    on_progress: OnProgress | None,
    keep_if: Callable[[], bool],
) -> Reviewed:
    collected = await asyncio.to_thread(collect_change, request, options)
    is_interrupted = False
    try:
        change = await asyncio.to_thread(read_to_end, collected, request)
        review = await start_review(change, options, NoUser)
        session, options = review.session, review.options
        try:
            try:
                await _run(review, on_progress)
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if task is None or not keep_if():
                    raise
                task.uncancel()
                is_interrupted = True
                session.notice(INTERRUPTED)
            found = await exportable(session, options.journal)
        finally:
            await review.close()
        return Reviewed(session.snapshot, found, options.settings, is_interrupted)
    finally:
        collected.close()


async def _run(review: RunningReview, on_progress: OnProgress | None) -> None:
    await review.open()
    # Without a user waiting for findings, a reviewer that can't be used fails the review at once.
    models = await review.select()

    async def joined() -> Sequence[Reviewer]:
        return models

    relating = asyncio.create_task(review.find_related())  # beside the reading
    try:
        async with aclosing(review.run(joined())) as updates:
            async for snapshot in updates:
                if on_progress is not None:
                    on_progress(snapshot)
        await relating
    finally:
        relating.cancel()
        await asyncio.gather(relating, return_exceptions=True)


class NoUser:
    """Answers the questions to the user (`review.choosing.selection.UserQuestions`)."""

    def __init__(self, session: ReviewSession) -> None:
        self._session = session

    async def author_wanted(self, attribution: Attribution) -> AuthorAnswer | None:
        """Answer nothing."""
        return None

    async def egress_wanted(self, egress: Egress) -> bool:
        """Answer no, with a notice."""
        self._session.notice(
            f"{' and '.join(egress.reviewers)} did not read: sending code to {egress.place} "
            "needs --yes-egress or the setting `egress`."
        )
        return False
