"""The app: theme, keys, life cycle. Screens show, the session decides, this holds them together."""

import asyncio
import signal
import time
from contextlib import suppress
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.message import Message
from textual.worker import Worker, WorkerError

from xreview.domain.errors import ExitCode, XReviewError
from xreview.domain.text import count_of
from xreview.review.session.contained import contained
from xreview.tui.collector import Collector
from xreview.tui.flow import Flow
from xreview.tui.held_keys import HELD_SECONDS, HeldKeys
from xreview.tui.keys import resolve_key_map
from xreview.tui.leaving import Leaving, loss_of
from xreview.tui.listener import Listener
from xreview.tui.messages import EscalationMade, FilesArrived, SnapshotShown, SplitsMoved
from xreview.tui.moved_keys import moved_keys_notice
from xreview.tui.question_queue import QuestionQueue
from xreview.tui.screens.triage.screen import TriageScreen
from xreview.tui.terminal.app import TerminalApp
from xreview.tui.terminal.heap import search_heap, settle_heap
from xreview.tui.themes.files import variable_defaults
from xreview.tui.themes.register import use_theme
from xreview.tui.widgets.diff.gaps import DiffGaps
from xreview.tui.widgets.diff.layouts import DiffLayouts

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from xreview.config.remembered import Remembered
    from xreview.domain.finding import Finding
    from xreview.repo.change.request import ChangeRequest
    from xreview.review.assembly.run_options import RunOptions
    from xreview.tui.dialogs.own_editor import KeptDraft
    from xreview.tui.handoff.attempts import AttemptDesk
    from xreview.tui.handoff.fixing import FixDesk
    from xreview.tui.handoff.pull import PullDesk

    Opener = Callable[["XReviewApp"], Awaitable[None]]

UNPAINTED_SECONDS = 0.5
"""How long the first frame stays, at most, between the first files and the whole change."""

LONG_SECONDS = 10.0
"""A review of at least so long ends with a notification: the user may look elsewhere by then."""

TERMINATED_SECONDS = 2.0
"""How long, at most, a signal that ends the app lets the review close."""

_READING = (events.Key, events.MouseDown, events.MouseScrollDown)
"""What shows that you began to read: from then on, nothing in the list moves."""


