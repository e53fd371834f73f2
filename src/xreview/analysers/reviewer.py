"""The two embedded reviewers: analysers, never shown as models."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from xreview.analysers.process import command
from xreview.analysers.shared import join
from xreview.domain.report import Lens, ReviewerIdentity, ReviewerKind
from xreview.ports.reviewer import ReviewRequest, Signal, Usage

FILE_SECONDS = 20.0
"""How long one file may take; most take some milliseconds. The process runs at low priority."""


class EmbeddedReviewer:
    """What ruff, ast-grep, lizard and our own counting say from the view of one lens.

    Args:
        lens: which rules' reports it yields. It is the reviewer's name too.
        argv: how to start the worker's process; None for this program's own.
        file_seconds: how long one file may take before it counts as failed.
    """

    def __init__(
        self,
        lens: Lens,
        argv: Sequence[str] | None = None,
        file_seconds: float = FILE_SECONDS,
    ) -> None:
        self._lens = lens
        self._argv = argv
        self._file_seconds = file_seconds

    @property
    def identity(self) -> ReviewerIdentity:
        """An analyser; its reports name the engine that found them instead of "embedded"."""
        return ReviewerIdentity(self._lens.value, ReviewerKind.ANALYSER, "embedded")

    @property
    def lens(self) -> Lens:
        """What it looks for."""
        return self._lens

    async def review(self, request: ReviewRequest) -> AsyncGenerator[Signal, None]:
        """Stream the reports file by file, and one coverage entry for each file.

        Raises ReviewerError where the analysis can't be run.
        """
        argv = command() if self._argv is None else self._argv
        yield Usage(cost=0.0)
        shared = join(request, self._lens, argv, self._file_seconds)
        async with aclosing(shared.signals(self._lens)) as signals:
            async for signal in signals:
                yield signal


def risk() -> EmbeddedReviewer:
    """Security, edge cases, timing, concurrency, error handling, data corruption."""
    return EmbeddedReviewer(Lens.RISK)


def economy() -> EmbeddedReviewer:
    """Simplification, performance, consistency, over-engineering."""
    return EmbeddedReviewer(Lens.ECONOMY)
