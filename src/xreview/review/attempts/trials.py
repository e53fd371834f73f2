"""Trials: one task given to several writers, from the wish to what is left of it.

    trials = Trials(place, crew)
    async for snapshot in trials.run(wish): …    # closing it stops all; what there is stays
    opened = await trials.open(snapshot.id)

Attempts stay on the shelf until they are discarded. Nothing here writes to the user's files.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

from xreview.domain.attempt.seat import Seat
from xreview.domain.errors import UsageError
from xreview.domain.events.attempt_events import (
    AttemptReturned,
    AttemptTaken,
    TrialDiscarded,
    TrialStarted,
)
from xreview.domain.record import replace
from xreview.repo.disposable.checkout import checkout_state
from xreview.repo.disposable.tree import DisposableTree
from xreview.review.attempts.kept import keep_trial, kept_trial
from xreview.review.attempts.listed import ListedTrial, entries_of, listed_trials
from xreview.review.attempts.place import OpenedTrial, TrialCrew, TrialPlace
from xreview.review.attempts.refinding import refind_trial
from xreview.review.attempts.seating import WriterChoice
from xreview.review.attempts.snapshot import AttemptSnapshot, AttemptStage, TrialSnapshot
from xreview.review.attempts.trial_run import TrialRun
from xreview.review.attempts.wish import LONGEST_TASK, TrialWish
from xreview.review.attempts.writers import TaskOrder
from xreview.review.fixing.fixers import UsersFiles
from xreview.review.session.contained import contained
from xreview.review.writing.unbroken import unbroken


class Trials:
    """The trials of one session or command."""

    def __init__(self, place: TrialPlace, crew: TrialCrew) -> None:
        self._place = place
        self._crew = crew
        self._runs: dict[str, TrialRun] = {}
        self._opened: dict[str, OpenedTrial] = {}

    @property
    def place(self) -> TrialPlace:
        """What attempts work with."""
        return self._place

    @property
    def crew(self) -> TrialCrew:
        """Who takes part."""
        return self._crew

    async def choices(self, wish: TrialWish) -> Sequence[WriterChoice]:
        """Return who can write, those that do by default first. Raises UsageError."""
        return await self._crew.choices(wish)

    async def seats(self, wish: TrialWish) -> tuple[tuple[Seat, ...], str, str]:
        """Return who would write and review which attempt, what the task touches most, and why
        these tiers. Raises UsageError."""
        return await self._crew.seats(wish)

    async def preview(self, wish: TrialWish) -> str:
        """Return what each writer would get, word by word. Nothing is sent. Raises XReviewError."""
        top = self._checked(wish)
        seats, _, _ = await self._crew.seats(wish)
        order, told = self._order(wish), list[str]()
        by_writer = {(one.writer, one.tier): one for one in seats}
        # In the order of the names: the order of the seats would tell who is A.
        for (who, tier), seat in sorted(by_writer.items(), key=lambda item: item[0][0].name):
            text = await self._crew.preview(seat, order, UsersFiles(top))
            told.append(f"To {who.name} ({tier}):\n\n{text.rstrip()}\n")
        return "\n".join(told)

    async def run(self, wish: TrialWish) -> AsyncGenerator[TrialSnapshot, None]:
        """Have a task attempted; yield a snapshot after each step, about 20 a second at most.

        Close the iterator to stop all: partial results are kept (`open`). Raises XReviewError if
        it can't begin.
        """
        with contained("The attempts"):
            run = await self._begin(wish)
            async with aclosing(run.run()) as snapshots:
                async for snapshot in snapshots:
                    yield snapshot

    def cancel(self, trial: str, label: str = "") -> None:
        """Stop one attempt of a trial that runs here, or all for "". Raises UsageError."""
        self._run_of(trial).stop(label)

    async def open(self, trial: str) -> OpenedTrial:
        """Return a trial with its files, of this or an earlier run.

        It stays locked for other processes until `close`. Raises ChangeError if it isn't there,
        belongs to another repository, or another process has it.
        """
        if (run := self._runs.get(trial)) is not None:
            return run.opened
        if trial not in self._opened:
            shelf = self._place.shelf
            await unbroken(shelf.lock, trial)
            try:
                with contained("Opening the attempts"):
                    found, is_new = await refind_trial(self._place, trial)
                    self._opened[trial] = found
                    if is_new:
                        await self._keep(trial)
            except BaseException:
                self._opened.pop(trial, None)
                shelf.release(trial)
                raise
        return self._opened[trial]

    async def snapshot(self, trial: str) -> TrialSnapshot:
        """Return how a trial stands, also one that another process runs; then without its files.

        Raises ChangeError; also if it is over and another process has it open, since it would look
        as if nothing had been written.
        """
        if (run := self._runs.get(trial)) is not None:
            return run.snapshot
        if trial in self._opened:
            return self._opened[trial].snapshot
        listed = {one.id: one for one in await self.listed()}
        if trial in listed and listed[trial].is_running and not listed[trial].is_over:
            folder = self._place.shelf.place(trial)
            kept = await unbroken(kept_trial, folder)
            now = kept.snapshot()
            pairs = zip(kept.attempts, now.attempts, strict=True)
            attempts = (one if was.is_over else _running(one, was.stage) for was, one in pairs)
            return replace(now, attempts=tuple(attempts))
        return (await self.open(trial)).snapshot

    async def listed(self) -> Sequence[ListedTrial]:
        """Return the trials on disk, of all repositories and processes, the oldest first."""
        place = self._place
        return await unbroken(listed_trials, place.shelf, place.repository.identity)

    async def discard(self, trial: str) -> None:
        """Throw a trial away with all its files.

        Raises UsageError while it runs here, ChangeError if another process has it or its trees
        can't be removed, JournalError.
        """
        run = self._runs.get(trial)
        if run is not None and not run.snapshot.is_over:
            raise UsageError("These attempts are still running.", "Stop them first.")
        listed = {one.id: one for one in await self.listed()}
        await unbroken(self._remove, trial)
        self._runs.pop(trial, None)
        self._opened.pop(trial, None)
        if trial in listed and listed[trial].is_here and listed[trial].labels:
            await self._place.record(trial, TrialDiscarded(trial))

    async def reveal(self, trial: str) -> None:
        """Remember that the families of a trial's writers may be shown. Raises ChangeError."""
        await self._change(trial, is_revealed=True)

    async def note_taken(self, trial: str, payload: AttemptTaken | AttemptReturned) -> None:
        """Record that something was taken or returned, and keep it. Raises JournalError.

        Who took something has chosen, so families may be shown then.
        """
        await self._place.record(trial, payload)
        taken = (await self.open(trial)).snapshot.taken
        without = tuple(one for one in taken if one.action != payload.action)
        if isinstance(payload, AttemptTaken):
            await self._change(trial, taken=(*without, payload), is_revealed=True)
        else:
            await self._change(trial, taken=without)

    async def close(self) -> None:
        """Stop what runs, and let go of all trials and of the crew."""
        for run in self._runs.values():
            run.stop()
        await asyncio.gather(*(run.ended() for run in self._runs.values()))
        await unbroken(self._let_go)
        await self._crew.close()

    async def _begin(self, wish: TrialWish) -> TrialRun:
        """Check the wish, make the base tree, and seat the writers."""
        self._checked(wish)
        place = self._place
        seats, kind, why = await self._crew.seats(wish)
        if not seats:
            raise UsageError("Nobody is there to write.", "See `xreview-tui models`.")
        id, order = place.new_id(), self._order(wish)
        state = await unbroken(checkout_state, place.repository)
        most = place.most if wish.budget is None else wish.budget
        try:
            base = await unbroken(self._base, id, wish)
            snapshot = TrialSnapshot(
                id,
                wish.task,
                tuple(AttemptSnapshot(one, most=most / len(seats)) for one in seats),
                kind=kind,
                why=why,
                base=base.base,
                revision=wish.revision,
                preset=wish.preset,
                started=place.now(),
                most=most,
                notices=base.notices,
            )
            run = TrialRun(place, self._crew, base, snapshot, order, state)
            preset = wish.preset.value if wish.preset else ""
            started = TrialStarted(
                *(id, wish.task, kind, base.base, wish.revision, order.checks, preset, seats, why)
            )
            await run.begin(started)
        except BaseException:
            await unbroken(place.shelf.remove, id)
            raise
        self._runs[id] = run
        return run

    def _base(self, id: str, wish: TrialWish) -> DisposableTree:
        """Make the tree that the others are made from. Blocks."""
        place = self._place
        folder = place.shelf.new(id)
        place.shelf.describe(
            id,
            repository=place.repository.identity,
            started=place.now(),
            fixer="",
            title=wish.title,
        )
        return DisposableTree.create(place.repository, folder, place.links, wish.revision)

    def _checked(self, wish: TrialWish) -> Path:
        """The folder of the user's files. Raises UsageError if there can be no trial."""
        if not wish.task.strip():
            raise UsageError("There is no task.", "Say what is to be done.")
        if len(wish.task) > LONGEST_TASK:
            raise UsageError(
                f"The task has {len(wish.task):,} characters; {LONGEST_TASK:,} are the most.",
                "Put the details in a file of the repository, and name it.",
            )
        if (top := self._place.repository.top) is None:
            raise UsageError("A bare repository has no files.", "Start in a worktree of it.")
        return top

    def _order(self, wish: TrialWish) -> TaskOrder:
        place = self._place
        return TaskOrder(wish.task, wish.checks or place.checks, place.conventions)

    def _run_of(self, trial: str) -> TrialRun:
        if (run := self._runs.get(trial)) is None:
            raise UsageError(f"No attempts {trial} run here.", "See `xreview-tui attempt --list`.")
        return run

    async def _change(self, trial: str, **changed: Any) -> None:
        """Change what is known of a trial as a whole, and keep it."""
        if (run := self._runs.get(trial)) is not None:
            run.change(**changed)
            await run.keep()
            return
        opened = await self.open(trial)
        self._opened[trial] = replace(opened, snapshot=replace(opened.snapshot, **changed))
        await self._keep(trial)

    async def _keep(self, trial: str) -> None:
        opened = self._opened[trial]
        trees = {label: patch.tree for label, patch in opened.patches.items()}
        await unbroken(keep_trial, self._place.shelf.place(trial), opened.snapshot, trees)

    def _let_go(self) -> None:
        """Let other processes have all trials of this one. Blocks."""
        shelf = self._place.shelf
        for trial in (*self._runs, *self._opened):
            for name in (*entries_of(shelf, trial), trial):
                shelf.release(name)

    def _remove(self, trial: str) -> None:
        """Remove its folders; that of the trial comes last, since the others borrow from it."""
        shelf = self._place.shelf
        shelf.lock(trial)
        for name in entries_of(shelf, trial):
            shelf.remove(name)
        shelf.remove(trial)


def _running(one: AttemptSnapshot, stage: AttemptStage) -> AttemptSnapshot:
    return replace(one, stage=stage, why="", is_stopped=False)
