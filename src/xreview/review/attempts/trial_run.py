"""One trial: its attempts side by side, the checks on the base, the comparison, what is kept."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from xreview.domain.attempt.comparing import compare_attempts
from xreview.domain.attempt.piece import AttemptComparison
from xreview.domain.errors import UsageError, XReviewError
from xreview.domain.events.attempt_events import TrialStarted
from xreview.domain.fixing.check_run import CheckRun
from xreview.domain.record import replace
from xreview.repo.disposable.checkout import CheckoutState, checkout_state
from xreview.repo.disposable.taking import TreePatch
from xreview.repo.disposable.tree import DisposableTree
from xreview.review.attempts.attempt_run import AttemptRun, TrialGround
from xreview.review.attempts.kept import keep_trial
from xreview.review.attempts.place import OpenedTrial, TrialCrew, TrialPlace
from xreview.review.attempts.snapshot import TrialSnapshot
from xreview.review.attempts.writers import TaskOrder
from xreview.review.session.contained import contained
from xreview.review.writing.unbroken import unbroken

MOVED = (
    "While the attempts ran, HEAD, the index or a file of your checkout changed. "
    "If it wasn't you, look at `git status` and `git reflog` before you take anything."
)
_LEAST_SECONDS = 0.05
"""Between two snapshots: a flood of words isn't shown word by word."""
_TICK_SECONDS = 1.0
"""After so long without news there is a snapshot anyway, for the clocks."""


