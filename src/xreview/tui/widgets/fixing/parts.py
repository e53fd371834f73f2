"""The parts of a fix's patch: which are offered, applied, or under the cursor."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

from xreview.domain.change import FileDiff, Hunk, LineKind, Side
from xreview.domain.identity.anchor import Anchor
from xreview.domain.record import dataclass, field
from xreview.repo.disposable.applying import PatchPart

Parts = frozenset[PatchPart]


@dataclass(frozen=True)
class PatchParts:
    """The hunks of a patch as parts. A file without hunks, such as a binary one, is one part."""

    files: Sequence[FileDiff]
    _counts: Mapping[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_counts", {file.path: _hunk_count(file) for file in self.files})

    @cached_property
    def all(self) -> Parts:
        """Every part."""
        return self.spread(PatchPart(path) for path in self._counts)

    def spread(self, parts: Iterable[PatchPart]) -> Parts:
        """Return parts hunk by hunk, without those that the patch doesn't have."""
        found: set[PatchPart] = set()
        for part in parts:
            count = self._counts.get(part.path)
            if count is None:
                continue
            if part.hunk is None:
                hunks = range(count)
                found.update(PatchPart(part.path, hunk) for hunk in hunks)
                found |= set() if count else {PatchPart(part.path)}
            elif part.hunk < count:
                found.add(part)
        return frozenset(found)

    def gathered(self, parts: Parts) -> tuple[PatchPart, ...]:
        """Return parts in the order of the patch, as whole files where all hunks are in it."""
        found: list[PatchPart] = []
        for path, count in self._counts.items():
            hunks = [PatchPart(path, hunk) for hunk in range(count)]
            chosen = [one for one in hunks if one in parts]
            is_whole = chosen == hunks if hunks else PatchPart(path) in parts
            found += [PatchPart(path)] if is_whole else chosen
        return tuple(found)

    def at(self, path: str, side: Side, line: int) -> PatchPart | None:
        """Return the part that shows a line, or the nearest before it in the file."""
        if path not in self._counts:
            return None
        found = PatchPart(path, 0 if self._counts[path] else None)
        for index, hunk in enumerate(self._hunks(path)):
            if (hunk.new_start if side is Side.NEW else hunk.old_start) > line:
                break
            found = PatchPart(path, index)
        return found

    def anchor(self, part: PatchPart) -> Anchor | None:
        """Return the changed lines of a part, to show them; None for a file without hunks."""
        hunks = self._hunks(part.path)
        hunk = next((one for index, one in enumerate(hunks) if index == (part.hunk or 0)), None)
        return None if hunk is None else _changed_lines(part.path, hunk)

    def lines_of(self, part: PatchPart, finding: Anchor) -> Anchor | None:
        """Return the lines that a finding is about where the part shows them, else its own."""
        hunks = self._hunks(part.path)
        hunk = next((one for index, one in enumerate(hunks) if index == (part.hunk or 0)), None)
        if hunk is None or finding.path != part.path or finding.side is not Side.NEW:
            return self.anchor(part)
        end = hunk.old_start + hunk.old_count - 1  # what the fixer got is the old side of its patch
        if not hunk.old_start <= finding.start_line <= end:
            return self.anchor(part)
        last = min(finding.end_line, end)
        return Anchor(part.path, Side.OLD, finding.start_line, last, "")

    def _hunks(self, path: str) -> Iterable[Hunk]:
        return next((file.hunks for file in self.files if file.path == path), ())


def _changed_lines(path: str, hunk: Hunk) -> Anchor:
    added = [line.new_number for line in hunk.lines if line.kind is LineKind.ADDED]
    removed = [line.old_number for line in hunk.lines if line.kind is LineKind.REMOVED]
    side, numbers = (Side.NEW, added) if added else (Side.OLD, removed)
    known = [number for number in numbers if number is not None]
    first, last = (known[0], known[-1]) if known else (hunk.new_start, hunk.new_start)
    return Anchor(path, side, first, last, "")


def _hunk_count(file: FileDiff) -> int:
    # In a hunk, every row begins with its mark.
    return (b"\n" + file.body).count(b"\n@@ -")


def paths_of(parts: Collection[PatchPart]) -> tuple[str, ...]:
    """Return the distinct paths of parts, in their order."""
    return tuple(dict.fromkeys(part.path for part in parts))
