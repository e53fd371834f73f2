"""The attempts of a running review, put together for the app and for `attempt`."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import cast, get_args

from xreview.domain.attempt.seat import Seat
from xreview.domain.errors import UsageError
from xreview.domain.events.event import AttemptPayload, Event
from xreview.domain.fixing.check_run import CheckRun
from xreview.domain.report import ReviewerKind
from xreview.domain.stakes.advice import advise
from xreview.ports.model import Doing
from xreview.repo.disposable.tree import DisposableTree
from xreview.repo.repository import Repository
from xreview.review.asking.prospects import Prospect
from xreview.review.assembly.attempt_review import AttemptReviewing
from xreview.review.assembly.disposable_crew import (
    changing_agent,
    changing_model,
    check_runner,
    is_hidden_from_agents,
    readable_tree,
    require_consent,
)
from xreview.review.assembly.preview import silenced
from xreview.review.assembly.running import RunningReview
from xreview.review.attempts.asked_reader import AskedReader
from xreview.review.attempts.asked_writer import AskedWriter
from xreview.review.attempts.checking import run_checks
from xreview.review.attempts.listed import trial_shelf
from xreview.review.attempts.place import AttemptReview, ReviewOrder, TrialPlace
from xreview.review.attempts.seating import WriterChoice, seats_for, writer_choices
from xreview.review.attempts.seating_words import seating_words
from xreview.review.attempts.trials import Trials
from xreview.review.attempts.wish import TrialWish
from xreview.review.attempts.writers import TaskOrder
from xreview.review.choosing.panel import Panel
from xreview.review.fixing.fixers import FixTree
from xreview.review.session.ledger import Ledger
from xreview.review.session.surroundings import new_id, now
from xreview.review.stakes.task import task_stakes

_GRACE_SECONDS = 30.0
"""After the time limit that a writer keeps, before it is cut off."""


class AttemptCrew:
    """Who takes part in the attempts of a review (`review.attempts.place.TrialCrew`).

    Each writer has a panel with its own budget, so that none spends what is another's.
    """

    def __init__(self, review: RunningReview, events: "TrialEvents") -> None:
        self._review = review
        self._settings = review.options.settings
        self._events = events
        self._runner = check_runner(review.options)
        self._reviewing = AttemptReviewing(review)
        self._panels: list[Panel] = []
        self._consenting = asyncio.Lock()
        self._checking = asyncio.Lock()

    async def choices(self, wish: TrialWish) -> Sequence[WriterChoice]:
        """Return who can write, those that do by default first. Raises UsageError."""
        return writer_choices(await self._prospects(), self._settings.attempts.writers)

    async def seats(self, wish: TrialWish) -> tuple[tuple[Seat, ...], str, str]:
        """Return who writes and reviews which attempt, what the task touches most, and why these
        tiers. Raises UsageError."""
        stakes = await asyncio.to_thread(task_stakes, wish.task)
        advice, default = advise(stakes), self._settings.attempts.writers
        seats = seats_for(wish, await self.choices(wish), default, advice, new_id())
        why = seating_words(wish.writers or default, wish.preset, advice, seats)
        return seats, stakes.kind, why

    async def writer(
        self, seat: Seat, tree: DisposableTree, checks: Sequence[str], most: float
    ) -> AskedWriter:
        """Make a seat's writer. Raises XReviewError if it can't be used, or may get no code."""
        who = seat.writer
        async with self._consenting:  # one question at a time
            await require_consent(self._review.selection, who.name, "another writer")
        panel = self._new_panel(most)
        if who.kind is ReviewerKind.AGENT:
            given = who.name, tree, tuple(checks), seat.tier
            hand = await asyncio.to_thread(changing_agent, self._review, panel, *given)
        else:
            hand = changing_model(panel, who.name, tree, seat.tier)
        seconds, ignores = self._settings.attempts.minutes * 60.0, self._settings.ignores
        asked = who, hand.voice, panel.gate, hand.toolbox
        return AskedWriter(*asked, seconds=seconds, ignores=ignores)

    async def preview(self, seat: Seat, order: TaskOrder, files: FixTree) -> str:
        """What the writer would get, word by word. Nothing is sent. Raises XReviewError."""
        panel, who = self._new_panel(self._settings.attempts.budget), seat.writer
        there = {one.settings.name: one for one in panel.prospects}
        answerer = silenced(panel.answerer(who.name, tier=seat.tier), there[who.name])
        toolbox = answerer.new_toolbox() if answerer.new_toolbox else None
        asked = who, answerer.voice, panel.gate, toolbox
        return await AskedWriter(*asked, ignores=self._settings.ignores).preview(order, files)

    async def reader(self, seat: Seat, tree: DisposableTree, most: float) -> AskedReader | None:
        """Make what describes an attempt whose writer doesn't: a model of another family, else one
        of the writer's; None if there is none, or none that may get code."""
        usable = [one for one in await self._prospects() if not one.why_not]
        usable.sort(key=lambda one: _reading_preference(one, seat.writer.family))
        for one in usable:
            name = one.settings.name
            async with self._consenting:
                is_allowed = await self._review.selection.allows(name)
            if is_allowed:
                answerer = self._new_panel(most).answerer(name, readable_tree(tree))
                return AskedReader(answerer, tree, ignores=self._settings.ignores)
        return None

    async def check(
        self, checks: Sequence[str], tree: DisposableTree, state: str
    ) -> AsyncGenerator[Doing | CheckRun, None]:
        """Run the user's commands in the tree, with its files as in the git tree `state`, before
        and after; those of one tree at a time."""
        async with self._checking, aclosing(run_checks(self._runner, checks, tree, state)) as steps:
            async for one in steps:
                yield one

    def review(self, order: ReviewOrder) -> AsyncGenerator[AttemptReview, None]:
        """Review an attempt with its own budget; the last state says that it is over."""
        return self._reviewing.run(order)

    async def close(self) -> None:
        """Close connections and the journal, and end processes."""
        for panel in self._panels:
            await panel.close()
        await self._events.close()

    async def _prospects(self) -> Sequence[Prospect]:
        """The models there are; the review may not have looked for them yet."""
        panel = self._review.panel
        if not panel.prospects:
            await panel.find()
        return panel.writers

    def _new_panel(self, most: float) -> Panel:
        panel = self._review.panel.with_budget(most)
        self._panels.append(panel)
        return panel


