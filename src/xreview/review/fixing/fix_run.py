"""One fix, step by step: the checks before, the fixer, the patch, the judgement."""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from xreview.domain.errors import XReviewError
from xreview.domain.events.event import FixAnswered, FixEnded, FixJudged, FixPayload, FixStarted
from xreview.domain.fixing.check_run import CheckChange, CheckRun
from xreview.domain.fixing.fixer import FixerKind, FixerReply, FixerResult
from xreview.domain.record import replace
from xreview.ports.model import Doing
from xreview.ports.reviewer import Usage
from xreview.repo.disposable.checkout import CheckoutState, checkout_state
from xreview.repo.disposable.parts import PatchPart
from xreview.repo.disposable.taking import TreePatch
from xreview.repo.disposable.tree import DisposableTree
from xreview.review.fixing.changing import changing
from xreview.review.fixing.fixers import Fixer, FixerSignal
from xreview.review.fixing.judgement import Judgement, unproven_judgement
from xreview.review.fixing.kept import keep
from xreview.review.fixing.matching import all_parts, matched_parts
from xreview.review.fixing.order import FixOrder
from xreview.review.fixing.place import FixCrew, FixPlace
from xreview.review.fixing.rounds import is_same_for
from xreview.review.fixing.snapshot import FixedFinding, FixSnapshot, FixStage, checks_tally
from xreview.review.session.contained import contained

MOST_REFUSALS = 5
STOPPED = "the fix was stopped"
MOVED = (
    "While the fix ran, HEAD, the index or a file of your checkout changed. "
    "If it wasn't you, look at `git status` and `git reflog` before you apply anything."
)


