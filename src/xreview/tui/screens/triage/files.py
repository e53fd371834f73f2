"""The files of the change in a column beside the code."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen

from xreview.domain.text import count_of, visible
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.screens.triage.pointing import PointingScreen
from xreview.tui.widgets.file_tree import FileTree, tree_of

if TYPE_CHECKING:
    from xreview.tui.widgets.diff.search import MatchCount

COLUMN_SCREEN = 120
"""The least width of a screen that has room for the column."""
_WIDTH = 34


class FileColumn(FileTree):
    """The file tree over the left part of the code pane, which leaves it the room."""

    DEFAULT_CSS = f"""
    FileColumn {{
        position: absolute; layer: files; display: none; width: {_WIDTH};
        border-top: solid $border-blurred; border-right: solid $border-blurred;
        background: $background;
    }}
    FileColumn:focus {{ border-top: heavy $border; border-right: heavy $border; }}
    """


class FileFilter:
    """Lists the files whose path contains what you type."""

    name = "files"

    def __init__(self, screen: "FilesScreen") -> None:
        self._screen = screen

    async def seek(self, text: str) -> "MatchCount":
        """List the files that match."""
        from xreview.tui.widgets.diff.search import MatchCount

        return MatchCount(0, self._screen.list_files(text))


class FilesScreen(PointingScreen):
    """The panes with a column of files beside the code, on demand."""

    _wanted = ""

    @cached_property
    def files(self) -> FileColumn:
        """The column."""
        return FileColumn()

    def compose(self) -> ComposeResult:
        """Add the column to the panes."""
        yield from super().compose()
        yield self.files

    def on_mount(self) -> None:
        """Keep the column beside the code."""
        self.screen_layout_refresh_signal.subscribe(self, self._follow_layout)

    def toggle_files(self) -> None:
        """Show the column and go to it; hide it if it has the focus."""
        if self.files.has_focus:
            self.close_files()
            return
        place = self.code.place_under_cursor()
        self.files.display = True
        self._show_files(place[0] if place else "")
        self._place_files()
        self.set_focus(self.files)

    def close_files(self) -> None:
        """Hide the column."""
        self.files.display = False
        self._wanted = ""
        self.code.leave_free(0)
        if self.files.has_focus:
            self.set_focus(self.code)

    def end_pointing(self) -> bool:
        """Hide the column if it has the focus, else end the range."""
        if self.files.has_focus:
            self.close_files()
            return True
        return super().end_pointing()

    def _follow_layout(self, _screen: Screen[Any]) -> None:
        self._place_files()

    def _place_files(self) -> None:
        if not self.files.display:
            return
        region = self.code.region
        if self.size.width < COLUMN_SCREEN:
            self.close_files()
            return
        self.code.leave_free(_WIDTH)
        self.files.styles.height = max(0, region.height - 2)
        self.files.styles.offset = (region.x + 1, region.y + 1)
        self.files.visible = bool(region)

    def _show_files(self, path: str) -> None:
        if (snapshot := self.snapshot) is None:
            return
        title = f"Files /{self._wanted}" if self._wanted else count_of(len(snapshot.files), "file")
        self.files.border_title = Content(visible(title))
        self.files.show_rows(tree_of(snapshot, self._wanted), path)

    def show_snapshot(self, snapshot: ReviewSnapshot) -> None:
        """Update the column with the panes."""
        before = self.snapshot
        super().show_snapshot(snapshot)
        if self.files.display and snapshot != before:
            self._show_files(self.files.path)

    async def renew_code(self) -> None:
        """Hide the column of a change that is read again."""
        self.close_files()
        await super().renew_code()

    def action_go_to_code(self) -> None:
        """From the column, go to the file's code."""
        if not self.files.has_focus:
            super().action_go_to_code()
        elif self.code.go_to_path(self.files.path):
            self.set_focus(self.code)

    async def action_search(self) -> None:
        """In the column, filter the files by path."""
        if not self.files.has_focus:
            await super().action_search()
            return

        from xreview.tui.dialogs.search_bar import SearchBar

        async def end(text: str) -> None:
            self.list_files(text)

        await self.app.push_screen(SearchBar(FileFilter(self), self._wanted, end))

    def list_files(self, text: str) -> int:
        """List only the files whose path contains this text; return how many there are."""
        self._wanted = text
        self._show_files(self.files.path)
        return self.files.file_count
