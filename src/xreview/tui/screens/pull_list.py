"""The list of open pull requests, to open one as the next change under review."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Static

from xreview.domain.errors import UsageError, XReviewError
from xreview.domain.text import count_of, visible
from xreview.review.session.contained import contained
from xreview.tui.dialogs.dialog import framed
from xreview.tui.dialogs.prompt import PromptScreen
from xreview.tui.handoff.clipboard import copy_text
from xreview.tui.handoff.pull_opening import review_pull
from xreview.tui.widgets.pull.listing_rows import OpenPullRow, open_pull_rows
from xreview.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from xreview.review.pulls.listing import PullListing
    from xreview.tui.app import XReviewApp

READING = "Asking the forge for open pull requests …"
NONE_OPEN = "{project} has no open pull request.\n\nPress u to open one by its URL."
NO_ACCOUNT = "Which of them want your review isn't known: the forge doesn't say whose token it is."
AGAIN = "Press F to try again, u to open one by its URL, Esc to go back."


class PullListScreen(ModalScreen[None]):
    """Lists open pull requests; those that want your review come first."""

    DEFAULT_CSS = """
    PullListScreen { align: center middle; background: $background 40%; }
    PullListScreen > Vertical {
        width: 110; max-width: 96%; height: 92%;
        border: round $accent; background: $surface; padding: 0 1;
    }
    PullListScreen RowList { height: 1fr; background: $surface; }
    PullListScreen #pull-notice { height: auto; max-height: 4; color: $text-warning; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,P", "leave", "close", priority=True),
        Binding("enter", "take", "open", priority=True),
        Binding("o", "link", "copy the link", priority=True),
        Binding("u", "type", "by URL or number", priority=True),
        Binding("F", "again", "ask again", priority=True),
        Binding("j,down,tab", "move(1)", "next", show=False, priority=True),
        Binding("k,up,shift+tab", "move(-1)", "previous", show=False, priority=True),
        Binding("pagedown,space", "page(1)", "page down", show=False, priority=True),
        Binding("pageup", "page(-1)", "page up", show=False, priority=True),
        Binding("home,g", "move(-100000)", "first", show=False, priority=True),
        Binding("end,G", "move(100000)", "last", show=False, priority=True),
    ]
    KEYS: ClassVar[str] = "Enter opens · u URL · o copy link · F ask again · Esc closes"

    def __init__(self, app: "XReviewApp") -> None:
        super().__init__()
        self._app = app
        self.list: RowList[OpenPullRow] = RowList(id="open-pulls")
        self.list.empty_text = READING
        self._notice = Static("", id="pull-notice", markup=False)
        self._box = framed(self._notice, self.list, title="Pull requests", keys=self.KEYS)

    def compose(self) -> ComposeResult:
        """Create the list."""
        yield self._box

    def on_mount(self) -> None:
        """Ask the forge."""
        self.set_focus(self.list)
        self.action_again()

    def action_again(self) -> None:
        """Ask the forge again."""
        self._notice.display = False
        self._show_empty(READING)
        self.run_worker(self._read(), group="listing", exclusive=True)

    async def _read(self) -> None:
        from xreview.review.pulls.listing import open_pulls

        app = self._app
        try:
            with contained("Listing pull requests"):
                listing = await open_pulls(app.request.cwd, app.options)
        except XReviewError as error:
            self._show_empty("\n\n".join(filter(None, (error.message, error.advice, AGAIN))))
        else:
            self.show_listing(listing)

    def show_listing(self, listing: "PullListing") -> None:
        """Show what the forge returned."""
        project = visible(listing.project)
        account = f" · you are {visible(listing.account.login)}" if listing.account else ""
        count = count_of(len(listing.pulls), "open pull request")
        self._box.border_title = f"{count} of {project} on {visible(listing.host.name)}{account}"
        notice = visible(listing.notice or ("" if listing.account else NO_ACCOUNT))
        self._notice.update(notice)
        self._notice.display = bool(notice)
        self._show_empty(NONE_OPEN.format(project=project))
        self.list.show_rows(open_pull_rows(listing))

    def _show_empty(self, text: str) -> None:
        self.list.empty_text = text
        self.list.show_rows([])

    def action_move(self, steps: int) -> None:
        """Move by rows."""
        self.list.move_cursor(steps)

    def action_page(self, pages: int) -> None:
        """Move by screens."""
        self.list.page(pages)

    async def action_take(self) -> None:
        """Open the pull request under the cursor as the change under review."""
        if (row := self.list.current) is not None:
            await review_pull(self._app, row.url)

    async def action_type(self) -> None:
        """Open another pull request, by its URL or number."""

        async def take(text: str) -> None:
            try:
                await review_pull(self._app, text.strip())
            except UsageError as error:
                self._app.show_trouble(error)

        await self.app.push_screen(PromptScreen("URL or number of a pull request", take))

    def action_link(self) -> None:
        """Copy the address of the pull request under the cursor."""
        if (row := self.list.current) is not None:
            snapshot = self._app.triage.snapshot
            repository = snapshot.source.repository if snapshot else ""
            environ = self._app.options.environ
            copying = copy_text(self, row.url, visible(row.url), environ, repository)
            self.run_worker(copying, group="copy", exclusive=True)

    def action_leave(self) -> None:
        """Close the list."""
        self.app.pop_screen()


async def open_pull_list(app: "XReviewApp") -> None:
    """List the open pull requests of the repository at hand."""
    app.clear_notifications()
    await app.push_screen(PullListScreen(app))
