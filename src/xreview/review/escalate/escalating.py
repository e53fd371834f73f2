"""Carrying out an escalation: asking for an opinion, writing a letter or a test.

`ReviewSession.decide` has already recorded the decision, which stays whatever fails here. Results
go to the journal under the same session.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path

from xreview.domain.change import Change
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.errors import ReviewerError, UsageError
from xreview.domain.events.event import OpinionGiven, Payload
from xreview.domain.finding import Finding
from xreview.domain.text import shorten
from xreview.ports.reviewer import Asked, Notice, Progress, Usage
from xreview.repo.change.collecting import CollectedChange
from xreview.review.asking.answerer import Answerer
from xreview.review.assembly.opening import contents, now
from xreview.review.assembly.run_options import RunOptions
from xreview.review.choosing.joining import Joining
from xreview.review.choosing.nobody import nobody_else
from xreview.review.escalate.arbiter import ask_arbiter
from xreview.review.escalate.letters import write_letter
from xreview.review.escalate.measure import Measure, ask_measure
from xreview.review.escalate.measure_file import rendered_test, skeleton, write_measure
from xreview.review.escalate.person import letter
from xreview.review.escalate.positions import families_in
from xreview.review.session.contained import contained
from xreview.review.session.session import ReviewSession
from xreview.review.session.session_events import answer_usage, model_asked
from xreview.review.session.snapshot import Answering

MEASURES = "measures"
"""The folder of the tests, below the program's state folder."""

_SHOWN = 60
"""Characters of a title in a sentence."""

Signal = OpinionGiven | Measure | Progress | Usage | Asked | Notice


@dataclass(frozen=True, slots=True)
class WrittenMeasure:
    """A test file that was written and not run.

    Args:
        by: the model that wrote it; "" for a skeleton, explained by `why_skeleton`.
    """

    path: Path
    by: str
    why_skeleton: str = ""


class Escalating:
    """The escalations of one session.

    Args:
        draws_second: decides at random whether an arbiter sees the report second.
    """

    def __init__(
        self,
        session: ReviewSession,
        joining: Joining,
        collected: CollectedChange,
        options: RunOptions,
        draws_second: Callable[[], bool] = lambda: random.random() < 0.5,
    ) -> None:
        self._session = session
        self._joining = joining
        self._collected = collected
        self._options = options
        self._draws_second = draws_second

    async def ask_arbiter(self, finding: Finding) -> AsyncGenerator[Answering | OpinionGiven, None]:
        """Ask a third vendor's model for one opinion; yields the progress, then the opinion.

        Raises NobodyToAskError if no third vendor's model can receive the code, UsageError if the
        finding isn't escalated to an arbiter (any more), ReviewerError if asking fails or gives no
        opinion.
        """
        with contained("Asking for an opinion"):
            async with aclosing(self._opinions(finding)) as told:
                async for one in told:
                    yield one

    async def _opinions(self, finding: Finding) -> AsyncGenerator[Answering | OpinionGiven, None]:
        action = self._action_of(finding, Reason.ARBITER)
        author = self._joining.author_of(finding)
        taken = families_in(finding) | {author}
        answerer = await self._joining.first_allowed(
            self._session, lambda one: bool(one.vendor) and one.vendor not in taken
        )
        if answerer is None:
            raise nobody_else(taken, self._joining.candidates)
        with contents(self._collected) as reader:
            stream = ask_arbiter(
                finding,
                action,
                self._change,
                reader,
                answerer,
                author=author,
                is_report_second=self._draws_second(),
                background=await self._joining.told(self._session),
                elsewhere=self._joining.elsewhere,
            )
            heard = _Hearing(answerer)
            try:
                async with aclosing(stream) as signals:
                    async for signal in signals:
                        if isinstance(signal, OpinionGiven):
                            await self._session.record([signal])
                            yield signal
                        yield heard.take(signal)
            finally:
                self._end(heard)
        await self._session.record([])
        if not heard.opinions:
            raise ReviewerError(
                heard.why_nothing, "The decision stays. Press e to ask somebody else."
            )

    async def write_letter(self, finding: Finding, target: Path) -> None:
        """Write the letter to a colleague. Raises UsageError if it can't be written or exists."""
        action = self._action_of(finding, Reason.PERSON)
        asked_by = self._actor
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
        author = self._joining.author_of(finding)
        measure: Measure | None = None
        try:
            with contained("Asking for a test"):
                answerer = await self._joining.first_allowed(
                    self._session,
                    lambda one: bool(one.vendor) and one.vendor != author,
                )
                if answerer is not None:
                    heard = _Hearing(answerer)
                    async with aclosing(self._measures(finding, answerer, heard)) as told:
                        async for one in told:
                            yield one
                    measure, why = heard.measure, heard.why_nothing
        except ReviewerError as error:
            why = str(error)
        with contained("Writing a test"):
            text = skeleton(finding) if measure is None else rendered_test(measure, finding)
            path = await asyncio.to_thread(self._write_test, finding, text)
            await self._told("measure", path, finding)
        yield WrittenMeasure(path, measure.by if measure else "", "" if measure else why)

    async def _measures(
        self, finding: Finding, answerer: Answerer, heard: "_Hearing"
    ) -> AsyncGenerator[Answering, None]:
        with contents(self._collected) as reader:
            told = await self._joining.told(self._session)
            stream = ask_measure(finding, self._change, reader, answerer, told)
            try:
                async with aclosing(stream) as signals:
                    async for signal in signals:
                        yield heard.take(signal)
            finally:
                self._end(heard)
        await self._session.record([])

    @property
    def _change(self) -> Change:
        return Change(self._session.snapshot.source, self._session.snapshot.files)

    @property
    def _actor(self) -> str:
        repository = self._collected.repository
        return repository.actor if repository else "unknown"

    def _end(self, heard: "_Hearing") -> None:
        """Count what was used and keep it for the journal, even after a cancellation."""
        self._session.count_in(heard.answering)
        self._session.keep(heard.facts())

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
        repository = self._collected.repository
        checkout = repository.top if repository else None
        return write_measure(self._options.folders.state / MEASURES, finding, text, checkout)

    async def _told(self, format: str, target: Path, finding: Finding) -> None:
        selection = {"finding": finding.fingerprint}
        await self._session.write_exported(format, str(target), 1, selection)


class _Hearing:
    """What one model has said so far."""

    def __init__(self, answerer: Answerer) -> None:
        self._started = now()
        self.answering = Answering(answerer.identity, 0, 1)
        self._asked: list[Asked] = []
        self._notices: list[str] = []
        self.opinions: list[OpinionGiven] = []
        self.measure: Measure | None = None

    def take(self, signal: Signal) -> Answering:
        match signal:
            case OpinionGiven():
                self.opinions.append(signal)
            case Measure():
                self.measure = signal
            case Progress(done, total, doing):
                self.answering = replace(self.answering, done=done, total=total, doing=doing)
            case Usage():
                self.answering = replace(self.answering, usage=signal)
            case Asked():
                self._asked.append(signal)
            case Notice(sentence):
                self._notices.append(sentence)
        return self.answering

    def facts(self) -> list[Payload]:
        """The events about what was asked and used."""
        name = self.answering.party.name
        facts: list[Payload] = [model_asked(name, one) for one in self._asked]
        if self.answering.usage != Usage():
            facts.append(answer_usage(self.answering, self._started, now()))
        return facts

    @property
    def why_nothing(self) -> str:
        return " ".join(self._notices) or f"{self.answering.party.name} said nothing."
