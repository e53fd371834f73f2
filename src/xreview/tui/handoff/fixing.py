"""The app's fix: it goes on while you triage, and stays until you discard it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from xreview.domain.errors import ReviewerError, XReviewError
from xreview.domain.finding import Finding
from xreview.domain.fixing.fixer import FixerIdentity
from xreview.domain.record import replace
from xreview.domain.text import visible
from xreview.review.fixing.snapshot import FixedFinding, FixSnapshot, FixStage
from xreview.review.session.contained import contained
from xreview.tui.keys import key_label
from xreview.tui.screens.triage.empty import STILL_READING
from xreview.tui.widgets.fixing.state import ShownFix
from xreview.tui.widgets.fixing.words import KEPT, short_words

if TYPE_CHECKING:
    from xreview.review.fixing.fixing import Fixing
    from xreview.tui.app import XReviewApp
    from xreview.tui.flow import Flow

CANCELLED = "You cancelled it; the patch is partial."


class FixDesk:
    """Runs a fix and keeps its latest state. `on_change` is called whenever that changes."""

    def __init__(self, app: "XReviewApp") -> None:
        self.app = app
        self.fix: ShownFix | None = None
        self.on_change: Callable[[], object] | None = None
        self.clock: Callable[[], float] = time.monotonic
        self._received = 0.0
        self._reading: asyncio.Task[None] | None = None
        self._whole: asyncio.Task[None] | None = None

    @property
    def is_running(self) -> bool:
        """Whether a fix goes on."""
        return self._whole is not None and not self._whole.done()

    @property
    def seconds(self) -> float:
        """How long the fix takes so far, or took."""
        if self.fix is None:
            return 0.0
        since = self.clock() - self._received if self.fix.is_running else 0.0
        return self.fix.snapshot.seconds + since

    @property
    def kept(self) -> str:
        """What to know about the fix when the app ends: where an unapplied patch is; or ""."""
        fix = self.fix
        if fix is None or (not self.is_running and not fix.offered):
            return ""
        return f"A fix isn't applied. {KEPT}"

    def fixing(self) -> "Fixing":
        """Return what fixes. Raises ReviewerError where it is too early."""
        flow: Flow | None = self.app.flow
        if flow is None:
            raise ReviewerError(STILL_READING, "Try again in a moment.")
        return flow.fixing()

    # running

    def start(
        self, findings: Sequence[Finding], fixer: FixerIdentity, note: str = "", earlier: str = ""
    ) -> None:
        """Hand findings over. The fix goes on in the background."""
        handed = tuple(FixedFinding(one) for one in findings)
        is_again = bool(earlier)
        self.show(
            ShownFix(FixSnapshot("", fixer, FixStage.PREPARING, handed, is_round_two=is_again))
        )
        run = self._run(findings, fixer.name, note, earlier)
        self._whole = asyncio.create_task(run)

    async def _run(self, findings: Sequence[Finding], fixer: str, note: str, earlier: str) -> None:
        why = ""
        reading = asyncio.create_task(self._read(findings, fixer, note, earlier))
        self._reading = reading
        try:
            await asyncio.wait([reading])
            if reading.cancelled():
                why = CANCELLED
            elif error := reading.exception():
                raise error
        except XReviewError as error:
            why = str(error)
            self.app.show_trouble(error)
        finally:
            reading.cancel()
        await self._end(why)

    async def _read(self, findings: Sequence[Finding], fixer: str, note: str, earlier: str) -> None:
        with contained("The fix"):
            states = self.fixing().run(findings, fixer, note, earlier)
            async with aclosing(states):
                async for snapshot in states:
                    self._take(snapshot)

    def _take(self, snapshot: FixSnapshot) -> None:
        before = self.fix
        self.show(ShownFix(snapshot))
        if before is None or before.snapshot.stage is not snapshot.stage:
            self.show_review()

    async def _end(self, why: str) -> None:
        """Show what there is of a fix that was cut short, and say that it is over."""
        fix = self.fix
        if fix is not None and fix.is_running:
            snapshot = replace(fix.snapshot, stage=FixStage.OVER, doing="", seconds=self.seconds)
            if snapshot.id:
                snapshot = await self._reopened(snapshot)
            why = snapshot.why or why or "It ended early."
            self.show(ShownFix(replace(snapshot, stage=FixStage.OVER, why=why)))
        self.show_review()
        if self.on_change is None and self.fix is not None:
            self.app.notify_user(self.app.options.settings.notify, short_words(self.fix))
            self.say(f"The fix is over. Press {self.key('fix.accepted')} to see it.")

    async def _reopened(self, snapshot: FixSnapshot) -> FixSnapshot:
        try:
            with contained("Reading the partial patch"):
                return await self.fixing().reopen(snapshot.id)
        except XReviewError as error:
            return replace(snapshot, why=str(error))

    def cancel(self) -> bool:
        """Stop the fixer, and keep what it changed; return False if no fix is running."""
        return self.is_running and self._reading is not None and self._reading.cancel()

    async def close(self) -> None:
        """Stop the fixer before the journal closes."""
        self.cancel()
        if self._whole is not None:
            await asyncio.wait([self._whole])

    # showing

    def show(self, fix: ShownFix | None) -> None:
        """Show another state, None for no fix."""
        self.fix = fix
        self._received = self.clock()
        self.app.triage.show_fix(short_words(fix) if fix is not None else "")
        if self.on_change is not None:
            self.on_change()

    def show_review(self) -> None:
        """Show what the fix did to the findings in the main screen."""
        if (session := self.app.triage.session) is not None:
            self.app.triage.show_snapshot(session.snapshot)

    def key(self, action: str) -> str:
        """Return the key of an action, as it's shown."""
        return next(map(key_label, self.app.key_map[action]), "its key")

    def say(self, sentence: str, *, is_warning: bool = False) -> None:
        """Show a notice."""
        severity = "warning" if is_warning else "information"
        self.app.notify(visible(sentence), severity=severity, markup=False, timeout=10)

    async def attempt(self, doing: str, step: Callable[["Fixing"], Awaitable[None]]) -> bool:
        """Do something with the fix; return False if it failed, which a notice says."""
        try:
            with contained(doing):
                await step(self.fixing())
        except XReviewError as error:
            self.app.show_trouble(error)
            return False
        finally:
            self.show_review()
        return True


def desk_of(app: "XReviewApp") -> FixDesk:
    """Return the app's desk."""
    if app.fix_desk is None:
        app.fix_desk = FixDesk(app)
    return app.fix_desk
