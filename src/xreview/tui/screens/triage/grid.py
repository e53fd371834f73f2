"""The container that gives each pane of the main screen its place."""

from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget

from xreview.tui.screens.triage.splits import PaneSplits, PaneView


class _PaneLayout(Layout):
    """Places the panes that `splits` shows; the others get no place, which hides them."""

    name = "panes"

    def __init__(self) -> None:
        self.splits = PaneSplits()
        self.view = PaneView()

    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> ArrangeResult:
        """Return the places; Textual calls this."""
        boxes = self.splits.boxes(size.width, size.height, self.view)
        places = {box.pane: Region(box.x, box.y, box.width, box.height) for box in boxes}
        return [
            WidgetPlacement(places[child.id], NULL_OFFSET, NULL_SPACING, child)
            for child in children
            if child.id in places
        ]


class PaneGrid(Widget):
    """The panes, arranged by the width of the screen, the view, and the user's splits."""

    def __init__(self, *panes: Widget, id: str) -> None:
        super().__init__(*panes, id=id)
        self._arrangement = _PaneLayout()

    @property
    def layout(self) -> Layout:
        """Our layout, whatever the styles say."""
        return self._arrangement

    @property
    def splits(self) -> PaneSplits:
        """Where the borders are."""
        return self._arrangement.splits

    @splits.setter
    def splits(self, splits: PaneSplits) -> None:
        self._arrangement.splits = splits
        self._arrange_again()

    def split(self, percent: int) -> bool:
        """Give the focused pane more room, or less; return whether a border moved."""
        before = self.splits
        self.splits = before.after(self.size.width, self._arrangement.view, percent)
        return self.splits.moved != before.moved

    @property
    def view(self) -> PaneView:
        """What is shown."""
        return self._arrangement.view

    @view.setter
    def view(self, view: PaneView) -> None:
        if view != self._arrangement.view:
            self._arrangement.view = view
            self._arrange_again()

    def _arrange_again(self) -> None:
        # Textual keeps an arrangement until a child asks for another.
        for pane in self.children:
            pane.refresh(layout=True)
