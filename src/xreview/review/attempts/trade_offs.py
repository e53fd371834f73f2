"""Conflicts between attempts as findings of the triage that opens once one of them is taken.

Each is a report by the writer of another version, named `attempt B`, and a stance of the taken
version's writer, who calls it a trade-off. Nothing is asked of a model: both sides are what the
attempts do, and what their statements say.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence

from xreview.disagreement.points import statement_points
from xreview.domain.attempt.piece import AttemptComparison
from xreview.domain.attempt.points import PointKind
from xreview.domain.attempt.seat import attempt_party
from xreview.domain.attempt.statement import EdgeCase
from xreview.domain.change import FileDiff, Side
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.events.attempt_events import AttemptTaken
from xreview.domain.events.event import StanceTaken
from xreview.domain.finding import Finding
from xreview.domain.identity.file_text import FileText
from xreview.domain.record import dataclass, replace
from xreview.domain.report import (
    Category,
    Confidence,
    Lens,
    Report,
    ReviewerIdentity,
    ReviewerKind,
    Severity,
    Suggestion,
)
from xreview.domain.stance import Stance, StanceKind
from xreview.domain.text import count_of, shorten
from xreview.ports.reviewer import (
    ContentReader,
    Notice,
    Progress,
    RawReport,
    ReviewRequest,
    Signal,
    Usage,
)
from xreview.review.attempts.conflict_places import (
    Conflict,
    ConflictPlace,
    conflicts_taken,
    most_lines,
    places_in,
)
from xreview.review.attempts.conflict_words import cases_here, claim_of, has_said, side_of
from xreview.review.attempts.snapshot import TrialSnapshot

MOST_FINDINGS = 12
MOST_IN_FILE = 300
"""Conflicts that are looked for in one file, the largest; the rest is only counted."""
COMPARER = ReviewerIdentity("attempts", ReviewerKind.ANALYSER, "attempts")
"""Who compares: no model, so that nothing counts as read by one."""
_CLAIM_KEY = "attempts/differ"
_UNREAD = "it only compares attempts"
_LONGEST_TITLE = 120


def trade_off_reviewer(taken: AttemptTaken, snapshot: TrialSnapshot) -> "AttemptsReviewer | None":
    """Make what reports where other attempts conflict with what was taken; None if none does."""
    comparison = snapshot.comparison
    if comparison is None or not conflicts_taken(taken, comparison):
        return None
    return AttemptsReviewer(taken, snapshot, comparison)


def attempt_as_reviewer(label: str, snapshot: TrialSnapshot) -> ReviewerIdentity:
    """An attempt's writer as the party of a finding: `attempt B (agent: anthropic opus)`."""
    return replace(snapshot.by_label[label].seat.writer, name=attempt_party(label))


def is_between_attempts(finding: Finding, snapshot: TrialSnapshot) -> bool:
    """Whether attempts report it, so that its author's model needs no more asking."""
    known = {attempt_as_reviewer(one.label, snapshot) for one in snapshot.attempts}
    return all(report.reviewer in known for report in finding.reports)


