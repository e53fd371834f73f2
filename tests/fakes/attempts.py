"""Writers and readers of attempts that do what a test tells them to."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from xreview.domain.attempt.statement import AttemptStatement, EdgeCase
from xreview.domain.change import FileDiff
from xreview.domain.errors import XReviewError
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.ports.model import Doing
from xreview.ports.reviewer import Usage
from xreview.review.attempts.writers import TaskOrder, WriterReply, WriterSignal
from xreview.review.fixing.fixers import FixTree

CLAUDE_WRITER = ReviewerIdentity("claude-code", ReviewerKind.AGENT, "anthropic", "claude-opus-5")
GPT_WRITER = ReviewerIdentity("gpt", ReviewerKind.MODEL, "openai", "gpt-6.2-sol")
GEMINI_WRITER = ReviewerIdentity("gemini", ReviewerKind.MODEL, "google", "gemini-4-pro")

STATEMENT = AttemptStatement(
    "It limits the retries.",
    ("The limit is per call.",),
    (EdgeCase("No retries at all.", "a.py", "one = 1"),),
    ("A negative limit.",),
    ("Is 3 right?",),
    "claude-code",
)

WriterStep = Doing | Usage | WriterReply | Exception | Callable[[Path], None] | asyncio.Event


@dataclass
class ScriptedWriter:
    """Runs steps: what it says, functions of the tree's folder, errors, and events to wait for.

    Without a reply among them, it says `STATEMENT` in the end.
    """

    steps: Sequence[WriterStep] = ()
    identity: ReviewerIdentity = CLAUDE_WRITER
    orders: list[TaskOrder] = field(default_factory=list[TaskOrder])
    closed: int = 0

    async def write(self, order: TaskOrder, tree: FixTree) -> AsyncGenerator[WriterSignal, None]:
        self.orders.append(order)
        try:
            for step in self.steps:
                if isinstance(step, Exception):
                    raise step
                if isinstance(step, asyncio.Event):
                    await step.wait()
                elif isinstance(step, Doing | Usage | WriterReply):
                    yield step
                else:
                    step(tree.top)
            if not any(isinstance(one, WriterReply) for one in self.steps):
                yield WriterReply(STATEMENT)
        finally:
            self.closed += 1


@dataclass
class ScriptedStatementReader:
    """Says a statement as a fresh reader, or fails."""

    said: AttemptStatement | XReviewError | None = None
    identity: ReviewerIdentity = GPT_WRITER
    read: list[tuple[FileDiff, ...]] = field(default_factory=list[tuple[FileDiff, ...]])

    async def state(
        self, order: TaskOrder, files: tuple[FileDiff, ...]
    ) -> AsyncGenerator[WriterSignal, None]:
        self.read.append(files)
        yield Usage(10, 20, 0.01)
        if isinstance(self.said, XReviewError):
            yield WriterReply(trouble=str(self.said))
            return
        yield WriterReply(
            self.said
            or AttemptStatement("A reader's words.", by=self.identity.name, is_writers=False)
        )


def writes(content: str, path: str = "a.py") -> Callable[[Path], None]:
    """A step that writes a file, and the folders it needs."""

    def step(top: Path) -> None:
        file = top / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)

    return step
