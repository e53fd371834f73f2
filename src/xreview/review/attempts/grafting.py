"""Checking a graft before any of it touches the user's files.

The pieces are put together in a tree of their own, which is removed when the check ends. They must
fit together, parse, and pass the checks; then what was grafted is reviewed again, since what two
attempts each got right can be wrong together.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from xreview.disagreement.align import align
from xreview.domain.attempt.piece import PieceRef
from xreview.domain.errors import XReviewError
from xreview.domain.finding import Finding
from xreview.domain.fixing.check_run import CheckChange, CheckRun
from xreview.domain.fixing.tampering import Tampering
from xreview.domain.record import replace
from xreview.domain.report import Report, ReviewerIdentity
from xreview.repo.disposable.tree import DisposableTree
from xreview.review.attempts.composition import Composition, compose
from xreview.review.attempts.graft import GraftSnapshot, GraftStage
from xreview.review.attempts.opening import OpenTrials
from xreview.review.attempts.place import OpenedTrial, ReviewOrder
from xreview.review.attempts.written_lines import lines_by_attempt
from xreview.review.writing.syntax import SyntaxCheck
from xreview.review.writing.unbroken import unbroken


class GraftCheck:
    """One check of one choice of pieces."""

    def __init__(
        self, trials: OpenTrials, opened: OpenedTrial, choice: Mapping[PieceRef, str]
    ) -> None:
        self._trials, self._opened = trials, opened
        self.snapshot = GraftSnapshot(opened.snapshot.id, dict(choice))

    async def run(self) -> AsyncGenerator[GraftSnapshot, None]:
        """Check it; yield a snapshot after each step. Closing it stops what runs.

        Raises UsageError for a choice that takes nothing, ChangeError.
        """
        yield self.snapshot
        made = await asyncio.to_thread(compose, self._opened, self.snapshot.choice)
        unparsed = [one async for one in _unparsed(made)]
        self._show(
            labels=made.labels,
            files=made.patch.files,
            problems=(*made.problems, *unparsed),
            tampering=tuple(_tampering_in(self._opened, made)),
            is_applicable=bool(made.patch.files) and not made.problems,
        )
        yield self.snapshot
        if self.snapshot.is_applicable:
            async with aclosing(self._in_tree(made, is_parsed=not unparsed)) as steps:
                async for _ in steps:
                    yield self.snapshot
        self._show(stage=GraftStage.OVER, doing="")
        yield self.snapshot

    async def _in_tree(self, made: Composition, *, is_parsed: bool) -> AsyncGenerator[None, None]:
        """Run the checks and the review in a tree with the combination."""
        shelf = self._trials.place.shelf
        name = f"{self.snapshot.trial}-graft-{self._trials.place.new_id()[-12:]}"
        try:
            tree = await unbroken(self._new_tree, name, made)
            async with aclosing(self._check(tree, made)) as steps:
                async for _ in steps:
                    yield
            if not is_parsed:
                self._show(unread=("It doesn't parse, so it wasn't reviewed.",))
                return
            async with aclosing(self._review(tree, made)) as steps:
                async for _ in steps:
                    yield
        finally:
            await unbroken(shelf.remove, name)

    def _new_tree(self, name: str, made: Composition) -> DisposableTree:
        tree = self._opened.base.twin(self._trials.place.shelf.new(name))
        tree.put(made.patch.tree)
        return tree

    async def _check(self, tree: DisposableTree, made: Composition) -> AsyncGenerator[None, None]:
        before = {run.command: run for run in self._opened.snapshot.before}
        commands = self._opened.snapshot.commands or self._trials.place.checks
        if not commands:
            return
        self._show(stage=GraftStage.CHECKING)
        yield
        checking = self._trials.crew.check(commands, tree, made.patch.tree)
        async with aclosing(checking) as steps:
            async for one in steps:
                if isinstance(one, CheckRun):
                    change = CheckChange(before.get(one.command), one)
                    self._show(checks=(*self.snapshot.checks, change), doing="")
                else:
                    self._show(doing=one.what)
                yield
        await unbroken(tree.put, made.patch.tree)

    async def _review(self, tree: DisposableTree, made: Composition) -> AsyncGenerator[None, None]:
        self._show(stage=GraftStage.REVIEWING, doing="")
        yield
        try:
            order = await asyncio.to_thread(_order, self._opened, tree, made)
            reviewing = self._trials.crew.review(order)
            async with aclosing(reviewing) as states:
                async for state in states:
                    findings = state.findings
                    raised: frozenset[str] = frozenset()
                    if state.is_over:
                        raised = await asyncio.to_thread(_raised, findings, self._opened)
                    self._show(
                        findings=tuple(sorted(findings, key=lambda one: not _is_in(one, raised))),
                        raised=sum(_is_in(one, raised) for one in findings),
                        doing=state.doing,
                        cost=state.cost,
                        unread=state.unread,
                        notices=state.notices,
                    )
                    yield
        except XReviewError as error:
            self._show(unread=(f"It wasn't reviewed. {error}",))

    def _show(self, **changed: Any) -> None:
        self.snapshot = replace(self.snapshot, **changed)


async def _unparsed(made: Composition) -> AsyncGenerator[str, None]:
    """Sentences about files that parse in the base or in an attempt, and not any more."""
    async with aclosing(SyntaxCheck()) as syntax:
        for path, text in made.mixed.items():
            before = (text.before, *text.attempts.values())
            after, *earlier = await syntax.flaws_in(path, (text.after, *before)) or (0,)
            if after and not all(earlier):
                yield f"{path} doesn't parse any more, from line {after} on."


def _tampering_in(opened: OpenedTrial, made: Composition) -> Iterator[Tampering]:
    """What is known of the attempts' parts that are taken."""
    for label in made.labels:
        attempt = opened.snapshot.by_label[label]
        for one in attempt.tampering:
            if any(lines.label == label for lines in made.writers.get(one.path, ())):
                yield one