class FixRun:
    """A fix and the tree that it works in.

    Attributes:
        snapshot: how it stands now.
        patch: what it changed; None until it is taken.
        before: the checks before the fix.
    """

    def __init__(
        self,
        place: FixPlace,
        crew: FixCrew,
        tree: DisposableTree,
        order: FixOrder,
        snapshot: FixSnapshot,
        state: CheckoutState,
    ) -> None:
        self.tree = tree
        self.snapshot = snapshot
        self.patch: TreePatch | None = None
        self.before: tuple[CheckRun, ...] = ()
        self._place = place
        self._crew = crew
        self._order = order
        self._state = state
        self._began = time.monotonic()
        self._earlier: TreePatch | None = None

    def go_on_from(self, earlier: "FixRun") -> None:
        """Be its second round: the checks before are the same."""
        self.before = earlier.before
        self._earlier = earlier.patch

    async def run(self, fixer: Fixer, started: FixStarted) -> AsyncGenerator[FixSnapshot, None]:
        """Carry it out; yield a snapshot after each step. Close the iterator to stop: then the
        partial patch is kept, and nothing is verified."""
        reply = FixerReply(trouble=STOPPED)
        try:
            yield self.snapshot
            await self._place.record(started)
            async with aclosing(self._check_before()) as steps:
                async for _ in steps:
                    yield self.snapshot
            async with aclosing(self._fix(fixer)) as steps:
                async for one in steps:
                    reply = one or reply
                    yield self.snapshot
            async with aclosing(self._judge(reply)) as steps:
                async for _ in steps:
                    yield self.snapshot
        finally:
            if not self.snapshot.is_over:
                await asyncio.shield(self._stop(reply))

    async def _check_before(self) -> AsyncGenerator[None, None]:
        """Run the checks as they are before the fix."""
        if self.before or not self._order.checks:
            return
        self._show(stage=FixStage.CHECKING)
        async with aclosing(self._crew.check(self._order.checks, self.tree)) as steps:
            async for one in steps:
                if isinstance(one, CheckRun):
                    self.before += (one,)
                    self._show(checks=tuple(CheckChange(run, None) for run in self.before))
                else:
                    self._show(doing=one.what)
                yield

    async def _fix(self, fixer: Fixer) -> AsyncGenerator[FixerReply | None, None]:
        self._show(stage=FixStage.FIXING, doing="")
        yield None
        is_agent = fixer.identity.kind is FixerKind.AGENT
        async with (
            changing(self.tree, self._place.is_hidden if is_agent else None),
            aclosing(fixer.fix(self._order, self.tree)) as steps,
        ):
            async for one in steps:
                self._follow(one, None)
                yield one if isinstance(one, FixerReply) else None

    async def _judge(self, reply: FixerReply) -> AsyncGenerator[None, None]:
        patch = await self._take_patch(reply)
        self._show(stage=FixStage.JUDGING, doing="")
        yield
        spent = self.snapshot.cost
        answered = {one.finding.fingerprint: one.result for one in self._overtaken}
        every = replace(reply, results=(*reply.results, *filter(None, answered.values())))
        stream = self._crew.judge(self._to_judge, every, self.tree, patch, self.before)
        async with aclosing(stream) as steps:
            async for one in steps:
                if isinstance(one, Judgement):
                    await self._end(reply, one)
                else:
                    self._follow(one, spent)
                yield

    async def _take_patch(self, reply: FixerReply) -> TreePatch:
        """Take the patch and match it with the findings."""
        patch = self.patch = await asyncio.to_thread(self.tree.patch)
        findings = [one.finding for one in self.snapshot.findings]
        results = {
            one.finding.fingerprint: result
            for one in self.snapshot.findings
            if (result := one.result if one.is_carried else reply.about(one.finding.fingerprints))
        }
        parts = matched_parts(findings, results, patch.files)
        matched = {part for own in parts.values() for part in own}
        after = await asyncio.to_thread(checkout_state, self._place.repository)
        self._show(
            files=patch.files,
            findings=tuple(
                self._matched(one, results, parts[one.finding.fingerprint], patch)
                for one in self.snapshot.findings
            ),
            outside=tuple(part for part in all_parts(patch.files) if part not in matched),
            refused=patch.refused,
            notices=(
                *self.snapshot.notices,
                *(refusal_notices(self.snapshot.fixer.name, reply.refused)),
                *(() if after == self._state else (MOVED,)),
            ),
        )
        return patch

    def _matched(
        self,
        one: FixedFinding,
        results: Mapping[str, FixerResult],
        parts: tuple[PatchPart, ...],
        patch: TreePatch,
    ) -> FixedFinding:
        """A finding with its parts of the patch."""
        if one.is_carried:
            paths = {part.path for part in (*one.parts, *parts)}
            is_same = self._earlier is not None and is_same_for(paths, self._earlier, patch)
            return replace(one, parts=parts, verdict=one.verdict if is_same else None)
        return replace(one, result=results.get(one.finding.fingerprint), parts=parts)

    async def _end(self, reply: FixerReply, judgement: Judgement) -> None:
        by_subject = {name: one for one in judgement.verdicts for name in one.subjects}
        self._show(
            stage=FixStage.OVER,
            findings=tuple(
                one.judged(by_subject.get(one.finding.fingerprint))
                for one in self.snapshot.findings
            ),
            doing="",
            checks=(*judgement.changes, *judgement.old_tests),
            tampering=judgement.tampering,
            raised=judgement.raised,
            notices=(*self.snapshot.notices, *judgement.notices),
            why=reply.trouble,
        )
        await self._over()

    async def _stop(self, reply: FixerReply) -> None:
        """End it early: keep the partial patch, of which nothing is verified but whether it weakens
        checks."""
        why = reply.trouble or STOPPED
        if self.patch is None:
            try:
                await self._take_patch(reply)
            except XReviewError as error:
                self._show(notices=(*self.snapshot.notices, str(error)))
        judgement = await self._skimmed(why)
        by_subject = {name: one for one in judgement.verdicts for name in one.subjects}
        self._show(
            stage=FixStage.OVER,
            findings=tuple(
                one.judged(by_subject.get(one.finding.fingerprint), is_stopped=True)
                for one in self.snapshot.findings
            ),
            doing="",
            tampering=judgement.tampering,
            why=why,
        )
        await self._over()

    @property
    def _overtaken(self) -> list[FixedFinding]:
        """What the first round fixed and this one isn't about, but changed the files of."""
        handed = {one.finding.fingerprint for one in self._order.accepted}
        found = self.snapshot.findings
        return [one for one in found if one.finding.fingerprint not in handed and not one.verdict]

    @property
    def _to_judge(self) -> FixOrder:
        """What was handed over, with what must be looked at again."""
        again = self._place.entries([one.finding for one in self._overtaken])
        return replace(self._order, accepted=(*self._order.accepted, *again))

    async def _skimmed(self, why: str) -> Judgement:
        """What can be said of the partial patch without running or asking anything."""
        if self.patch is None:
            return unproven_judgement(self._to_judge, (), why)
        try:
            with contained("Looking at the partial patch"):
                return await self._crew.skim(self._to_judge, self.tree, self.patch, why)
        except XReviewError as error:
            self._show(notices=(*self.snapshot.notices, str(error)))
            return unproven_judgement(self._to_judge, (), why)

    async def _over(self) -> None:
        """Keep the patch for later, and record the end."""
        try:
            kept = (self.tree.folder, self._place.session, self.snapshot, self.before)
            await asyncio.to_thread(keep, *kept)
        except XReviewError as error:
            self._show(notices=(*self.snapshot.notices, str(error)))
        await self._place.record(*self._ended())

    def _ended(self) -> list[FixPayload]:
        """What to record at the end."""
        snapshot = self.snapshot
        facts: list[FixPayload] = []
        handed = {one.finding.fingerprint for one in self._order.accepted}
        for one in snapshot.findings:
            names, result, verdict = one.finding.fingerprints, one.result, one.verdict
            if result is not None and one.finding.fingerprint in handed:
                said = (result.status, result.files, result.explanation, result.reason)
                facts.append(FixAnswered(snapshot.id, names, *said))
            if verdict is not None:
                facts.append(FixJudged(snapshot.id, names, verdict.outcome, verdict.evidence))
        tree = self.patch.tree if self.patch is not None and self.patch.files else ""
        checks, seconds = checks_tally(snapshot.checks), round(snapshot.seconds, 3)
        facts.append(FixEnded(snapshot.id, tree, snapshot.cost, seconds, checks, snapshot.why))
        return facts

    def _follow(self, signal: FixerSignal, spent: float | None) -> None:
        """Show what is done and what it costs, on top of what was `spent` before."""
        if isinstance(signal, Doing):
            self._show(doing=signal.what)
        elif isinstance(signal, Usage):
            self._show(cost=_sum(spent, signal.cost))

    def _show(self, **changed: Any) -> None:
        seconds = time.monotonic() - self._began
        self.snapshot = replace(self.snapshot, seconds=seconds, **changed)


def refusal_notices(fixer: str, refused: Sequence[str]) -> list[str]:
    """What a fixer wasn't permitted to do, once each; such a check may be why it went wrong."""
    told = list(dict.fromkeys(refused))
    more = f", and {len(told) - MOST_REFUSALS} more" if len(told) > MOST_REFUSALS else ""
    named = "; ".join(told[:MOST_REFUSALS])
    return [f"{fixer} wasn't permitted: {named}{more}."] if told else []


def _sum(one: float | None, other: float | None) -> float | None:
    return other if one is None else one + (other or 0.0)
