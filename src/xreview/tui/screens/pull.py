"""The screen of a pull request: accepted findings go out from here, and threads are answered."""

from typing import TYPE_CHECKING

from textual import on
from textual.binding import Binding, BindingsMap

from xreview.domain.finding import Finding
from xreview.domain.pull.discussion import ReviewThread, ReviewVerdict
from xreview.tui.handoff.clipboard import copy_text
from xreview.tui.handoff.pull import PullDesk, pull_desk_of
from xreview.tui.handoff.pull_posting import PullPosting
from xreview.tui.handoff.pull_replying import PullReplying
from xreview.tui.keys import pull_screen_keys
from xreview.tui.messages import ActionRequested
from xreview.tui.screens.pull_list import open_pull_list
from xreview.tui.screens.pull_panes import PULL_METHODS, PullPanes
from xreview.tui.screens.triage.empty import STILL_READING
from xreview.tui.widgets.pull.state import DecidedThread, PullTab

if TYPE_CHECKING:
    from xreview.tui.app import XReviewApp

NO_THREAD = "Go to a thread first: press {threads}."


class PullScreen(PullPanes):
    """Shows the pull request of the desk, and does what its keys say."""

    def __init__(self, desk: PullDesk) -> None:
        keys = pull_screen_keys(desk.app.key_map)
        super().__init__(keys)
        # Made here, as the fix screen does: some of these keys do something else elsewhere.
        self._bindings = BindingsMap(
            Binding(",".join(keys[id]), method, show=False, priority=True)
            for id, method in PULL_METHODS.items()
            if keys[id]
        )
        self._desk = desk
        self._posting = PullPosting(desk)
        self._replying = PullReplying(desk)

    def on_mount(self) -> None:
        """Follow what happens, and ask the forge."""
        super().on_mount()
        self._desk.on_change = lambda: self.call_later(self._renew)
        self._desk.read()
        self._renew()

    def on_unmount(self) -> None:
        """Follow it no longer."""
        self._desk.leave()

    def on_screen_resume(self) -> None:
        """Show what changed below a dialog."""
        self._renew()

    def _renew(self) -> None:
        snapshot = self._desk.app.triage.snapshot
        if snapshot is not None and self.is_attached:
            self.show_pull(snapshot, self._desk.shown)

    def reply_of(self, finding: Finding, thread: ReviewThread) -> str:
        """Return the reply that is offered in a thread."""
        return self._replying.reply_of(finding, thread)

    @on(ActionRequested)
    async def do_clicked(self, message: ActionRequested) -> None:
        """Run an action from the footer."""
        await self.run_action(PULL_METHODS[message.id])

    def action_tab(self, name: str) -> None:
        """Show what is to be posted, or the threads."""
        self.show_tab(PullTab[name])

    async def action_begin(self) -> None:
        """Post the accepted findings as a pending review."""
        await self._posting.begin()

    async def action_enter(self) -> None:
        """Send the reply of the thread under the cursor; on the other tab, post."""
        if self.tab is PullTab.POST:
            await self._posting.begin()
        elif (one := self._thread()) is not None:
            await self._replying.send(one)

    async def action_submit(self, verdict: str) -> None:
        """Publish the pending review."""
        await self._posting.submit(ReviewVerdict[verdict])

    async def action_discard(self) -> None:
        """Delete the pending review."""
        await self._posting.discard()

    async def action_undo(self) -> None:
        """Delete what was posted last."""
        await self._posting.undo()

    async def action_edit(self) -> None:
        """Edit the reply to the thread under the cursor."""
        if (one := self._thread()) is not None:
            await self._replying.edit(one)

    async def action_resolve(self) -> None:
        """Resolve the thread under the cursor, or reopen it."""
        if (one := self._thread()) is not None:
            await self._replying.resolve(one)

    def action_link(self) -> None:
        """Copy the address of what is under the cursor, else of the pull request."""
        snapshot = self._desk.app.triage.snapshot
        row = self.list.current
        pull = snapshot.pull if snapshot else None
        link = (row.link if row else "") or (pull.address.url if pull else "")
        if link and snapshot is not None:
            environ = self._desk.app.options.environ
            copying = copy_text(self, link, link, environ, snapshot.source.repository)
            self.run_worker(copying, group="copy", exclusive=True)

    def action_again(self) -> None:
        """Ask the forge again."""
        if self._desk.shown.is_idle:
            self._desk.read()
        else:
            self._desk.say_busy()

    async def action_others(self) -> None:
        """List the open pull requests."""
        await open_pull_list(self._desk.app)

    def action_leave(self) -> None:
        """Go back to the findings; what is being sent goes on."""
        if sending := self._desk.sending:
            self._desk.say(f"{sending} goes on. A notice says how it ends.")
        self.app.pop_screen()

    def _thread(self) -> DecidedThread | None:
        row = self.list.current
        if row is None or row.answered is None:
            self._desk.say(NO_THREAD.format(threads=self._desk.key("pull.threads")))
            return None
        return row.answered


async def open_pull(app: "XReviewApp") -> None:
    """Show the pull request under review; for another change, list the open ones."""
    snapshot = app.triage.snapshot
    if snapshot is None or app.triage.session is None:
        if app.failure is None:
            app.notify(STILL_READING, severity="warning")
            return
        await open_pull_list(app)  # the change can't be read: another one may be
    elif snapshot.pull is None:
        await open_pull_list(app)
    else:
        app.clear_notifications()  # they would cover it
        await app.push_screen(PullScreen(pull_desk_of(app)))
