"""One attempt, step by step: the tree, the writer, the patch, what is said of it, the checks, the
review. Whatever fails ends this attempt with a sentence, and no other."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing

from xreview.domain.attempt.linking import link_cases
from xreview.domain.attempt.seat import Seat
from xreview.domain.attempt.task import attempt_title
from xreview.domain.errors import XReviewError
from xreview.domain.events.attempt_events import AttemptStated
from xreview.domain.fixing.check_run import CheckRun, check_changes
from xreview.domain.record import dataclass
from xreview.domain.report import ReviewerKind
from xreview.repo.disposable.taking import TreePatch
from xreview.repo.disposable.tree import DisposableTree
from xreview.review.attempts.attempt_state import AttemptState
from xreview.review.attempts.listed import entry_of
from xreview.review.attempts.place import AttemptReview, ReviewOrder, TrialCrew, TrialPlace
from xreview.review.attempts.snapshot import AttemptStage
from xreview.review.attempts.writers import TaskOrder, WriterReply
from xreview.review.fixing.changing import changing
from xreview.review.fixing.fix_run import refusal_notices
from xreview.review.fixing.fixed_tree import FixedFiles
from xreview.review.session.contained import contained
from xreview.review.writing.unbroken import unbroken

WRITERS_SHARE = 0.7
"""Of an attempt's cap, what its writer can spend; the rest is for describing and reviewing it."""
STOPPED = "You stopped it."
NO_CHANGE = "It changed nothing."


@dataclass(frozen=True)
class TrialGround:
    """What the attempts of one trial share.

    Args:
        base: the tree that the others are made from.
        before: gives the checks on the base, once they ran; () if they couldn't.
        writing, reviewing: how many do that at once.
    """

    trial: str
    place: TrialPlace
    crew: TrialCrew
    order: TaskOrder
    base: DisposableTree
    before: Callable[[], Awaitable[tuple[CheckRun, ...]]]
    writing: asyncio.Semaphore
    reviewing: asyncio.Semaphore


