"""One attempt, step by step: the tree, the writer, the patch, what is said of it, the checks, the
review. Whatever fails ends this attempt with a sentence, and no other."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from xreview.domain.attempt.facts import AttemptFacts
from xreview.domain.attempt.linking import link_cases
from xreview.domain.attempt.seat import Seat
from xreview.domain.errors import XReviewError
from xreview.domain.events.attempt_events import AttemptReviewed, AttemptStated, AttemptWritten
from xreview.domain.events.event import AttemptPayload
from xreview.domain.fixing.check_run import CheckChange, CheckRun
from xreview.domain.fixing.tampering import tampering_in
from xreview.domain.report import ReviewerKind
from xreview.domain.text import shorten
from xreview.ports.model import Doing
from xreview.ports.reviewer import Usage
from xreview.repo.disposable.taking import TreePatch
from xreview.repo.disposable.tree import DisposableTree
from xreview.review.attempts.listed import entry_of
from xreview.review.attempts.measuring import measured
from xreview.review.attempts.place import AttemptReview, ReviewOrder, TrialCrew, TrialPlace
from xreview.review.attempts.snapshot import AttemptSnapshot, AttemptStage
from xreview.review.attempts.unbroken import unbroken
from xreview.review.attempts.wish import task_title
from xreview.review.attempts.writers import TaskOrder, WriterReply, WriterSignal
from xreview.review.fixing.changing import changing
from xreview.review.fixing.fix_run import refusal_notices
from xreview.review.fixing.fixed_tree import FixedFiles
from xreview.review.session.contained import contained

WRITERS_SHARE = 0.7
"""Of an attempt's cap, what its writer can spend; the rest is for describing and reviewing it."""
STOPPED = "You stopped it."
NO_CHANGE = "It changed nothing."
LONGEST_WHY = 500


@dataclass(frozen=True)
class TrialGround:
    """What the attempts of one trial share.

    Args:
        base: the tree that the others are made from.
        before: gives the checks on the base, once they ran; () if they couldn't.
        writing, reviewing: how many do that at once. checking: checks run one at a time, because
            those of a project often share a port or a database.
    """

    trial: str
    place: TrialPlace
    crew: TrialCrew
    order: TaskOrder
    base: DisposableTree
    before: Callable[[], Awaitable[tuple[CheckRun, ...]]]
    writing: asyncio.Semaphore
    reviewing: asyncio.Semaphore
    checking: asyncio.Lock


@dataclass
class _Spent:
    """US dollars by what they were spent on; None for an unknown sum."""

    parts: dict[str, float | None] = field(default_factory=dict[str, float | None])

    @property
    def total(self) -> float | None:
        known = [one for one in self.parts.values() if one is not None]
        return sum(known) if known and len(known) == len(self.parts) else None

    @property
    def known(self) -> float:
        return sum(one or 0.0 for one in self.parts.values())


async def facts_of(one: AttemptSnapshot, top: Path, seconds: float) -> AttemptFacts:
    """An attempt in numbers.

    Args:
        top: its files, as its patch left them. seconds: of writing it.
    """
    files = FixedFiles(top, one.files)
    known = one.files, one.checks, one.findings
    return await measured(*known, files.old, files.new, cost=one.cost, seconds=seconds)


