"""The attempts screen: attempts while they run, then compared, to be read, taken, or grafted."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on

from xreview.domain.errors import XReviewError
from xreview.repo.change.request import ChangeRequest
from xreview.tui.dialogs.question import ConfirmationText, QuestionScreen
from xreview.tui.handoff.attempts import AttemptDesk, attempt_desk_of
from xreview.tui.handoff.attempts_asking import ask_attempts
from xreview.tui.handoff.attempts_taking import AttemptTaking
from xreview.tui.handoff.attempts_tree import open_attempt_file, open_attempt_shell
from xreview.tui.messages import ActionRequested
from xreview.tui.screens.attempts_choosing import AttemptChoosing
from xreview.tui.screens.attempts_list import AttemptsListScreen
from xreview.tui.screens.attempts_panes import ATTEMPT_METHODS
from xreview.tui.widgets.attempts.points_text import PointRow
from xreview.tui.widgets.attempts.state import AttemptView, ShownTrial
from xreview.tui.widgets.attempts.working import working_attempt_actions

if TYPE_CHECKING:
    from xreview.tui.app import XReviewApp

TICK_SECONDS = 0.5


class AttemptsScreen(AttemptChoosing):
    """Shows the trial of the desk, and does what its keys say."""

    def on_mount(self) -> None:
        """Follow the trial."""
        super().on_mount()
        self._desk.on_change = lambda: self.call_later(self._renew)
        self.set_interval(TICK_SECONDS, self._tick)
        self._renew()

    def on_unmount(self) -> None:
        """Follow it no longer."""
        self._desk.on_change = None

    def _renew(self) -> None:
        if not self.is_attached:
            return
        if (shown := self._desk.shown) is not None:
            self.show_trial(shown, self._desk.since, self._desk.seconds)
        elif self.app.screen is self:
            self.action_leave()

    def _tick(self) -> None:
        if self._desk.since:
            self.show_time(self._desk.since, self._desk.seconds)

    def aligned(self, shown: ShownTrial) -> Sequence[PointRow]:
        """Align what is said of the attempts, as reports are aligned to findings."""
        # Imported here: the screen is there before anything is said.
        from xreview.tui.handoff.attempts_points import aligned_points

        return aligned_points(shown.snapshot)

    def refresh_keys(self) -> None:
        """Show the keys that work now."""
        if (shown := self._desk.shown) is not None:
            self._keys.works_now = working_attempt_actions(
                shown,
                self.view,
                self.current,
                self.current_piece,
                is_away=self._desk.app.request.attempt is not None,
            )

    @on(ActionRequested)
    async def do_clicked(self, message: ActionRequested) -> None:
        """Run an action from the footer."""
        await self.run_action(ATTEMPT_METHODS[message.id])

    def action_view(self, name: str) -> None:
        """Show another view."""
        self.show_view(AttemptView[name])

    def action_leave(self) -> None:
        """Go back to the findings of the review; the attempts go on."""
        self.app.pop_screen()

    # while it runs

    async def action_cancel(self) -> None:
        """Stop the check of the graft, else the attempt under the cursor; what it wrote stays."""
        attempt = self.current
        if self._desk.stop_checking():
            self._desk.say("The check is cancelled.")
        elif attempt is None or attempt.is_over or not self._desk.is_running:
            self._desk.say("This attempt isn't running.")
        else:
            await self._desk.attempt("Cancelling", lambda: self._desk.cancel(attempt.label))

    async def action_cancel_all(self) -> None:
        """Ask, then stop all attempts; what they wrote stays."""
        if not self._desk.is_running:
            self._desk.say("No attempt is running.")
            return
        question = ConfirmationText(
            "Cancel all attempts?",
            ("What they wrote so far stays and can be compared.",),
            "cancel them",
            "stop all writers and reviewers",
            "no",
            "let them continue",
        )

        async def answer(is_yes: bool) -> None:
            if is_yes:
                await self._desk.attempt("Cancelling", self._desk.cancel)

        await self.app.push_screen(QuestionScreen(question, answer))

    # one attempt

    async def action_read(self) -> None:
        """Open the ordinary triage on the attempt under the cursor."""
        attempt, shown = self.current, self._desk.shown
        if shown is None or attempt is None or not attempt.is_over or not attempt.files:
            self._desk.say("There is nothing to read: the attempt isn't over, or changed nothing.")
            return
        if shown.is_blind:
            await self._ask_to_read(attempt.label)
        else:
            await self._read(attempt.label)

    async def _ask_to_read(self, label: str) -> None:
        question = ConfirmationText(
            f"Read attempt {label} and reveal the writers?",
            (
                "The triage names who wrote the code and who reviewed it.",
                f"Without names, {self.key('attempts.one')} shows the findings of an attempt, and "
                f"{self.key('attempts.pieces')} its code.",
            ),
            "read",
            "reveal the writers of these attempts",
            "stay",
            "keep them hidden",
        )

        async def answer(is_yes: bool) -> None:
            if is_yes and await self._desk.attempt("Revealing the writers", self._reveal):
                await self._read(label)

        await self.app.push_screen(QuestionScreen(question, answer))

    async def _read(self, label: str) -> None:
        desk, app = self._desk, self._desk.app
        trial = desk.shown.snapshot.id if desk.shown else ""
        request = ChangeRequest(app.request.cwd, attempt=f"{trial}:{label}")

        async def go() -> None:
            if app.request.attempt is None:
                desk.home = app.request
            await app.restart_with(request)
            opens, home = desk.key("attempts.open"), desk.key("attempts.home")
            desk.say(f"This is attempt {label}. Press {opens} for the others, then {home} to go "
                     "back to your own change.")  # fmt: skip

        await app.leaving.for_another_change(go)

    async def action_home(self) -> None:
        """Go back to your own change from an attempt that is read instead."""
        desk, app = self._desk, self._desk.app
        if app.request.attempt is None:
            desk.say("This is your own change already.")
            return
        home, desk.home = desk.home or ChangeRequest(app.request.cwd), None

        async def go() -> None:
            await app.restart_with(home)

        await app.leaving.for_another_change(go)

    async def action_take(self) -> None:
        """Take the attempt under the cursor into your files."""
        await self._taking.take(self.current)

    def action_edit(self) -> None:
        """Open a file of the attempt in the editor."""
        piece = self.current_piece
        line = self.piece.line_under_cursor if piece else None
        open_attempt_file(self._desk, self.current, piece.ref.path if piece else "", line or 1)

    def action_shell(self) -> None:
        """Open a shell in the attempt's tree."""
        open_attempt_shell(self._desk, self.current)

    async def action_give_back(self) -> None:
        """Undo the last take."""
        await self._taking.give_back()

    # the trial

    async def action_reveal(self) -> None:
        """Show who wrote what, from now on."""
        if self._desk.shown is not None and self._desk.shown.is_blind:
            await self._desk.attempt("Revealing the writers", self._reveal)

    async def _reveal(self) -> None:
        if self._desk.shown is not None:
            await self._desk.trials().reveal(self._desk.shown.snapshot.id)
            await self._desk.renew()

    async def action_discard(self) -> None:
        """Throw the attempts away."""
        await self._taking.discard(lambda: None)

    async def action_others(self) -> None:
        """List the other trials."""
        await _list_trials(self._desk)


