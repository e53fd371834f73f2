"""Attempts without an interface: running trials, reading what is kept of them, taking from them."""

import asyncio
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

from xreview.domain.attempt.piece import PieceRef
from xreview.domain.attempt.takes import TAKE_EVENTS, takes_in
from xreview.domain.errors import ChangeError, InterruptionError, UsageError
from xreview.domain.events.attempt_events import AttemptTaken
from xreview.domain.record import dataclass
from xreview.domain.text import visible
from xreview.journal.store import Journal
from xreview.repo.change import sources
from xreview.repo.change.collecting import CollectedChange
from xreview.repo.change.request import ChangeRequest
from xreview.repo.hardened.processes import Processes
from xreview.review.assembly.headless import NoUser
from xreview.review.assembly.run_options import RunOptions
from xreview.review.assembly.running import RunningReview, start_review
from xreview.review.attempts.snapshot import TrialSnapshot
from xreview.review.attempts.wish import TrialWish
from xreview.review.session.whole_change import WholeChange

if TYPE_CHECKING:
    from xreview.review.attempts.graft import GraftSnapshot, Took
    from xreview.review.attempts.listed import ListedTrial
    from xreview.review.attempts.taking import Taking
    from xreview.review.attempts.trials import Trials

_Result = TypeVar("_Result")
OnTrial = Callable[[TrialSnapshot], None]
"""Called with each snapshot of a running trial."""
OnGraft = Callable[["GraftSnapshot"], None]
"""Called with each snapshot of the check of a graft."""

SEE_TRIALS = "`xreview-tui attempt --list` lists what is kept."


@dataclass(frozen=True)
class HeadlessTrials:
    """What a command does with trials.

    Args:
        hides: the setting: whether writers are hidden until an attempt is picked.
    """

    trials: "Trials"
    taking: "Taking"
    options: RunOptions
    hides: bool

    async def find(self, beginning: str) -> "ListedTrial":
        """Return the trial of this repository whose id begins so. Raises UsageError."""
        listed = [one for one in await self.trials.listed() if one.id.startswith(beginning)]
        found = [one for one in listed if one.is_here]
        if len(found) == 1 and beginning:
            return found[0]
        if listed and not found:
            folder = listed[0].repository.removesuffix("/.git")
            raise UsageError(
                f"The attempts {listed[0].id[:8]} belong to another repository.",
                f"Start in it: xreview-tui -C {folder} attempt …",
            )
        said = "Several kept attempts begin" if found else "No kept attempts begin"
        raise UsageError(f"{said} with “{visible(beginning)}”.", SEE_TRIALS)

    async def run(self, wish: TrialWish, on_trial: OnTrial) -> TrialSnapshot:
        """Have a task attempted. If cancelled, return what there is so far, once it has begun."""
        last: TrialSnapshot | None = None
        try:
            async with aclosing(self.trials.run(wish)) as snapshots:
                async for last in snapshots:
                    on_trial(last)
        except asyncio.CancelledError:
            if last is None or (task := asyncio.current_task()) is None:
                raise
            task.uncancel()
        if last is None:
            raise ChangeError("The attempts didn't begin.", "Try again.")
        return await self.trials.snapshot(last.id)

    async def take(self, beginning: str, label: str, reason: str, *, is_forced: bool) -> "Took":
        """Put an attempt into the user's files, or complete what a kill broke off.

        Raises UsageError, ChangeError, JournalError.
        """
        trial = (await self.find(beginning)).id
        snapshot = await self.trials.snapshot(trial)
        if label not in snapshot.by_label:
            labels = ", ".join(snapshot.by_label)
            raise UsageError(
                f"There is no attempt “{visible(label)}” in {trial[:8]}.", f"Use {labels}."
            )
        for broken in await self.taking.unfinished(trial):
            if broken.labels == (label,):
                return await self.taking.finish(broken)
        return await self.taking.take(trial, label, reason, is_forced=is_forced)

    async def graft(
        self,
        trial: str,
        choice: Mapping[PieceRef, str],
        reason: str,
        on_graft: OnGraft,
        *,
        is_forced: bool,
    ) -> tuple["GraftSnapshot", "Took | None"]:
        """Check a graft, and put it into the user's files if it is sound, or `is_forced`.

        Raises UsageError, ChangeError, JournalError.
        """
        last: GraftSnapshot | None = None
        async with aclosing(self.taking.check(trial, choice)) as snapshots:
            async for last in snapshots:
                on_graft(last)
        if last is None:
            raise ChangeError("The check of the graft didn't begin.", "Try again.")
        if not last.is_sound and not (is_forced and last.is_applicable):
            return last, None
        return last, await self.taking.take_graft(last, reason, is_forced=is_forced)

    async def undo(self, beginning: str) -> AttemptTaken:
        """Give back what was taken last: of one trial, or ("") of all in this repository.

        What a kill broke off comes first. Raises UsageError if there is nothing, ChangeError if
        the files changed since, JournalError.
        """
        if beginning:
            trials = [await self.find(beginning)]
        else:
            trials = [one for one in await self.trials.listed() if one.is_here]
        taken = await self._last_taken(trials)
        if taken is None:
            raise UsageError("No attempt is taken here.", SEE_TRIALS)
        await self.taking.give_back(taken)
        return taken

    async def clean(self, beginning: str) -> tuple["ListedTrial", ...]:
        """Remove a trial, or ("") all of this repository that are over; return them.

        Raises UsageError, ChangeError if it still runs.
        """
        if beginning:
            removed = [await self.find(beginning)]
        else:
            listed = [one for one in await self.trials.listed() if one.is_here]
            removed = [one for one in listed if not one.is_running]
        for one in removed:
            if one.is_running:
                raise UsageError(
                    f"The attempts {one.id[:8]} are in use by another xreview-tui.",
                    "Close it there, or wait until they are over.",
                )
            await self.trials.discard(one.id)
        return tuple(removed)

    async def _last_taken(self, trials: Sequence["ListedTrial"]) -> AttemptTaken | None:
        for trial in trials:
            # Who has it open elsewhere is asked there about what was broken off.
            if not trial.is_running and (broken := await self.taking.unfinished(trial.id)):
                return broken[-1]
        held = await asyncio.to_thread(self._held)
        ids = {one.id for one in trials}
        return next((one for one in reversed(held) if one.trial in ids), None)

    def _held(self) -> list[AttemptTaken]:
        """What is taken in this repository, the oldest first."""
        name = self.trials.place.repository.identity
        with Journal.open(self.options.journal) as journal:
            events = journal.events(repository=name, types=TAKE_EVENTS)
            return [one.taken for one in takes_in(events)]


