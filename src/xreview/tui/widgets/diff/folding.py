"""The code pane's viewed files, which fold to their headers."""

from collections.abc import Collection

from xreview.tui.widgets.diff.document import DocumentPosition
from xreview.tui.widgets.diff.layouts import DiffLayouts


class DiffFolding(DiffLayouts):
    """A pane whose files fold."""

    @property
    def path_under_cursor(self) -> str | None:
        """The path of the file under the cursor."""
        position = self._position
        return None if position is None else self._files[position.file].path

    def set_viewed(self, paths: Collection[str]) -> None:
        """Mark files as viewed. They fold, but not the one that is shown for a finding."""
        before, viewed = frozenset(self._canvas.viewed), frozenset(paths)
        if viewed == before:
            return
        self._canvas.viewed = viewed
        shown = {self._canvas.anchor.path} if self._canvas.anchor else set[str]()
        self._fold_files(self._indexes(viewed - before - shown), self._indexes(before - viewed))

    def fold(self, path: str) -> None:
        """Fold a file to its header."""
        self._fold_files(self._indexes({path}), set())

    def unfold(self, file: int) -> None:
        """Show all of a file again."""
        if self.document.is_folded(file):
            self._fold_files(set(), {file})

    def toggle_fold(self) -> bool:
        """Unfold the file under the cursor, or fold it if it's viewed and the cursor is on its
        header; return False otherwise."""
        position = self._position
        if position is None:
            return False
        if self.document.is_folded(position.file):
            self.unfold(position.file)
            return True
        path = self._files[position.file].path
        if position.row or path not in self._canvas.viewed:
            return False
        self.fold(path)
        return True

    def go_to_next_unviewed(self) -> bool:
        """Go to the next file that isn't viewed, after the last one to the first; return False if
        all are."""
        position, count = self._position, len(self.document.files)
        if position is None:
            return False
        for step in range(1, count + 1):
            index = (position.file + step) % count
            if self._files[index].path not in self._canvas.viewed:
                self._go_near_top(self.document.start_of(index))
                return True
        return False

    def _indexes(self, paths: Collection[str]) -> set[int]:
        return {self._index_of[path] for path in paths if path in self._index_of}

    def _fold_files(self, folded: Collection[int], opened: Collection[int]) -> None:
        position, above = self._position, self._strip_of_cursor - self._top
        self._folded.update(folded)
        self._folded.difference_update(opened)
        for index in (*folded, *opened):
            if index < len(self.document.files):  # else it's still being laid out
                self.document.fold(index, folded=index in folded)
        self._show_changed(position, above)

    def _show_changed(self, position: DocumentPosition | None, above: int | None) -> None:
        """Draw the document with other lines and the cursor on a row, so far from the top; with
        None, scroll only as far as needed."""
        if position is not None:
            self._canvas.show(self.document, self.document.line_of(position))
        self._resize_document()
        if above is None:
            self._go_to(self._canvas.cursor)
        else:
            self._scroll_to_top(self._strip_of_cursor - above)
        self._repaint()