async def open_attempts(app: "XReviewApp") -> None:
    """Show the running attempts, or those shown last; without any, list them, or ask for a task."""
    desk = attempt_desk_of(app)
    app.clear_notifications()
    if desk.shown is not None:
        await app.push_screen(AttemptsScreen(desk))
        return
    try:
        desk.trials()
    except XReviewError as error:
        app.show_trouble(error)
        return
    # The list is there before it is read, so that no key typed next goes to the triage.
    await _list_trials(desk, begins_if_none=True)


async def show_trial(app: "XReviewApp", trial: str) -> None:
    """Show the attempts of a kept trial."""
    desk = attempt_desk_of(app)
    if await desk.open(trial):
        await _show(desk)
        await AttemptTaking(desk).ask_unfinished()


async def _list_trials(desk: AttemptDesk, *, begins_if_none: bool = False) -> None:
    async def opened(trial: str) -> None:
        await show_trial(desk.app, trial)

    async def begin() -> None:
        await _ask(desk)

    await desk.app.push_screen(
        AttemptsListScreen(desk, opened, begin, begins_if_none=begins_if_none)
    )


async def _ask(desk: AttemptDesk) -> None:
    async def show() -> None:
        await _show(desk)

    await ask_attempts(desk, show)


async def _show(desk: AttemptDesk) -> None:
    if not isinstance(desk.app.screen, AttemptsScreen):
        await desk.app.push_screen(AttemptsScreen(desk))