class AttemptRun:
    """An attempt on its way; `state` is how it stands."""

    def __init__(self, ground: TrialGround, seat: Seat, most: float) -> None:
        self.state = AttemptState(ground.trial, ground.place.record, seat, most)
        self._ground = ground
        self._seat = seat
        self._most = most
        self._steps: asyncio.Task[None] | None = None
        self._is_stopped = False

    async def run(self, told: Callable[[bool], None]) -> None:
        """Carry it out to its end.

        Args:
            told: called after each change of the snapshot, with whether it is one of the stage.
        """
        self.state.told = told
        steps = self._steps = asyncio.create_task(self._carry_out())
        if self._is_stopped:
            steps.cancel()
        try:
            await asyncio.wait([steps])
        finally:
            steps.cancel()  # it runs only if this task is cancelled: the loop ends
        await self._end(is_stopped=steps.cancelled())

    def stop(self) -> None:
        """Cut it short; `run` ends soon after, with what there is."""
        if not self._is_stopped and not self.state.snapshot.is_over:
            self._is_stopped = True
            if self._steps is not None:
                self._steps.cancel()

    async def _carry_out(self) -> None:
        """The steps; keeps why it ended early."""
        try:
            with contained(f"Attempt {self._seat.label}"):
                async with self._ground.writing:
                    reply = await self._prepare_and_write()
                patch = await self.state.take_patch()
                if self.state.why:
                    return
                if not patch.files:
                    self.state.why = reply.trouble or NO_CHANGE
                    return
                await self._let_describe(reply)
                await self._check(patch)
                async with self._ground.reviewing:
                    await self._review(patch)
        except XReviewError as error:
            self.state.why = self.state.why or str(error)

    async def _prepare_and_write(self) -> WriterReply:
        ground, label = self._ground, self._seat.label
        self.state.began = time.monotonic()
        self.state.show(stage=AttemptStage.PREPARING)
        tree = self.state.tree = await unbroken(self._new_tree)
        self.state.show(folder=tree.top, notices=(*self.state.snapshot.notices, *tree.notices))
        checks, most = ground.order.checks, self._most * WRITERS_SHARE
        writer = await ground.crew.writer(self._seat, tree, checks, most)
        self.state.show(stage=AttemptStage.WRITING)
        is_agent = writer.identity.kind is ReviewerKind.AGENT
        reply, began = WriterReply(trouble=f"Attempt {label} said nothing."), time.monotonic()
        try:
            async with changing(tree, ground.place.is_hidden if is_agent else None):
                async with asyncio.timeout(ground.place.seconds):
                    signals = writer.write(ground.order, tree)
                    reply = await self.state.heard("writing", signals) or reply
        except TimeoutError:
            minutes = ground.place.seconds / 60
            self.state.why = f"It took longer than {minutes:g} minutes, so it was stopped."
        finally:
            self.state.wrote = time.monotonic() - began
        if reply.is_cut_short:
            self.state.why = self.state.why or reply.trouble
        elif reply.trouble:
            self.state.notice(reply.trouble)
        self.state.notice(*refusal_notices(f"Attempt {label}", reply.refused))
        return reply

    def _new_tree(self) -> DisposableTree:
        """Make its tree from that of the trial. Blocks."""
        ground = self._ground
        name = entry_of(ground.trial, self._seat.label)
        folder = ground.place.shelf.new(name)
        try:
            return ground.base.twin(folder)
        except BaseException:
            ground.place.shelf.remove(name)
            raise

    async def _let_describe(self, reply: WriterReply) -> None:
        """Have it described; a description is worth less than its checks and its review."""
        try:
            with contained(f"Describing attempt {self._seat.label}"):
                await self._let_state(reply)
        except XReviewError as error:
            self.state.notice(f"Nobody could say what it does: {error}")

    async def _let_state(self, reply: WriterReply) -> None:
        """Link what is said of it to its lines; a fresh reader says it if the writer doesn't."""
        statement, patch = reply.statement, self.state.the_patch
        if statement is None:
            left = self._most * (1 - WRITERS_SHARE)
            reader = await self._ground.crew.reader(self._seat, self.state.the_tree, left)
            if reader is None:
                return
            self.state.show(stage=AttemptStage.STATING)
            told = await self.state.heard("stating", reader.state(self._ground.order, patch.files))
            statement = told.statement if told else None
            if statement is None:
                self.state.notice(f"Nobody could say what it does: {told.trouble if told else ''}")
                return
        files = FixedFiles(self.state.the_tree.top, patch.files)
        linked = await unbroken(link_cases, statement, patch.files, files.new_text)
        await self.state.record(AttemptStated(self._ground.trial, self._seat.label, linked))
        self.state.show(statement=linked)

    async def _check(self, patch: TreePatch) -> None:
        checks = self._ground.order.checks
        if not checks:
            return
        self.state.show(stage=AttemptStage.CHECKING, doing="waiting for other checks")
        before = {run.command: run for run in await self._ground.before()}
        after: dict[str, CheckRun] = {}
        try:
            stream = self._ground.crew.check(checks, self.state.the_tree, patch.tree)
            async with aclosing(stream) as steps:
                async for one in steps:
                    if isinstance(one, CheckRun):
                        after[one.command] = one
                        self.state.show(checks=check_changes(after, before, after))
                    else:
                        self.state.show(doing=one.what)
        finally:
            # Those that were cut off count as not passed.
            self.state.show(checks=check_changes(checks, before, after), doing="")

    async def _review(self, patch: TreePatch) -> None:
        ground, seat = self._ground, self._seat
        self.state.show(stage=AttemptStage.REVIEWING)
        if not ground.order.checks:  # else they left it so
            # What isn't part of the patch must not be read.
            await unbroken(self.state.the_tree.put, patch.tree)
        order = ReviewOrder(
            ground.trial,
            seat.label,
            attempt_title(seat.label, ground.order.task),
            ground.order.task,
            self.state.the_tree,
            patch,
            seat.writer,
            {},
            seat.reviewer,
            seat.reviewer_tier,
            max(self._most - self.state.spent.known, 0.0),
        )
        notices, last = self.state.snapshot.notices, AttemptReview("")
        async with aclosing(ground.crew.review(order)) as states:
            async for last in states:
                self.state.spent.parts["reviewing"] = last.cost
                self.state.show(
                    doing=last.doing,
                    cost=self.state.spent.total,
                    findings=last.findings,
                    reviewers=last.reviewers,
                    session=last.session,
                    unread=last.unread,
                    notices=(*notices, *last.notices),
                )
        if not last.is_over:
            self.state.why = "Its review ended before it was complete."

    async def _end(self, *, is_stopped: bool) -> None:
        """Take the patch if nobody did, record what isn't yet, and be over."""
        if is_stopped:
            self.state.why = self.state.why or STOPPED
        label, state = self._seat.label, self.state
        try:
            with contained(f"Attempt {label}"):
                if state.tree is not None and state.patch is None:
                    await state.take_patch()
        except XReviewError as error:
            state.why = state.why or str(error)
            state.notice(str(error))
        try:
            with contained(f"Recording attempt {label}"):
                await state.note_written()
                await state.measure()
                if state.snapshot.stage in (AttemptStage.CHECKING, AttemptStage.REVIEWING):
                    await state.note_reviewed()
        except XReviewError as error:
            state.notice(str(error))
        over = AttemptStage.OVER
        seconds, why = state.seconds, state.why
        state.show(stage=over, doing="", seconds=seconds, why=why, is_stopped=is_stopped)
