"""What writes an attempt, and what says what it is: the interfaces of agents and of models."""

from collections.abc import AsyncGenerator
from typing import Protocol

from xreview.domain.attempt.statement import AttemptStatement
from xreview.domain.change import FileDiff
from xreview.domain.record import dataclass
from xreview.domain.report import ReviewerIdentity
from xreview.ports.model import Doing
from xreview.ports.reviewer import Usage
from xreview.review.fixing.fixers import FixTree


@dataclass(frozen=True, slots=True)
class TaskOrder:
    """What a writer must know.

    Args:
        task: in the user's words.
        checks: the user's commands, which must pass.
        conventions: the repository's and the user's, one sentence each.
    """

    task: str
    checks: tuple[str, ...] = ()
    conventions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WriterReply:
    """A writer's whole answer.

    Args:
        statement: what it says of its attempt, with the quotes not looked up yet; None if it says
            nothing that can be read.
        trouble: why it is absent, malformed or partial; "" if all is well.
        refused: what an agent wasn't permitted to do, raw: `running make test`.
        is_cut_short: whether the writing itself broke off, so that the attempt is partial; the
            trouble says why.
    """

    statement: AttemptStatement | None = None
    trouble: str = ""
    refused: tuple[str, ...] = ()
    is_cut_short: bool = False


WriterSignal = Doing | Usage | WriterReply
"""What it does now, what it used so far, and at last its reply."""


class Writer(Protocol):
    """Changes the files of a tree so that a task is done."""

    @property
    def identity(self) -> ReviewerIdentity:
        """Who it is."""
        ...

    def write(self, order: TaskOrder, tree: FixTree) -> AsyncGenerator[WriterSignal, None]:
        """Write, and stream what happens; the `WriterReply` comes last, whatever fails.

        Closing the stream ends all that runs; there is no reply then, and what was changed stays.
        """
        ...


class StatementReader(Protocol):
    """Reads an attempt whose writer said nothing, and says what it is."""

    @property
    def identity(self) -> ReviewerIdentity:
        """Who it is."""
        ...

    def state(
        self, order: TaskOrder, files: tuple[FileDiff, ...]
    ) -> AsyncGenerator[WriterSignal, None]:
        """Read the patch and stream what happens; the `WriterReply` comes last."""
        ...
