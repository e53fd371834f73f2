"""A model or a coding agent as the writer of an attempt."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from xreview.domain.report import ReviewerIdentity
from xreview.ports.request import Effort
from xreview.review.asking.answerer import Voice
from xreview.review.attempts.attempt_errands import TaskErrand
from xreview.review.attempts.writers import TaskOrder, WriterSignal
from xreview.review.egress.gate import Gate
from xreview.review.fixing.fixers import FixTree
from xreview.review.tools.toolbox import Toolbox
from xreview.review.writing.running import ERRAND_SECONDS, ErrandRunner, writing_answerer


class AskedWriter:
    """Has a model or an agent do a task (`review.attempts.writers.Writer`).

    Args:
        toolbox: reads the repository for a model without tools of its own; None for no tools.
        seconds: the time limit of one attempt.
        ignores: what the settings keep from models.
    """

    def __init__(
        self,
        identity: ReviewerIdentity,
        voice: Voice,
        gate: Gate,
        toolbox: Toolbox | None = None,
        *,
        effort: Effort | None = None,
        seconds: float = ERRAND_SECONDS,
        ignores: Callable[[str], bool] = lambda path: False,
    ) -> None:
        self._identity = identity
        answerer = writing_answerer(identity, voice, gate, toolbox, effort)
        self._can_read = voice.model.features.has_own_tools or answerer.new_toolbox is not None
        self._runner = ErrandRunner(answerer, seconds, ignores)

    @property
    def identity(self) -> ReviewerIdentity:
        """Who it is."""
        return self._identity

    async def write(self, order: TaskOrder, tree: FixTree) -> AsyncGenerator[WriterSignal, None]:
        """Ask, and stream what happens; the reply comes last."""
        async with aclosing(self._runner.run(self._errand(order), tree.top)) as signals:
            async for signal in signals:
                yield signal

    async def preview(self, order: TaskOrder, tree: FixTree) -> str:
        """What would be sent, word by word. Raises XReviewError."""
        return await self._runner.preview(self._errand(order), tree.top)

    def _errand(self, order: TaskOrder) -> TaskErrand:
        return TaskErrand(order, self._identity.name, self._can_read)
