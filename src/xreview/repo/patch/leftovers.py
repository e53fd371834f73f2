"""Counting the parts of a patch that belong to no file that was read."""

from xreview.domain.change import NO_FILE, FileDiff, FileStatus
from xreview.domain.record import dataclass
from xreview.domain.text import count_of
from xreview.repo.patch.section import Shortfall, with_shortfalls


@dataclass
class Leftovers:
    """Counts of these parts, reported as a file.

    Args:
        lines: neither in a file nor in the text around diffs.
        cut_lines: outside files, too long and truncated.
        nameless: diffs without a file name.
        files, file_lines: files over the limit, and their changed lines.
        line_limit: the limit that the patch exceeds, or 0.
    """

    lines: int = 0
    cut_lines: int = 0
    nameless: int = 0
    files: int = 0
    file_lines: int = 0
    line_limit: int = 0

    def file(self, left_out: str) -> FileDiff | None:
        """Them as a file, with the part of the patch that wasn't read at all; None for nothing."""
        found = self._counted()
        if self.line_limit:
            why = f"everything after its first {count_of(self.line_limit, 'line')} is left out"
            found.append(Shortfall(why, is_damage=False))
        if left_out:
            found.append(Shortfall(left_out, is_damage=False))
        return with_shortfalls(FileDiff(NO_FILE, FileStatus.MODIFIED), found) if found else None

    def _counted(self) -> list[Shortfall]:
        found: list[Shortfall] = []
        if self.lines or self.nameless:
            belong = "belongs" if self.lines == 1 else "belong"
            why = f"{count_of(self.lines, 'line')} of the patch {belong} to no file"
            if self.nameless:
                why += f", including {count_of(self.nameless, 'diff')} without a name"
            found.append(Shortfall(why, self.lines))
        if self.cut_lines:
            are = "is" if self.cut_lines == 1 else "are"
            why = f"{count_of(self.cut_lines, 'line')} outside files {are} too long and truncated"
            found.append(Shortfall(why, self.cut_lines))
        if self.files:
            why = f"{count_of(self.files, 'file')} over the limit for one patch"
            found.append(Shortfall(why, self.file_lines, is_damage=False))
        return found
