"""The fixes of a running review, put together for the app and for `fix`."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from xreview.domain.decision import Verdict
from xreview.domain.errors import UsageError
from xreview.domain.finding import Finding
from xreview.domain.fixing.check_run import CheckRun
from xreview.domain.fixing.fixer import MECHANICAL, FixerKind, FixerReply
from xreview.export.document import ExportEntry
from xreview.ports.model import Doing
from xreview.ports.reviewer import Usage
from xreview.repo.disposable.shelf import FixShelf
from xreview.repo.disposable.taking import TreePatch
from xreview.repo.disposable.tree import DisposableTree
from xreview.review.asking.answerer import Answerer
from xreview.review.assembly.disposable_crew import (
    changing_agent,
    changing_model,
    check_runner,
    is_hidden_from_agents,
    readable_tree,
    require_consent,
)
from xreview.review.assembly.preview import silenced
from xreview.review.assembly.running import RunningReview
from xreview.review.choosing.panel import Panel
from xreview.review.fixing.asked_fixer import AskedFixer
from xreview.review.fixing.choosing import FixerChoice, fixer_choices, named_fixer
from xreview.review.fixing.fixers import Fixer, FixTree
from xreview.review.fixing.fixing import Fixing
from xreview.review.fixing.handover import handover_text
from xreview.review.fixing.judgement import Judgement
from xreview.review.fixing.judging import Judge
from xreview.review.fixing.mechanical import MechanicalFixer, suggested_edits
from xreview.review.fixing.order import FixOrder
from xreview.review.fixing.place import FixPlace
from xreview.review.record.document import session_entries
from xreview.review.session.surroundings import new_id

FIXES = "fixes"
"""The folder of the disposable trees, below the program's state folder."""

NOTHING_SENT = "Nothing is sent: the suggested replacements are applied as they are.\n"
"""Instead of a hand-over to the mechanical fixer."""


