"""Carrying out an escalation: asking for an opinion, writing a letter or a test.

The decision is already recorded (`ReviewSession.decide`) and stays, even if this fails. Results go
to the journal under the same session.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from pathlib import Path

from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.errors import ReviewerError, UsageError
from xreview.domain.events.event import OpinionGiven
from xreview.domain.finding import Finding
from xreview.domain.record import dataclass
from xreview.domain.text import shorten
from xreview.review.asking.answerer import Answerer
from xreview.review.choosing.selection import ModelSelection
from xreview.review.escalate.arbiter import ask_arbiter
from xreview.review.escalate.letters import write_letter
from xreview.review.escalate.measure import Measure, ask_measure
from xreview.review.escalate.measure_file import rendered_test, skeleton, write_measure
from xreview.review.escalate.person import letter
from xreview.review.session.contained import contained
from xreview.review.session.session import ReviewSession
from xreview.review.session.session_events import Hearing
from xreview.review.session.snapshot import Answering
from xreview.review.session.surroundings import now
from xreview.review.session.whole_change import WholeChange

MEASURES = "measures"
"""The folder of the tests, below the program's state folder."""

_SHOWN = 60
"""Characters of a title in a sentence."""


@dataclass(frozen=True, slots=True)
class WrittenMeasure:
    """A test file that was written and not run, and the model that wrote it; "" for a skeleton,
    explained by `why_skeleton`."""

    path: Path
    by: str
    why_skeleton: str = ""


class Escalating:
    """The escalations of one session.

    Tests are written below `state`, the program's state folder. `draws_second` decides at random
    whether an arbiter sees the report second.
    """

    def __init__(
        self,
        session: ReviewSession,
        selection: ModelSelection,
        change: WholeChange,
        state: Path,
        draws_second: Callable[[], bool] = lambda: random.random() < 0.5,
    ) -> None:
        self._session = session
        self._selection = selection
        self._change = change
        self._state = state
        self._draws_second = draws_second

    async def ask_arbiter(self, finding: Finding) -> AsyncGenerator[Answering | OpinionGiven, None]:
        """Ask a third vendor's model for one opinion; yields the progress, then the opinion.

        Raises NobodyToAskError if no third vendor's model can receive the code, UsageError if the
        finding isn't escalated to an arbiter now, ReviewerError if asking fails or gives no
        opinion.
        """
        with contained("Asking for an opinion"):
            async with aclosing(self._opinions(finding)) as told:
                async for one in told:
                    yield one

    async def _opinions(self, finding: Finding) -> AsyncGenerator[Answering | OpinionGiven, None]:
        action = self._action_of(finding, Reason.ARBITER)
        author = self._selection.author_of(finding)
        is_third = self._selection.third_model_test(finding)
        if (answerer := await self._selection.pick_model(is_third)) is None:
            raise self._selection.no_third_model(finding)
        with self._change.contents() as reader:
            stream = ask_arbiter(
                finding,
                action,
                self._change.change,
                reader,
                answerer,
                author=author,
                is_report_second=self._draws_second(),
                background=await self._selection.background(),
                elsewhere=self._selection.elsewhere(),
            )
            hearing = _hearing(answerer)
            is_given = False
            try:
                async with aclosing(stream) as signals:
                    async for signal in signals:
                        if isinstance(signal, OpinionGiven):
                            is_given = True
                            self._session.record(signal)
                            await self._session.save()
                            yield signal
                        else:
                            hearing.take(signal)
                        yield hearing.answering
            finally:
                self._session.count_in(hearing)
        await self._session.save()
        if not is_given:
            why = _why_nothing(hearing)
            raise ReviewerError(
                why, "Your decision stays. Press e to ask another model or a colleague."
            )

    async def write_letter(self, finding: Finding, target: Path) -> None:
        """Write the letter to a colleague. Raises UsageError if it can't be written or exists."""
        action = self._action_of(finding, Reason.PERSON)
        asked_by = self._change.actor
        with contained("Writing a letter"):
            await asyncio.to_thread(write_letter, target, letter(finding, action, asked_by))
            await self._told("letter", target, finding)

    async def write_measure(
        self, finding: Finding
    ) -> AsyncGenerator[Answering | WrittenMeasure, None]:
        """Write the test that would settle it, by a model of another family than the author's or
        as a skeleton. Yields the progress, then the file, which is never run.

        Raises UsageError if it can't be written.
        """
        why = "no model from a vendor other than the author's is available"
        author = self._selection.author_of(finding)
        measure: Measure | None = None
        try:
            with contained("Asking for a test"):
                answerer = await self._selection.pick_model(
                    lambda one: bool(one.vendor) and one.vendor != author
                )
                if answerer is not None:
                    hearing = _hearing(answerer)
                    async with aclosing(self._measures(finding, answerer, hearing)) as told:
                        async for one in told:
                            if isinstance(one, Measure):
                                measure = one
                            yield hearing.answering
                    why = _why_nothing(hearing)
        except ReviewerError as error:
            why = str(error)
        with contained("Writing a test"):
            text = skeleton(finding) if measure is None else rendered_test(measure, finding)
            path = await asyncio.to_thread(self._write_test, finding, text)
            await self._told("measure", path, finding)
        yield WrittenMeasure(path, measure.by if measure else "", "" if measure else why)

    async def _measures(
        self, finding: Finding, answerer: Answerer, hearing: Hearing
    ) -> AsyncGenerator[Answering | Measure, None]:
        with self._change.contents() as reader:
            background = await self._selection.background()
            stream = ask_measure(finding, self._change.change, reader, answerer, background)
            try:
                async with aclosing(stream) as signals:
                    async for signal in signals:
                        if isinstance(signal, Measure):
                            yield signal
                        else:
                            hearing.take(signal)
                            yield hearing.answering
            finally:
                self._session.count_in(hearing)
        await self._session.save()

    def _action_of(self, finding: Finding, target: Reason) -> str:
        decided = self._session.snapshot.triage.decided(finding)
        if decided is None:
            raise UsageError(
                "The decision to escalate isn't saved yet, so nothing was asked.",
                "Once the journal is writable, press e to escalate again.",
            )
        if decided.decision != Decision(Verdict.ESCALATE, target):
            raise UsageError(
                f"The decision on “{shorten(finding.lead.title, _SHOWN)}” changed meanwhile, so "
                "nothing was asked.",
                "Press e to escalate it again.",
            )
        return decided.action

    def _write_test(self, finding: Finding, text: str) -> Path:
        repository = self._change.repository
        checkout = repository.top if repository else None
        return write_measure(self._state / MEASURES, finding, text, checkout)

    async def _told(self, format: str, target: Path, finding: Finding) -> None:
        selection = {"finding": finding.fingerprint}
        await self._session.write_exported(format, str(target), 1, selection)


def _hearing(answerer: Answerer) -> Hearing:
    return Hearing(answerer.identity, now(), total=1)


def _why_nothing(hearing: Hearing) -> str:
    return " ".join(hearing.notices) or f"{hearing.answering.party.name} didn't answer."
