"""The part of a patch about one file: its header, its hunks, and their faults."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from xreview.domain.change import FileDiff, FileStatus
from xreview.domain.text import count_of
from xreview.repo.diff.file_header import (
    BINARY_PATCH,
    COMBINED_MARKS,
    GIT_MARK,
    LINK_MODE,
    SUBMODULE_MODE,
    Named,
    file_of,
    is_binary,
    is_submodule,
    names_of,
    says_nothing,
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

    Args:
        is_damage: whether the patch is malformed; otherwise it just has no lines to read.
    """

    why: str
    lines: int = 0
    is_damage: bool = True


class PatchSection:
    """A file of a patch that is being read."""

    def __init__(self, header: list[bytes], *, converted: bool) -> None:
        self.header = header
        self.converted = converted
        self.has_hunks = False
        self._body = bytearray()
        self._rows = self._removed = self._added = 0
        self._old_lines = self._new_lines = 0
        self._old_end = self._new_end = 1
        self._missing = self._surplus = self._hidden = self._over = self._unknown = 0
        self._cut_lines = self._misplaced_notes = 0
        self._is_out_of_order = self._has_bad_header = False
        self._ends_in_line = self._changes_nothing = self._is_at_end = False

    def room_for(self, hunk: PatchHunk) -> bool:
        """Whether another line of the current hunk is kept."""
        return (
            self._rows + hunk.row_count < FILE_LINES
            and len(self._body) + len(hunk.rows) < FILE_BYTES
        )

    def add_hunk(self, hunk: PatchHunk) -> None:
        """Add a hunk that has ended."""
        self.has_hunks = True
        self._missing += hunk.missing
        self._surplus += hunk.surplus
        if hunk.is_combined:
            self._hidden += hunk.hidden
        else:
            self._over += hunk.hidden
            self._changes_nothing |= not (hunk.added or hunk.removed)
            self._check_place(hunk)
        self._misplaced_notes += hunk.misplaced_notes + self._is_at_end
        self._is_at_end = hunk.ends_file
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
        self._is_out_of_order |= old < self._old_end or old - self._old_end != new - self._new_end
        self._old_end = max(self._old_end, old + hunk.old_said)
        self._new_end = max(self._new_end, new + hunk.new_said)

    def note_cut_line(self) -> None:
        """Note a truncated line."""
        self._cut_lines += 1

    def note_end_in_line(self) -> None:
        """Note that the patch ends in the middle of a line of this file."""
        self._ends_in_line = True

    def note_unknown(self) -> None:
        """Note a line of this file that isn't part of a diff."""
        self._unknown += 1

    def note_bad_hunk(self) -> None:
        """Note an unreadable hunk header, which makes the hunk unreadable."""
        self._has_bad_header = True
        self._unknown += 1

    @property
    def named(self) -> Named | None:
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
        damage = [*self._damage(file), *self._damage_of_header(file, names)]
        if self._has_wrong_side(file):
            file = replace(file, status=FileStatus.MODIFIED)
        return with_shortfalls(file, [*damage, *_without_lines(file)])

    def _has_wrong_side(self, file: FileDiff) -> bool:
        if file.status is FileStatus.DELETED:
            return self._new_lines > 0
        return file.status is FileStatus.ADDED and self._old_lines > 0

    def _damage(self, file: FileDiff) -> Iterator[Shortfall]:
        if self._missing:
            yield Shortfall(f"{_are(self._missing)} missing from a hunk", self._missing)
        if self._surplus:
            yield Shortfall(
                f"a hunk has {count_of(self._surplus, 'line')} more than its header says",
                self._surplus,
            )
        if self._has_bad_header:
            yield Shortfall("a hunk's header can't be read")
        if self._unknown:
            yield Shortfall(f"{_are(self._unknown)} not part of a diff or malformed", self._unknown)
        if self._is_out_of_order:
            yield Shortfall("the line numbers of its hunks are inconsistent")
        if self._changes_nothing:
            yield Shortfall("a hunk has no added or removed line")
        if self._ends_in_line:
            yield Shortfall("the patch ends in the middle of a line")
        if self._misplaced_notes:
            yield Shortfall("“No newline at end of file” is in the middle of a file")
        if self._cut_lines:
            yield Shortfall(
                f"{_are(self._cut_lines)} too long and truncated", self._cut_lines, is_damage=False
            )
        if self._over:
            yield Shortfall(
                f"{_are(self._over)} left out because the file has too many", self._over,
                is_damage=False,
            )  # fmt: skip
        if self._hidden:
            yield Shortfall(
                f"{_are(self._hidden)} only in another parent of the merge and not shown",
                self._hidden,
                is_damage=False,
            )
        if b"\0" in self._body:
            yield Shortfall("its lines contain NUL bytes", is_damage=False)

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
        if says_nothing(file, self.header):
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


def _are(lines: int) -> str:
    return f"{count_of(lines, 'line')} {'is' if lines == 1 else 'are'}"