def _order(opened: OpenedTrial, tree: DisposableTree, made: Composition) -> ReviewOrder:
    snapshot = opened.snapshot
    writers = {label: snapshot.by_label[label].seat.writer for label in made.labels}
    is_several = len(made.labels) > 1
    most = snapshot.most if snapshot.most is not None else 0.0
    named = " and ".join(made.labels)
    return ReviewOrder(
        trial=snapshot.id,
        label="+".join(made.labels),
        title=f"graft of {named} of: {snapshot.title}",
        task=snapshot.task,
        tree=tree,
        patch=made.patch,
        author=None if is_several else writers[made.labels[0]],
        authors=_authors(made, writers) if is_several else {},
        reviewer="",
        tier=None,
        most=most / max(1, len(snapshot.attempts)),
    )


def _authors(
    made: Composition, writers: Mapping[str, ReviewerIdentity]
) -> dict[str, ReviewerIdentity]:
    """Who wrote the most of each file."""
    found: dict[str, ReviewerIdentity] = {}
    owners = lines_by_attempt(made)
    for path, ranges in made.writers.items():
        counted = Counter(owners.get(path, {}).values())
        most = counted.most_common(1)[0][0] if counted else ranges[0].label if ranges else ""
        if most:
            found[path] = writers[most]
    return found


def _raised(findings: Sequence[Finding], opened: OpenedTrial) -> frozenset[str]:
    """The fingerprints of findings that are in no attempt's own review."""
    attempts = opened.snapshot.attempts
    known = {name for one in attempts for finding in one.findings for name in finding.fingerprints}
    fresh = [one for one in findings if known.isdisjoint(one.fingerprints)]
    earlier = [report for one in attempts for old in one.findings for report in old.reports]
    alike = _alike(fresh, earlier)
    names = (one.fingerprints for one in fresh if alike.isdisjoint(one.fingerprints))
    return frozenset(name for own in names for name in own)


def _alike(fresh: Sequence[Finding], earlier: Sequence[Report]) -> frozenset[str]:
    """The fingerprints of reports about a problem that an earlier report is about too."""
    names = frozenset(report.fingerprint for report in earlier)
    groups = align([*earlier, *(report for one in fresh for report in one.reports)])
    told = [frozenset(report.fingerprint for report in group) for group in groups]
    return frozenset(name for group in told if not names.isdisjoint(group) for name in group)


def _is_in(finding: Finding, names: frozenset[str]) -> bool:
    return not names.isdisjoint(finding.fingerprints)
