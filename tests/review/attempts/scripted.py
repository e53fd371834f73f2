"""Trials of a real repository on a real shelf, by writers and reviews that a test scripts."""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

from tests.repo.builder import Builder
from xreview.domain.attempt.seat import LABELS, Seat
from xreview.domain.attempt.statement import AttemptStatement, EdgeCase
from xreview.domain.errors import XReviewError
from xreview.domain.events.event import AttemptPayload
from xreview.domain.finding import Finding
from xreview.domain.fixing.check_run import CheckRun
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.ports.model import Doing
from xreview.ports.reviewer import Usage
from xreview.repo.disposable.shelf import ATTEMPT_WARES, FixShelf
from xreview.repo.disposable.tree import DisposableTree
from xreview.repo.repository import find_repository
from xreview.review.attempts.checking import run_checks
from xreview.review.attempts.place import AttemptReview, ReviewOrder, TrialPlace
from xreview.review.attempts.seating import WriterChoice
from xreview.review.attempts.snapshot import TrialSnapshot
from xreview.review.attempts.trials import Trials
from xreview.review.attempts.wish import TrialWish
from xreview.review.attempts.writers import TaskOrder, WriterReply, WriterSignal
from xreview.review.fixing.checks import CheckRunner

CODE = "one = 1\n\n\n\n\n\n\n\n\n\n\n\ntwo = 2\n"
STATEMENT = AttemptStatement(
    "It counts on.", handled=(EdgeCase("three is there", "a.py", "three = 3"),), by="claude"
)
WRITER = ReviewerIdentity("claude", ReviewerKind.AGENT, "anthropic", "o")
REVIEWER = ReviewerIdentity("gpt", ReviewerKind.MODEL, "openai", "gpt-5.5")
WISH = TrialWish("Count on.\nUp to three.")

Step = (
    Doing | Usage | WriterReply | BaseException | Callable[[Path], object] | asyncio.Event | float
)


@dataclass
class ScriptedWriter:
    """Runs steps: what it says, functions of the tree's folder, errors, seconds, and events to wait
    for."""

    steps: Sequence[Step] = ()
    identity: ReviewerIdentity = WRITER
    orders: list[TaskOrder] = field(default_factory=list[TaskOrder])
    started: asyncio.Event = field(default_factory=asyncio.Event)
    closed: int = 0

    async def write(
        self, order: TaskOrder, tree: DisposableTree
    ) -> AsyncGenerator[WriterSignal, None]:
        self.orders.append(order)
        self.started.set()
        try:
            for step in self.steps:
                match step:
                    case Doing() | Usage() | WriterReply():
                        yield step
                    case BaseException():
                        raise step
                    case asyncio.Event():
                        await step.wait()
                    case float():
                        await asyncio.sleep(step)
                    case _:
                        step(tree.top)
        finally:
            self.closed += 1


@dataclass
class ScriptedReader:
    reply: WriterReply
    identity: ReviewerIdentity = REVIEWER

    async def state(self, order, files) -> AsyncGenerator[WriterSignal, None]:
        yield Usage(1, 1, 0.25)
        yield self.reply