class ReviewCrew:
    """Who takes part in the fixes of a review (`review.fixing.place.FixCrew`)."""

    def __init__(self, review: RunningReview, checks: Sequence[str], most: float) -> None:
        self._review = review
        self._selection = review.selection
        self._settings = review.options.settings
        self._checks = tuple(checks)
        self._most = most
        self._panel: Panel | None = None
        self._runner = check_runner(review.options)

    async def choices(self, entries: Sequence[ExportEntry]) -> Sequence[FixerChoice]:
        """Return who can fix these findings, the default first. Raises UsageError."""
        replacements = sum(not isinstance(suggested_edits(one), str) for one in entries)
        author = self._selection.authorship.attribution.author
        prospects = self._review.panel.fixers
        return fixer_choices(prospects, author, replacements, self._settings.fix.agent)

    async def fixer(self, name: str, entries: Sequence[ExportEntry], tree: DisposableTree) -> Fixer:
        """Make the fixer of that name; the default for "". Raises XReviewError."""
        choices = await self.choices(entries)
        chosen = named_fixer(choices, name) if name else choices[0]
        identity = chosen.identity
        if chosen.why_not:
            raise UsageError(f"Nobody can fix this: {chosen.why_not}.", "See `xreview-tui models`.")
        if identity == MECHANICAL:
            return MechanicalFixer()
        await require_consent(self._selection, identity.name, "another fixer")
        seconds, ignores = self._settings.fix.minutes * 60.0, self._settings.ignores
        panel = await self._own_panel()
        if identity.kind is FixerKind.AGENT:
            hand = changing_agent(self._review, panel, identity.name, tree, self._checks)
        else:
            hand = changing_model(panel, identity.name, tree)
        asked = identity, hand.voice, panel.gate, hand.toolbox
        return AskedFixer(*asked, seconds=seconds, ignores=ignores)

    async def preview(self, name: str, order: FixOrder, files: FixTree) -> str:
        """What the fixer of that name (the default for "") would get, word by word.

        Needs no consent, since nothing is sent. Raises XReviewError.
        """
        choices = await self.choices(order.accepted)
        chosen = named_fixer(choices, name) if name else choices[0]
        identity = chosen.identity
        if identity == MECHANICAL and chosen.is_usable:
            return NOTHING_SENT
        if identity.kind is not FixerKind.MODEL:
            return await asyncio.to_thread(handover_text, order)
        panel = await self._own_panel()
        there = {one.identity.name: one for one in self._review.panel.fixers}
        answerer = silenced(panel.answerer(identity.name), there[identity.name])
        ignores = self._settings.ignores
        # Its tools take room in the window too.
        toolbox = answerer.new_toolbox() if answerer.new_toolbox else None
        asked = AskedFixer(identity, answerer.voice, panel.gate, toolbox, ignores=ignores)
        return await asked.preview(order, files)

    def check(
        self, checks: Sequence[str], tree: DisposableTree
    ) -> AsyncGenerator[Doing | CheckRun, None]:
        """Run the user's commands in the tree, and put back what they changed."""
        return Judge(self._runner).baseline(checks, tree)

    async def judge(
        self, order: FixOrder, reply: FixerReply, tree: DisposableTree, patch: TreePatch,
        before: Sequence[CheckRun],
    ) -> AsyncGenerator[Doing | Usage | Judgement, None]:  # fmt: skip
        """Judge what came of it; the judgement comes last."""
        verifiers = await self._verifiers(order.accepted, tree) if patch.files else []
        judge = Judge(self._runner, verifiers, ignores=self._settings.ignores)
        async with aclosing(judge.judge(order, reply, tree, patch, before)) as said:
            async for one in said:
                yield one

    async def skim(
        self, order: FixOrder, tree: DisposableTree, patch: TreePatch, why: str
    ) -> Judgement:
        """Judge the partial patch of a fix that was cut short, without running or asking
        anything."""
        return await Judge(self._runner).skim(order, tree, patch, why)

    async def close(self) -> None:
        """Close connections and end processes."""
        if self._panel is not None:
            await self._panel.close()

    async def _verifiers(
        self, entries: Sequence[ExportEntry], tree: DisposableTree
    ) -> list[Answerer]:
        """A model of each family that reported a finding; where there is one, the one that did."""
        reports = [report for entry in entries for report in entry.finding.reports]
        reported = {one.reviewer.name for one in reports if one.reviewer.is_model}
        families = dict.fromkeys(one.reviewer.family for one in reports if one.reviewer.is_model)
        there = {one.settings.name for one in self._review.panel.fixers}
        candidates = [one for one in self._selection.candidates if one.name in there]
        usable = [one for one in candidates if one.is_usable]
        usable.sort(key=lambda one: one.name not in reported)
        found: list[Answerer] = []
        for family in filter(None, families):
            for one in usable:
                if one.vendor == family and await self._selection.allows(one.name):
                    panel = await self._own_panel()
                    found.append(panel.answerer(one.name, readable_tree(tree)))
                    break
        return found

    async def _own_panel(self) -> Panel:
        """The review's models, with the budget of the fix."""
        if self._panel is None:
            self._panel = self._review.panel.with_budget(self._most)
        return self._panel


def fixing_for(review: RunningReview) -> Fixing:
    """Return what fixes the accepted findings of a review.

    Raises UsageError outside of a checkout, for a patch, and for an attempt.
    """
    repository, session = review.change.repository, review.session
    if review.change.source.is_attempt:
        raise UsageError(
            "A fix needs your own files, and this is an attempt.",
            "Take the attempt first, or press Y to copy the accepted findings as a prompt.",
        )
    if repository is None or repository.top is None:
        raise UsageError(
            "A fix needs a checkout, and this change is a patch or a bare repository.",
            "Press Y to copy the accepted findings as a prompt.",
        )
    settings = review.options.settings.fix

    def rejected() -> tuple[ExportEntry, ...]:
        snapshot = session.snapshot
        no = [one for one in snapshot.findings if snapshot.triage.verdict(one) is Verdict.REJECT]
        return session_entries(snapshot, no)

    def entries(findings: Sequence[Finding]) -> tuple[ExportEntry, ...]:
        return session_entries(session.snapshot, findings)

    place = FixPlace(
        repository,
        session.snapshot.session,
        FixShelf(review.options.folders.state / FIXES),
        entries,
        rejected,
        session.write_local,
        new_id,
        is_hidden_from_agents,
        settings.check,
        settings.link,
        settings.budget,
        pull.head.commit if (pull := review.change.collected.pull) else "",
    )
    return Fixing(place, ReviewCrew(review, settings.check, settings.budget))
