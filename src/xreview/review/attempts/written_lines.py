"""Which lines of the user's files came from which attempt, right after it was taken.

Only lines that the attempt's patch adds are claimed, and of a file that was merged only those that
the user didn't have already. They are claimed in short ranges: a digest finds a range again as long
as none of its lines is edited.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from xreview.domain.attempt.combining import AttemptLines
from xreview.domain.change import FileDiff, LineKind
from xreview.domain.events.attempt_events import TakenLines
from xreview.repo.attribution.attempt_lines import digest_of_lines
from xreview.repo.disposable.composing import composed_patch
from xreview.repo.disposable.parts import FileState, Placement
from xreview.repo.disposable.tree_listing import list_tree, read_blobs
from xreview.repo.disposable.undo_record import PathChange
from xreview.review.attempts.composition import Composition

MOST_RANGES = 500
"""Of one take, about: up to here each line is a range, and then ranges get longer."""


def taken_lines(composition: Composition, changes: Iterable[PathChange]) -> tuple[TakenLines, ...]:
    """The lines that came into the user's files, by file and number.

    Args:
        changes: what was written, with the bytes before and after.

    Blocks on git. Raises ChangeError.
    """
    by_path = {change.path: change for change in changes}
    files = [
        file
        for file in composition.patch.files
        if (change := by_path.get(file.path)) is not None and change.after is not None
    ]
    merged = _merged(composition, files, by_path)
    by_attempt = lines_by_attempt(composition)
    owners: dict[str, dict[int, str]] = {}
    for file in files:
        own = by_attempt[file.path]
        owners[file.path] = merged[file.path].found_again(own) if file.path in merged else own
    length = 1 + sum(map(len, owners.values())) // MOST_RANGES
    contents = {path: one.after.content for path, one in by_path.items() if one.after}
    return tuple(
        one
        for path, own in sorted(owners.items())
        for one in _ranges(path, contents[path].split(b"\n"), own, length)
    )


def lines_by_attempt(composition: Composition) -> dict[str, dict[int, str]]:
    """Which attempt wrote each line that the patch adds, by path and the line's number."""
    files, writers = composition.patch.files, composition.writers
    return {file.path: _owners(file, writers.get(file.path, ())) for file in files}


def _owners(file: FileDiff, lines: Sequence[AttemptLines]) -> dict[int, str]:
    """Whose each line that a diff adds is, by its number."""
    added = sorted(_numbers(file, LineKind.ADDED))
    found: dict[int, str] = {}
    for one in lines:
        for number in added[bisect_right(added, one.start - 1) : bisect_right(added, one.end)]:
            found[number] = one.label
    return found


def _numbers(file: FileDiff, kind: LineKind) -> Iterator[int]:
    """The numbers of the lines that a diff adds or removes."""
    for hunk in file.hunks:
        for line in hunk.lines:
            number = line.new_number if kind is LineKind.ADDED else line.old_number
            if line.kind is kind and number is not None:
                yield number


class _MergedText:
    """A file that isn't as the attempt made it.

    Args:
        to_users: the diff that leads to the user's file; None if it is the same.
        back: the diff from there to what the user had; None if that is the same.
    """

    def __init__(self, to_users: FileDiff | None, back: FileDiff | None) -> None:
        self._fresh = frozenset(_numbers(back, LineKind.REMOVED) if back else ())
        self._same: dict[int, int] = {}
        self._gone = frozenset(_numbers(to_users, LineKind.REMOVED) if to_users else ())
        self._ends, self._shifts = [0], [0]
        for hunk in to_users.hunks if to_users else ():
            for line in hunk.lines:
                if line.old_number is not None and line.new_number is not None:
                    self._same[line.old_number] = line.new_number
            end = hunk.old_start + hunk.old_count
            self._ends.append(end)
            self._shifts.append(hunk.new_start + hunk.new_count - end)

    def found_again(self, owners: Mapping[int, str]) -> dict[int, str]:
        """The lines with their numbers in the user's file, without those the user had before."""
        moved = ((self._moved(number), whose) for number, whose in owners.items())
        return {number: whose for number, whose in moved if number in self._fresh}

    def _moved(self, number: int) -> int:
        """The number of a line in the user's file; 0 if it isn't there."""
        if number in self._gone:
            return 0
        shift = self._shifts[bisect_right(self._ends, number) - 1]
        return self._same.get(number, number + shift)


def _merged(
    composition: Composition, files: Sequence[FileDiff], changes: Mapping[str, PathChange]
) -> dict[str, _MergedText]:
    """The files that weren't as the attempts found them, by path."""
    own, patch = composition.tree.repository, composition.patch
    olds, news = list_tree(own, composition.tree.base), list_tree(own, patch.tree)
    pairs = {
        file.path: (olds.get(file.old_path or file.path), news.get(file.path)) for file in files
    }
    blobs = read_blobs(own, [one.id for pair in pairs.values() for one in pair if one])
    befores: dict[str, FileState | None] = {}
    afters: dict[str, FileState | None] = {}
    for file in files:
        old, new = (blobs[one.id] if one else None for one in pairs[file.path])
        source = changes.get(file.old_path or file.path)
        before, after = source.before if source else None, changes[file.path].after
        if (before and before.content, after and after.content) != (old, new):
            befores[file.path], afters[file.path] = before, after
    if not afters:
        return {}
    users = composed_patch(own, patch.tree, [Placement(*one) for one in afters.items()])
    back = composed_patch(own, users.tree, [Placement(*one) for one in befores.items()])
    to_users, to_befores = ({file.path: file for file in one.files} for one in (users, back))
    return {path: _MergedText(to_users.get(path), to_befores.get(path)) for path in afters}


def _ranges(
    path: str, lines: Sequence[bytes], owners: Mapping[int, str], length: int
) -> Iterator[TakenLines]:
    runs = groupby(enumerate(sorted(owners.items())), lambda one: (one[1][0] - one[0], one[1][1]))
    for (_, label), run in runs:
        numbers = [number for _, (number, _) in run]
        for at in range(0, len(numbers), length):
            part = numbers[at : at + length]
            digest = digest_of_lines(lines[part[0] - 1 : part[-1]])
            yield TakenLines(label, path, part[0], part[-1], digest)
