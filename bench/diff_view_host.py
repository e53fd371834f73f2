"""A bare app around the code pane: reads `git diff` in a thread and streams it into the pane."""

import re
import subprocess
from collections.abc import Iterator
from threading import Thread
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.strip import Strip
from textual.widget import Widget

from xreview.domain.change import FileDiff, FileStatus
from xreview.tui.themes.files import variable_defaults
from xreview.tui.widgets.diff.view import DiffView

_HEADER = re.compile(rb'diff --git (?:"?a/(.*?)"?) (?:"?b/(.*?)"?)$')


def files_of(chunks: Iterator[bytes]) -> Iterator[tuple[FileDiff, ...]]:
    """Complete files of `git diff`, batch by batch: good enough for a benchmark."""
    rest = b""
    for chunk in chunks:
        rest += chunk
        *parts, rest = re.split(rb"(?m)^(?=diff --git )", rest)
        if parts := tuple(file_of(part) for part in parts if part):
            yield parts
    if rest:
        yield (file_of(rest),)


def file_of(part: bytes) -> FileDiff:
    head, hunk, body = part.partition(b"\n@@ ")
    line = head.split(b"\n", 1)[0]
    match = _HEADER.match(line)
    path = (match[2] if match else line).decode("utf-8", "surrogateescape")
    status = FileStatus.MODIFIED
    if b"\nnew file mode" in head:
        status = FileStatus.ADDED
    elif b"\ndeleted file mode" in head:
        status = FileStatus.DELETED
    return FileDiff(path, status, binary=b"\nBinary files" in head, body=hunk.lstrip(b"\n") + body)


class Status(Widget):
    """One line that is drawn, not laid out, when the cursor moves."""

    DEFAULT_CSS = "Status {height: 1; background: $panel;}"
    text = ""

    def say(self, text: str) -> None:
        self.text = text
        self.refresh()

    def render_line(self, y: int) -> Strip:
        return Strip.blank(self.size.width) if not self.text else _line(self, self.text)


def _line(widget: Widget, text: str) -> Strip:
    from rich.segment import Segment

    style = widget.rich_style
    return Strip([Segment(f" {text}", style)]).adjust_cell_length(widget.size.width, style)


class Host(App[None]):
    """The pane, one line of status, and the keys of the comparison."""

    CSS = "DiffView {height: 1fr;}"
    BINDINGS: ClassVar = [
        Binding("j,down", "move(1)"),
        Binding("k,up", "move(-1)"),
        Binding("pagedown,space", "page(1)"),
        Binding("pageup", "page(-1)"),
        Binding("right_square_bracket", "hunk(1)"),
        Binding("left_square_bracket", "hunk(-1)"),
        Binding("right_curly_bracket", "file(1)"),
        Binding("left_curly_bracket", "file(-1)"),
        Binding("l,right", "sideways(8)"),
        Binding("h,left", "sideways(-8)"),
        Binding("v", "layout"),
        Binding("G,end", "end"),
        Binding("g,home", "home"),
        Binding("q", "quit"),
    ]

    def __init__(self, repository: str, base: str) -> None:
        super().__init__()
        self.repository, self.base = repository, base
        self.files: tuple[FileDiff, ...] = ()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(variable_defaults())

    def compose(self) -> ComposeResult:
        yield DiffView()
        yield Status()

    def on_mount(self) -> None:
        self.view = self.query_one(DiffView)
        self.status = self.query_one(Status)
        self.view.focus()
        if self.repository:
            Thread(target=self._load, daemon=True).start()

    def _load(self) -> None:
        command = ["git", "-C", self.repository, "diff", "--no-color", "--no-ext-diff", self.base]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            read = process.stdout.read1
            size = 1 << 16

            def chunks() -> Iterator[bytes]:
                nonlocal size
                while data := read(size):
                    yield data
                    size = 1 << 21

            for batch in files_of(chunks()):
                self.call_from_thread(self.view.append_files, batch)
        self.call_from_thread(self.view.finish)

    def action_move(self, rows: int) -> None:
        self.view.move_cursor(rows)

    def action_page(self, pages: int) -> None:
        self.view.page(pages)

    def action_hunk(self, step: int) -> None:
        self.view.go_to_hunk(step)

    def action_file(self, step: int) -> None:
        self.view.go_to_file(step)

    def action_sideways(self, columns: int) -> None:
        self.view.move_sideways(columns)

    def action_layout(self) -> None:
        self.view.set_side_by_side(not self.view.side_by_side)

    def action_end(self) -> None:
        self.view.go_to_end()

    def action_home(self) -> None:
        self.view.go_home()
