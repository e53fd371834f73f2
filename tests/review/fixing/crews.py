"""Fixes of a real repository on a real shelf, by fixers and judges that a test scripts."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

from tests.fakes.reports import finding, report
from tests.repo.builder import Builder
from xreview.domain.errors import XReviewError
from xreview.domain.events.event import FixPayload
from xreview.domain.finding import Finding
from xreview.domain.fixing.check_run import CheckRun
from xreview.domain.fixing.fixer import (
    FixerIdentity,
    FixerKind,
    FixerReply,
    FixerResult,
    FixerStatus,
)
from xreview.domain.fixing.outcome import FixOutcome, FixVerdict
from xreview.domain.fixing.tampering import Tampering
from xreview.export.document import ExportEntry
from xreview.ports.model import Doing
from xreview.ports.reviewer import Usage
from xreview.repo.disposable.shelf import FixShelf
from xreview.repo.disposable.taking import TreePatch
from xreview.repo.disposable.tree import DisposableTree
from xreview.repo.repository import find_repository
from xreview.review.fixing.choosing import FixerChoice
from xreview.review.fixing.fixers import FixerSignal, FixTree
from xreview.review.fixing.fixing import Fixing
from xreview.review.fixing.judgement import Judgement, unproven_judgement
from xreview.review.fixing.order import FixOrder
from xreview.review.fixing.place import FixPlace
from xreview.review.fixing.snapshot import FixSnapshot

CODE = "one = 1\n\n\n\n\n\n\n\n\n\n\n\ntwo = 2\n"
FIRST = finding(report("First", line=1, quote="one = 1"))
SECOND = finding(report("Second", line=13, quote="two = 2"))
FINDINGS = (FIRST, SECOND)
AGENT = FixerIdentity("claude-code", FixerKind.AGENT, "anthropic")


def results(*findings: Finding, files: tuple[str, ...] = ("a.py",)) -> FixerReply:
    return FixerReply(
        tuple(
            FixerResult(one.fingerprint, FixerStatus.FIXED, files, "done")
            for one in findings or FINDINGS
        )
    )


Step = Doing | Usage | FixerReply | XReviewError | Callable[[Path], None] | asyncio.Event


@dataclass
class ScriptedFixer:
    """Runs steps: what it says, functions of the tree's folder, errors, and events to wait for."""

    steps: Sequence[Step] = ()
    identity: FixerIdentity = AGENT
    orders: list[FixOrder] = field(default_factory=list[FixOrder])
    closed: int = 0

    async def fix(self, order: FixOrder, tree: DisposableTree) -> AsyncGenerator[FixerSignal, None]:
        self.orders.append(order)
        try:
            for step in self.steps:
                if isinstance(step, XReviewError):
                    raise step
                if isinstance(step, asyncio.Event):
                    await step.wait()
                elif isinstance(step, Doing | Usage | FixerReply):
                    yield step
                else:
                    step(tree.top)
        finally:
            self.closed += 1


@dataclass
class ScriptedCrew:
    """One fixer; each finding gets `outcome`, or what `by_title` says."""

    making: ScriptedFixer
    outcome: FixOutcome = FixOutcome.FIXED
    refuses: XReviewError | None = None
    checked: int = 0
    judged: list[tuple[FixerReply, TreePatch, tuple[CheckRun, ...]]] = field(default_factory=list)
    fails: Exception | None = None
    notices: tuple[str, ...] = ()
    closed: int = 0
    tampering: tuple[Tampering, ...] = ()
    by_title: dict[str, FixOutcome] = field(default_factory=dict[str, FixOutcome])

    async def close(self) -> None:
        self.closed += 1

    async def skim(
        self, order: FixOrder, tree: DisposableTree, patch: TreePatch, why: str
    ) -> Judgement:
        return unproven_judgement(order, self.tampering, why)

    async def choices(self, entries: Sequence[ExportEntry]) -> Sequence[FixerChoice]:
        return (FixerChoice(self.making.identity, is_default=True),)

    async def fixer(
        self, name: str, entries: Sequence[ExportEntry], tree: DisposableTree
    ) -> ScriptedFixer:
        if self.refuses is not None:
            raise self.refuses
        return self.making

    async def preview(self, name: str, order: FixOrder, files: FixTree) -> str:
        told = ", ".join(one.finding.lead.title for one in order.accepted)
        return f"{name} gets {told} and {sorted(one.name for one in files.top.glob('*.py'))}"

    async def check(
        self, checks: Sequence[str], tree: DisposableTree
    ) -> AsyncGenerator[Doing | CheckRun, None]:
        self.checked += 1
        for one in checks:
            yield Doing(f"running {one}")
            yield CheckRun(one, 0, 0.1)

    async def judge(
        self,
        order: FixOrder,
        reply: FixerReply,
        tree: DisposableTree,
        patch: TreePatch,
        before: Sequence[CheckRun],
    ) -> AsyncGenerator[Doing | Usage | Judgement, None]:
        self.judged.append((reply, patch, tuple(before)))
        yield Usage(1, 1, 0.5)
        if self.fails is not None:
            raise self.fails
        yield Judgement(
            tuple(
                FixVerdict(
                    one.finding.fingerprints,
                    self.by_title.get(one.finding.lead.title, self.outcome),
                    "so it is",
                )
                for one in order.accepted
            ),
            notices=self.notices,
        )


class Fixed:
    """A repository, and `Fixing` on it."""

    def __init__(self, folder: Path, crew: ScriptedCrew, *checks: str) -> None:
        self.project = Builder(folder / "project")
        self.project.write("a.py", CODE)
        self.project.commit("first")
        self.events: list[FixPayload] = []
        self.crew = crew
        self.shelf = FixShelf(folder / "state")
        self.folder = folder / "state"
        ids = iter(f"fix{number}" for number in range(1, 100))
        self.place = FixPlace(
            find_repository(self.project.top),
            "session-1",
            self.shelf,
            lambda findings: tuple(map(ExportEntry, findings)),
            tuple,
            self._record,
            lambda: next(ids),
            lambda path: path == "CLAUDE.md",
            tuple(checks),
            (),
            2.0,
        )
        self.fixing = Fixing(self.place, crew)

    async def _record(self, *payloads: FixPayload) -> None:
        self.events += payloads

    async def run(self, *findings: Finding, **given: str) -> FixSnapshot:
        """Run a fix to its end."""
        async with aclosing(self.fixing.run(findings or FINDINGS, **given)) as snapshots:
            *_, last = [one async for one in snapshots]
        return last

    def content(self, path: str = "a.py") -> str:
        return self.project.path(path).read_text()


def replaced(old: str, new: str, path: str = "a.py") -> Callable[[Path], None]:
    """A step that changes a file."""

    def step(top: Path) -> None:
        file = top / path
        file.write_text((file.read_text() if file.exists() else "").replace(old, new) or new)

    return step
