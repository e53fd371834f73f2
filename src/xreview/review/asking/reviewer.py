"""A model as a reviewer: plans the requests, has them asked, and streams the findings."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace

from xreview.domain.change import FileDiff
from xreview.domain.report import Lens, ReviewerIdentity
from xreview.ports.reviewer import Progress, ReviewRequest, Signal
from xreview.review.asking.answerer import Answerer
from xreview.review.asking.run import ReviewRun
from xreview.review.egress.withholding import Withholding
from xreview.review.prompt.brief import cleared_background
from xreview.review.prompt.plan import Plan, PlanSettings, plan

REVIEW_SECONDS = 900.0
"""The time limit of a review by one model."""

LOCAL_REVIEW_SECONDS = 3600.0
"""The same for a model on this machine, which answers one question after the other."""


@dataclass(frozen=True)
class Asking:
    """What a model reviewer gets beside the change.

    Args:
        answerer: the model and the terms.
        brief, messages: the purpose of the change, in a person's words or the commits'.
        reads_last: whether documentation and plain data are read.
    """

    answerer: Answerer
    lens: Lens
    brief: str = ""
    messages: tuple[str, ...] = ()
    reads_last: bool = True


class ModelReviewer:
    """Asks a model to review a change (`ports.reviewer.Reviewer`)."""

    def __init__(self, asking: Asking) -> None:
        self.asking = asking

    @property
    def identity(self) -> ReviewerIdentity:
        """The reviewer, with its model."""
        return self.asking.answerer.identity

    @property
    def lens(self) -> Lens:
        """What it looks for."""
        return self.asking.lens

    async def review(self, request: ReviewRequest) -> AsyncGenerator[Signal, None]:
        """Plan, ask, and stream the findings. Raises ReviewerError if nothing was answered."""
        files = request.change.files
        yield Progress(0, len(files), "looking for secrets")
        withholding = Withholding(request.contents, self.asking.answerer.gate)
        cleaned = await withholding.files(files)
        yield Progress(0, len(files), "planning")
        planned = await self.planned(cleaned, withholding, request.conventions)
        for entry in planned.skipped:
            yield entry
        answerer = self.asking.answerer.within(planned.room)
        run = ReviewRun(answerer, planned, withholding, len(files))
        async with aclosing(run.signals()) as signals:
            async for signal in signals:
                yield signal

    async def planned(
        self, files: tuple[FileDiff, ...], contents: Withholding, conventions: tuple[str, ...]
    ) -> Plan:
        """The requests about these files, read through `contents`. Raises ReviewerError."""
        asking = self.asking
        background, withheld = await cleared_background(
            asking.answerer.gate, asking.brief, asking.messages, conventions
        )
        contents.count_said(withheld)
        settings = PlanSettings(self.identity.name, background, reads_last=asking.reads_last)
        window = await asking.answerer.window()
        planned = await plan(files, contents, window, asking.lens, settings)
        left_out = contents.left_out(self.identity.name)
        return replace(planned, skipped=(*left_out, *planned.skipped))
