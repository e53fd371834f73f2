"""The account of a change: whether each path and each changed line was read.

Every path is *read* by at least one reviewer, *left out* by the user's own settings or options, or
*not read*, with the reason. Anything not read makes a review incomplete; nothing in the change
itself can alter that. Lines that git counts and no diff shows (`Unshown`) are not read, even if the
rest of their file is: that path has two entries.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cached_property

from xreview.domain.change import FileDiff, Unshown
from xreview.domain.changed_file import ChangedFile
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.record import dataclass, replace
from xreview.domain.text import count_of

NOBODY = "no reviewer read it"
NO_APPROVAL = "Only pattern checks read this. They find few bugs: no findings doesn't mean no bugs."


class Fate(StrEnum):
    """Whether a path and its changed lines were read."""

    READ = "read"
    LEFT_OUT = "left-out"
    NOT_READ = "not-read"

    @property
    def word(self) -> str:
        """The fate in words."""
        return "left out by your settings" if self is Fate.LEFT_OUT else self.replace("-", " ")


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """A path, or those of its changed lines that share a fate, with its readers or the reason. The
    path is "" for lines of no file, as in a damaged patch."""

    path: str
    lines: int
    fate: Fate
    by: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Sums:
    """A number of files and changed lines."""

    files: int = 0
    lines: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.files + other.files, self.lines + other.lines)

    @property
    def words(self) -> str:
        """ "2 files, 37 lines"."""
        return f"{count_of(self.files, 'file')}, {count_of(self.lines, 'line')}"


@dataclass(frozen=True)
class Account:
    """All entries, in the order of the change."""

    entries: tuple[AccountEntry, ...] = ()

    @cached_property
    def not_read(self) -> tuple[AccountEntry, ...]:
        """The entries that make the review incomplete."""
        return tuple(one for one in self.entries if one.fate is Fate.NOT_READ)

    @property
    def is_complete(self) -> bool:
        """Whether everything was read or left out."""
        return not self.not_read

    def sums(self, fate: Fate) -> Sums:
        """How much has this fate; a file that is partly not read counts as not read."""
        return self._sums[fate]

    @cached_property
    def total(self) -> Sums:
        """The size of the whole change."""
        return sum(self._sums.values(), Sums())

    @property
    def words(self) -> str:
        """The account in one line: "12 of 14 files read; 2 not: vendor/x.py (…), …"."""
        read, left_out = self.sums(Fate.READ), self.sums(Fate.LEFT_OUT)
        said = f"{read.files:,} of {count_of(self.total.files, 'file')} read"
        if left_out.files:
            said += f"; {left_out.files:,} left out by your settings"
        if self.not_read:
            missing = self.sums(Fate.NOT_READ)
            lines = f" ({count_of(missing.lines, 'line')})" if missing.lines else ""
            said += f"; {missing.files:,} not{lines}: {self._named}"
        return said

    @property
    def _named(self) -> str:
        largest = sorted(self.not_read, key=lambda one: -one.lines)[:_NAMED]
        named = [f"{one.path or 'part of the change'} ({one.why})" for one in largest]
        more = len(self.not_read) - _NAMED
        return ", ".join(named) + (f", and {more:,} more" if more > 0 else "")

    @cached_property
    def _sums(self) -> dict[Fate, Sums]:
        lines = dict.fromkeys(Fate, 0)
        fates: dict[str, Fate] = {}
        for entry in self.entries:
            lines[entry.fate] += entry.lines
            if fates.get(entry.path) is not Fate.NOT_READ:
                fates[entry.path] = entry.fate
        files = list(fates.values())
        return {fate: Sums(files.count(fate), lines[fate]) for fate in Fate}


EMPTY_ACCOUNT = Account()
_NAMED = 3


def gaps_in(account: Account, coverage: Iterable[CoverageEntry]) -> tuple[CoverageEntry, ...]:
    """Everything not read: the reviewers' gaps, in the order of the change however they arrived,
    then what no reviewer was given.

    The latter have "" as their `reviewer`.
    """
    gaps = [entry for entry in coverage if entry.is_gap]
    if len(gaps) > 1:
        places = {one.path: place for place, one in enumerate(account.entries)}
        gaps.sort(key=lambda gap: (places.get(gap.path, len(places)), gap.path, gap.reviewer))
    told = {gap.path for gap in gaps}
    unread = (
        CoverageEntry("", one.path, Reading.SKIPPED, one.why, one.lines)
        for one in account.not_read
        if one.path not in told or (not one.path)
    )
    return (*gaps, *unread)


def account_of(
    files: Sequence[FileDiff | ChangedFile],
    coverage: Iterable[CoverageEntry],
    unread: Sequence[Unshown] = (),
) -> Account:
    """The account of a change, files in git's order; `unread` is what belongs to it but is in no
    file's diff."""
    said: dict[str, list[CoverageEntry]] = {}
    for entry in coverage:
        said.setdefault(entry.path, []).append(entry)
    missing: dict[str, list[Unshown]] = {}
    for one in unread:
        missing.setdefault(one.path, []).append(one)
    return Account(tuple(_entries(files, said, missing)))


def _entries(
    files: Sequence[FileDiff | ChangedFile],
    said: dict[str, list[CoverageEntry]],
    missing: dict[str, list[Unshown]],
) -> Iterator[AccountEntry]:
    shown = {file.path: file.added + file.removed for file in files}
    for path in dict.fromkeys((*shown, *missing)):
        here = missing.get(path, ())
        entry = _entry(path, shown.get(path, 0), said.get(path, ()))
        if not here:
            yield entry
            continue
        lost = sum(one.lines for one in here)
        reasons = [one.why for one in here]
        if entry.fate is Fate.LEFT_OUT:
            yield replace(entry, lines=entry.lines + lost)
            continue
        if entry.fate is Fate.READ and entry.lines:
            yield entry
        elif entry.lines:
            lost += entry.lines
            reasons.insert(0, entry.why)
        why = "; ".join(dict.fromkeys(reasons))
        yield AccountEntry(path, lost, Fate.NOT_READ, why=why)


def _entry(path: str, lines: int, entries: Sequence[CoverageEntry]) -> AccountEntry:
    by = tuple(sorted({e.reviewer for e in entries if e.reading is Reading.READ}))
    if by:
        return AccountEntry(path, lines, Fate.READ, by)
    left_out = next((e for e in entries if e.reading is Reading.LEFT_OUT), None)
    if left_out is not None:
        return AccountEntry(path, lines, Fate.LEFT_OUT, why=left_out.why)
    # A gap says what went wrong. An expected skip can say only that the file was for another
    # reviewer; what most of them say is about the file.
    reasons = [e.why for e in entries if e.why and e.is_gap] or [e.why for e in entries if e.why]
    why = max(reasons, key=reasons.count, default=NOBODY)
    return AccountEntry(path, lines, Fate.NOT_READ, why=why)
