"""A hunk of any patch; one with more or fewer lines than its header says gets a correct header."""

import re

# Nine digits: more aren't a line number, and Python refuses to convert thousands.
HUNK = re.compile(
    rb"(@@+)((?: -\d{1,9}(?:,\d{1,9})?)+) \+(\d{1,9})(?:,(\d{1,9}))? @@+( .*)?", re.DOTALL
)
MOST_PARENTS = 32
_NOTE = b"\\ "


class PatchHunk:
    """A hunk that is fed its lines; a combined one is read as compared with the first parent.

    `match` is of `HUNK`; `is_readable` must accept it.
    """

    def __init__(self, match: re.Match[bytes]) -> None:
        olds = match[2].split()
        start, _, count = olds[0].partition(b",")
        self._parents = len(olds)
        self._left_old = [int(old.partition(b",")[2] or b"1") for old in olds]
        self._left_new = int(match[4] or b"1")
        self._section = (match[5] or b"").rstrip(b"\r")
        self._spans = olds[0], match[3] if match[4] is None else match[3] + b"," + match[4]
        self.old_start, self.new_start = int(start[1:]), int(match[3])
        self.old_said, self.new_said = int(count or b"1"), self._left_new
        self.old_count = self.new_count = 0
        self.removed = self.added = 0
        self.rows = bytearray()
        self.row_count = 0
        self.hidden = 0
        self.misplaced_notes = 0
        self._last_mark = b""
        self._ended = b""  # the marks of the sides that ended without a line feed
        self._previous: tuple[bytes, bytes] = (b"", b"")

    @staticmethod
    def is_readable(match: re.Match[bytes]) -> bool:
        """Whether a header's numbers agree with its marks."""
        parents = match[2].count(b" ")
        return len(match[1]) - 1 == parents <= MOST_PARENTS

    @property
    def is_combined(self) -> bool:
        """Whether it compares with several parents."""
        return self._parents > 1

    @property
    def is_complete(self) -> bool:
        """Whether it has exactly the announced lines."""
        return self._left_new == 0 and not any(self._left_old)

    @property
    def is_over(self) -> bool:
        """Whether it has at least the announced lines."""
        return self._left_new <= 0 and max(self._left_old) <= 0

    @property
    def missing(self) -> int:
        """How many lines are still to come, at least."""
        return max(0, self._left_new, *self._left_old)

    @property
    def surplus(self) -> int:
        """How many lines have come that were not announced, at least."""
        return max(0, -self._left_new, *(-left for left in self._left_old))

    @property
    def ends_file(self) -> bool:
        """Whether one of its lines ends its file without a line feed."""
        return bool(self._ended)

    def take(self, row: bytes, *, keep: bool = True) -> bool:
        """Read a line; False if it can't be part of a hunk. Unless `keep`, it's only counted."""
        if row.startswith(_NOTE):
            return self._take_note(row, keep=keep)
        if self._parents > 1:
            return self._take_combined(row, keep=keep)
        mark = row[:1]
        if mark == b"+":
            self._left_new -= 1
            self.added += 1
        elif mark == b"-":
            self._left_old[0] -= 1
            self.removed += 1
        elif mark == b" " or (row in (b"", b"\r") and self._expects_context):
            self._left_new -= 1
            self._left_old[0] -= 1
            row = row if mark == b" " else b" " + row  # a mailer removed the only space
            mark = b" "
        else:
            return False
        self._keep(mark, row, keep=keep)
        return True

    @property
    def _expects_context(self) -> bool:
        return self._left_new > 0 and self._left_old[0] > 0

    def _keep(self, mark: bytes, row: bytes, *, keep: bool) -> None:
        if self._ended and (mark == b" " or mark in self._ended or b" " in self._ended):
            self.misplaced_notes += 1  # lines after the last one of the file
        self._last_mark = mark
        self._previous = self._previous[1], row
        if keep:
            self.old_count += mark != b"+"
            self.new_count += mark != b"-"
            self._add(row)
        else:
            self.hidden += 1

    def _take_note(self, row: bytes, *, keep: bool) -> bool:
        if not self._last_mark:
            self.misplaced_notes += 1
            return True
        self._ended += self._last_mark
        self._last_mark = b""
        if keep:
            self._add(row)
        return True

    def _add(self, row: bytes) -> None:
        self.rows += row + b"\n"
        self.row_count += 1

    def _take_combined(self, row: bytes, *, keep: bool) -> bool:
        marks = row[: self._parents]
        if row in (b"", b"\r") and self._left_new > 0:
            marks = b" " * self._parents
        if len(marks) < self._parents or marks.strip(b" +-") or (b"-" in marks and b"+" in marks):
            return False
        removed = b"-" in marks
        for parent in range(self._parents):
            here = marks[parent : parent + 1]
            if here == b"-" or (here == b" " and not removed):
                self._left_old[parent] -= 1
        self._left_new -= not removed
        if removed and not marks.startswith(b"-"):
            self._last_mark = b""
            self.hidden += 1  # a line only in another parent
            return True
        mark = marks[:1]
        self.removed += mark == b"-"
        self.added += mark == b"+"
        self._keep(mark, mark + row[self._parents :], keep=keep)
        return True

    def give_back_names(self) -> tuple[bytes, bytes] | None:
        """Remove and return the last two lines if they are `--- ` and `+++ `.

        Inside a hunk with a wrong length they look like its own lines; only a hunk header after
        them shows that they name a file. None if they are counted lines of a complete hunk.
        """
        old, new = self._previous
        if (
            self.is_complete
            or self.is_combined
            or not (old.startswith(b"--- ") and new.startswith(b"+++ "))
        ):
            return None
        self._left_old[0] += 1
        self._left_new += 1
        self.removed -= 1
        self.added -= 1
        if self.rows.endswith(old + b"\n" + new + b"\n"):
            del self.rows[-(len(old) + len(new) + 2) :]
            self.row_count -= 2
            self.old_count -= 1
            self.new_count -= 1
        else:
            self.hidden -= 2
        self._previous = (b"", b"")
        return old, new

    @property
    def header(self) -> bytes:
        """The `@@` line with the actual counts; as written if those are the same."""
        if self.old_count == self.old_said and self.new_count == self.new_said:
            old, new = self._spans
        else:
            old = b"-" + _span(self.old_start, self.old_said, self.old_count)
            new = _span(self.new_start, self.new_said, self.new_count)
        return b"@@ " + old + b" +" + new + b" @@" + self._section


def _span(start: int, said: int, count: int) -> bytes:
    """A span with another count; an empty one names the line before it."""
    return b"%d,%d" % (max(0, start - 1) if said and not count else start, count)
