"""What there is to paint of a row on one side of the pane."""

from xreview.domain.record import dataclass
from xreview.tui.widgets.diff.blocks import CODE, DiffRow
from xreview.tui.widgets.diff.highlight import SyntaxSpan
from xreview.tui.widgets.diff.palette import GROUND_OF, Ground
from xreview.tui.widgets.diff.rows import FileRows
from xreview.tui.widgets.diff.words import CharacterRanges
from xreview.tui.widgets.findings.marks import Mark


@dataclass(frozen=True, slots=True)
class Decoration:
    """Colour that follows the first draw; indices refer to the raw text.

    Args:
        spans: (start, end, syntax group), in order, without overlaps.
        changed: the words that differ from the paired line.
        odd: deceptive characters. note: what they are, safe to show.
        is_reindented: whether it differs from the paired line in its indentation only.
    """

    spans: tuple[SyntaxSpan, ...] = ()
    changed: CharacterRanges = ()
    odd: CharacterRanges = ()
    note: str = ""
    is_reindented: bool = False


UNDECORATED = Decoration()


@dataclass(frozen=True, slots=True)
class Cell:
    """A row on one side of the pane.

    Args:
        number: its row in the file. part: which row of the screen it is, if the line wraps.
        note: what to say beside a header.
    """

    rows: FileRows
    number: int
    row: DiffRow
    decoration: Decoration = UNDECORATED
    mark: Mark | None = None
    quoted: bool = False
    cursor: bool = False
    lit: bool = False
    part: int = 0
    note: str = ""
    chosen: bool = False

    @property
    def ground(self) -> Ground:
        """The background: of cursor and range, else of the quote, else of the kind of line."""
        if self.chosen or (self.cursor and self.lit):
            return Ground.CURSOR
        if self.quoted and self.row.kind in CODE:
            return Ground.QUOTE
        return GROUND_OF[self.row.kind]