class AttemptsReviewer:
    """Compares the user's files with the attempts of which they were taken.

    Args:
        taken: the latest take that is in the files.
        snapshot: the trial, with its comparison.
    """

    def __init__(
        self, taken: AttemptTaken, snapshot: TrialSnapshot, comparison: AttemptComparison
    ) -> None:
        self._taken = taken
        self._snapshot = snapshot
        self._conflicts = conflicts_taken(taken, comparison)

    @property
    def identity(self) -> ReviewerIdentity:
        """`attempts`; the reports name the attempts' writers."""
        return COMPARER

    @property
    def lens(self) -> Lens:
        """Its lens: `risk`."""
        return Lens.RISK

    async def review(self, request: ReviewRequest) -> AsyncGenerator[Signal, None]:
        """Stream a report per place and other attempt, the most telling places first, and a notice
        about those beyond `MOST_FINDINGS`. No file counts as read."""
        yield Usage(cost=0.0)
        files = request.change.files
        told: list[ToldConflict] = []
        left = 0
        for done, file in enumerate(files, start=1):
            conflicts = self._conflicts_in(file)
            left += len(conflicts[MOST_IN_FILE:])
            told += await self._told(file, conflicts[:MOST_IN_FILE], request.contents)
            yield CoverageEntry(COMPARER.name, file.path, Reading.SKIPPED, _UNREAD, expected=True)
            yield Progress(done, len(files), file.path)
        told.sort(key=lambda one: one.order)
        for one in told[:MOST_FINDINGS]:
            for report in one.reports:
                yield report
        if left := left + len(told[MOST_FINDINGS:]):
            places = count_of(left, "more place")
            yield Notice(f"Attempts conflict in {places}. Press G to compare them.", left)

    def _conflicts_in(self, file: FileDiff) -> list[Conflict]:
        """The conflicts in a file, the largest first."""
        paths = dict.fromkeys((file.path, file.old_path or file.path))
        conflicts = [one for path in paths for one in self._conflicts.get(path, ())]
        return sorted(conflicts, key=lambda one: -most_lines(one[0]))

    async def _told(
        self, file: FileDiff, conflicts: Sequence[Conflict], contents: ContentReader
    ) -> list["ToldConflict"]:
        if not conflicts:
            return []
        old = await contents.read(file, Side.OLD)
        new = await contents.read(file, Side.NEW)
        return await asyncio.to_thread(self._told_of, file, conflicts, old, new)

    def _told_of(
        self, file: FileDiff, conflicts: Sequence[Conflict], old: bytes | None, new: bytes | None
    ) -> list["ToldConflict"]:
        places = places_in(file, (_text(old), _text(new)), conflicts, self._taken)
        return [
            ToldConflict(place, tuple(self._report(place, label) for label in place.others))
            for place in places
        ]

    def _report(self, place: ConflictPlace, label: str) -> RawReport:
        """What another attempt does here, by its writer."""
        cases = cases_here(self._snapshot.by_label[label], place)
        gap = _gap(self._snapshot, place.label, label, cases)
        where = f" in {place.block}" if place.block else ""
        title = f"Attempt {label} does this differently{where}"
        if gap is not None:
            title = f"Attempt {label} handles a case that attempt {place.label} leaves out{where}"
        return RawReport(
            reviewer=attempt_as_reviewer(label, self._snapshot),
            claim_key=_CLAIM_KEY,
            rule="",
            title=shorten(title, _LONGEST_TITLE),
            claim=claim_of(place, label),
            scenario=has_said(label, cases, place.label, gap[1] if gap else ""),
            category=Category.EDGE_CASE if gap else Category.CONSISTENCY,
            severity=Severity.MEDIUM if gap else Severity.LOW,
            confidence=Confidence.MEDIUM,
            path=place.file.path,
            side=place.side,
            start_line=place.start,
            end_line=place.end,
            quote="\n".join(place.lines),
            suggestion=Suggestion(f"As attempt {label} has it.", place.replacement(label)),
            settle=f"A test of this case: {gap[0].text}" if gap else "",
        )


@dataclass(frozen=True, slots=True)
class ToldConflict:
    """A place with a report of each attempt that differs there."""

    place: ConflictPlace
    reports: tuple[RawReport, ...]

    @property
    def order(self) -> tuple[object, ...]:
        """The sort key: the worst and the largest first."""
        worst = max((one.severity for one in self.reports), default=Severity.LOW)
        return (-worst, -self.place.size, self.place.file.path, self.place.start)


def trade_off_stances(
    reports: Iterable[Report], taken: AttemptTaken, snapshot: TrialSnapshot
) -> tuple[StanceTaken, ...]:
    """The stances of the taken attempts' writers on the reports that an `AttemptsReviewer` made.

    Args:
        reports: grounded ones, of any reviewers; those of others are passed over.
    """
    writers = {attempt_as_reviewer(one.label, snapshot) for one in snapshot.attempts}
    conflicts = conflicts_taken(taken, snapshot.comparison) if snapshot.comparison else {}
    # Reports of several attempts on one place have one identity, and get one answer.
    found: dict[tuple[str, str], StanceTaken] = {}
    for report in reports:
        key = (report.anchor.path, report.fingerprint)
        if report.reviewer not in writers or key in found:
            continue
        if (side := side_of(report, taken, conflicts, snapshot)) is not None:
            stance = Stance(
                party=attempt_as_reviewer(side.label, snapshot),
                kind=StanceKind.TRADE_OFF,
                argument=side.argument,
                quote=side.quote,
                settles=report.settle,
                path=report.anchor.path,
                line=report.anchor.start_line,
            )
            found[key] = StanceTaken((report.fingerprint,), stance)
    return tuple(found.values())


def _gap(
    snapshot: TrialSnapshot, taken: str, other: str, cases: Sequence[EdgeCase]
) -> tuple[EdgeCase, str] | None:
    """The case that the other attempt handles here, and as what the taken one leaves it out."""
    ours, theirs = (snapshot.by_label[label].statement for label in (taken, other))
    if ours is None or theirs is None or not cases:
        return None
    for point in statement_points({taken: ours, other: theirs}):
        said = point.by_label
        if point.is_parting and said[taken].kind is PointKind.LEFT_OUT:
            case = said[other].case
            if case is not None and case in cases:
                return case, said[taken].text
    return None


def _text(content: bytes | None) -> FileText | None:
    return None if content is None else FileText(content.decode("utf-8", "surrogateescape"))
