"""A reviewer limited to some files: those that its opponents wrote, or that need a second lens."""

from collections.abc import AsyncGenerator, Collection
from contextlib import aclosing

from xreview.domain.change import Change
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.record import replace
from xreview.domain.report import Lens, ReviewerIdentity
from xreview.ports.reviewer import Reviewer, ReviewRequest, Signal

READ_BY_ANOTHER = "assigned to another reviewer, because of its author"
NEEDS_ONE_LENS = "read with one lens, which its level of attention asks for"


class PartReviewer:
    """Lets a reviewer read the files in `paths` and reports the others as skipped, and why."""

    def __init__(
        self, reviewer: Reviewer, paths: Collection[str], why: str = READ_BY_ANOTHER
    ) -> None:
        self._reviewer = reviewer
        self._why = why
        self._paths = frozenset(paths)

    @property
    def identity(self) -> ReviewerIdentity:
        """The reviewer."""
        return self._reviewer.identity

    @property
    def lens(self) -> Lens:
        """What it looks for."""
        return self._reviewer.lens

    async def review(self, request: ReviewRequest) -> AsyncGenerator[Signal, None]:
        """Review its files. Raises ReviewerError."""
        change = request.change
        for file in change.files:
            if file.path not in self._paths:
                yield CoverageEntry(
                    self.identity.name, file.path, Reading.SKIPPED, self._why, expected=True
                )
        part = Change(change.source, tuple(f for f in change.files if f.path in self._paths))
        async with aclosing(self._reviewer.review(replace(request, change=part))) as signals:
            async for signal in signals:
                yield signal
