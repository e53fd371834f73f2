"""The file tree: the change by folder, with authors, open findings, and what was viewed, and then
what is related and not in the change."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import takewhile
from textwrap import wrap
from types import MappingProxyType
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from xreview.domain.attention.attention import ChangeAttention
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.authorship.author import Attribution, Author
from xreview.domain.change import FileDiff
from xreview.domain.record import dataclass
from xreview.domain.related import RelatedPlace
from xreview.domain.text import count_of, visible
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.widgets.attention_text import MEANINGS, SHORT_MARKS

NARROW = 60
"""Up to this width, a number stands for open findings."""
VIEWED_SIGN = "✓"
NOT_IN_CHANGE = "Not in this change"
TREE_MARKS = {
    **{mark: f"{level.word}: {MEANINGS[level]}" for level, mark in SHORT_MARKS.items()},
    VIEWED_SIGN: "you have viewed the file",
}
"""For the help page."""
_REASON_WIDTH = 28
NO_AUTHORS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A file, `depth` folders deep, or a related place outside the change; else a folder or text.

    `author` is "" if the whole change has one author; `level` is the attention that
    the file deserves if that is much, else None.
    """

    name: str
    depth: int
    file: FileDiff | None = None
    findings: int = 0
    author: str = ""
    is_viewed: bool = False
    place: RelatedPlace | None = None
    is_folder: bool = False
    level: AttentionLevel | None = None


def tree_rows(
    files: Sequence[FileDiff],
    findings: Mapping[str, int],
    authors: Mapping[str, str] = NO_AUTHORS,
    viewed: Collection[str] = (),
    wanted: str = "",
    attention: ChangeAttention | None = None,
) -> list[TreeRow]:
    """Return the rows of the tree, sorted by path, each folder before its content.

    `findings` counts the open ones by path; `authors` and `viewed` are by path too. Only paths that
    contain `wanted` are listed, in any case. The order is the paths', whatever `attention` files
    deserve: a tree shows what belongs together, so files at 4 and 5 are marked.
    """
    rows: list[TreeRow] = []
    open_folders: list[str] = []
    listed = (file for file in files if wanted.casefold() in file.path.casefold())
    for file in sorted(listed, key=lambda file: file.path.split("/")):
        *folders, name = file.path.split("/")
        pairs = zip(folders, open_folders, strict=False)
        shared = len([*takewhile(lambda pair: pair[0] == pair[1], pairs)])
        opened = range(shared, len(folders))
        rows += [TreeRow(folders[depth], depth, is_folder=True) for depth in opened]
        open_folders = folders
        count, author = findings.get(file.path, 0), authors.get(file.path, "")
        is_viewed = file.path in viewed
        level = attention.of(file.path).level if attention else None
        close = level if level in SHORT_MARKS else None
        rows.append(TreeRow(name, len(folders), file, count, author, is_viewed, level=close))
    return rows


def tree_of(snapshot: ReviewSnapshot, wanted: str = "") -> list[TreeRow]:
    """Return the rows for the files of a snapshot whose paths contain `wanted` (`tree_rows`)."""
    counts = Counter(
        path for one in snapshot.open_findings for path in {place.path for place in one.places}
    )
    authors = file_authors(snapshot.attribution)
    rows = tree_rows(snapshot.files, counts, authors, snapshot.viewed, wanted, snapshot.attention)
    return [*rows, *_related_rows(snapshot.related.places, wanted)]


