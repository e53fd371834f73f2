"""A fresh model that says what an attempt is, where its writer didn't."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from xreview.domain.change import FileDiff
from xreview.domain.record import replace
from xreview.domain.report import ReviewerIdentity
from xreview.review.asking.answerer import Answerer
from xreview.review.attempts.attempt_errands import ReadingErrand
from xreview.review.attempts.writers import TaskOrder, WriterSignal
from xreview.review.fixing.fixed_tree import FixedFiles
from xreview.review.fixing.fixers import FixTree
from xreview.review.writing.running import ErrandRunner

READING_SECONDS = 600.0
"""The time limit for reading one attempt."""


class AskedReader:
    """Has a model read an attempt (`review.attempts.writers.StatementReader`).

    It is told the task and shown the patch, and nothing that the writer says.

    Args:
        answerer: its tools must read the attempt's files.
        tree: the attempt's files, as the patch left them.
        ignores: what the settings keep from models.
    """

    def __init__(
        self,
        answerer: Answerer,
        tree: FixTree,
        *,
        seconds: float = READING_SECONDS,
        ignores: Callable[[str], bool] = lambda path: False,
    ) -> None:
        # A cached answer is no fresh look.
        self._answerer = replace(answerer, cache=None)
        self._tree = tree
        self._runner = ErrandRunner(self._answerer, seconds, ignores)

    @property
    def identity(self) -> ReviewerIdentity:
        """Who it is."""
        return self._answerer.identity

    async def state(
        self, order: TaskOrder, files: tuple[FileDiff, ...]
    ) -> AsyncGenerator[WriterSignal, None]:
        """Read the patch and stream what happens; the reply comes last."""
        contents = FixedFiles(self._tree.top, files)
        errand = ReadingErrand(order, self.identity.name, files, contents)
        async with aclosing(self._runner.run(errand, self._tree.top)) as signals:
            async for signal in signals:
                yield signal
