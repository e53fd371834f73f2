"""Splitting any patch into file diffs by counting the lines of each hunk.

It reads git's extended format (git-diff(1)), combined diffs and the output of diff(1) -u, also
inside mails (git-format-patch(1)) or other text. Because lines are counted, a removed line
`-- a/x`, which is `--- a/x` in the patch, doesn't begin a file.

Each line is part of a diff or of the text around diffs, or is reported as unread in its file
(`FileDiff.unread`) or in `NO_FILE`.
"""

from collections.abc import Callable, Iterable, Iterator

from xreview.domain.change import FileDiff
from xreview.domain.errors import ChangeError
from xreview.domain.record import dataclass
from xreview.repo.diff.file_header import (
    BINARY_PATCH,
    COMBINED_MARKS,
    GIT_MARK,
    is_binary,
    is_submodule,
    mark_of,
)
from xreview.repo.patch.framing import ENCODED, SIGNATURES, SUBMODULE_COMMIT, Framing
from xreview.repo.patch.hunk import HUNK, PatchHunk
from xreview.repo.patch.leftovers import Leftovers
from xreview.repo.patch.lines import LINE_BYTES, CutLine, lines
from xreview.repo.patch.prefixes import Exists, nothing_exists, without_prefixes
from xreview.repo.patch.section import Fault, PatchSection
from xreview.repo.patch.series import merge_diffs