@dataclass
class ScriptedTrialCrew:
    """One writer for each seat, by label; `reviews` are what each review yields."""

    writers: dict[str, ScriptedWriter | XReviewError]
    findings: Sequence[Finding] = ()
    reviews: Sequence[AttemptReview | XReviewError | asyncio.Event] | None = None
    reading: WriterReply | None = None
    orders: list[ReviewOrder] = field(default_factory=list[ReviewOrder])
    contents: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    most: dict[str, float] = field(default_factory=dict[str, float])
    closed: int = 0
    checking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def choices(self, wish: TrialWish) -> Sequence[WriterChoice]:
        seats, _, _ = await self.seats(wish)
        return tuple(WriterChoice(one.writer, one.tier, is_default=True) for one in seats)

    async def seats(self, wish: TrialWish) -> tuple[tuple[Seat, ...], str, str]:
        seats = tuple(
            Seat(label, ReviewerIdentity(f"writer-{label}", ReviewerKind.AGENT, "anthropic", "o"))
            for label in self.writers
        )
        return seats, "other", "deep: a test."

    async def writer(
        self, seat: Seat, tree: DisposableTree, checks: Sequence[str], most: float
    ) -> ScriptedWriter:
        self.most[seat.label] = most
        writer = self.writers[seat.label]
        if isinstance(writer, XReviewError):
            raise writer
        return writer

    async def preview(self, seat: Seat, order: TaskOrder, files) -> str:
        return f"{order.task} {sorted(one.name for one in files.top.glob('*.py'))}"

    async def reader(self, seat, tree, most) -> ScriptedReader | None:
        return ScriptedReader(self.reading) if self.reading else None

    async def check(
        self, checks: Sequence[str], tree: DisposableTree, state: str
    ) -> AsyncGenerator[Doing | CheckRun, None]:
        runner = CheckRunner(os.environ, seconds=60)
        async with self.checking, aclosing(run_checks(runner, checks, tree, state)) as steps:
            async for one in steps:
                yield one

    async def review(self, order: ReviewOrder) -> AsyncGenerator[AttemptReview, None]:
        self.orders.append(order)
        tops = sorted(order.tree.top.glob("*.py"))
        self.contents.append({one.name: one.read_text() for one in tops})
        session = f"review-{order.label}"
        default = (
            AttemptReview(session, doing="reading", cost=0.1),
            AttemptReview(session, tuple(self.findings), (REVIEWER,), cost=0.5, is_over=True),
        )
        for one in self.reviews or default:
            if isinstance(one, XReviewError):
                raise one
            if isinstance(one, asyncio.Event):
                await one.wait()
            else:
                yield one

    async def close(self) -> None:
        self.closed += 1


class Tried:
    """A repository, and `Trials` on it."""

    def __init__(self, folder: Path, *writers: ScriptedWriter | XReviewError, **given) -> None:
        self.project = Builder(folder / "project")
        self.project.write("a.py", CODE)
        self.project.commit("first")
        self.events: list[tuple[str, AttemptPayload]] = []
        self.folder = folder / "state/attempts"
        self.crew = ScriptedTrialCrew(dict(zip(LABELS, writers, strict=False)))
        self.trials = self.again(**given)

    def again(self, **given) -> Trials:
        """Trials of another run of the program."""
        ids = iter(f"trial{number}" for number in range(1, 100))
        self.place = TrialPlace(
            find_repository(self.project.top),
            FixShelf(self.folder, ATTEMPT_WARES),
            self.record,
            lambda: next(ids),
            lambda: "2026-12-01T00:00:00.000000+00:00",
            lambda path: path.endswith("CLAUDE.md"),
            recall=self.recall,
            **given,
        )
        return Trials(self.place, self.crew)

    async def record(self, trial: str, *payloads: AttemptPayload) -> None:
        self.events += [(trial, one) for one in payloads]

    async def recall(self, trial: str) -> Sequence[AttemptPayload]:
        return [payload for name, payload in self.events if name == trial]

    async def run(self, wish: TrialWish = WISH) -> TrialSnapshot:
        """Run a trial to its end."""
        async with aclosing(self.trials.run(wish)) as snapshots:
            *_, last = [one async for one in snapshots]
        return last

    def told(self, *kinds: type[AttemptPayload]) -> list[AttemptPayload]:
        return [payload for _, payload in self.events if isinstance(payload, kinds)]


def wrote(text: str, path: str = "a.py") -> Callable[[Path], object]:
    """A step that adds to a file."""

    def step(top: Path) -> None:
        file = top / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text((file.read_text() if file.exists() else "") + text)

    return step


def writing(text: str = "three = 3\n", *steps: Step, **given) -> ScriptedWriter:
    """A writer that adds to a.py, and says what it did."""
    script = (*steps, wrote(text), Usage(10, 10, 0.5), WriterReply(STATEMENT))
    return ScriptedWriter(script, **given)