class XReviewApp(TerminalApp):
    """One run over one change. The `collector` is already started: git runs during the imports."""

    ENABLE_COMMAND_PALETTE = False  # the palette is an action of ours, so that its key can change
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "quit_now", show=False, priority=True, system=True)
    ]
    CSS_PATH = "screens/triage/panes.tcss"
    TITLE = "xreview"
    _has_theme = False

    class StartIsOver(Message):
        """The change is on the screen, or failed to load."""

    def __init__(
        self,
        request: "ChangeRequest",
        options: "RunOptions",
        collector: Collector,
        remembered: "Remembered",
        driver_class: type[Driver] | None = None,
    ) -> None:
        super().__init__(driver_class=driver_class)
        settings = options.settings
        self.options = options
        self.remembered = remembered
        self.key_map = resolve_key_map(settings.keys)
        self.flow: Flow | None = None
        self._flow_run: Worker[None] | None = None
        self.failure: XReviewError | None = None
        self.triage = TriageScreen(
            self.key_map,
            side_by_side=settings.side_by_side,
            tab_size=settings.tab_size,
            splits=self.remembered.arranged.splits,
        )
        self.triage.editor = settings.editor
        self.triage.why_no_arbiter = self._why_no_arbiter
        self.triage.code.set_wraps(self.remembered.arranged.wraps)
        self.kept_draft: KeptDraft | None = None
        self.fix_desk: FixDesk | None = None
        self.pull_desk: PullDesk | None = None
        self.attempt_desk: AttemptDesk | None = None
        self.first_trial = ""
        self.first_screen = ""
        self.triage.environ = options.environ
        self.request = request
        self._collector = collector
        self._start_troubles: list[XReviewError] = []
        self._held = HeldKeys()
        self._is_terminated = False
        self.questions = QuestionQueue(self, self.triage.show_questions)
        self._listener = Listener(self.triage, self.questions)
        self.leaving = Leaving(self)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the variables of our styles, for themes that lack them."""
        return dict(variable_defaults())

    def get_css_variables(self) -> dict[str, str]:
        """Return the variables of the theme; none before one is chosen: nothing is parsed yet."""
        return super().get_css_variables() if self._has_theme else {}

    def refresh_css(self, animate: bool = True) -> None:
        """Apply the theme. Before there is a screen, its variables do: the styles are parsed with
        them later, and needn't be parsed twice."""
        if self.screen_stack:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    async def on_event(self, event: events.Event) -> None:
        """Hold back keys, in order, until there is something to act on."""
        if self._held.hold(event):
            return
        if isinstance(event, _READING) and self.screen is self.triage:
            self.triage.begin_reading()
        await super().on_event(event)

    async def run_action(self, *arguments: Any, **options: Any) -> bool:
        """Run an action; none after a signal to end: the keys that still wait would delay it."""
        return not self._is_terminated and await super().run_action(*arguments, **options)

    @on(StartIsOver)
    @on(DiffLayouts.FirstFilesShown)
    async def give_held_keys(self) -> None:
        """Replay the keys typed during the start; what they do is drawn at once."""
        keys = self._held.release()
        for key in keys:
            await super().on_event(key)
        if keys and self.is_painting_held:
            self.paint()
        else:
            self._tell_answered()
        if not keys:
            self._collector.go_on()

    def paint(self) -> None:
        """Draw from now on; what is drawn first answers the keys that were held."""
        super().paint()
        self._tell_answered()

    def _tell_answered(self) -> None:
        if not self._held.is_holding and not self.is_painting_held:
            self.triage.call_after_refresh(self._begin_the_rest)

    def _begin_the_rest(self) -> None:
        self._listener.keys_given.set()
        self._collector.go_on()

    # life

    def on_load(self) -> None:
        """Set the theme before anything is drawn, and leave the first frame until it can be
        replaced by one that says more."""
        if self._collector.has_begun:
            self.hold_painting()
        self._has_theme = True
        theme = self.remembered.arranged.theme_for(self.options.settings.theme)
        self._start_troubles += use_theme(self, theme, self.options.folders.themes)

    async def keep_theme(self, name: str) -> None:
        """Use a theme from now on, until the settings name another one than today."""
        self.theme = name
        self.remembered.remember(theme=name, theme_over=self.options.settings.theme)

    def get_default_screen(self) -> TriageScreen:
        """Return the main screen."""
        return self.triage

    def on_mount(self) -> None:
        """Start the session; its heavy parts load after the first frame."""
        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self._terminated, number)
        self.set_timer(HELD_SECONDS, lambda: self.post_message(self.StartIsOver()))
        self.set_timer(HELD_SECONDS, self.paint)
        for trouble in self._start_troubles:
            self.show_trouble(trouble)
        if moved := moved_keys_notice(self.remembered, self.key_map, self.options.journal):
            self.notify(moved, markup=False, timeout=20)
        self._begin(self._collector)

    @on(FilesArrived)
    def paint_soon(self) -> None:
        """Draw what there is of a change that takes long to read."""
        if self.is_painting_held:
            self.set_timer(UNPAINTED_SECONDS, self.paint)

    def show_trouble(self, error: XReviewError) -> None:
        """Show an error in a notice."""
        self._listener.trouble(error)

    def _terminated(self, number: signal.Signals) -> None:
        self._is_terminated = True
        self.run_worker(self._end_terminated(number), group="terminated")

    async def _end_terminated(self, number: signal.Signals) -> None:
        """Leave without a question, with the journal closed where that takes no time."""
        try:
            async with asyncio.timeout(TERMINATED_SECONDS):
                await self._end_flow()
        except (TimeoutError, XReviewError):
            pass
        finally:
            # Textual doesn't restore the terminal on these signals; exit does.
            self.exit(128 + number)

    def _begin(self, collector: Collector) -> None:
        self._collector = collector
        flow = self.flow = Flow(collector, self.options, self._listener)
        self._flow_run = self.run_worker(self._run_flow(flow), group="flow", exclusive=True)

    async def _run_flow(self, flow: Flow) -> None:
        began = time.monotonic()
        try:
            with contained("The session"):
                await flow.run()
            if not flow.is_stopped and time.monotonic() - began >= LONG_SECONDS:
                self._tell_end()
        except XReviewError as error:
            self.failure = error
            self.triage.show_failure(error)
            self.paint()
        finally:
            settle_heap()
            self.post_message(self.StartIsOver())

    def _tell_end(self) -> None:
        session = self.triage.session
        count = len(session.snapshot.open_findings) if session else 0
        sentence = f"Review finished: {count_of(count, 'open finding')}"
        self.notify_user(self.options.settings.notify, sentence)

    @on(SnapshotShown)
    def retitle(self, message: SnapshotShown) -> None:
        """Name the change and the open findings in the title of the terminal's window.

        The first snapshot of the whole change also ends the wait for something to draw.
        """
        snapshot = message.snapshot
        if snapshot.is_collected:
            self.paint()
        count = f" · {len(snapshot.open_findings)} open" if snapshot.findings else ""
        self.show_title(f"{self.TITLE} · {snapshot.source.title}{count}")

    @on(SnapshotShown)
    def open_first_trial(self, message: SnapshotShown) -> None:
        """Show the attempts for which the app was started, once there is a session."""
        if self.first_trial and message.snapshot.session:
            from xreview.tui.screens.attempts import show_trial

            trial, self.first_trial = self.first_trial, ""
            self.run_worker(show_trial(self, trial))

    @on(SnapshotShown)
    def open_first_screen(self, message: SnapshotShown) -> None:
        """Show the screen with which the app was started, once there is a session."""
        if self.first_screen and message.snapshot.session:
            name, self.first_screen = self.first_screen, ""
            self.run_worker(self.action_open(name))

    # actions

    async def action_open(self, name: str) -> None:
        """Show a screen: call `open_NAME` of `screens/NAME.py`, which is imported only now."""
        module = import_module(f"xreview.tui.screens.{name}")
        opener: Opener = getattr(module, f"open_{name}")
        await opener(self)

    async def action_answer_question(self) -> None:
        """Open the questions that wait, one after the other."""
        if not await self.questions.open():
            self.notify("No question is waiting.")

    async def action_quit_now(self) -> None:
        """Quit; ask first if something would be lost or the review is running."""
        await self.leaving.quit(self._quit)

    async def _quit(self) -> None:
        await self._end_flow()
        self.exit(ExitCode.USAGE if self.failure else ExitCode.DONE)

    async def _end_flow(self) -> None:
        for desk in (self.fix_desk, self.pull_desk, self.attempt_desk):
            if desk is not None:
                await desk.close()
        self.workers.cancel_group(self, "flow")
        if self.flow is not None:
            await self.flow.close()
        if self._flow_run is not None:
            # It ends its processes, which would outlive the app or be in the way of a next flow.
            with suppress(WorkerError):
                await self._flow_run.wait()

    @property
    def lost(self) -> str:
        """After the app ended: a sentence on unsaved decisions and notes, or ""."""
        return loss_of(self.triage.session)

    def action_rebut(self) -> None:
        """Ask the author's model about the finding under the cursor."""
        finding = self.triage.findings.current
        if finding is None or self.flow is None:
            self.notify("No finding to ask about.", severity="warning")
            return
        from xreview.tui.handoff import escalating

        # In a worker: a question of whether code may be sent can wait. Ends with the flow.
        self.run_worker(escalating.ask_author_model(self.triage, self.flow, finding), group="flow")

    @on(EscalationMade)
    def follow_escalation(self, message: EscalationMade) -> None:
        """Carry out an escalation."""
        if self.flow is not None:
            from xreview.tui.handoff import escalating

            follow_up = escalating.FollowUp(self.triage, self.flow)
            self.run_worker(follow_up.run(message.findings, message.target), group="flow")

    @on(SplitsMoved)
    def remember_splits(self, message: SplitsMoved) -> None:
        """Keep where the user put the borders for the next run."""
        self.remembered.remember(splits=message.splits)

    def _why_no_arbiter(self, findings: "Sequence[Finding]") -> str:
        return self.flow.why_no_arbiter(findings) if self.flow is not None else ""

    def action_wrap(self) -> None:
        """Wrap long lines of the code, or don't, from now on."""
        wraps = not self.triage.code.wraps
        self.triage.code.set_wraps(wraps)
        self.remembered.remember(wraps=wraps)

    @on(DiffGaps.ContentWanted)
    def supply_content(self, message: DiffGaps.ContentWanted) -> None:
        """Read a file, of which the code pane is to show more."""
        if self.flow is not None:
            from xreview.tui.handoff.reading import supply

            self.run_worker(supply(self.flow, message), group="flow")

    async def action_review_again(self) -> None:
        """Read the change again as it is now; earlier decisions are carried over."""
        if self.flow is not None and self.flow.is_patch_from_stdin:
            self.notify("A patch from standard input can't be read twice.", severity="warning")
            return
        await self.leaving.unless_lost(self._restart)

    async def _restart(self) -> None:
        from xreview.review.pulls.opening import collect_change

        await self._end_flow()
        self.failure = None
        await self.triage.start_over()
        collector = Collector(self.request, partial(collect_change, options=self.options))
        collector.start()
        self._begin(collector)
        asyncio.get_running_loop().run_in_executor(None, search_heap)

    async def restart_with(self, request: "ChangeRequest") -> None:
        """Review another change, with nothing left of the present one."""
        while self.screen is not self.triage:
            self.pop_screen()
        self.request = request
        await self._restart()
        self.fix_desk = self.pull_desk = self.kept_draft = None
        self.triage.show_fix("")

    async def action_stop_review(self) -> None:
        """Stop the reviewers; their findings stay, and the rest shows as not read."""
        if self.flow is None or not self.flow.stop_review():
            self.notify("No reviewer is running.")

    @property
    def is_fixing(self) -> bool:
        """Whether a fix is running."""
        return self.fix_desk is not None and self.fix_desk.is_running

    @property
    def is_attempting(self) -> bool:
        """Whether attempts run, or a graft is being checked."""
        return self.attempt_desk is not None and self.attempt_desk.is_busy