class TrialEvents:
    """The events of trials, each in a session of its own that has the trial's id."""

    def __init__(self, journal: Path, repository: Repository) -> None:
        self._ledger = Ledger(journal)
        self._repository = repository

    async def record(self, trial: str, *payloads: AttemptPayload) -> None:
        """Write events. Raises JournalError."""
        identity, actor = self._repository.identity, self._repository.actor
        events = [Event(new_id(), trial, identity, now(), actor, one) for one in payloads]
        await self._ledger.append(events)

    async def recall(self, trial: str) -> Sequence[AttemptPayload]:
        """Return a trial's events, the oldest first. Raises JournalError."""
        kinds = get_args(AttemptPayload)
        told = await self._ledger.told(trial)
        return [cast("AttemptPayload", one) for one in told if isinstance(one, kinds)]

    async def close(self) -> None:
        """Close the journal."""
        await self._ledger.close()


def trials_for(review: RunningReview) -> Trials:
    """Return what runs attempts in the repository of a review, which must be open.

    Raises UsageError outside of a checkout, and for a patch.
    """
    repository, settings = review.change.repository, review.options.settings
    if repository is None or repository.top is None:
        raise UsageError(
            "Attempts need a checkout, and this is a patch or a bare repository.",
            "Start in a git repository with files.",
        )
    events = TrialEvents(review.options.journal, repository)
    place = TrialPlace(
        repository,
        trial_shelf(review.options.folders.state),
        events.record,
        new_id,
        now,
        is_hidden_from_agents,
        review.session.conventions,
        settings.fix.check,
        settings.fix.link,
        settings.attempts.budget,
        settings.attempts.at_once,
        settings.attempts.minutes * 60.0 + _GRACE_SECONDS,
        events.recall,
    )
    return Trials(place, AttemptCrew(review, events))


def _reading_preference(one: Prospect, family: str) -> tuple[bool, bool, bool]:
    """Another family first, then models before agents, then those elsewhere before local ones."""
    vendor = one.identity.vendor
    is_same = not vendor or vendor == family
    return is_same, one.kind is ReviewerKind.AGENT, one.identity.is_local
