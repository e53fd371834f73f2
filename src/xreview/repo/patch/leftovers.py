"""Counting the parts of a patch that belong to no file that was read."""

from xreview.domain.change import NO_FILE, FileDiff, FileStatus
from xreview.domain.text import count_of
from xreview.repo.patch.section import PatchSection, Shortfall, with_shortfalls


class Leftovers:
    """Counts them and reports them as a file."""

    def __init__(self) -> None:
        self.lines = 0
        """Lines that belong neither to a file nor to the text around diffs."""
        self.cut_lines = 0
        """Lines outside files that are too long."""
        self._nameless = self._files = self._lines_of_files = 0
        self._line_limit = 0

    def add_nameless(self, section: PatchSection) -> None:
        """Count a diff without a file name."""
        self._nameless += 1
        self.lines += section.line_count

    def add_file(self, section: PatchSection) -> None:
        """Count a file over the limit."""
        self._files += 1
        self._lines_of_files += section.line_count

    def stop(self, line_limit: int) -> None:
        """Note that the patch has more lines than are read."""
        self._line_limit = line_limit

    def file(self, left_out: str) -> FileDiff | None:
        """Return them as a file; None if there are none.

        Args:
            left_out: the part of the patch that wasn't read at all, or "".
        """
        found = self._counted()
        if self._line_limit:
            why = f"everything after its first {count_of(self._line_limit, 'line')} is left out"
            found.append(Shortfall(why, is_damage=False))
        if left_out:
            found.append(Shortfall(left_out, is_damage=False))
        if not found:
            return None
        return with_shortfalls(FileDiff(NO_FILE, FileStatus.MODIFIED), found)

    def _counted(self) -> list[Shortfall]:
        found: list[Shortfall] = []
        if self.lines or self._nameless:
            belong = "belongs" if self.lines == 1 else "belong"
            why = f"{count_of(self.lines, 'line')} of the patch {belong} to no file"
            if self._nameless:
                why += f", including {count_of(self._nameless, 'diff')} without a name"
            found.append(Shortfall(why, self.lines))
        if self.cut_lines:
            are = "is" if self.cut_lines == 1 else "are"
            why = f"{count_of(self.cut_lines, 'line')} outside files {are} too long and truncated"
            found.append(Shortfall(why, self.cut_lines))
        if self._files:
            why = f"{count_of(self._files, 'file')} over the limit for one patch"
            found.append(Shortfall(why, self._lines_of_files, is_damage=False))
        return found
