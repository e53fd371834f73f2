"""What a patch takes from the tests: tests, assertions, and their ability to fail.

Assertions are compared block by block: a new one elsewhere doesn't make up for a removed one, but
one that only moved isn't removed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import Enum, auto

from xreview.domain.change import FileDiff, Hunk, Line, LineKind
from xreview.domain.fixing import assertions
from xreview.domain.record import dataclass, replace
from xreview.domain.text import count_of


class Weakening(Enum):
    """How a patch weakens a test."""

    TEST_REMOVED = auto()
    SKIPPED = auto()
    ASSERTION_REMOVED = auto()
    ASSERTION_CHANGED = auto()
    """Another value is expected: what a finding about the test itself may ask for."""
    TRIVIAL = auto()
    OPPOSITE = auto()
    UNREACHABLE = auto()
    SWALLOWED = auto()


@dataclass(frozen=True, slots=True)
class WeakenedLine:
    """One place that weakens a test: its 1-based line, on the old side if it was removed."""

    how: Weakening
    line: int
    text: str
    number: int = 1


LONGEST_LINE = 1_000
"""Characters of a line that are looked at."""

_Block = tuple[list[Line], list[Line]]


class MovedLines:
    """Lines that the test files of a patch remove in one place and add in another."""

    def __init__(self, files: Iterable[FileDiff]) -> None:
        removed, added = Counter[str](), Counter[str]()
        self.names: set[str] = set()
        for file in files:
            for hunk in _hunks(file):
                for line in hunk.lines:
                    if line.kind is LineKind.REMOVED:
                        removed[_plain(line)] += 1
                    elif line.kind is LineKind.ADDED:
                        added[_plain(line)] += 1
                self.names.update(name for name, _ in _tests_in(hunk, LineKind.ADDED))
        self._both = removed & added
        self._given = Counter[tuple[str, LineKind]]()

    def take(self, line: Line) -> bool:
        """Whether this line only moved; each is taken once on each side."""
        key = (_plain(line), line.kind)
        if self._given[key] >= self._both[_plain(line)]:
            return False
        self._given[key] += 1
        return True


def weakened_lines(file: FileDiff, moved: MovedLines) -> Iterator[WeakenedLine]:
    """What a test file's diff weakens, by lines."""
    for hunk in _hunks(file):
        for name, line in _tests_in(hunk, LineKind.REMOVED):
            if name not in moved.names:
                yield WeakenedLine(Weakening.TEST_REMOVED, line.old_number or 0, name)
        yield from _added_words(hunk)
        for removed, added in _blocks(hunk):
            yield from _compared(
                [one for one in removed if assertions.asserts(one.text) and not moved.take(one)],
                [one for one in added if assertions.asserts(one.text) and not moved.take(one)],
            )


def _hunks(file: FileDiff) -> Iterator[Hunk]:
    """The hunks with their lines cut to `LONGEST_LINE`, since some patterns take longer and longer
    for long ones."""
    for hunk in file.hunks:
        if any(len(line.text) > LONGEST_LINE for line in hunk.lines):
            cut = (replace(line, text=line.text[:LONGEST_LINE]) for line in hunk.lines)
            yield replace(hunk, lines=tuple(cut))
        else:
            yield hunk


def _tests_in(hunk: Hunk, kind: LineKind) -> Iterator[tuple[str, Line]]:
    """The tests that lines of one kind begin."""
    is_marked = False
    for line in hunk.lines:
        if line.kind not in (kind, LineKind.CONTEXT) or not line.text.strip():
            continue
        name = assertions.name_of_test(line.text, is_marked=is_marked)
        if name and line.kind is kind:
            yield name, line
        is_marked = assertions.marks_test(line.text) or (is_marked and _is_attribute(line.text))


def _is_attribute(text: str) -> bool:
    return text.lstrip().startswith(("@", "#[", "["))


def _added_words(hunk: Hunk) -> Iterator[WeakenedLine]:
    """Added lines that skip, end early, or swallow failures; those that were there don't count."""
    before = Counter(_plain(one) for one in hunk.lines if one.kind is LineKind.REMOVED)
    new = [one for one in hunk.lines if one.kind is not LineKind.REMOVED and one.text.strip()]
    for index, line in enumerate(new):
        if line.kind is not LineKind.ADDED:
            continue
        if before[_plain(line)]:
            before[_plain(line)] -= 1
            continue
        following = new[index + 1].text if index + 1 < len(new) else ""
        number = line.new_number or 0
        if assertions.skips(line.text):
            yield WeakenedLine(Weakening.SKIPPED, number, line.text.strip())
        elif assertions.cuts_off(line.text, following):
            yield WeakenedLine(Weakening.UNREACHABLE, number, line.text.strip())
        elif assertions.swallows(line.text):
            yield WeakenedLine(Weakening.SWALLOWED, number, line.text.strip())
        elif assertions.asserts(line.text) and assertions.cannot_fail(line.text):
            yield WeakenedLine(Weakening.TRIVIAL, number, line.text.strip())


def _blocks(hunk: Hunk) -> Iterator[_Block]:
    """The runs of changed lines between lines of context."""
    block: _Block = ([], [])
    for line in hunk.lines:
        if line.kind is LineKind.CONTEXT:
            if any(block):
                yield block
            block = ([], [])
        else:
            block[line.kind is LineKind.ADDED].append(line)
    if any(block):
        yield block


def _compared(removed: list[Line], added: list[Line]) -> Iterator[WeakenedLine]:
    for old, new in zip(removed, added, strict=False):
        if assertions.cannot_fail(new.text) and not assertions.cannot_fail(old.text):
            continue  # told by `_added_words`
        is_opposite = assertions.is_opposite(old.text, new.text)
        how = Weakening.OPPOSITE if is_opposite else Weakening.ASSERTION_CHANGED
        yield WeakenedLine(how, new.new_number or 0, new.text.strip())
    if left := removed[len(added) :]:
        first = left[0]
        yield WeakenedLine(
            Weakening.ASSERTION_REMOVED, first.old_number or 0, first.text.strip(), len(left)
        )


def weakening_words(one: WeakenedLine) -> str:
    """What happened, as the rest of a sentence about the file."""
    match one.how:
        case Weakening.TEST_REMOVED:
            return f"the test {one.text} is gone"
        case Weakening.ASSERTION_REMOVED:
            return f"{count_of(one.number, 'assertion')} removed"
        case _:
            return f"{_WORDS[one.how]}: {one.text}"


_WORDS = {
    Weakening.SKIPPED: "tests are skipped or expected to fail",
    Weakening.ASSERTION_CHANGED: "an assertion expects something else",
    Weakening.TRIVIAL: "an assertion that can't fail",
    Weakening.OPPOSITE: "an assertion says the opposite",
    Weakening.UNREACHABLE: "the rest of a test can't be reached",
    Weakening.SWALLOWED: "failures are swallowed",
}


def _plain(line: Line) -> str:
    return " ".join(line.text.split())
