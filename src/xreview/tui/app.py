"""The app: theme, keys, life cycle. Screens show, the session decides, this holds them together."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.filter import LineFilter
from textual.message import Message

from xreview.config.remembered import Remembered
from xreview.domain.errors import ConfigError, ExitCode, XReviewError
from xreview.domain.text import count_of
from xreview.repo.change.request import ChangeRequest
from xreview.review.assembly.run_options import RunOptions
from xreview.review.session.contained import contained
from xreview.tui.collector import Collector
from xreview.tui.dialogs.question import QuestionScreen, unsaved_question
from xreview.tui.flow import Flow
from xreview.tui.handoff import escalating
from xreview.tui.handoff.exporting import Exporting
from xreview.tui.keys import resolve_key_map
from xreview.tui.listener import Listener
from xreview.tui.messages import EscalationMade
from xreview.tui.screens.triage.screen import TriageScreen
from xreview.tui.terminal.app import TerminalApp
from xreview.tui.terminal.filters import NeutralFilter, WithoutColour
from xreview.tui.themes.files import DEFAULT_THEME, find_theme, variable_defaults
from xreview.tui.themes.register import register_themes

if TYPE_CHECKING:
    Opener = Callable[["XReviewApp"], Awaitable[None]]

HELD_SECONDS = 3.0
"""How long keys typed during the start wait for the change to appear."""


class XReviewApp(TerminalApp):
    """One run over one change. The `collector` is already started: git runs during the imports."""

    ENABLE_COMMAND_PALETTE = False  # the palette is an action of ours, so that its key can change
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "quit_now", show=False, priority=True, system=True)
    ]
    CSS_PATH = "screens/triage/panes.tcss"
    TITLE = "xreview"

    class StartIsOver(Message):
        """The change is on the screen, or failed to load."""

    def __init__(
        self,
        request: ChangeRequest,
        options: RunOptions,
        collector: Collector,
        driver_class: type[Driver] | None = None,
    ) -> None:
        super().__init__(driver_class=driver_class)
        settings = options.settings
        self.options = options
        self.remembered = Remembered(options.folders.state)
        self.key_map = resolve_key_map(settings.keys)
        self.flow: Flow | None = None
        self.failure: XReviewError | None = None
        self.triage = TriageScreen(
            self.key_map, side_by_side=settings.side_by_side, tab_size=settings.tab_size
        )
        self.triage.editor = settings.editor
        self.triage.environ = options.environ
        self._request = request
        self._collector = collector
        self._neutral = NeutralFilter()
        self._without_colour = WithoutColour()
        self._start_troubles: list[XReviewError] = []
        self._held: list[events.Key] | None = []
        self._listener = Listener(self.triage, lambda: self.post_message(self.StartIsOver()))
        self._is_asked_to_leave = False

    # the terminal

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return our filters first: all text passes them on its way out."""
        return [
            self._neutral,
            *([self._without_colour] if self.no_color else []),
            *super().get_line_filters(),
        ]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the variables of our styles, for themes that lack them."""
        return dict(variable_defaults())

    async def on_event(self, event: events.Event) -> None:
        """Hold back keys, in order, until there is something to act on."""
        if self._held is not None and isinstance(event, events.Key) and event.key != "ctrl+c":
            self._held.append(event)
            return
        await super().on_event(event)

    @on(StartIsOver)
    async def give_held_keys(self) -> None:
        """Replay the keys typed during the start."""
        held, self._held = self._held or [], None
        for key in held:
            await super().on_event(key)

    # life

    def on_load(self) -> None:
        """Set theme and keys before anything is drawn."""
        self._use_theme(self.options.settings.theme)
        self.set_keymap({id: ",".join(keys) for id, keys in self.key_map.items()})

    def _use_theme(self, name: str) -> None:
        # Only this theme is read now, the others when the list of themes is opened.
        try:
            theme = find_theme(name, self.options.folders.themes)
        except ConfigError as error:
            self._start_troubles.append(error)
            theme = find_theme(DEFAULT_THEME)
        self._start_troubles += register_themes(self, [theme])
        self.theme = theme.name

    def get_default_screen(self) -> TriageScreen:
        """Return the main screen."""
        return self.triage

    def on_mount(self) -> None:
        """Start the session; its heavy parts load after the first frame."""
        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self._terminated, number)
        self.set_timer(HELD_SECONDS, lambda: self.post_message(self.StartIsOver()))
        for trouble in self._start_troubles:
            self.show_trouble(trouble)
        self._begin(self._collector)

    def show_trouble(self, error: XReviewError) -> None:
        """Show an error in a notice."""
        self._listener.trouble(error)

    def _terminated(self, number: signal.Signals) -> None:
        # Textual doesn't restore the terminal on these signals; exit does.
        self.exit(128 + number)

    def _begin(self, collector: Collector) -> None:
        self._collector = collector
        flow = self.flow = Flow(collector, self.options, self._listener)
        self.run_worker(self._run_flow(flow), group="flow", exclusive=True)

    async def _run_flow(self, flow: Flow) -> None:
        try:
            with contained("The session"):
                await flow.run()
        except XReviewError as error:
            self.failure = error
            self.triage.show_failure(error)
        finally:
            self.post_message(self.StartIsOver())

    # actions

    async def action_open(self, name: str) -> None:
        """Show a screen: call `open_NAME` of `screens/NAME.py`, which is imported only now."""
        module = import_module(f"xreview.tui.screens.{name}")
        opener: Opener = getattr(module, f"open_{name}")
        await opener(self)

    async def action_quit_now(self) -> None:
        """Quit; if something is unsaved, retry once, then ask."""
        if self._is_asked_to_leave:  # a second Ctrl+C; no other key gets here during the question
            await self._quit()
        else:
            await self._unless_something_is_lost(self._quit)

    async def _quit(self) -> None:
        await self._end_flow()
        self.exit(ExitCode.USAGE if self.failure else ExitCode.DONE)

    async def _end_flow(self) -> None:
        self.workers.cancel_group(self, "flow")
        if self.flow is not None:
            await self.flow.close()

    async def _unless_something_is_lost(self, leave: Callable[[], Awaitable[None]]) -> None:
        """Leave at once, or ask first if decisions or notes would be lost."""
        session = self.triage.session
        if session is None or not session.snapshot.unsaved or await session.retry_unsaved():
            await leave()
            return

        async def answer(is_yes: bool) -> None:
            self._is_asked_to_leave = False
            if is_yes:
                await leave()

        self._is_asked_to_leave = True
        question = unsaved_question(session.snapshot.unsaved)
        # Doesn't wait for the answer: this runs where keys arrive, including the one that answers.
        await self.push_screen(QuestionScreen(question, answer))

    @property
    def lost(self) -> str:
        """After the app ended: a sentence on unsaved decisions and notes, or ""."""
        count = self.triage.session.snapshot.unsaved if self.triage.session else 0
        what = count_of(count, "decision or note", "decisions or notes")
        return f"{what} lost: the journal could not be written." if count else ""

    def action_rebut(self) -> None:
        """Ask the author's model about the finding under the cursor."""
        finding = self.triage.findings.current
        if finding is None or self.flow is None:
            self.notify("No finding to ask about.", severity="warning")
            return
        # In a worker, since you may be asked first whether code may be sent. Ends with the flow.
        self.run_worker(escalating.ask_author_model(self.triage, self.flow, finding), group="flow")

    @on(EscalationMade)
    def follow_escalation(self, message: EscalationMade) -> None:
        """Carry out an escalation."""
        if self.flow is not None:
            follow_up = escalating.FollowUp(self.triage, self.flow)
            self.run_worker(follow_up.run(message.findings, message.target), group="flow")

    async def action_review_again(self) -> None:
        """Read the change again as it is now; earlier decisions are carried over."""
        if self.flow is not None and self.flow.is_patch_from_stdin:
            self.notify("A patch from standard input can't be read twice.", severity="warning")
            return
        await self._unless_something_is_lost(self._restart)

    async def _restart(self) -> None:
        await self._end_flow()
        self.failure = None
        await self.triage.start_over()
        collector = Collector(self._request)
        collector.start()
        self._begin(collector)

    async def action_stop_review(self) -> None:
        """Stop the reviewers; their findings stay, and the rest shows as not read."""
        if self.flow is None or not self.flow.stop_review():
            self.notify("No reviewer is running.")

    async def action_export(self) -> None:
        """Export the review."""
        if (session := self.triage.session) is None:
            self.notify("Nothing to export yet.", severity="warning")
            return
        await Exporting(self.triage, session, self.options.journal, self.options.environ).ask()
