"""A model as a reviewer: plans the requests, has them asked, and streams findings and coverage.

A failed request costs only its own files their coverage. If no request is answered, the review
fails with the last failure.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING

from xreview.domain.attention.attention import ChangeAttention
from xreview.domain.change import FileDiff
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.record import dataclass, replace
from xreview.domain.report import Lens, ReviewerIdentity
from xreview.domain.text import count_of
from xreview.ports.model import Doing
from xreview.ports.reviewer import Progress, ReviewRequest, Signal
from xreview.review.asking.answerer import Answerer
from xreview.review.asking.conversation import Ending
from xreview.review.asking.inquiry import (
    Inquiry,
    InquirySignal,
    Question,
    QuestionClosed,
    QuestionSignal,
)
from xreview.review.egress.withholding import Withholding
from xreview.review.prompt.brief import cleared_background
from xreview.review.prompt.plan import Plan, PlanSettings, plan
from xreview.review.prompt.receipt import PlanReceipt
from xreview.review.reply.check import Checker, StatedFinding

if TYPE_CHECKING:
    from xreview.domain.errors import XReviewError

REVIEW_SECONDS = 900.0
"""The time limit of a review by one model."""

LOCAL_REVIEW_SECONDS = 3600.0
"""The same for a model on this machine, which answers one question after the other."""

MOST_FINDINGS = 1_000
"""Of one review. Later ones are dropped and their files count as truncated: aligning the findings
about one place takes quadratic time."""


@dataclass(frozen=True)
class Asking:
    """What a model reviewer gets beside the change: the purpose, from a person or the commits,
    whether it reads documentation and plain data (`reads_last`), and the attention that the files
    deserve, None if that isn't known."""

    answerer: Answerer
    lens: Lens
    brief: str = ""
    messages: tuple[str, ...] = ()
    reads_last: bool = True
    attention: ChangeAttention | None = None


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
        run = _ReviewRun(answerer, planned, withholding, len(files))
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
        settings = PlanSettings(
            self.identity.name,
            background,
            asking.attention,
            reads_last=asking.reads_last,
            prompts=asking.answerer.prompts,
        )
        window = await asking.answerer.window()
        planned = await plan(files, contents, window, asking.lens, settings)
        left_out = contents.left_out(self.identity.name)
        return replace(planned, skipped=(*left_out, *planned.skipped))


class _ReviewRun:
    """A running review."""

    def __init__(
        self, answerer: Answerer, planned: Plan, withholding: Withholding, file_count: int
    ) -> None:
        self._answerer = answerer
        self._plan = planned
        self._withholding = withholding
        self._receipt = PlanReceipt(planned, answerer.identity.name)
        self._file_count = file_count
        self._done = len(planned.skipped)
        self._is_answered = False
        self._heard = 0
        self._left_out: dict[int, int] = {}
        self._failure: XReviewError | None = None

    async def signals(self) -> AsyncGenerator[Signal, None]:
        """Ask, and stream what the requests say; closing the stream cancels them.

        Raises XReviewError if all of them failed.
        """
        yield self._progress("")
        # In a thread: with 150,000 lines this would block the interface.
        questions = await asyncio.to_thread(self._questions)
        withheld = self._withholding.total
        inquiry = Inquiry(self._answerer, questions, self._plan.template, withheld)
        async with aclosing(inquiry.answers()) as answers:
            async for told in answers:
                for signal in self._signals_of(told):
                    yield signal
        if self._failure is not None and not self._is_answered:
            raise self._failure

    def _questions(self) -> list[Question]:
        who = self._answerer.identity
        return [
            Question(part.request, Checker(who, part.shown), part.label, part.is_hard)
            for part in self._plan.requests
        ]

    def _signals_of(self, told: InquirySignal) -> list[Signal]:
        if isinstance(told, QuestionSignal):
            if isinstance(told.what, QuestionClosed):
                return [*self._entries(told.index, told.what), self._progress("")]
            return self._reports(told.index, told.what)
        return [self._progress(told.what)] if isinstance(told, Doing) else [told]

    def _reports(self, index: int, stated: StatedFinding) -> list[Signal]:
        self._heard += 1
        if self._heard <= MOST_FINDINGS:
            return [stated.report]
        self._left_out[index] = self._left_out.get(index, 0) + 1
        return []

    def _entries(self, index: int, closed: QuestionClosed) -> list[CoverageEntry]:
        part = self._plan.requests[index]
        self._is_answered |= closed.ending not in (None, Ending.NO_MONEY)
        if closed.ending is Ending.ANSWERED:
            entries = self._receipt.answered(part, self._missing(index, closed.why))
        else:
            self._failure = closed.failure or self._failure
            why = closed.failure.message if closed.failure else closed.why
            entries = self._receipt.failed(part, why)
        self._done += len(entries)
        return [self._with_note(entry) for entry in entries]

    def _missing(self, index: int, why: str) -> str:
        left_out = self._left_out.get(index, 0)
        if not left_out:
            return why
        told = f"{count_of(left_out, 'finding')} left out, after the first {MOST_FINDINGS:,}"
        return "; ".join(filter(None, (why, told)))

    def _with_note(self, entry: CoverageEntry) -> CoverageEntry:
        note = self._withholding.note(entry.path)
        if not note:
            return entry
        entry = replace(entry, why="; ".join(filter(None, (entry.why, note))))
        if entry.reading is Reading.READ and self._withholding.holds_nothing(entry.path):
            return replace(entry, reading=Reading.TRUNCATED)
        return entry

    def _progress(self, doing: str) -> Progress:
        return Progress(self._done, self._file_count, doing)
