"""Composing the consecutive diffs of one file into one, without the file itself.

The text of a line is unknown until a hunk shows it. The result is compared with the beginning line
by line, by where each line comes from, not by its text.
"""

from collections.abc import Iterable, Iterator, Sequence

from xreview.domain.change import Hunk, LineKind, parse_hunks
from xreview.domain.record import dataclass, field
from xreview.repo.diff.apply import line_bytes

_CONTEXT = 3
_ENDLESS = 10**12
_NO_NEWLINE = b"\\ No newline at end of file\n"


@dataclass(slots=True)
class _Run:
    """Consecutive lines: of the first file, from number `first` on, or added ones."""

    count: int
    first: int = 0
    added: list[bytes] = field(default_factory=list[bytes])

    def part(self, start: int, count: int) -> "_Run":
        """Some of the lines."""
        if self.first:
            return _Run(count, self.first + start)
        return _Run(count, added=self.added[start : start + count])


class _MismatchError(Exception):
    """A diff shows a line that differs from the result of the diffs before it."""


def compose_hunks(bodies: Sequence[bytes], *, is_new: bool, most_steps: int) -> bytes | None:
    """Return hunks with the same effect as these in order; None if they contradict each other.

    Args:
        bodies: the hunks of one file, of each diff in order.
        is_new: whether the first diff creates the file.
        most_steps: return None if it takes more steps, about one for each line.
    """
    known: dict[int, bytes] = {}
    runs = [] if is_new else [_Run(_ENDLESS, 1)]
    try:
        for body in bodies:
            most_steps -= len(runs) + body.count(b"\n")
            if most_steps < 0:
                return None
            runs = _joined(_applied(runs, parse_hunks(body), known))
    except _MismatchError:
        return None
    return b"".join(_printed(runs, known))


class _Cursor:
    """Consumes lines from a list of runs."""

    def __init__(self, runs: Sequence[_Run], known: dict[int, bytes]) -> None:
        self._runs = runs
        self._known = known
        self._index = self._offset = 0
        self.at = 1

    def skip_to(self, number: int) -> Iterator[_Run]:
        """All lines before this number."""
        if number < self.at:
            raise _MismatchError
        while self.at < number:
            run = self._run()
            count = min(number - self.at, run.count - self._offset)
            yield run.part(self._offset, count)
            self._go_on(count)

    def take(self, text: bytes) -> _Run:
        """The next line, which must be unknown or have this text."""
        run = self._run()
        if run.first:
            number = run.first + self._offset
            if self._known.setdefault(number, text) != text:
                raise _MismatchError
        elif run.added[self._offset] != text:
            raise _MismatchError
        line = run.part(self._offset, 1)
        self._go_on(1)
        return line

    def rest(self) -> Iterator[_Run]:
        """All remaining lines."""
        while self._index < len(self._runs):
            run = self._runs[self._index]
            yield run.part(self._offset, run.count - self._offset)
            self._index, self._offset = self._index + 1, 0

    def _run(self) -> _Run:
        if self._index == len(self._runs):
            raise _MismatchError
        return self._runs[self._index]

    def _go_on(self, count: int) -> None:
        self.at += count
        self._offset += count
        if self._offset == self._runs[self._index].count:
            self._index, self._offset = self._index + 1, 0


def _applied(
    runs: Sequence[_Run], hunks: Iterable[Hunk], known: dict[int, bytes]
) -> Iterator[_Run]:
    cursor = _Cursor(runs, known)
    for hunk in hunks:
        yield from cursor.skip_to(hunk.old_start + (hunk.old_count == 0))
        for line in hunk.lines:
            if line.kind is LineKind.ADDED:
                yield _Run(1, added=[line_bytes(line)])
            else:
                taken = cursor.take(line_bytes(line))
                if line.kind is LineKind.CONTEXT:
                    yield taken
    yield from cursor.rest()


def _joined(runs: Iterable[_Run]) -> list[_Run]:
    """The same lines in as few runs as possible."""
    joined: list[_Run] = []
    for run in runs:
        last = joined[-1] if joined else None
        if not run.count:
            continue
        if last and not run.first and not last.first:
            last.count += run.count
            last.added += run.added
        elif last and run.first and last.first and run.first == last.first + last.count:
            last.count += run.count
        else:
            joined.append(_Run(run.count, run.first, list(run.added)))
    return joined


@dataclass(slots=True)
class _Block:
    """Lines of the first file, from `old` on, that are replaced by others."""

    old: int
    removed: list[bytes]
    new: int
    added: list[bytes]

    @property
    def old_end(self) -> int:
        return self.old + len(self.removed)

    @property
    def new_end(self) -> int:
        return self.new + len(self.added)

    def trimmed(self) -> "_Block | None":
        """Drop unchanged lines at both ends; None if all lines are unchanged."""
        start, end = 0, 0
        least = min(len(self.removed), len(self.added))
        while start < least and self.removed[start] == self.added[start]:
            start += 1
        while end < least - start and self.removed[-1 - end] == self.added[-1 - end]:
            end += 1
        removed = self.removed[start : len(self.removed) - end]
        added = self.added[start : len(self.added) - end]
        if not removed and not added:
            return None
        return _Block(self.old + start, removed, self.new + start, added)


def _blocks(runs: Sequence[_Run], known: dict[int, bytes]) -> Iterator[_Block]:
    old = new = 1
    added: list[bytes] = []
    for run in (*runs, _Run(0, max(known, default=0) + 1)):
        if not run.first:
            added += run.added
            continue
        removed = [known[number] for number in range(old, run.first)]
        if removed or added:
            block = _Block(old, removed, new, added).trimmed()
            if block is not None:
                yield block
        old = run.first + run.count
        new += len(added) + run.count
        added = []


def _printed(runs: Sequence[_Run], known: dict[int, bytes]) -> Iterator[bytes]:
    """The hunks as git prints them, with as much context as is known."""
    group: list[_Block] = []
    for block in _blocks(runs, known):
        if group and not _is_known(known, group[-1].old_end, block.old):
            yield _hunk(group, known)
            group = []
        group.append(block)
    if group:
        yield _hunk(group, known)


def _is_known(known: dict[int, bytes], start: int, end: int) -> bool:
    return end - start <= 2 * _CONTEXT and all(number in known for number in range(start, end))


def _hunk(group: Sequence[_Block], known: dict[int, bytes]) -> bytes:
    first, last = group[0], group[-1]
    before = after = 0
    while before < _CONTEXT and first.old - before - 1 in known:
        before += 1
    while after < _CONTEXT and last.old_end + after in known:
        after += 1
    old_start, new_start = first.old - before, first.new - before
    old_count, new_count = last.old_end + after - old_start, last.new_end + after - new_start
    rows = [
        b"@@ -%d,%d +%d,%d @@\n"
        % (old_start - (not old_count), old_count, new_start - (not new_count), new_count)
    ]
    at = old_start
    for block in group:
        rows += (_row(b" ", known[number]) for number in range(at, block.old))
        rows += (_row(b"-", text) for text in block.removed)
        rows += (_row(b"+", text) for text in block.added)
        at = block.old_end
    rows += (_row(b" ", known[number]) for number in range(at, at + after))
    return b"".join(rows)


def _row(mark: bytes, text: bytes) -> bytes:
    return mark + (text if text.endswith(b"\n") else text + b"\n" + _NO_NEWLINE)
