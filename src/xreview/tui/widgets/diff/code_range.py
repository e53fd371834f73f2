"""The lines of code that a user points at: one line, or a range of one side of one file."""

from xreview.domain.change import Side
from xreview.domain.record import dataclass


@dataclass(frozen=True, slots=True)
class CodeRange:
    """Lines `start_line` to `end_line`, 1-based and inclusive; `text` is theirs, raw, joined by
    line feeds. The header of a file stands for the whole file: both lines are 0, and the text is
    empty."""

    path: str
    side: Side
    start_line: int
    end_line: int
    text: str

    @property
    def is_whole_file(self) -> bool:
        """Whether the file itself is meant, not some of its lines."""
        return not self.start_line
