"""The file tree: the change by folder, with authors and open findings."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from xreview.domain.authorship.author import Attribution, Author
from xreview.domain.change import FileDiff
from xreview.domain.text import count_of, visible
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.dialogs.dialog import Dialog, framed

if TYPE_CHECKING:
    from xreview.tui.app import XReviewApp

NO_AUTHORS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A folder (`file` is None) or a file, `depth` folders deep.

    `author` is "" if the whole change has one author.
    """

    name: str
    depth: int
    file: FileDiff | None = None
    findings: int = 0
    author: str = ""


def tree_rows(
    files: Sequence[FileDiff], findings: dict[str, int], authors: Mapping[str, str] = NO_AUTHORS
) -> list[TreeRow]:
    """Return the rows of the tree, sorted by path, each folder before its content.

    `findings` counts the open ones by path; `authors` is by path too.
    """
    rows: list[TreeRow] = []
    open_folders: list[str] = []
    for file in sorted(files, key=lambda file: file.path.split("/")):
        *folders, name = file.path.split("/")
        pairs = zip(folders, open_folders, strict=False)
        shared = len([*takewhile(lambda pair: pair[0] == pair[1], pairs)])
        rows += [TreeRow(folders[depth], depth) for depth in range(shared, len(folders))]
        open_folders = folders
        count, author = findings.get(file.path, 0), authors.get(file.path, "")
        rows.append(TreeRow(name, len(folders), file, count, author))
    return rows


def file_authors(attribution: Attribution | None) -> dict[str, str]:
    """Return who wrote each attributed file, or nothing if one author wrote them all."""
    if attribution is None:
        return {}
    if not attribution.author.is_mixed and len(set(map(_vendor, attribution.by_path.values()))) < 2:
        return {}
    return {path: _vendor(author) for path, author in attribution.by_path.items()}


def _vendor(author: Author) -> str:
    return author.vendor or author.tool or author.model


class FileTree(ScrollView, can_focus=True, inherit_bindings=False):
    """Draws the rows. The cursor moves from file to file."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"file-tree--cursor", "file-tree--folder"}
    DEFAULT_CSS = """
    FileTree { height: 1fr; scrollbar-size-vertical: 1; }
    FileTree > .file-tree--cursor { background: $diff-cursor; text-style: bold; }
    FileTree > .file-tree--folder { color: $text-muted; }
    """

    def __init__(self, rows: list[TreeRow], path: str) -> None:
        super().__init__()
        self._rows = rows
        self._files = [index for index, row in enumerate(rows) if row.file is not None]
        paths = [row.file.path for row in rows if row.file is not None]
        self._cursor = paths.index(path) if path in paths else 0

    def on_mount(self) -> None:
        """Set the scrollable height, and scroll to the cursor."""
        self.virtual_size = Size(0, len(self._rows))
        self.call_after_refresh(self.move, 0)

    @property
    def path(self) -> str:
        """The path of the file under the cursor."""
        row = self._rows[self._files[self._cursor]]
        return row.file.path if row.file else ""

    def move(self, steps: int) -> None:
        """Move the cursor by `steps` files."""
        self._cursor = max(0, min(len(self._files) - 1, self._cursor + steps))
        line, height = self._files[self._cursor], max(1, self.size.height)
        if not self.scroll_offset.y <= line < self.scroll_offset.y + height:
            self.scroll_to(y=max(0, line - height // 2), animate=False)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        width = self.size.width
        index = y + self.scroll_offset.y
        if index >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        row = self._rows[index]
        style = self.rich_style
        if index == self._files[self._cursor]:
            style += self.get_component_rich_style("file-tree--cursor", partial=True)
        return Strip(self._segments(row)).adjust_cell_length(width).apply_style(style)

    def _segments(self, row: TreeRow) -> list[Segment]:
        indent = "  " * row.depth
        if row.file is None:
            style = self.get_component_rich_style("file-tree--folder", partial=True)
            return [Segment(f" {indent}{visible(row.name)}/", style)]
        marks = f"  {visible(row.author)}" if row.author else ""
        marks += f"  {count_of(row.findings, 'open finding')}" if row.findings else ""
        return [
            Segment(f" {indent}{row.file.status.value} ", Style(bold=True)),
            Segment(visible(row.name)),
            Segment(marks, self.get_component_rich_style("file-tree--folder", partial=True)),
        ]

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked file."""
        place = event.get_content_offset(self)
        line = -1 if place is None else place.y + self.scroll_offset.y
        if line in self._files:
            self._cursor = self._files.index(line)
            self.refresh()


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
        self, snapshot: ReviewSnapshot, path: str, on_file: Callable[[str], Awaitable[object]]
    ) -> None:
        super().__init__()
        counts = Counter(finding.anchor.path for finding in snapshot.open_findings)
        authors = file_authors(snapshot.attribution)
        self._tree = FileTree(tree_rows(snapshot.files, counts, authors), path)
        self._title = count_of(len(snapshot.files), "file")
        self._on_file = on_file

    def compose(self) -> ComposeResult:
        """Create the tree."""
        keys = "j/k move · Enter goes there · Esc closes"
        yield framed(self._tree, title=self._title, keys=keys)

    def action_move(self, steps: int) -> None:
        """Move the cursor by `steps` files."""
        self._tree.move(steps)

    async def action_take(self) -> None:
        """Go to the file under the cursor."""
        self.app.pop_screen()
        await self._on_file(self._tree.path)


async def open_file_tree(app: "XReviewApp") -> None:
    """Ask for a file, and go to it in the code pane."""
    triage = app.triage
    if (snapshot := triage.snapshot) is None or not snapshot.files:
        app.notify("No files yet.", severity="warning")
        return

    async def go(path: str) -> None:
        triage.focus_pane("code")
        triage.code.go_to_path(path)

    place = triage.code.place_under_cursor()
    await app.push_screen(FileTreeScreen(snapshot, place[0] if place else "", go))
