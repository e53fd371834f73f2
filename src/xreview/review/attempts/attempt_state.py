"""What is known of one attempt while it runs, and what is recorded of it."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

from xreview.domain.attempt.facts import AttemptFacts
from xreview.domain.attempt.seat import Seat
from xreview.domain.errors import XReviewError
from xreview.domain.events.attempt_events import AttemptReviewed, AttemptWritten
from xreview.domain.events.event import AttemptPayload
from xreview.domain.fixing.tampering import tampering_in
from xreview.domain.record import dataclass, field, replace
from xreview.domain.text import shorten
from xreview.ports.model import Doing
from xreview.ports.reviewer import Usage
from xreview.repo.disposable.taking import TreePatch
from xreview.repo.disposable.tree import DisposableTree
from xreview.review.attempts.measuring import measured
from xreview.review.attempts.place import RecordTrial
from xreview.review.attempts.snapshot import AttemptSnapshot
from xreview.review.attempts.writers import WriterReply, WriterSignal
from xreview.review.fixing.fixed_tree import FixedFiles
from xreview.review.session.contained import contained
from xreview.review.writing.unbroken import unbroken

LONGEST_WHY = 500
"""Characters of why something ended early, in an event."""


@dataclass
class AttemptSpending:
    """US dollars by what they were spent on; None for an unknown sum."""

    parts: dict[str, float | None] = field(default_factory=dict[str, float | None])

    @property
    def total(self) -> float | None:
        """All of it; None while a sum is unknown."""
        known = [one for one in self.parts.values() if one is not None]
        return sum(known) if known and len(known) == len(self.parts) else None

    @property
    def known(self) -> float:
        """What is known of it."""
        return sum(one or 0.0 for one in self.parts.values())


async def facts_of(one: AttemptSnapshot, top: Path, seconds: float) -> AttemptFacts:
    """An attempt in numbers.

    Args:
        top: its files, as its patch left them. seconds: of writing it.
    """
    files = FixedFiles(top, one.files)
    known = one.files, one.checks, one.findings
    return await measured(*known, files.old, files.new, cost=one.cost, seconds=seconds)


class AttemptState:
    """An attempt that runs: how it stands, its files, and what the journal gets.

    Attributes:
        snapshot: how it stands now.
        tree: its files; None until they are there.
        patch: what it changed; None until it is taken.
        why: why it ends early; "" if it doesn't.
        began: when its turn came; None before. wrote: seconds that its writer took.
        told: called after each change of the snapshot, with whether it is one of the stage.
    """

    def __init__(self, trial: str, record: RecordTrial, seat: Seat, most: float) -> None:
        self.snapshot = AttemptSnapshot(seat, most=most)
        self.tree: DisposableTree | None = None
        self.patch: TreePatch | None = None
        self.why = ""
        self.began: float | None = None
        self.wrote = 0.0
        self.spent = AttemptSpending()
        self.told: Callable[[bool], None] = lambda _: None
        self._trial = trial
        self._record_events = record
        self._is_written = False

    @property
    def seconds(self) -> float:
        """Since it began, until it is over."""
        if self.snapshot.is_over or self.began is None:
            return self.snapshot.seconds
        return time.monotonic() - self.began

    @property
    def the_tree(self) -> DisposableTree:
        """Its files, once they are there."""
        if self.tree is None:
            raise LookupError("the attempt has no tree yet")
        return self.tree

    @property
    def the_patch(self) -> TreePatch:
        """Its patch, once it is taken."""
        if self.patch is None:
            raise LookupError("the attempt has no patch yet")
        return self.patch

    def notice(self, *sentences: str) -> None:
        """Add sentences to its notices, once each."""
        fresh = [one for one in sentences if one not in self.snapshot.notices]
        if fresh:
            self.show(notices=(*self.snapshot.notices, *fresh))

    def show(self, **changed: Any) -> None:
        """Change the snapshot."""
        is_step = changed.get("stage", self.snapshot.stage) is not self.snapshot.stage
        self.snapshot = replace(self.snapshot, **changed)
        self.told(is_step)

    async def heard(
        self, part: str, signals: AsyncGenerator[WriterSignal, None]
    ) -> WriterReply | None:
        """Follow a writer or a reader to its reply."""
        reply = None
        self.spent.parts[part] = None
        async with aclosing(signals) as steps:
            async for one in steps:
                match one:
                    case Doing():
                        self.show(doing=one.what)
                    case Usage():
                        self.spent.parts[part] = one.cost
                        self.show(cost=self.spent.total)
                    case WriterReply():
                        reply = one
                # A flood must not keep the others from their turns.
                await asyncio.sleep(0)
        self.show(doing="", cost=self.spent.total)
        return reply

    async def take_patch(self) -> TreePatch:
        """Take the patch, and record that it is written. Raises ChangeError."""
        tree = self.the_tree
        patch = self.patch = await unbroken(tree.patch)
        files = FixedFiles(tree.top, patch.files)
        tampering = await unbroken(tampering_in, patch.files, lambda _: False, files.new_text)
        self.show(doing="", files=patch.files, refused=patch.refused, tampering=tampering)
        sizes = AttemptFacts(
            added=sum(file.added for file in patch.files),
            removed=sum(file.removed for file in patch.files),
            files=len(patch.files),
            cost=self.spent.total,
            seconds=self.wrote,
        )
        self.show(facts=sizes)
        await self.note_written()
        return patch

    async def note_written(self) -> None:
        """Record that its writer is done or was stopped, once."""
        if self._is_written:
            return
        self._is_written = True
        patch = self.patch
        tree = patch.tree if patch is not None and patch.files else ""
        cost, why = self.spent.parts.get("writing", 0.0), shorten(self.why, LONGEST_WHY)
        label, seconds = self.snapshot.label, round(self.wrote, 3)
        await self.record(AttemptWritten(self._trial, label, tree, cost, seconds, why))

    async def note_reviewed(self) -> None:
        """Record how it stands after checks and review; it is measured before."""
        snapshot = self.snapshot
        why = shorten(self.why or " ".join(snapshot.unread), LONGEST_WHY)
        await self.record(
            AttemptReviewed(
                self._trial,
                self.snapshot.label,
                snapshot.session,
                snapshot.reviewers,
                snapshot.facts,
                self.spent.parts.get("reviewing", 0.0),
                why,
            )
        )

    async def measure(self) -> None:
        """Measure it, if it changed anything; what can't be measured is a notice. Starts a
        process, so once is enough."""
        if not self.snapshot.files:
            return
        try:
            with contained("Measuring the attempt"):
                self.show(facts=await facts_of(self.snapshot, self.the_tree.top, self.wrote))
        except XReviewError as error:
            self.notice(str(error))

    async def record(self, payload: AttemptPayload) -> None:
        """Write an event; what the journal refuses is a notice."""
        recording = self._record_events(self._trial, payload)
        try:
            # Stopping the attempt doesn't stop this.
            await asyncio.shield(asyncio.ensure_future(recording))
        except XReviewError as error:
            self.notice(f"The journal lacks a part of this attempt: {error}")