class AttemptRun:
    """An attempt and its tree.

    Attributes:
        snapshot: how it stands now.
        tree: its files; None until they are there.
        patch: what it changed; None until it is taken.
    """

    def __init__(self, ground: TrialGround, seat: Seat, most: float) -> None:
        self.snapshot = AttemptSnapshot(seat, most=most)
        self.tree: DisposableTree | None = None
        self.patch: TreePatch | None = None
        self._ground = ground
        self._seat = seat
        self._most = most
        self._told: Callable[[bool], None] = lambda _: None
        self._steps: asyncio.Task[None] | None = None
        self._is_stopped = False
        self._began: float | None = None
        self._wrote = 0.0
        self._why = ""
        self._is_written = False
        self._spent = _Spent()

    async def run(self, told: Callable[[bool], None]) -> None:
        """Carry it out to its end.

        Args:
            told: called after each change of the snapshot, with whether it is one of the stage.
        """
        self._told = told
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
        if not self._is_stopped and not self.snapshot.is_over:
            self._is_stopped = True
            if self._steps is not None:
                self._steps.cancel()

    @property
    def seconds(self) -> float:
        """Since it began, until it is over."""
        if self.snapshot.is_over or self._began is None:
            return self.snapshot.seconds
        return time.monotonic() - self._began

    async def _carry_out(self) -> None:
        """The steps; keeps why it ended early."""
        try:
            with contained(f"Attempt {self._seat.label}"):
                async with self._ground.writing:
                    reply = await self._prepare_and_write()
                patch = await self._take_patch()
                if self._why:
                    return
                if not patch.files:
                    self._why = reply.trouble or NO_CHANGE
                    return
                await self._let_state(reply)
                await self._check(patch)
                async with self._ground.reviewing:
                    await self._review(patch)
        except XReviewError as error:
            self._why = self._why or str(error)

    async def _prepare_and_write(self) -> WriterReply:
        ground, label = self._ground, self._seat.label
        self._began = time.monotonic()
        self._show(stage=AttemptStage.PREPARING)
        tree = self.tree = await unbroken(self._new_tree)
        self._show(folder=tree.top, notices=(*self.snapshot.notices, *tree.notices))
        checks, most = ground.order.checks, self._most * WRITERS_SHARE
        writer = await ground.crew.writer(self._seat, tree, checks, most)
        self._show(stage=AttemptStage.WRITING)
        is_agent = writer.identity.kind is ReviewerKind.AGENT
        reply, began = WriterReply(trouble=f"Attempt {label} said nothing."), time.monotonic()
        try:
            async with changing(tree, ground.place.is_hidden if is_agent else None):
                async with asyncio.timeout(ground.place.seconds):
                    reply = await self._heard("writing", writer.write(ground.order, tree)) or reply
        except TimeoutError:
            minutes = ground.place.seconds / 60
            self._why = f"It took longer than {minutes:g} minutes, so it was stopped."
        finally:
            self._wrote = time.monotonic() - began
        if reply.is_cut_short:
            self._why = self._why or reply.trouble
        elif reply.trouble:
            self._notice(reply.trouble)
        self._notice(*refusal_notices(f"Attempt {label}", reply.refused))
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

    async def _heard(
        self, part: str, signals: AsyncGenerator[WriterSignal, None]
    ) -> WriterReply | None:
        """Follow a writer or a reader to its reply."""
        reply = None
        self._spent.parts[part] = None
        async with aclosing(signals) as steps:
            async for one in steps:
                match one:
                    case Doing():
                        self._show(doing=one.what)
                    case Usage():
                        self._spent.parts[part] = one.cost
                        self._show(cost=self._spent.total)
                    case WriterReply():
                        reply = one
                # A flood must not keep the others from their turns.
                await asyncio.sleep(0)
        self._show(doing="", cost=self._spent.total)
        return reply

    async def _take_patch(self) -> TreePatch:
        tree = self._tree
        patch = self.patch = await unbroken(tree.patch)
        files = FixedFiles(tree.top, patch.files)
        tampering = await unbroken(tampering_in, patch.files, lambda _: False, files.new_text)
        self._show(doing="", files=patch.files, refused=patch.refused, tampering=tampering)
        self._show(facts=await self._facts())
        await self._note_written()
        return patch

    async def _let_state(self, reply: WriterReply) -> None:
        """Link what is said of it to its lines; a fresh reader says it if the writer doesn't."""
        statement, patch = reply.statement, self._patch
        if statement is None:
            left = self._most * (1 - WRITERS_SHARE)
            reader = await self._ground.crew.reader(self._seat, self._tree, left)
            if reader is None:
                return
            self._show(stage=AttemptStage.STATING)
            told = await self._heard("stating", reader.state(self._ground.order, patch.files))
            statement = told.statement if told else None
            if statement is None:
                self._notice(f"Nobody could say what it does: {told.trouble if told else ''}")
                return
        files = FixedFiles(self._tree.top, patch.files)
        linked = await unbroken(link_cases, statement, patch.files, files.new_text)
        await self._record(AttemptStated(self._ground.trial, self._seat.label, linked))
        self._show(statement=linked)

    async def _check(self, patch: TreePatch) -> None:
        checks = self._ground.order.checks
        if not checks:
            return
        self._show(stage=AttemptStage.CHECKING, doing="waiting for other checks")
        before = {run.command: run for run in await self._ground.before()}
        async with self._ground.checking:
            stream = self._ground.crew.check(checks, self._tree, patch.tree)
            async with aclosing(stream) as steps:
                async for one in steps:
                    if isinstance(one, CheckRun):
                        change = CheckChange(before.get(one.command), one)
                        self._show(checks=(*self.snapshot.checks, change))
                    else:
                        self._show(doing=one.what)
        self._show(doing="")

    async def _review(self, patch: TreePatch) -> None:
        ground, seat = self._ground, self._seat
        self._show(stage=AttemptStage.REVIEWING)
        # What isn't part of the patch must not be read.
        await unbroken(self._tree.put, patch.tree)
        order = ReviewOrder(
            ground.trial,
            seat.label,
            f"attempt {seat.label} of: {task_title(ground.order.task)}",
            ground.order.task,
            self._tree,
            patch,
            seat.writer,
            {},
            seat.reviewer,
            seat.reviewer_tier,
            max(self._most - self._spent.known, 0.0),
        )
        notices, last = self.snapshot.notices, AttemptReview("")
        async with aclosing(ground.crew.review(order)) as states:
            async for last in states:
                self._spent.parts["reviewing"] = last.cost
                self._show(
                    doing=last.doing,
                    cost=self._spent.total,
                    findings=last.findings,
                    reviewers=last.reviewers,
                    session=last.session,
                    unread=last.unread,
                    notices=(*notices, *last.notices),
                )
        if not last.is_over:
            self._why = "Its review ended before it was complete."

    async def _end(self, *, is_stopped: bool) -> None:
        """Take the patch if nobody did, record what isn't yet, and be over."""
        if is_stopped:
            self._why = self._why or STOPPED
        try:
            with contained(f"Attempt {self._seat.label}"):
                if self.tree is not None and self.patch is None:
                    await self._take_patch()
        except XReviewError as error:
            self._why = self._why or str(error)
            self._notice(str(error))
        try:
            if not self._is_written:
                await self._note_written()
            if self.snapshot.stage in (AttemptStage.CHECKING, AttemptStage.REVIEWING):
                await self._note_reviewed()
        finally:
            self._show(
                stage=AttemptStage.OVER,
                doing="",
                seconds=self.seconds,
                why=self._why,
                is_stopped=is_stopped,
            )

    async def _note_written(self) -> None:
        self._is_written = True
        patch = self.patch
        tree = patch.tree if patch is not None and patch.files else ""
        cost, why = self._spent.parts.get("writing", 0.0), shorten(self._why, LONGEST_WHY)
        label, seconds = self._seat.label, round(self._wrote, 3)
        await self._record(AttemptWritten(self._ground.trial, label, tree, cost, seconds, why))

    async def _note_reviewed(self) -> None:
        """Measure it, and record how it stands after checks and review."""
        self._show(facts=await self._facts())
        snapshot = self.snapshot
        why = shorten(self._why or " ".join(snapshot.unread), LONGEST_WHY)
        await self._record(
            AttemptReviewed(
                self._ground.trial,
                self._seat.label,
                snapshot.session,
                snapshot.reviewers,
                snapshot.facts,
                self._spent.parts.get("reviewing", 0.0),
                why,
            )
        )

    async def _facts(self) -> AttemptFacts:
        snapshot = self.snapshot
        try:
            with contained("Measuring the attempt"):
                return await facts_of(snapshot, self._tree.top, self._wrote)
        except XReviewError as error:
            self._notice(str(error))
            return snapshot.facts

    async def _record(self, payload: AttemptPayload) -> None:
        recording = self._ground.place.record(self._ground.trial, payload)
        try:
            # Stopping the attempt doesn't stop this.
            await asyncio.shield(asyncio.ensure_future(recording))
        except XReviewError as error:
            self._notice(f"The journal lacks a part of this attempt: {error}")

    @property
    def _tree(self) -> DisposableTree:
        if self.tree is None:
            raise LookupError("the attempt has no tree yet")
        return self.tree

    @property
    def _patch(self) -> TreePatch:
        if self.patch is None:
            raise LookupError("the attempt has no patch yet")
        return self.patch

    def _notice(self, *sentences: str) -> None:
        fresh = [one for one in sentences if one not in self.snapshot.notices]
        if fresh:
            self._show(notices=(*self.snapshot.notices, *fresh))

    def _show(self, **changed: Any) -> None:
        is_step = changed.get("stage", self.snapshot.stage) is not self.snapshot.stage
        self.snapshot = replace(self.snapshot, **changed)
        self._told(is_step)