@asynccontextmanager
async def headless_trials(
    request: ChangeRequest, options: RunOptions, *, asks_models: bool = False
) -> AsyncGenerator[HeadlessTrials, None]:
    """The trials of the repository around a folder, whatever has changed in it.

    With `asks_models`, those that can write and review are looked for, and the user's conventions
    are read. Raises UsageError outside of a checkout, ChangeError, ConfigError, JournalError.
    """
    with Processes():
        collected = await asyncio.to_thread(_nothing_yet, request)
        try:
            review = await start_review(WholeChange(collected, (), request.cwd), options, NoUser)
            try:
                if asks_models:
                    await review.session.recall()
                    review.selection.authorship.candidates = await review.panel.find()
                trials, taking = trials_and_taking(review)
                settings = review.options.settings.attempts
                try:
                    yield HeadlessTrials(trials, taking, review.options, settings.blind)
                finally:
                    await trials.close()
            finally:
                await review.close()
        finally:
            collected.close()


def trials_and_taking(review: RunningReview) -> "tuple[Trials, Taking]":
    """What runs trials for a review, and what takes from them."""
    from xreview.review.assembly.attempts import trials_for
    from xreview.review.attempts.taking import Taking

    trials = trials_for(review)
    return trials, Taking(trials)


def do_with_trials(
    request: ChangeRequest,
    options: RunOptions,
    do: Callable[[HeadlessTrials], Awaitable[_Result]],
    *,
    asks_models: bool = False,
) -> _Result:
    """Do something in a loop of its own. Ctrl+C and SIGTERM stop it: partial results are kept.

    Raises InterruptionError if that is before there is any result, what `do` raises, and as
    `headless_trials`.
    """

    async def run() -> _Result:
        async with headless_trials(request, options, asks_models=asks_models) as found:
            task = asyncio.ensure_future(do(found))
            for number in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(number, task.cancel)
            try:
                return await task
            except asyncio.CancelledError:
                raise InterruptionError("It was interrupted.", SEE_TRIALS) from None

    return asyncio.run(run())


def _nothing_yet(request: ChangeRequest) -> CollectedChange:
    """The worktree against HEAD without any file: attempts need no change to start from.

    Blocks. Raises ChangeError, UsageError for a bare repository.
    """
    repository, head, _ = sources.find_head(request)
    if repository.top is None:
        raise UsageError(
            "Attempts need a checkout, and this is a bare repository.",
            "Start in a worktree of it.",
        )
    comparison = sources.compare_worktree(repository, head)
    return CollectedChange(comparison.source, iter(()), repository, comparison)
