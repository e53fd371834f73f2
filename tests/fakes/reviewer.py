"""A reviewer that says what a test tells it to, and a content reader over given texts."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from tests.fakes.reports import RISK
from xreview.domain.change import FileDiff, Side
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.errors import ReviewerError
from xreview.domain.report import Category, Confidence, Lens, ReviewerIdentity, Severity
from xreview.ports.reviewer import Progress, RawReport, ReviewRequest, Signal


def raw(
    title: str,
    path: str,
    line: int,
    quote: str,
    *,
    reviewer: ReviewerIdentity = RISK,
    category: Category = Category.ERROR_HANDLING,
    severity: Severity = Severity.MEDIUM,
) -> RawReport:
    return RawReport(
        reviewer=reviewer,
        claim_key=title,
        rule=title,
        title=title,
        claim=f"{title} here.",
        scenario="",
        category=category,
        severity=severity,
        confidence=Confidence.MEDIUM,
        path=path,
        side=Side.NEW,
        start_line=line,
        end_line=line + quote.count("\n"),
        quote=quote,
    )


class ScriptedReviewer:
    """Yields given signals; then reads all files, fails, or waits for ever."""

    def __init__(
        self,
        identity: ReviewerIdentity = RISK,
        lens: Lens = Lens.RISK,
        signals: Sequence[Signal] = (),
        *,
        failure: str = "",
        hangs: bool = False,
        reads: bool = True,
    ) -> None:
        self.identity = identity
        self.lens = lens
        self._signals = signals
        self._failure = failure
        self._hangs = hangs
        self._reads = reads
        self.was_closed = False

    async def review(self, request: ReviewRequest) -> AsyncGenerator[Signal, None]:
        try:
            yield Progress(0, len(request.change.files))
            for signal in self._signals:
                yield signal
            if self._failure:
                raise ReviewerError(self._failure, "Try again.")
            if self._hangs:
                await asyncio.Event().wait()
            if self._reads:
                for file in request.change.files:
                    yield CoverageEntry(self.identity.name, file.path, Reading.READ)
        finally:
            self.was_closed = True


class GivenContents:
    """Contents by path, the same on both sides."""

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts

    async def read(self, file: FileDiff, side: Side) -> bytes | None:
        text = self._texts.get(file.path)
        return None if text is None else text.encode("utf-8", "surrogateescape")
