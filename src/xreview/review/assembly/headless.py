"""The whole flow without an interface: for scripts, CI and other programs."""

import asyncio
import signal
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from xreview.config.schema import Settings
from xreview.domain.authorship.author import Attribution
from xreview.domain.authorship.author_answer import AuthorAnswer
from xreview.domain.change import FileDiff
from xreview.domain.errors import InterruptionError, JournalError
from xreview.ports.reviewer import Reviewer
from xreview.repo.change.collecting import CollectedChange, collect
from xreview.repo.change.request import ChangeRequest
from xreview.repo.hardened.process import Processes
from xreview.review.asking.money import Money
from xreview.review.assembly.opening import contents, new_session
from xreview.review.assembly.policy import governed, policy_notices
from xreview.review.assembly.run_options import RunOptions
from xreview.review.choosing.joining import Joining
from xreview.review.choosing.panel import Panel
from xreview.review.egress.consent import Egress
from xreview.review.record.document import Exportable, exportable
from xreview.review.session.session import ReviewSession
from xreview.review.session.snapshot import ReviewSnapshot

OnProgress = Callable[[ReviewSnapshot], None]

INTERRUPTED = "The review was interrupted: this is what was found until then."


# Python makes the repr of a loop's main task whenever signals are set, with its result in it:
# that of a large review took seconds.
@dataclass(frozen=True, slots=True, repr=False)
class Reviewed:
    """A review that came to its end: its last snapshot, what there is to export of it, and the
    settings by which it went. `is_interrupted` says that the user ended it before."""

    snapshot: ReviewSnapshot
    exportable: Exportable
    settings: Settings
    is_interrupted: bool = False


def review_to_the_end(
    request: ChangeRequest, options: RunOptions, *, on_progress: OnProgress | None = None
) -> Reviewed:
    """`review_once` in a loop of its own, as a program that may be interrupted runs it.

    Ctrl+C and SIGTERM end git and the reviewers' processes, and what was found until then is given
    back; a second one ends that too. Raises InterruptionError where there is nothing to give back.
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
    """Collect the change, have it reviewed to the end, and give back what came of it.

    Nobody is asked: where the author is not known, the review goes on with both lenses; where code
    may not go to a vendor, its models do not read. A journal that can't be written becomes a notice
    in the snapshot, and what is to be exported comes out of memory then: the review needs none.
    Raises ChangeError where there is no change to read, ReviewerError where a configured reviewer
    does not exist or can't be used. Cancelling stops git and the reviewers; where `keep_if` says
    so then, what was found by then is given back, if the reviewers had begun.
    """
    with Processes():
        return await _review_once(request, options, on_progress, keep_if)


async def _review_once(
    request: ChangeRequest,
    options: RunOptions,
    on_progress: OnProgress | None,
    keep_if: Callable[[], bool],
) -> Reviewed:
    collected = await asyncio.to_thread(collect, request)
    is_interrupted = False
    try:
        options = await asyncio.to_thread(governed, options, collected)
        files = await asyncio.to_thread(_all_files, collected)
        session = await asyncio.to_thread(new_session, collected, options)
        settings = options.settings
        money = Money(settings.budget)
        panel = Panel(settings, options.folders, options.environ, money, request.cwd)
        try:
            try:
                await _review(session, files, collected, options, panel, on_progress)
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if task is None or not keep_if():
                    raise
                task.uncancel()
                is_interrupted = True
                session.notice(INTERRUPTED)
            found = await exportable(session, options.journal)
        finally:
            await panel.close()
            await session.close()
        return Reviewed(session.snapshot, found, settings, is_interrupted)
    finally:
        collected.close()


async def _review(
    session: ReviewSession,
    files: Sequence[FileDiff],
    collected: CollectedChange,
    options: RunOptions,
    panel: Panel,
    on_progress: OnProgress | None,
) -> None:
    session.add_files(files)
    session.finish_collecting()
    for sentence in policy_notices(files):
        session.notice(sentence)
    try:
        await session.open()
    except JournalError as error:
        session.notice(str(error))
    # Nobody waits for a first finding here, so a reviewer that can't be used is said at once.
    joining = Joining(collected, files, options, panel, _Nobody(session))
    models = await joining.join(session)

    async def joined() -> Sequence[Reviewer]:
        return models

    counting = asyncio.to_thread(collected.count, files)
    with contents(collected) as reader:
        async with aclosing(session.review(reader, joined(), counting)) as updates:
            async for snapshot in updates:
                if on_progress is not None:
                    on_progress(snapshot)
        if options.settings.rebuttals:
            findings = session.snapshot.open_findings
            async with aclosing(joining.rebut(session, reader, findings)) as answers:
                async for snapshot in answers:
                    if on_progress is not None:
                        on_progress(snapshot)


class _Nobody:
    """Stands for the person who is not there."""

    def __init__(self, session: ReviewSession) -> None:
        self._session = session

    async def author_wanted(self, attribution: Attribution) -> AuthorAnswer | None:
        """Nobody knows."""
        return None

    async def egress_wanted(self, egress: Egress) -> bool:
        """No code goes where nobody said it may."""
        self._session.notice(
            f"{' and '.join(egress.reviewers)} did not read: code may not go to {egress.place} "
            "without --yes-egress or the setting `egress`."
        )
        return False


def _all_files(collected: CollectedChange) -> list[FileDiff]:
    return [file for batch in collected.batches for file in batch]
