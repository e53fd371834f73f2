"""A model as a reviewer: plans the requests, has them asked, and streams what is found."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from xreview.domain.change import FileDiff
from xreview.domain.report import Lens, ReviewerIdentity
from xreview.ports.reviewer import Progress, ReviewRequest, Signal
from xreview.review.asking.asking import Asking
from xreview.review.asking.run import ReviewRun
from xreview.review.egress.withholding import Withholding
from xreview.review.prompt.brief import cleared_background
from xreview.review.prompt.plan import Plan, PlanSettings, plan


class ModelReviewer:
    """Asks a model to review a change (`reviewers.base.Reviewer`)."""

    def __init__(self, asking: Asking) -> None:
        self.asking = asking

    @property
    def identity(self) -> ReviewerIdentity:
        """Who it is, with the model that is asked for."""
        return self.asking.answerer.identity

    @property
    def lens(self) -> Lens:
        """What it is asked to look for."""
        return self.asking.lens

    async def review(self, request: ReviewRequest) -> AsyncGenerator[Signal, None]:
        """Plan, ask, and stream what is found. Raises ReviewerError where nothing was answered."""
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
        """What would be sent about these files, as `contents` let them through.

        Raises ReviewerError.
        """
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