def _related_rows(places: Sequence[RelatedPlace], wanted: str) -> list[TreeRow]:
    """The related places, each with its reason below."""
    listed = [place for place in places if wanted.casefold() in place.path.casefold()]
    rows = [TreeRow(NOT_IN_CHANGE, 0)] if listed else []
    for place in listed:
        rows.append(TreeRow(f"{place.path}:{place.line}", 0, place=place))
        rows += [TreeRow(line, 1) for line in wrap(visible(place.why), _REASON_WIDTH)]
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
    """Draws the rows. The cursor moves from file to file, and on to the related places."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"file-tree--cursor", "file-tree--folder"}
    DEFAULT_CSS = """
    FileTree { height: 1fr; scrollbar-size-vertical: 1; }
    FileTree > .file-tree--cursor { background: $diff-cursor; text-style: bold; }
    FileTree > .file-tree--folder { color: $text-muted; }
    """

    def __init__(self, rows: Sequence[TreeRow] = (), path: str = "") -> None:
        super().__init__()
        self._rows: Sequence[TreeRow] = ()
        self._files: list[int] = []
        self._cursor = 0
        self.show_rows(rows, path)

    def show_rows(self, rows: Sequence[TreeRow], path: str) -> None:
        """Show these rows, with the cursor on the file with this path if it's there, or still on
        the same related place."""
        place = self.place
        self._rows = rows
        self._files = [index for index, row in enumerate(rows) if row.file or row.place]
        paths = [_path_of(rows[index]) for index in self._files]
        places = [rows[index].place for index in self._files]
        if place is not None and place.path == path and place in places:
            self._cursor = places.index(place)
        else:
            self._cursor = paths.index(path) if path in paths else 0
        self.virtual_size = Size(0, len(rows))
        self.move_cursor(0)

    @property
    def file_count(self) -> int:
        """How many files are listed."""
        return sum(row.file is not None for row in self._rows)

    def on_mount(self) -> None:
        """Scroll to the cursor."""
        self.call_after_refresh(self.move_cursor, 0)

    @property
    def path(self) -> str:
        """The path of the file under the cursor; "" if no file is listed."""
        return _path_of(self._rows[self._files[self._cursor]]) if self._files else ""

    @property
    def place(self) -> RelatedPlace | None:
        """The related place under the cursor; None if a file of the change is."""
        return self._rows[self._files[self._cursor]].place if self._files else None

    def move_cursor(self, steps: int) -> None:
        """Move the cursor by `steps` files."""
        self._cursor = max(0, min(len(self._files) - 1, self._cursor + steps))
        if self._files and self.is_attached:
            line, height = self._files[self._cursor], max(1, self.size.height)
            if not self.scroll_offset.y <= line < self.scroll_offset.y + height:
                self.scroll_to(y=max(0, line - height // 2), animate=False)
        self.refresh()

    def page(self, pages: int) -> None:
        """Move the cursor by screens."""
        self.move_cursor(pages * max(1, self.size.height - 2))

    def go_home(self) -> None:
        """Go to the first file."""
        self.move_cursor(-len(self._files))

    def go_to_end(self) -> None:
        """Go to the last file."""
        self.move_cursor(len(self._files))

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        width = self.size.width
        index = y + self.scroll_offset.y
        if index >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        row = self._rows[index]
        style = self.rich_style
        if self._files and index == self._files[self._cursor]:
            style += self.get_component_rich_style("file-tree--cursor", partial=True)
        return Strip(self._segments(row)).adjust_cell_length(width).apply_style(style)

    def _segments(self, row: TreeRow) -> list[Segment]:
        indent = "  " * row.depth
        if row.file is None:
            style = self.get_component_rich_style("file-tree--folder", partial=True)
            if row.place is not None:
                return [Segment(f" {indent}→ {visible(row.name)}")]
            return [Segment(f" {indent}{visible(row.name)}{'/' if row.is_folder else ''}", style)]
        name = visible(row.name)
        # Of what is too long, the name is cut, not what is known about the file.
        is_wide = self.size.width > NARROW
        count = count_of(row.findings, "open finding") if is_wide else row.findings
        marks = f"  {visible(row.author)}" if row.author else ""
        if row.level is not None:
            marks += f"  {row.level.word if is_wide else SHORT_MARKS[row.level]}"
        marks += f"  {count}" if row.findings else ""
        marks += f" {VIEWED_SIGN}" if row.is_viewed else ""
        head = f" {indent}{row.file.status.value} "
        room = max(1, self.size.width - cell_len(head) - cell_len(marks))
        return [
            Segment(head, Style(bold=True)),
            Segment(set_cell_size(name, room) if cell_len(name) > room else name),
            Segment(marks, self.get_component_rich_style("file-tree--folder", partial=True)),
        ]

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked file."""
        place = event.get_content_offset(self)
        line = -1 if place is None else place.y + self.scroll_offset.y
        if line in self._files:
            self._cursor = self._files.index(line)
            self.refresh()


def _path_of(row: TreeRow) -> str:
    about = row.file or row.place
    return about.path if about else ""
