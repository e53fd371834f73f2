"""The code pane's document: files as they arrive, in the layout that the user and the room ask
for."""

import asyncio
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import islice

from textual.message import Message

from xreview.domain.change import FileDiff
from xreview.tui.widgets.diff.cursor import DiffCursor
from xreview.tui.widgets.diff.document import DiffDocument
from xreview.tui.widgets.diff.layout import Layout, measure_all
from xreview.tui.widgets.diff.rows import may_go_on

WRAPS_BELOW = 100
"""In a pane of fewer columns, lines wrap until the user chooses."""

INLINE_BYTES = 262_144
"""A larger change is laid out and searched in a thread."""

_STEP_BYTES = 1 << 20
_GROWTH_INTERVAL = 0.1


class DiffLayouts(DiffCursor):
    """A pane of files in one of the layouts; a large change is measured in a thread."""

    class FirstFilesShown(Message):
        """The pane has lines: keys can move in it."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._files: list[FileDiff] = []
        self._index_of: dict[str, int] = {}
        self._shown: dict[int, tuple[FileDiff, bool]] = {}
        """Files with more context than git gave them, and whether they have a rest."""
        self._folded: set[int] = set()
        self._laying_out = self._has_begun = False
        self._side_by_side = False
        self.chosen_wraps: bool | None = None
        """Whether the user wants long lines to wrap; None if the width decides."""
        self._tab_size = self._canvas.painter.tab_size

    def use_tab_size(self, cells: int) -> None:
        """Expand tabs to the next multiple of `cells`; call this before anything is drawn."""
        self._tab_size = cells
        self._paint_with(tab_size=cells)
        self._canvas.show(DiffDocument(self._wanted), 0)

    @property
    def side_by_side(self) -> bool:
        """Whether the layout is side by side."""
        return self.document.layout.side_by_side

    @property
    def wraps(self) -> bool:
        """Whether long lines wrap."""
        if self.chosen_wraps is None:
            return self._line_width < WRAPS_BELOW
        return self.chosen_wraps

    @property
    def is_settled(self) -> bool:
        """Whether all files are laid out and everything drawn is decorated."""
        laid_out = len(self.document.files) == len(self._files) and not self._laying_out
        return laid_out and self._canvas.is_decorated and self._decorator.is_idle

    def append_files(self, files: tuple[FileDiff, ...]) -> None:
        """Add files at the end of the change, in git's order."""
        was_short = self.document.depth < self.size.height
        first = len(self._files)
        for index, file in enumerate(files, first):
            self._index_of.setdefault(file.path, index)
        self._files += files
        if self._laying_out:
            return
        if self.document.layout.is_slow and not is_small(files):
            self._lay_out_later()
            return
        self._append(self.document, self._given(first, len(self._files)))
        self._grew(was_short)

    def finish(self) -> None:
        """Note that all files arrived."""
        self._finished = True
        if not self._files:
            self._repaint()
        self._arrived()

    def set_side_by_side(self, on: bool) -> None:
        """Choose the layout. The cursor stays on its line; a large change takes a moment."""
        self._side_by_side = on
        self._lay_out_anew()

    def set_wraps(self, on: bool | None) -> None:
        """Choose whether long lines wrap; None for the default, which depends on the width."""
        self.chosen_wraps = on
        self._paint_with(column=0)
        self._lay_out_anew()

    @property
    def _wanted(self) -> Layout:
        width = max(0, self._line_width) if self.wraps else 0
        return Layout(self._side_by_side, width, self._tab_size)

    def _resize_document(self) -> None:
        # Before the new size is used for anything, since lines wrap by it.
        self._lay_out_anew()
        super()._resize_document()

    def _lay_out_anew(self) -> None:
        wanted = self._wanted
        if wanted == self.document.layout and not self._laying_out:
            return
        if wanted.is_slow and not is_small(self._files):
            self._lay_out_later()
            return
        self.workers.cancel_group(self, "diff layout")
        document = DiffDocument(wanted)
        self._append(document, self._given(0, len(self._files)))
        self._adopt(document)

    def _given(self, start: int, stop: int) -> list[tuple[FileDiff, bool]]:
        """Files as they are to be shown, with whether each has a rest."""
        files = self._files[start:stop]
        return [
            self._shown.get(index) or (file, may_go_on(file))
            for index, file in enumerate(files, start)
        ]

    def _append(self, document: DiffDocument, given: Sequence[tuple[FileDiff, bool]]) -> None:
        first = len(document.files)
        document.append([file for file, _ in given], measure_all(given, document.layout))
        self._fold_from(document, first)

    def _fold_from(self, document: DiffDocument, first: int) -> None:
        for index in self._folded:
            if first <= index < len(document.files):
                document.fold(index, folded=True)

    def _lay_out_later(self) -> None:
        self._laying_out = True
        self.run_worker(partial(self._lay_out, self._wanted), group="diff layout", exclusive=True)

    async def _lay_out(self, wanted: Layout) -> None:
        document = self.document if wanted == self.document.layout else DiffDocument(wanted)
        while (first := len(document.files)) < len(self._files):
            count = _count_of_step(islice(self._files, first, None))
            given = self._given(first, first + count)
            was_short = document.depth < self.size.height
            extents = await asyncio.to_thread(measure_all, given, wanted)
            # Meanwhile the user can have expanded one of them.
            if given == self._given(first, first + count):
                document.append([file for file, _ in given], extents)
                self._fold_from(document, first)
                if document is self.document:
                    self._grew(was_short)
        self._laying_out = False
        if document is not self.document:
            self._adopt(document)
        else:
            self._resize_document()

    def _adopt(self, document: DiffDocument) -> None:
        """Show another layout, with the cursor at the same height of the screen."""
        position = self._position
        above = self._strip_of_cursor - self._top
        self._laying_out = False
        cursor = 0 if position is None else document.line_of(position)
        self._canvas.show(document, cursor)
        self._paint_with(wraps=bool(document.layout.wrap_width))
        super()._resize_document()
        self._scroll_to_top(self._strip_of_cursor - above)
        self._repaint()
        self._arrived()

    @property
    def _strip_of_cursor(self) -> int:
        return self.document.strip_of(self._canvas.cursor) if self.document.height else 0

    def _grew(self, was_short: bool) -> None:
        """Make room for new lines: immediately until the screen is full, then in intervals."""
        if was_short:
            self._resize_document()
            self._repaint()
        elif self._growth is None:
            self._growth = self.set_timer(_GROWTH_INTERVAL, self._resize_document)
        self._arrived()

    def _arrived(self) -> None:
        """Called when the document has more files, or all."""
        if self.document.files and not self._has_begun:
            self._has_begun = True
            # To the app itself: what a widget posts while its screen handles a message stops there.
            self.app.post_message(self.FirstFilesShown())


def is_small(files: Iterable[FileDiff]) -> bool:
    """Whether files are laid out and searched so fast that it needs no thread."""
    return sum(len(file.body) for file in files) <= INLINE_BYTES


def _count_of_step(files: Iterable[FileDiff]) -> int:
    """How many files to measure in one go: at least one, then while they are small together."""
    size = count = 0
    for file in files:
        size += len(file.body)
        if count and size > _STEP_BYTES:
            break
        count += 1
    return count