_OLD, _NEW = b"--- ", b"+++ "
_FILE_MARKS = (GIT_MARK, *COMBINED_MARKS)
_HUNK_LIKE = (b"+", b"-", b" ", b"\\", b"@")
_MOST_HEADER_LINES = 32
_BATCH = 256


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a patch is read: later files are only counted, longer lines are truncated."""

    files: int = 2_000
    lines: int = 2_000_000
    line_bytes: int = LINE_BYTES


LIMITS = Limits()


def split_patch(
    chunks: Iterable[bytes],
    exists: Exists = nothing_exists,
    unread: Callable[[], str] = str,
    limits: Limits = LIMITS,
) -> Iterator[tuple[FileDiff, ...]]:
    """Yield the file diffs of a patch, each path once, in batches.

    Nothing is yielded before the end of the patch: only then are the prefixes of names known, and
    whether a file changes again. Raises ChangeError if there is no diff.

    Args:
        chunks: the patch, cut anywhere.
        exists: tells prefixes from folders of the repository.
        unread: called at the end: the part of the patch that isn't in `chunks`, or "".
    """
    splitter = _Splitter(limits)
    for row in lines(chunks, limits.line_bytes):
        if not splitter.take(row):
            break
    sections = splitter.finish()
    files = _files(sections, splitter.left, exists)
    left_out = unread()
    if not files:
        where = f"what was read of this patch; not read: {left_out}" if left_out else "this patch"
        raise ChangeError(
            f"There is no diff in {where}.",
            "Give the output of `git diff`, `git format-patch` or `diff -u`.",
        )
    if (rest := splitter.left.file(left_out)) is not None:
        files.append(rest)
    for start in range(0, len(files), _BATCH):
        yield tuple(files[start : start + _BATCH])


def _files(sections: list[PatchSection], left: Leftovers, exists: Exists) -> list[FileDiff]:
    named = [(section, section.named) for section in sections]
    known = [name for _, name in named if name is not None]
    names = iter(without_prefixes(known, exists))
    found: list[FileDiff] = []
    for section, name in named:
        both = next(names) if name is not None else (b"", b"")
        if all(both):
            found.append(section.file(both))
        else:
            left.nameless += 1
            left.lines += section.line_count
    return merge_diffs(found)


class _Splitter:
    """A state machine that is fed lines."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._done: list[PatchSection] = []
        self._section: PatchSection | None = None
        self._hunk: PatchHunk | None = None
        self._header_open = False  # the section has only header lines so far
        self._is_closed = False  # other text follows its hunks, so it can't have more
        self._is_loose = False  # what looks like changed lines isn't in a hunk
        self._plain: list[bytes] = []  # `---` and `+++` that may begin a file without git's line
        self._framing = Framing()
        self._rows = 0
        self.left = Leftovers()

    def take(self, row: bytes) -> bool:
        """Read a line; False once no more are read."""
        self._rows += 1
        if self._rows > self._limits.lines:
            self.left.line_limit = self._limits.lines
            return False
        hunk, section = self._hunk, self._section
        if type(row) is CutLine:
            self._note_cut(row)
        if hunk is not None and section is not None:
            inner = row.removesuffix(b"\r") if section.converted else row
            if not (hunk.is_over and inner in SIGNATURES) and hunk.take(
                inner, keep=section.room_for(hunk)
            ):
                return True
            self._end_hunk(hunk, section, row)
        self._take_outside(row.removesuffix(b"\r"), ended=row)
        return True

    def finish(self) -> list[PatchSection]:
        """Return all sections, after the last line."""
        if self._hunk is not None and self._section is not None:
            self._end_hunk(self._hunk, self._section, b"")
        self._drop_plain()
        self._end_section()
        return self._done

    def _note_cut(self, row: CutLine) -> None:
        section = self._section
        if not row.lost:  # the last one of the patch
            is_inside = self._header_open or self._hunk is not None
            if section is not None and is_inside and not row.startswith(b"\\ "):
                section.note(Fault.ENDS_IN_LINE)
        elif section is not None:
            section.note(Fault.CUT_LINE)
        else:
            self.left.cut_lines += 1

    def _take_outside(self, row: bytes, ended: bytes) -> None:
        """Read a line outside hunks."""
        row = row.removeprefix(b"\xef\xbb\xbf")  # concatenated files with byte order marks
        if row.startswith(_FILE_MARKS):
            self._begin([row], ended)
        elif (match := HUNK.match(row)) and PatchHunk.is_readable(match):
            self._begin_hunk(PatchHunk(match), ended)
        elif self._header_open and self._take_header(row):
            pass
        elif row.startswith(_OLD):
            self._drop_plain()
            self._plain = [row]
        elif row.startswith(_NEW) and len(self._plain) == 1:
            self._plain.append(row)
        else:
            self._drop_plain()
            self._take_text(row, ended)

    def _take_header(self, row: bytes) -> bool:
        """Read a line of an open header; False if it isn't one."""
        section = self._section
        if section is None:
            return False
        if section.is_binary_patch and (ENCODED.match(row) or not row):
            return True
        mark = mark_of(row)
        if mark is None:
            return False
        is_known = any(one.startswith(mark) for one in section.header)
        if mark in (_OLD, _NEW) and (is_known or BINARY_PATCH in section.header):
            return False  # the beginning of another file
        if is_known or len(section.header) == _MOST_HEADER_LINES:
            section.note(Fault.UNKNOWN)
        else:
            section.header.append(row)
        return True

    def _take_text(self, row: bytes, ended: bytes) -> None:
        section = self._section
        if not self._framing.is_message and (is_binary(row) or is_submodule(row)):
            self._begin([row], ended)
            self._header_open = False
            return
        if section is not None and section.is_submodule_log and SUBMODULE_COMMIT.match(row):
            return
        self._header_open = False
        if row.startswith(b"@@") and not self._framing.is_message:
            self._is_loose = True
            if section is not None and not self._is_closed:
                section.note(Fault.BAD_HUNK, Fault.UNKNOWN)
            else:
                self.left.lines += 1
        elif self._is_loose and row.startswith(_HUNK_LIKE):
            self._note_unknown()
        else:
            was_loose, self._is_loose = self._is_loose, False
            if not was_loose and not row.startswith(_HUNK_LIKE):
                self._close(row)
            if not self._framing.accepts(row):
                if was_loose or row.startswith(_HUNK_LIKE):
                    self._is_loose = was_loose
                    self._note_unknown()
                else:
                    self.left.lines += 1

    def _close(self, row: bytes) -> None:
        if row and self._section is not None and self._section.has_hunks:
            self._is_closed = True

    def _note_unknown(self) -> None:
        if self._section is not None and not self._is_closed:
            self._section.note(Fault.UNKNOWN)
        else:
            self.left.lines += 1

    def _drop_plain(self) -> None:
        """Handle `---` and `+++` lines that turned out not to name a file."""
        rows, self._plain = self._plain, []
        for row in rows:
            self._close(row)
            if not self._framing.accepts(row):
                self._note_unknown()

    def _begin(self, header: list[bytes], ended: bytes) -> None:
        self._drop_plain()
        self._end_section()
        self._section = PatchSection(header, converted=ended.endswith(b"\r"))
        self._header_open, self._is_loose, self._is_closed = True, False, False
        self._framing.begin_diff()

    def _begin_hunk(self, hunk: PatchHunk, ended: bytes) -> None:
        if len(self._plain) == 2:
            names, self._plain = self._plain, []
            self._begin(names, ended)
        self._drop_plain()
        self._header_open = False
        if self._section is None or self._is_closed:
            self.left.lines += 1
            self._is_loose = True
        else:
            self._hunk = hunk
            self._is_loose = False

    def _end_hunk(self, hunk: PatchHunk, section: PatchSection, row: bytes) -> None:
        self._hunk = None
        self._is_loose = hunk.missing > 0
        if row.startswith(b"@@") and (names := hunk.give_back_names()) is not None:
            self._plain = list(names)
        section.add_hunk(hunk)

    def _end_section(self) -> None:
        section, self._section = self._section, None
        if section is None:
            return
        if len(self._done) < self._limits.files:
            self._done.append(section)
        else:
            self.left.files += 1
            self.left.file_lines += section.line_count