class TrialRun:
    """A trial of this session.

    Args:
        snapshot: as it begins: its attempts are only their seats.
        state: of the user's checkout before.
    """

    def __init__(
        self,
        place: TrialPlace,
        crew: TrialCrew,
        base: DisposableTree,
        snapshot: TrialSnapshot,
        order: TaskOrder,
        state: CheckoutState,
    ) -> None:
        self.base = base
        self._place = place
        self._crew = crew
        self._order = order
        self._state = state
        self._own = snapshot
        self._folder = place.shelf.place(snapshot.id)
        self._going: asyncio.Task[None] | None = None
        self._checking: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._to_keep = asyncio.Event()
        self._compared: Mapping[str, TreePatch] = {}
        ground = TrialGround(
            snapshot.id,
            place,
            crew,
            order,
            base,
            self._before,
            asyncio.Semaphore(place.at_once),
            asyncio.Semaphore(place.at_once),
        )
        most = (snapshot.most or 0.0) / len(snapshot.attempts)
        self._attempts = {
            one.label: AttemptRun(ground, one.seat, most) for one in snapshot.attempts
        }

    @property
    def snapshot(self) -> TrialSnapshot:
        """How it stands now."""
        attempts = (
            replace(one.state.snapshot, seconds=one.state.seconds)
            for one in self._attempts.values()
        )
        return replace(self._own, attempts=tuple(attempts))

    @property
    def opened(self) -> OpenedTrial:
        """The trial with the files that are there by now."""
        trees = {label: tree for label, one in self._attempts.items() if (tree := one.state.tree)}
        return OpenedTrial(self.snapshot, self.base, trees, self._patches)

    async def begin(self, started: TrialStarted) -> None:
        """Record that it begins, before anything is sent. Raises JournalError or ChangeError."""
        await unbroken(keep_trial, self._folder, self.snapshot, {})
        await self._place.record(self._own.id, started)

    async def run(self) -> AsyncGenerator[TrialSnapshot, None]:
        """Carry it out; yield a snapshot after each step. Closing it stops all attempts."""
        going = self._going = asyncio.create_task(self._carry_out())
        going.add_done_callback(lambda _: self._news.set())
        try:
            while not going.done():
                self._news.clear()
                yield self.snapshot
                await asyncio.sleep(_LEAST_SECONDS)
                try:
                    async with asyncio.timeout(_TICK_SECONDS):
                        await self._news.wait()
                except TimeoutError:
                    continue
        finally:
            self.stop()
            await asyncio.shield(going)
        yield self.snapshot

    async def ended(self) -> None:
        """Wait until all of it has ended."""
        if self._going is not None:
            await asyncio.wait([self._going])

    def stop(self, label: str = "") -> None:
        """Cut one attempt short, or all for "". Raises UsageError for an unknown label."""
        if label and label not in self._attempts:
            raise UsageError(f"There is no attempt {label}.", f"Use one of: {self._labels}.")
        for one in (self._attempts[label],) if label else self._attempts.values():
            one.stop()

    def change(self, **changed: Any) -> None:
        """Change what the snapshot says of the trial itself; call `keep` afterwards."""
        self._own = replace(self._own, **changed)
        self._news.set()

    async def keep(self) -> None:
        """Write how it stands beside its trees; what the disk refuses is a notice."""
        trees = {label: patch.tree for label, patch in self._patches.items()}
        try:
            await unbroken(keep_trial, self._folder, self.snapshot, trees)
        except XReviewError as error:
            self._notice(str(error))

    async def _carry_out(self) -> None:
        """Run the attempts and the checks before; ends when all of it has."""
        settling = asyncio.create_task(self._settle())
        checking = self._checking = asyncio.create_task(self._check_base())
        runs = [one.run(self._tell) for one in self._attempts.values()]
        ended = await asyncio.gather(*runs, return_exceptions=True)
        checking.cancel()
        settling.cancel()
        await asyncio.gather(checking, settling, return_exceptions=True)
        for error in ended:
            if isinstance(error, BaseException):
                raise error
        await self._compare()
        try:
            after = await unbroken(checkout_state, self._place.repository)
            if after != self._state:
                self._notice(MOVED)
        except XReviewError as error:
            self._notice(str(error))
        self.change(doing="")
        await self.keep()

    async def _check_base(self) -> None:
        """Run the checks on the base, while the writers write."""
        if not self._order.checks:
            return
        try:
            with contained("Running the checks before"):
                stream = self._crew.check(self._order.checks, self.base, self.base.base)
                async with aclosing(stream) as steps:
                    async for one in steps:
                        if isinstance(one, CheckRun):
                            self.change(before=(*self._own.before, one))
                        else:
                            self.change(doing=f"before: {one.what}")
        except XReviewError as error:
            self._notice(f"What the checks said before isn't known: {error}")
        self.change(doing="")

    async def _before(self) -> tuple[CheckRun, ...]:
        if self._checking is not None:
            await asyncio.wait([self._checking])
        return self._own.before

    async def _settle(self) -> None:
        """Compare and keep after each step of an attempt."""
        while True:
            await self._to_keep.wait()
            self._to_keep.clear()
            await self._compare()
            await self.keep()

    async def _compare(self) -> None:
        patches = self._patches
        if patches.keys() == self._compared.keys():
            return
        try:
            with contained("Comparing the attempts"):
                self.change(comparison=await unbroken(compared, patches))
        except XReviewError as error:
            self._notice(str(error))
        self._compared = patches  # not before: a comparison that was cut off is made again

    @property
    def _patches(self) -> dict[str, TreePatch]:
        taken = ((label, one.state.patch) for label, one in self._attempts.items())
        return {label: patch for label, patch in taken if patch is not None and patch.files}

    @property
    def _labels(self) -> str:
        return ", ".join(self._attempts)

    def _tell(self, is_step: bool) -> None:
        self._news.set()
        if is_step:
            self._to_keep.set()

    def _notice(self, sentence: str) -> None:
        if sentence not in self._own.notices:
            self.change(notices=(*self._own.notices, sentence))


def compared(patches: Mapping[str, TreePatch]) -> AttemptComparison | None:
    """The pieces of these patches, by label; None for none. Takes up to a second."""
    if not patches:
        return None
    return compare_attempts({label: patch.files for label, patch in patches.items()})
