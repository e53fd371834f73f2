"""The app's attempts: they go on while you triage, and stay until you discard them."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import TYPE_CHECKING

from xreview.domain.errors import ReviewerError, XReviewError
from xreview.domain.record import replace
from xreview.domain.text import visible
from xreview.review.attempts.snapshot import TrialSnapshot
from xreview.review.attempts.wish import TrialWish
from xreview.review.session.contained import contained
from xreview.tui.keys import key_label
from xreview.tui.screens.triage.empty import STILL_READING
from xreview.tui.widgets.attempts.state import ShownTrial
from xreview.tui.widgets.attempts.words import KEPT, short_trial_words

if TYPE_CHECKING:
    from xreview.repo.change.request import ChangeRequest
    from xreview.review.attempts.graft import GraftSnapshot
    from xreview.review.attempts.taking import Taking
    from xreview.review.attempts.trials import Trials
    from xreview.tui.app import XReviewApp
    from xreview.tui.flow import Flow

STARTING = "looking for the writers"


class AttemptDesk:
    """Runs a trial, keeps its latest state, and that of the one that is shown.

    `on_change` is called whenever what is shown changes; `home` is your own change, while an
    attempt is read instead; `draft` is a task that wasn't started.
    """

    def __init__(self, app: "XReviewApp") -> None:
        self.app = app
        self.shown: ShownTrial | None = None
        self.running: TrialSnapshot | None = None
        self.on_change: Callable[[], object] | None = None
        self.home: ChangeRequest | None = None
        self.draft = ""
        self.clock: Callable[[], float] = time.monotonic
        self._received = 0.0
        self._whole: asyncio.Task[None] | None = None
        self._reading: asyncio.Task[None] | None = None
        self._checking: asyncio.Task[None] | None = None

    @property
    def is_running(self) -> bool:
        """Whether writers, checks or reviewers of a trial are at work."""
        return self._whole is not None and not self._whole.done()

    @property
    def is_busy(self) -> bool:
        """Whether a trial or the check of a graft goes on."""
        return self.is_running or (self._checking is not None and not self._checking.done())

    @property
    def since(self) -> float:
        """Seconds since the latest snapshot of the running trial; 0 for one that doesn't run."""
        shown = self.shown
        is_live = self.is_running and shown is not None and not shown.snapshot.is_over
        return max(0.0, self.clock() - self._received) if is_live else 0.0

    @property
    def seconds(self) -> float:
        """How long the slowest of the shown attempts takes so far, or took."""
        attempts = self.shown.snapshot.attempts if self.shown else ()
        return max((one.seconds for one in attempts), default=0.0) + self.since

    @property
    def kept(self) -> str:
        """What to know about attempts when the app ends: that they are kept; or ""."""
        trial = self.running
        if trial is None or trial.taken or not any(one.files for one in trial.attempts):
            return KEPT if self.is_running else ""
        return f"No attempt is taken. {KEPT}"

    def _flow(self) -> "Flow":
        if self.app.flow is None:
            raise ReviewerError(STILL_READING, "Try again in a moment.")
        return self.app.flow

    def trials(self) -> "Trials":
        """Return what runs trials. Raises ReviewerError where it is too early."""
        return self._flow().trials()

    def taking(self) -> "Taking":
        """Return what takes attempts. Raises ReviewerError where it is too early."""
        return self._flow().taking()

    # running

    def start(self, wish: TrialWish) -> None:
        """Give a task to its writers. They go on in the background."""
        self.draft = ""
        self.running = TrialSnapshot("", wish.task, (), preset=wish.preset, doing=STARTING)
        self.show(self._shown_of(self.running))
        self._whole = asyncio.create_task(self._run(wish))

    async def _run(self, wish: TrialWish) -> None:
        reading = self._reading = asyncio.create_task(self._read(wish))
        try:
            await asyncio.wait([reading])
            if not reading.cancelled() and (error := reading.exception()):
                raise error
        except XReviewError as error:
            self.app.show_trouble(error)
        finally:
            reading.cancel()
        await self._end()

    async def _read(self, wish: TrialWish) -> None:
        with contained("Running the attempts"):
            async with aclosing(self.trials().run(wish)) as states:
                async for snapshot in states:
                    self._take(snapshot)

    def _take(self, snapshot: TrialSnapshot) -> None:
        self.running = snapshot
        shown = self.shown
        if shown is None or shown.snapshot.id in ("", snapshot.id):
            self.show(self._shown_of(snapshot))
        else:
            self.show_short()

    async def _end(self) -> None:
        """Show what there is of a trial that was cut short, and say that it is over."""
        trial = self.running
        if trial is not None and not trial.id:
            self.running = None
            self.show(None)
            return
        if trial is not None and not trial.is_over:
            try:
                with contained("Reading the partial attempts"):
                    self._take(await self.trials().snapshot(trial.id))
            except XReviewError as error:
                self.app.show_trouble(error)
        if trial is not None and self.on_change is None:
            words = short_trial_words(self.running or trial)
            self.app.notify_user(self.app.options.settings.notify, words)
            self.say(f"The attempts are over. Press {self.key('attempts.open')} to compare them.")

    async def cancel(self, label: str = "") -> None:
        """Stop one attempt, or all for ""; what they wrote stays."""
        if self.running is None or not self.is_running:
            return
        self.trials().cancel(self.running.id, label)

    async def close(self) -> None:
        """Stop all that runs before the journal closes."""
        for task in (self._checking, self._reading):
            if task is not None:
                task.cancel()
        going = [task for task in (self._whole, self._checking) if task is not None]
        if going:
            await asyncio.wait(going)
        if self.shown is not None:
            self.shown = replace(self.shown, is_checking=False)

    # opening

    async def open(self, trial: str) -> bool:
        """Show a trial of this or an earlier run; return False if it can't be read."""
        return await self.attempt("Opening the attempts", lambda: self._open(trial))

    async def _open(self, trial: str) -> None:
        if self.is_running and self.running is not None and self.running.id == trial:
            snapshot = self.running
        else:
            snapshot = await self.trials().snapshot(trial)
        self.show(self._shown_of(snapshot))

    async def renew(self) -> None:
        """Read the shown trial anew: something was taken, given back or revealed."""
        if self.shown is not None and self.shown.snapshot.id:
            snapshot = await self.trials().snapshot(self.shown.snapshot.id)
            if self.running is not None and self.running.id == snapshot.id:
                self.running = snapshot
            self.show(self._shown_of(snapshot))

    # the graft

    def check(self) -> None:
        """Check what is chosen, in the background."""
        shown = self.shown
        if shown is None or self._is_checking:
            return
        self.show(replace(shown, graft=None, is_checking=True))
        self._checking = asyncio.create_task(self._check(shown))

    @property
    def _is_checking(self) -> bool:
        return self._checking is not None and not self._checking.done()

    async def _check(self, shown: ShownTrial) -> None:
        trial = shown.snapshot.id
        try:
            with contained("Checking the graft"):
                async with aclosing(self.taking().check(trial, shown.chosen)) as states:
                    async for graft in states:
                        self._show_graft(trial, graft)
        except XReviewError as error:
            self.app.show_trouble(error)
        finally:
            if self.shown is not None:
                self.show(replace(self.shown, is_checking=False))
        if self.on_change is None:
            self.say(f"The graft is checked. Press {self.key('attempts.open')} to see it.")

    def _show_graft(self, trial: str, graft: "GraftSnapshot") -> None:
        if self.shown is not None and self.shown.snapshot.id == trial:
            self.show(replace(self.shown, graft=graft))

    def stop_checking(self) -> bool:
        """Stop the check of the graft; return False if none goes on."""
        return self._is_checking and self._checking is not None and self._checking.cancel()

    # showing

    def _shown_of(self, snapshot: TrialSnapshot) -> ShownTrial:
        shown = self.shown
        if shown is not None and shown.snapshot.id == snapshot.id:
            return shown.with_snapshot(snapshot)
        return ShownTrial(snapshot, self.app.options.settings.attempts.blind)

    def show(self, shown: ShownTrial | None) -> None:
        """Show another state, None for nothing."""
        self.shown = shown
        self._received = self.clock()
        self.show_short()
        if self.on_change is not None:
            self.on_change()

    def show_short(self) -> None:
        """Show in the main screen's header how far the trial is."""
        trial = self.running
        self.app.triage.show_attempts(short_trial_words(trial) if trial and trial.id else "")

    def key(self, action: str) -> str:
        """Return the key of an action, as it's shown."""
        return next(map(key_label, self.app.key_map[action]), "its key")

    def say(self, sentence: str, *, is_warning: bool = False) -> None:
        """Show a notice."""
        severity = "warning" if is_warning else "information"
        self.app.notify(visible(sentence), severity=severity, markup=False, timeout=10)

    async def attempt(self, doing: str, step: Callable[[], Awaitable[object]]) -> bool:
        """Do something with a trial; return False if it failed, which a notice says."""
        try:
            with contained(doing):
                await step()
        except XReviewError as error:
            self.app.show_trouble(error)
            return False
        return True


def attempt_desk_of(app: "XReviewApp") -> AttemptDesk:
    """Return the app's desk for attempts."""
    if app.attempt_desk is None:
        app.attempt_desk = AttemptDesk(app)
    return app.attempt_desk
