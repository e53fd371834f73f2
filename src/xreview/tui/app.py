"""The app: theme, keys, life cycle. Screens show, the session decides, this holds them together."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from string import ascii_lowercase, digits
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.filter import LineFilter
from textual.message import Message

from xreview.domain.authorship.author_answer import AuthorAnswer
from xreview.domain.errors import ConfigError, ExitCode, XReviewError
from xreview.domain.text import count_of, visible
from xreview.repo.request import ChangeRequest
from xreview.review.assembly.run_options import RunOptions
from xreview.review.session.contained import contained
from xreview.tui.actions import resolve_key_map
from xreview.tui.collector import Collector
from xreview.tui.dialogs.choice import ChoiceScreen, MenuChoice
from xreview.tui.dialogs.page import PageScreen
from xreview.tui.dialogs.question import QuestionScreen, unsaved_question
from xreview.tui.flow import Flow
from xreview.tui.handoff import clipboard as hand_on
from xreview.tui.handoff import escalating
from xreview.tui.listener import Listener
from xreview.tui.messages import EscalationMade
from xreview.tui.screens.author import AuthorScreen
from xreview.tui.screens.details import DetailsScreen
from xreview.tui.screens.help import help_content
from xreview.tui.screens.triage.screen import TriageScreen
from xreview.tui.terminal.app import TerminalApp
from xreview.tui.terminal.filters import NeutralFilter
from xreview.tui.themes.files import DEFAULT_THEME, find_theme, variable_defaults
from xreview.tui.themes.register import WithoutColour, register_available, register_themes

HELD_SECONDS = 3.0
"""How long keys typed during the start are kept for the change to come on the screen."""


class XReviewApp(TerminalApp):
    """One run over one change.

    Args:
        request: which change.
        options: settings, places, and what was said on the command line.
        collector: one that was started before, so that git and the imports ran side by side.
        driver_class: Textual's driver where it is not the usual one.
    """

    ENABLE_COMMAND_PALETTE = False  # the palette is an action of ours, so that it can be remapped
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "quit_now", show=False, priority=True, system=True)
    ]
    CSS_PATH = "screens/triage/panes.tcss"
    TITLE = "xreview"

    class StartIsOver(Message):
        """The change is on the screen, or never will be."""

    def __init__(
        self,
        request: ChangeRequest,
        options: RunOptions,
        collector: Collector,
        driver_class: type[Driver] | None = None,
    ) -> None:
        super().__init__(driver_class=driver_class)
        settings = options.settings
        self._request = request
        self._options = options
        self._settings = settings
        self._journal = options.journal
        self._themes = options.folders.themes
        self._collector = collector
        self._neutral = NeutralFilter()
        self._without_colour = WithoutColour()
        self._start_troubles: list[XReviewError] = []
        self._held: list[events.Key] | None = []
        self._key_map = resolve_key_map(settings.keys)
        self._flow: Flow | None = None
        self.failure: XReviewError | None = None
        self.triage = TriageScreen(
            self._key_map, side_by_side=settings.side_by_side, tab_size=settings.tab_size
        )
        self.triage.editor = settings.editor
        self._listener = Listener(self.triage, lambda: self.post_message(self.StartIsOver()))
        self._is_asked_to_leave = False

    # the terminal

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Ours first: the one place that all text passes on its way out."""
        return [
            self._neutral,
            *([self._without_colour] if self.no_color else []),
            *super().get_line_filters(),
        ]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The variables that our styles use, for themes that lack one."""
        return dict(variable_defaults())

    async def on_event(self, event: events.Event) -> None:
        """Keep keys that come before there is anything to act on, in their order."""
        if self._held is not None and isinstance(event, events.Key) and event.key != "ctrl+c":
            self._held.append(event)
            return
        await super().on_event(event)

    @on(StartIsOver)
    async def give_held_keys(self) -> None:
        """Let the keys act that were typed during the start."""
        held, self._held = self._held or [], None
        for key in held:
            await super().on_event(key)

    # life

    def on_load(self) -> None:
        """Themes and keys, before anything is drawn."""
        self._use_theme(self._settings.theme)
        self.set_keymap({id: ",".join(keys) for id, keys in self._key_map.items()})

    def _use_theme(self, name: str) -> None:
        # Only this one is read now; the others are when somebody asks for the list.
        try:
            theme = find_theme(name, self._themes)
        except ConfigError as error:
            self._start_troubles.append(error)
            theme = find_theme(DEFAULT_THEME)
        self._start_troubles += register_themes(self, [theme])
        self.theme = theme.name

    def get_default_screen(self) -> TriageScreen:
        """The main screen."""
        return self.triage

    def on_mount(self) -> None:
        """Begin the session; what is heavy in it comes after the first frame."""
        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self._terminated, number)
        self.set_timer(HELD_SECONDS, lambda: self.post_message(self.StartIsOver()))
        for trouble in self._start_troubles:
            self._listener.trouble(trouble)
        self._begin(self._collector)

    def _terminated(self, number: signal.Signals) -> None:
        # Textual leaves the alternate screen and raw mode behind on these two; exit restores them.
        self.exit(128 + number)

    def _begin(self, collector: Collector) -> None:
        self._collector = collector
        flow = self._flow = Flow(collector, self._options, self._listener)
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

    # actions of the whole program

    async def action_quit_now(self) -> None:
        """Leave; a decision that is not on disk is tried once more, then the person is asked."""
        if self._is_asked_to_leave:  # Ctrl+C while it is asked, since no other key gets here then
            await self._quit()
        else:
            await self._unless_something_is_lost(self._quit)

    async def _quit(self) -> None:
        await self._end_flow()
        self.exit(ExitCode.USAGE if self.failure else ExitCode.DONE)

    async def _end_flow(self) -> None:
        self.workers.cancel_group(self, "flow")
        if self._flow is not None:
            await self._flow.close()

    async def _unless_something_is_lost(self, leave: Callable[[], Awaitable[None]]) -> None:
        """Do it at once, or after a yes where decisions or notes would be lost by it."""
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
        # Not waited for: this runs where the keys arrive, the one that answers among them.
        await self.push_screen(QuestionScreen(question, answer))

    @property
    def lost(self) -> str:
        """Once the app has ended: a sentence on what the person did and is on no disk, or ""."""
        count = self.triage.session.snapshot.unsaved if self.triage.session else 0
        what = count_of(count, "decision or note", "decisions or notes")
        return f"{what} lost: the journal could not be written." if count else ""

    async def action_help(self) -> None:
        """Every key there is."""
        await self.push_screen(PageScreen("Help", help_content(self._key_map)))

    async def action_palette(self) -> None:
        """Find an action by its name."""
        from xreview.tui.screens.palette import ActionPalette

        await self.push_screen(ActionPalette())

    async def action_details(self) -> None:
        """Author, coverage and cost."""
        if (snapshot := self.triage.snapshot) is not None:
            await self.push_screen(DetailsScreen(snapshot, self._ask_author))

    async def _ask_author(self) -> None:
        snapshot, flow = self.triage.snapshot, self._flow
        if snapshot is None or snapshot.attribution is None or flow is None:
            self.notify("The change is still being read.", severity="warning")
            return

        async def answer(said: AuthorAnswer) -> None:
            if await flow.answer_author(said):
                again = " F reviews again with it." if flow.author_matters else ""
                self.notify(f"Author: {visible(said.label)}.{again}", markup=False)

        await self.push_screen(AuthorScreen(snapshot.attribution, answer))

    async def action_scorecard(self) -> None:
        """The reviewers' record in this repository, from the person's own decisions."""
        from xreview.review.record.scorecard import read_scorecard
        from xreview.tui.screens.scorecard import ScorecardScreen

        if (session := self.triage.session) is None:
            self.notify("The change is still being read.", severity="warning")
            return
        try:
            card = await asyncio.to_thread(read_scorecard, self._journal, session.repository)
        except XReviewError as error:
            self._listener.trouble(error)
            return
        await self.push_screen(ScorecardScreen(card))

    def action_rebut(self) -> None:
        """Ask the author's model about the finding under the cursor."""
        finding = self.triage.findings.current
        if finding is None or self._flow is None:
            self.notify("There is no finding to ask about.", severity="warning")
            return
        # In a worker: a person may be asked first whether code may go there. Ends with the flow.
        self.run_worker(escalating.ask_author_model(self.triage, self._flow, finding), group="flow")

    @on(EscalationMade)
    def follow_escalation(self, message: EscalationMade) -> None:
        """Ask or write what the escalation is for."""
        if self._flow is not None:
            follow_up = escalating.FollowUp(self.triage, self._flow)
            self.run_worker(follow_up.run(message.findings, message.target), group="flow")

    async def action_theme(self) -> None:
        """Choose a theme for this run."""

        async def use(name: str) -> None:
            self.theme = name

        names = sorted(register_available(self, self._themes).themes)[:35]
        marked = names.index(self.theme) if self.theme in names else 0
        choices = [
            MenuChoice(key, name, "the setting `theme` keeps it" if index == marked else "", name)
            for index, (key, name) in enumerate(
                zip(digits[1:] + ascii_lowercase, names, strict=False)
            )
        ]
        await self.push_screen(ChoiceScreen("Theme", choices, use, marked))

    async def action_review_again(self) -> None:
        """Read the change anew, as it is now; decisions made before are taken up again."""
        if self._flow is not None and self._flow.is_patch_from_stdin:
            self.notify("A patch from standard input can't be read twice.", severity="warning")
            return
        await self._unless_something_is_lost(self._begin_anew)

    async def _begin_anew(self) -> None:
        await self._end_flow()
        self.failure = None
        await self.triage.start_over()
        collector = Collector(self._request)
        collector.start()
        self._begin(collector)

    async def action_stop_review(self) -> None:
        """Stop the reviewers; what they found stays, what they did not read is shown as a gap."""
        if self._flow is None or not self._flow.stop_review():
            self.notify("No reviewer is reading now.")

    async def action_export(self) -> None:
        """Write the review to a file."""
        await hand_on.ask_export(self.triage, self.triage.session, self._journal)

    def action_copy_accepted(self) -> None:
        """Copy all accepted findings as instructions for a coding agent."""
        hand_on.copy_accepted(self.triage, self.triage.snapshot, self.triage.precedents)
