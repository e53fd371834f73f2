"""The file tree in a box, where the screen is too narrow for it beside the code."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from xreview.domain.related import RelatedPlace
from xreview.domain.text import count_of
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.dialogs.dialog import Dialog, framed
from xreview.tui.screens.triage.files import COLUMN_SCREEN
from xreview.tui.widgets.file_tree import FileTree, tree_of

if TYPE_CHECKING:
    from xreview.tui.app import XReviewApp


class FileTreeScreen(Dialog):
    """Asks for a file of the change; the cursor starts at `path`."""

    DEFAULT_CSS = """
    FileTreeScreen { align: center middle; }
    FileTreeScreen > Vertical {
        width: 100; height: 92%; max-height: 92%; margin-bottom: 0; padding: 0;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,T", "leave", "close", priority=True),
        Binding("enter", "take", "go", priority=True),
        Binding("j,down", "move(1)", "down", show=False, priority=True),
        Binding("k,up", "move(-1)", "up", show=False, priority=True),
        Binding("pagedown,space", "move(20)", "page down", show=False, priority=True),
        Binding("pageup", "move(-20)", "page up", show=False, priority=True),
        Binding("home,g", "move(-1000000)", "first", show=False, priority=True),
        Binding("end,G", "move(1000000)", "last", show=False, priority=True),
    ]

    def __init__(
        self,
        snapshot: ReviewSnapshot,
        path: str,
        on_file: Callable[[str, RelatedPlace | None], Awaitable[object]],
    ) -> None:
        super().__init__()
        self._tree = FileTree(tree_of(snapshot), path)
        self._title = count_of(len(snapshot.files), "file")
        self._on_file = on_file

    def compose(self) -> ComposeResult:
        """Create the tree."""
        keys = "j/k move · Enter goes there · Esc closes"
        yield framed(self._tree, title=self._title, keys=keys)

    def action_move(self, steps: int) -> None:
        """Move the cursor by `steps` files."""
        self._tree.move_cursor(steps)

    async def action_take(self) -> None:
        """Go to the file under the cursor."""
        self.app.pop_screen()
        await self._on_file(self._tree.path, self._tree.place)


async def open_file_tree(app: "XReviewApp") -> None:
    """Show the files beside the code, or ask for one where there is no room."""
    triage = app.triage
    if (snapshot := triage.snapshot) is None or not snapshot.files:
        app.notify("No files yet.", severity="warning")
        return
    if app.size.width >= COLUMN_SCREEN:
        triage.toggle_files()
        return

    async def go(path: str, related: RelatedPlace | None) -> None:
        if related is not None:
            triage.open_place(related)
            return
        triage.focus_pane("code")
        triage.code.go_to_path(path)

    place = triage.code.place_under_cursor()
    await app.push_screen(FileTreeScreen(snapshot, place[0] if place else "", go))
