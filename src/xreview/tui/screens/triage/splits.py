"""Where the panes of the main screen are, and the borders that `<` and `>` move: pure.

The first frame uses it too, before Textual is imported.
"""

from collections.abc import Iterable
from enum import StrEnum

from xreview.config.remembered import Split
from xreview.domain.record import dataclass, replace

TITLES = {
    "findings": "1 Findings",
    "code": "2 Code",
    "review": "3 Review",
    "disagreement": "4 Disagreement",
}
"""The panes by id, in reading order."""
CASE = ("review", "disagreement")
"""The two voices, which are shown together wherever there is room."""

_NARROW, _WIDE = 80, 120
_LIST_CELLS = (34, 48)
_LEAST_CELLS, _LEAST_LINES = 20, 5


class ScreenSize(StrEnum):
    """The class of a screen by its width. Each remembers its own splits."""

    SINGLE = "single"
    """One pane at a time."""
    NARROW = "narrow"
    WIDE = "wide"


class Border(StrEnum):
    """A border that moves. Its value names the pane before it, whose share it decides."""

    LIST = "list"
    """Between the findings and the code."""
    CODE = "code"
    """Between the upper and the lower row."""
    REVIEW = "review"
    """Between the two voices."""


@dataclass(frozen=True, slots=True)
class Box:
    """A pane's place with its border, in cells from the top left corner of all panes."""

    pane: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PaneView:
    """What is asked to be shown: the focused pane, and whether it's zoomed."""

    pane: str = "findings"
    is_zoomed: bool = False


_SHARES = {
    (ScreenSize.SINGLE, Border.REVIEW): 50,
    (ScreenSize.NARROW, Border.LIST): 38,
    (ScreenSize.NARROW, Border.CODE): 55,
    (ScreenSize.NARROW, Border.REVIEW): 50,
    (ScreenSize.WIDE, Border.LIST): 25,
    (ScreenSize.WIDE, Border.CODE): 58,
    (ScreenSize.WIDE, Border.REVIEW): 50,
}
"""The shares in percent until the user moves a border: an argument of eight lines fits below the
code at 160x48, one of four at 100x30."""
_LIMITS = (15, 85)
_MOVED = {
    "findings": ((Border.LIST, 1),),
    "code": ((Border.CODE, 1),),
    "review": ((Border.REVIEW, 1), (Border.CODE, -1)),
    "disagreement": ((Border.REVIEW, -1), (Border.CODE, -1)),
}


def size_of(columns: int) -> ScreenSize:
    """Return the class of a screen of this width."""
    if columns < _NARROW:
        return ScreenSize.SINGLE
    return ScreenSize.NARROW if columns < _WIDE else ScreenSize.WIDE


class PaneSplits:
    """The borders that the user moved; the others are where they are by default."""

    def __init__(self, moved: Iterable[Split] = ()) -> None:
        self._shares = {(one.size, one.name): one.share for one in moved}

    @property
    def moved(self) -> tuple[Split, ...]:
        """The moved borders, to remember."""
        return tuple(Split(*key, share) for key, share in self._shares.items())

    def after(self, width: int, view: PaneView, percent: int) -> "PaneSplits":
        """Return the splits with more room for the focused pane, or less, in percent."""
        size = size_of(width)
        shares = dict(self._shares)
        for border, direction in _MOVED[view.pane]:
            if border is Border.REVIEW or not _is_alone(size, view):
                share = self._share(size, border) + direction * percent
                shares[size, border] = _within(share, *_LIMITS)
                if shares[size, border] == _SHARES[size, border]:
                    del shares[size, border]  # back where it was
        return PaneSplits(Split(*key, share) for key, share in shares.items())

    def boxes(self, width: int, height: int, view: PaneView) -> list[Box]:
        """Return the place of each pane that is shown, in reading order."""
        size = size_of(width)
        if _is_alone(size, view):
            has_both = view.pane in CASE and not (view.is_zoomed and size is ScreenSize.SINGLE)
            whole = Box(view.pane, 0, 0, width, height)
            return self._case(size, whole) if has_both else [whole]
        list_width = self._cells(size, Border.LIST, width, height)
        upper = self._cells(size, Border.CODE, width, height)
        is_wide = size is ScreenSize.WIDE
        left = list_width if is_wide else 0
        return [
            Box("findings", 0, 0, list_width, height if is_wide else upper),
            Box("code", list_width, 0, width - list_width, upper),
            *self._case(size, Box("", left, upper, width - left, height - upper)),
        ]

    def _case(self, size: ScreenSize, room: Box) -> list[Box]:
        """Return the places of the two voices: beside each other, or stacked."""
        first = self._cells(size, Border.REVIEW, room.width, room.height)
        if _is_across(size, Border.REVIEW):
            rest = replace(room, x=room.x + first, width=room.width - first)
            return [replace(room, pane=CASE[0], width=first), replace(rest, pane=CASE[1])]
        rest = replace(room, y=room.y + first, height=room.height - first)
        return [replace(room, pane=CASE[0], height=first), replace(rest, pane=CASE[1])]

    def _cells(self, size: ScreenSize, border: Border, width: int, height: int) -> int:
        """Return the width or height before a border, in cells."""
        is_across = _is_across(size, border)
        whole, least = (width, _LEAST_CELLS) if is_across else (height, _LEAST_LINES)
        cells = round(whole * self._share(size, border) / 100)
        if border is Border.LIST and size is ScreenSize.WIDE and (size, border) not in self._shares:
            cells = _within(cells, *_LIST_CELLS)
        return _within(cells, min(least, whole // 2), max(whole - least, -(-whole // 2)))

    def _share(self, size: ScreenSize, border: Border) -> int:
        return _within(self._shares.get((size, border), _SHARES[size, border]), *_LIMITS)


def _is_alone(size: ScreenSize, view: PaneView) -> bool:
    """Whether the focused pane has the screen for itself, or shares it with the other voice."""
    return size is ScreenSize.SINGLE or view.is_zoomed


def _is_across(size: ScreenSize, border: Border) -> bool:
    """Whether a border divides a width, not a height."""
    is_stacked = size is ScreenSize.SINGLE and border is Border.REVIEW
    return border is not Border.CODE and not is_stacked


def _within(number: int, least: int, most: int) -> int:
    return max(least, min(number, most))
