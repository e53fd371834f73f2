"""The part of a patch about one file: its header, its hunks, and their faults."""

from collections import Counter
from collections.abc import Iterator
from enum import Enum

from xreview.domain.change import FileDiff, FileStatus
from xreview.domain.record import dataclass, replace
from xreview.domain.text import count_of
from xreview.repo.diff.file_header import (
    BINARY_PATCH,
    COMBINED_MARKS,
    GIT_MARK,
    LINK_MODE,
    SUBMODULE_MODE,
    HeaderNames,
    file_of,
    is_binary,
    is_submodule,
    is_unchanged,
    names_of,
)
from xreview.repo.diff.file_names import ABSENT
from xreview.repo.patch.hunk import PatchHunk

FILE_LINES = 300_000
FILE_BYTES = 8 * 1024 * 1024
"""Limits for one file; the rest is only counted."""

_EMPTY_BLOBS = (  # the ids of an empty file, in both of git's hashes
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
)
_PAIRS = (
    (b"--- ", b"+++ "),
    (b"rename from ", b"rename to "),
    (b"copy from ", b"copy to "),
    (b"old mode ", b"new mode "),
)
_KINDS = (b"rename to ", b"copy to ", b"new file mode ", b"deleted file mode ")
_SAME = b"similarity index 100%"


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A part of a file that can't be read: why, and the number of lines if known.

    `is_damage` says whether the patch is malformed; otherwise it just has no lines to read.
    """

    why: str
    lines: int = 0
    is_damage: bool = True


class Fault(Enum):
    """A fault of a file in a patch: its sentence, and whether the patch is malformed.

    `{are}` and `{count}` stand for "3 lines are" and "3 lines".
    """

    MISSING = ("{are} missing from a hunk", True)
    SURPLUS = ("a hunk has {count} more than its header says", True)
    BAD_HUNK = ("a hunk's header can't be read", True)
    UNKNOWN = ("{are} not part of a diff or malformed", True)
    OUT_OF_ORDER = ("the line numbers of its hunks are inconsistent", True)
    NO_CHANGE = ("a hunk has no added or removed line", True)
    ENDS_IN_LINE = ("the patch ends in the middle of a line", True)
    MISPLACED_NOTE = ("“No newline at end of file” is in the middle of a file", True)
    CUT_LINE = ("{are} too long and truncated", False)
    OVER = ("{are} left out because the file has too many", False)
    HIDDEN = ("{are} only in another parent of the merge and not shown", False)

    def shortfall(self, count: int) -> Shortfall:
        """The shortfall for this many lines."""
        sentence, is_damage = self.value
        lines = count if "{" in sentence else 0
        counted = count_of(count, "line")
        are = f"{counted} {'is' if count == 1 else 'are'}"
        return Shortfall(sentence.format(are=are, count=counted), lines, is_damage)


class PatchSection:
    """A file of a patch that is being read."""

    def __init__(self, header: list[bytes], *, converted: bool) -> None:
        self.header = header
        self.converted = converted
        self.has_hunks = False
        self._faults: Counter[Fault] = Counter()
        self._body = bytearray()
        self._rows = self._removed = self._added = 0
        self._old_lines = self._new_lines = 0
        self._old_end = self._new_end = 1
        self._is_at_end = False

    def room_for(self, hunk: PatchHunk) -> bool:
        """Whether another line of the current hunk is kept."""
        return (
            self._rows + hunk.row_count < FILE_LINES
            and len(self._body) + len(hunk.rows) < FILE_BYTES
        )

    def note(self, *faults: Fault) -> None:
        """Count a fault of each kind."""
        self._faults.update(faults)

    def add_hunk(self, hunk: PatchHunk) -> None:
        """Add a hunk that has ended."""
        self.has_hunks = True
        self._faults[Fault.MISSING] += hunk.missing
        self._faults[Fault.SURPLUS] += hunk.surplus
        self._faults[Fault.MISPLACED_NOTE] += hunk.misplaced_notes + self._is_at_end
        self._is_at_end = hunk.ends_file
        if hunk.is_combined:
            self._faults[Fault.HIDDEN] += hunk.hidden
        else:
            self._faults[Fault.OVER] += hunk.hidden
            self._faults[Fault.NO_CHANGE] += not (hunk.added or hunk.removed)
            self._check_place(hunk)
        self._added += hunk.added
        self._removed += hunk.removed
        self._old_lines += hunk.old_count
        self._new_lines += hunk.new_count
        if hunk.rows:
            self._body += hunk.header + b"\n" + hunk.rows
            self._rows += hunk.row_count + 1

    def _check_place(self, hunk: PatchHunk) -> None:
        """Check that hunks are in order, with equal distances on both sides."""
        old = hunk.old_start + (hunk.old_said == 0)
        new = hunk.new_start + (hunk.new_said == 0)
        if old < self._old_end or old - self._old_end != new - self._new_end:
            self.note(Fault.OUT_OF_ORDER)
        self._old_end = max(self._old_end, old + hunk.old_said)
        self._new_end = max(self._new_end, new + hunk.new_said)

    @property
    def named(self) -> HeaderNames | None:
        """The names in its header."""
        return names_of(self.header)

    @property
    def is_submodule_log(self) -> bool:
        """Whether it names commits of a submodule, which may be listed below it."""
        return is_submodule(self.header[0])

    @property
    def is_binary_patch(self) -> bool:
        """Whether encoded bytes may follow."""
        return BINARY_PATCH in self.header and not self.has_hunks

    @property
    def line_count(self) -> int:
        """The number of changed lines."""
        return self._added + self._removed

    def file(self, names: tuple[bytes, bytes]) -> FileDiff:
        """Return the file, with its faults."""
        file = file_of(self.header, bytes(self._body), names)
        faults = [fault.shortfall(self._faults[fault]) for fault in Fault if self._faults[fault]]
        if b"\0" in self._body:
            faults.append(Shortfall("its lines contain NUL bytes", is_damage=False))
        faults += self._damage_of_header(file, names)
        if self._has_wrong_side(file):
            file = replace(file, status=FileStatus.MODIFIED)
        return with_shortfalls(file, [*faults, *_without_lines(file)])

    def _has_wrong_side(self, file: FileDiff) -> bool:
        if file.status is FileStatus.DELETED:
            return self._new_lines > 0
        return file.status is FileStatus.ADDED and self._old_lines > 0

    def _damage_of_header(self, file: FileDiff, names: tuple[bytes, bytes]) -> Iterator[Shortfall]:
        named = self.named
        if self._has_broken_header:
            yield Shortfall("its header has missing or contradictory lines")
        is_moved = file.status in (FileStatus.RENAMED, FileStatus.COPIED)
        differ = names[0] != names[1] and ABSENT not in names and not is_moved
        if (named is not None and named.is_contradictory) or (differ and self._is_by_git):
            yield Shortfall("its header names two different files")
        if self.has_hunks and any(row == BINARY_PATCH or is_binary(row) for row in self.header):
            yield Shortfall("its header says binary, but it has lines")
        if self._has_wrong_side(file):
            yield Shortfall(f"its header says {file.status.word}, but its lines say otherwise")
        if LINK_MODE in (file.old_mode, file.new_mode) and max(self._added, self._removed) > 1:
            yield Shortfall("a symbolic link has more than one line")
        if is_unchanged(file, self.header):
            yield Shortfall("the patch names it but shows no change")
        elif not self.has_hunks and self._should_have_lines(file):
            yield Shortfall("its lines are missing from the patch")

    @property
    def _has_broken_header(self) -> bool:
        """Whether one line of a pair is missing, or two lines exclude each other."""
        pairs = [(self._says(one), self._says(other)) for one, other in _PAIRS]
        return (
            any(one != other for one, other in pairs)
            or (self.has_hunks and not any(pairs[0]))
            or sum(map(self._says, _KINDS)) > 1
        )

    def _says(self, mark: bytes) -> bool:
        return any(row.startswith(mark) for row in self.header)

    @property
    def _is_by_git(self) -> bool:
        return self.header[0].startswith(GIT_MARK)

    def _should_have_lines(self, file: FileDiff) -> bool:
        if file.binary or SUBMODULE_MODE in (file.old_mode, file.new_mode):
            return False
        if any(row.startswith((b"--- ", *COMBINED_MARKS)) for row in self.header):
            return True
        if file.status in (FileStatus.RENAMED, FileStatus.COPIED):
            return _SAME not in self.header
        if file.status is FileStatus.MODIFIED:
            return file.old_blob != file.new_blob
        blob = file.new_blob if file.status is FileStatus.ADDED else file.old_blob
        return not any(blob and empty.startswith(blob) for empty in _EMPTY_BLOBS)


def _without_lines(file: FileDiff) -> Iterator[Shortfall]:
    """What a well-formed patch can contain without readable lines."""
    if SUBMODULE_MODE in (file.old_mode, file.new_mode):
        yield Shortfall("a submodule: changes inside it aren't in the patch", is_damage=False)
    elif file.binary:
        yield Shortfall("a binary file: the patch has no lines of it", is_damage=False)
    elif not file.body and file.old_mode and file.new_mode and file.old_mode != file.new_mode:
        modes = f"{file.old_mode} to {file.new_mode}"
        yield Shortfall(f"only its mode changes, from {modes}", is_damage=False)


def with_shortfalls(file: FileDiff, shortfalls: list[Shortfall]) -> FileDiff:
    """Return the file with these shortfalls in its notice and its unread lines."""
    if not shortfalls:
        return file
    why = "; ".join(one.why for one in shortfalls)
    is_damaged = any(one.is_damage for one in shortfalls)
    said = (
        f"This part of the patch is damaged: {why}." if is_damaged else f"Not all readable: {why}."
    )
    return replace(
        file,
        notice=f"{said} {file.notice}".strip(),
        unread="; ".join(filter(None, (file.unread, why))),
        unread_lines=file.unread_lines + sum(one.lines for one in shortfalls),
    )
