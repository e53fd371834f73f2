"""Lines that the user took from attempts, found again in a change.

A line counts where the change adds it as it was taken. It may have moved within its file, or with a
file that was renamed; a changed line isn't the attempt's any more. Lines found in any program
(blank, a brace, `else:`) prove nothing: they count beside a line that was found.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from xreview.domain.authorship.author import Evidence, EvidenceKind
from xreview.domain.change import ChangeSource
from xreview.domain.events.attempt_events import TakenLines
from xreview.domain.record import dataclass
from xreview.domain.report import Confidence, ReviewerIdentity, ReviewerKind
from xreview.repo.attribution.base import Deadline, NamedWriter, Ranges, written_lines
from xreview.repo.attribution.sessions.scoring import AddedLines, added_lines_by_file, is_trivial
from xreview.repo.change.comparison import DIFF_OPTIONS, PATCH
from xreview.repo.change.history import commits_of
from xreview.repo.diff.git_diff import split_git_diff
from xreview.repo.repository import Repository

MOST_COMMITS = 100
"""Whose lines are read."""


def digest_of_lines(lines: Iterable[bytes]) -> str:
    """The SHA-256 of lines without line feeds, as `TakenLines.digest`."""
    return hashlib.sha256(b"".join(line + b"\n" for line in lines)).hexdigest()


@dataclass(frozen=True, slots=True)
class TakenFromAttempt:
    """What the user took from one attempt.

    Args:
        writer: of the attempt. at: UTC, ISO 8601. lines: its lines only.
    """

    label: str
    writer: ReviewerIdentity
    at: str
    lines: tuple[TakenLines, ...]

    @property
    def pointer(self) -> str:
        """`you took it from attempt B (claude-code) on 2026-12-01`."""
        return f"you took it from attempt {self.label} ({self.writer.name}) on {self.at[:10]}"


def attempt_evidence(
    taken: Sequence[TakenFromAttempt], added: AddedLines, commit: str = ""
) -> tuple[Evidence, ...]:
    """The evidence in what was taken that a change's lines are an attempt's.

    Args:
        taken: the oldest first; a line belongs to the latest that has it.
        added: the lines that the change, or one commit of it, adds.
    """
    places = {path: _FilePlaces(rows) for path, rows in added.items()}
    found: list[Evidence] = []
    for one in reversed(taken):
        by_path: dict[str, list[TakenLines]] = {}
        for lines in one.lines:
            by_path.setdefault(lines.path, []).append(lines)
        claimed: dict[str, Ranges] = {}
        for path, ranges in by_path.items():
            for there, numbers in _claimed(places, path, ranges):
                claimed.setdefault(there, []).extend(numbers)
        if claimed:
            who = _named(one.writer)
            lines = written_lines(claimed)
            found.append(who.evidence(EvidenceKind.ATTEMPT, one.pointer, commit, lines, one.at))
    return tuple(found)


def committed_attempt_evidence(
    repository: Repository,
    source: ChangeSource,
    taken: Sequence[TakenFromAttempt],
    changed_lines: Mapping[str, Mapping[str, int]],
    deadline: Deadline,
) -> tuple[Evidence, ...]:
    """The evidence for the commits of a change that were made after something was taken.

    Args:
        changed_lines: added lines by commit and path, of the change.

    Looks at `MOST_COMMITS`, the newest first, as long as there is time. Raises ChangeError.
    """
    paths = {lines.path for one in taken for lines in one.lines}
    touching = {id for id, by_path in changed_lines.items() if id and not paths.isdisjoint(by_path)}
    if not touching:
        return ()
    found: list[Evidence] = []
    commits = [one for one in commits_of(repository, source) if one.id in touching]
    for commit in commits[:MOST_COMMITS]:
        made = commit.committer.at
        before = [one for one in taken if made is not None and _is_before(one.at, made)]
        if before and deadline.left:
            arguments = ("diff-tree", "--root", "-r", "--no-commit-id", *PATCH, *DIFF_OPTIONS)
            diff = repository.start(*arguments, commit.id, "--", *sorted(paths))
            files = [file for batch in split_git_diff(diff.chunks()) for file in batch]
            found += attempt_evidence(before, added_lines_by_file(files), commit.id)
    return tuple(found)


def _is_before(taken: str, committed: datetime) -> bool:
    """Whether something was taken before a commit; git knows whole seconds only."""
    try:
        return datetime.fromisoformat(taken).replace(microsecond=0) <= committed
    except (ValueError, TypeError):  # not a time, or one without a zone
        return False


def _named(writer: ReviewerIdentity) -> NamedWriter:
    tool = writer.name if writer.kind is ReviewerKind.AGENT else ""
    vendor = writer.family if writer.is_model else ""
    return NamedWriter(tool, vendor, writer.model, Confidence.HIGH)


def _claimed(
    places: Mapping[str, "_FilePlaces"], path: str, ranges: Sequence[TakenLines]
) -> Iterator[tuple[str, Ranges]]:
    """The lines of the files in which these are found: their own, else any other."""
    candidates = {path: places[path]} if path in places else places
    for there, file in candidates.items():
        if numbers := file.claim(ranges):
            yield there, numbers
            return


class _FilePlaces:
    """The added lines of one file that belong to nobody yet."""

    def __init__(self, rows: Mapping[int, str]) -> None:
        self._rows = {
            number: text.encode("utf-8", "surrogateescape") for number, text in rows.items()
        }
        self._trivial = frozenset(number for number, text in rows.items() if is_trivial(text))
        self._free = set(rows)
        self._by_digest: dict[int, dict[str, list[int]]] = {}

    def claim(self, ranges: Sequence[TakenLines]) -> Ranges:
        """Claim the lines that are there, each range where it is nearest to the one before it."""
        ordered = sorted(ranges, key=lambda one: (one.start, one.end))
        found: dict[int, int] = {}
        shift = 0
        for place, one in enumerate(ordered):
            expected = one.start + shift
            # Most are where they were, and looking for them elsewhere takes long.
            found_at = [expected] if self._is_at(expected, one) else self._starts(one)
            starts = [start for start in found_at if not self._is_trivial(start, one)]
            if starts:
                start = min(starts, key=lambda start: abs(start - one.start - shift))
                shift = start - one.start
                self._take(start, one)
                found[place] = shift
        claimed = [(ordered[place], shift) for place, shift in found.items()]
        claimed += self._beside(ordered, found)
        return [(one.start + shift, one.end + shift) for one, shift in claimed]

    def _beside(
        self, ordered: Sequence[TakenLines], found: Mapping[int, int]
    ) -> Iterator[tuple[TakenLines, int]]:
        """Claim trivial lines that follow, or precede, lines that were found."""
        shifts = dict(found)
        places = range(len(ordered))
        for step, order in ((-1, places), (1, reversed(places))):
            for place in order:
                one, shift = ordered[place], shifts.get(place + step)
                if place in shifts or shift is None or not _touch(ordered, place, step):
                    continue
                if self._is_at(one.start + shift, one):
                    self._take(one.start + shift, one)
                    shifts[place] = shift
                    yield one, shift

    def _is_at(self, start: int, one: TakenLines) -> bool:
        """Whether lines that are free, from this one on, are these."""
        numbers = range(start, start + one.end - one.start + 1)
        return self._free.issuperset(numbers) and one.digest == digest_of_lines(
            self._rows[number] for number in numbers
        )

    def _starts(self, one: TakenLines) -> list[int]:
        """Where lines that are free are these."""
        length = one.end - one.start + 1
        if length not in self._by_digest:
            self._by_digest[length] = self._digests(length)
        starts = self._by_digest[length].get(one.digest, ())
        return [start for start in starts if self._free.issuperset(range(start, start + length))]

    def _digests(self, length: int) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for start in self._rows:
            numbers = range(start, start + length)
            if all(number in self._rows for number in numbers):
                digest = digest_of_lines(self._rows[number] for number in numbers)
                found.setdefault(digest, []).append(start)
        return found

    def _is_trivial(self, start: int, one: TakenLines) -> bool:
        return self._trivial.issuperset(range(start, start + one.end - one.start + 1))

    def _take(self, start: int, one: TakenLines) -> None:
        self._free.difference_update(range(start, start + one.end - one.start + 1))


def _touch(ordered: Sequence[TakenLines], place: int, step: int) -> bool:
    """Whether a range and its neighbour had no line between them."""
    one, other = ordered[place], ordered[place + step]
    return one.start == other.end + 1 if step < 0 else other.start == one.end + 1
