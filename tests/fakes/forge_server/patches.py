"""Diffs as forges show them, read from what `git diff` prints."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_HUNK = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")
_STATUSES = {"A": "added", "D": "removed", "M": "modified", "R": "renamed", "T": "changed"}


@dataclass(frozen=True)
class PatchLine:
    """A line of a hunk; a number is None on the side that doesn't have it."""

    old: int | None
    new: int | None
    text: str


@dataclass(frozen=True)
class PatchHunk:
    header: str
    lines: tuple[PatchLine, ...]

    def has(self, line: int, side: str) -> bool:
        """Whether a comment can be on the line: LEFT is deleted and context, RIGHT the others."""
        return any((one.old if side == "LEFT" else one.new) == line for one in self.lines)

    def until(self, line: int, side: str) -> str:
        """The hunk as it is quoted with a comment: from the header to the line."""
        kept = [self.header]
        for one in self.lines:
            kept.append(one.text)
            if (one.old if side == "LEFT" else one.new) == line:
                break
        return "\n".join(kept)


@dataclass(frozen=True)
class FilePatch:
    path: str
    old_path: str
    status: str
    blob: str
    text: str = ""
    """From “diff --git” on."""
    is_binary: bool = False
    hunks: tuple[PatchHunk, ...] = field(default=(), repr=False)

    @property
    def patch(self) -> str:
        """Only the hunks, without a last line feed."""
        at = self.text.find("\n@@ ")
        return "" if at < 0 else self.text[at + 1 :].removesuffix("\n")

    @property
    def additions(self) -> int:
        return sum(line.old is None for hunk in self.hunks for line in hunk.lines)

    @property
    def deletions(self) -> int:
        return sum(line.new is None for hunk in self.hunks for line in hunk.lines)

    def hunk_of(self, line: int, side: str) -> PatchHunk | None:
        return next((hunk for hunk in self.hunks if hunk.has(line, side)), None)

    def numbers(self, line: int, side: str) -> tuple[int | None, int | None]:
        """Both numbers of a line, outside the hunks too, where nothing changed."""
        offset = 0
        for hunk in self.hunks:
            for one in hunk.lines:
                if (one.old if side == "LEFT" else one.new) == line:
                    return one.old, one.new
            first = hunk.lines[0]
            begins = (first.old if side == "LEFT" else first.new) or 0
            if begins and line < begins:
                break
            offset += sum(one.old is None for one in hunk.lines)
            offset -= sum(one.new is None for one in hunk.lines)
        return (line, line + offset) if side == "LEFT" else (line - offset, line)

    def line_after(self, line: int) -> int | None:
        """Where a line of the old side is on the new one; None if it's gone."""
        offset = 0
        for hunk in self.hunks:
            olds = [one for one in hunk.lines if one.old is not None]
            if olds and olds[0].old is not None and line < olds[0].old:
                break
            for one in olds:
                if one.old == line:
                    return one.new
            offset = sum(one.old is None for one in hunk.lines) + offset
            offset -= sum(one.new is None for one in hunk.lines)
        return line + offset


def read_patches(raw: bytes, diff: bytes) -> list[FilePatch]:
    """The files of `git diff --raw -z` with their parts of `git diff`, which has the same order."""
    parts = re.split(r"(?m)^(?=diff --git )", diff.decode("utf-8", "replace"))[1:]
    return [
        FilePatch(path, old, status, blob, text, "\nBinary files " in text, tuple(_hunks(text)))
        for (path, old, status, blob), text in zip(_listed(raw), parts, strict=True)
    ]


def _listed(raw: bytes) -> Iterator[tuple[str, str, str, str]]:
    fields = iter(raw.decode("utf-8", "replace").split("\0"))
    for about in fields:
        if not about:
            return
        _, _, _, blob, letter = about.split(" ")
        old = next(fields)
        path = next(fields) if letter[0] in "RC" else old
        yield path, old, _STATUSES[letter[0]], blob


def _hunks(text: str) -> Iterator[PatchHunk]:
    header, lines, old, new = "", [], 0, 0
    for line in text.split("\n"):
        if found := _HUNK.match(line):
            if header:
                yield PatchHunk(header, tuple(lines))
            header, lines, old, new = line, [], int(found[1]), int(found[2])
        elif header and line[:1] in (" ", "+", "-"):
            has_old, has_new = line[0] != "+", line[0] != "-"
            lines.append(PatchLine(old if has_old else None, new if has_new else None, line))
            old, new = old + has_old, new + has_new
    if header:
        yield PatchHunk(header, tuple(lines))
