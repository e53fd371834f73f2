"""What the journal keeps of a changed file: its name, its counts, and the lines of its hunks.

It keeps no code. The lines of the hunks tell exports later whether a place is on the diff.
"""

import re

from xreview.domain.change import HUNK_HEADER, FileDiff, FileStatus, Side
from xreview.domain.record import dataclass

_HEADER = re.compile(rb"^" + HUNK_HEADER.pattern, re.MULTILINE)

HunkLines = tuple[int, int, int, int]
"""As in the `@@` line: the first line and the number of lines, of the old and of the new side."""


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """One file of a change; `path`, `status` and `old_path` are those of its `FileDiff`.

    `added` and `removed` count lines.
    """

    path: str
    status: FileStatus
    old_path: str | None
    added: int
    removed: int
    hunks: tuple[HunkLines, ...] = ()

    def shows(self, side: Side, start_line: int, end_line: int) -> bool:
        """Whether one hunk shows all these lines, 1-based and inclusive."""
        at = 0 if side is Side.OLD else 2
        return start_line <= end_line and any(
            hunk[at] <= start_line and end_line < hunk[at] + hunk[at + 1] for hunk in self.hunks
        )


def changed_file(file: FileDiff) -> ChangedFile:
    """What is kept of a file diff."""
    return ChangedFile(
        file.path,
        file.status,
        file.old_path,
        file.added,
        file.removed,
        tuple(map(_lines, _HEADER.finditer(file.body))),
    )


# In a hunk, every row begins with its mark, so a row that begins with `@@` is a header.
def _lines(header: re.Match[bytes]) -> HunkLines:
    old, old_count, new, new_count = header.groups()[:4]
    return (
        int(old),
        1 if old_count is None else int(old_count),
        int(new),
        1 if new_count is None else int(new_count),
    )
