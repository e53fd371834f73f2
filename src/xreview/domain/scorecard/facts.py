"""What the scorecard needs of single events."""

from typing import NamedTuple

from xreview.domain.decision import Decision
from xreview.domain.events.event import Event, ProblemMissed
from xreview.domain.events.person_events import FoundIn
from xreview.domain.own_findings import lens_of
from xreview.domain.record import dataclass
from xreview.domain.report import Category, Confidence, Lens, Report, Severity
from xreview.domain.ruling import ChosenReport, Ruling
from xreview.domain.scorecard.scored import ScoredReviewer, scored


class Sighting(NamedTuple):
    """A report in a session, as far as needed."""

    repository: str
    session: str
    at: str
    reviewer: ScoredReviewer
    fingerprint: str
    category: Category
    lens: Lens
    path: str
    severity: Severity
    confidence: Confidence


def sighting_of(event: Event, report: Report) -> Sighting:
    """The sighting in a report's event."""
    return Sighting(
        event.repository,
        event.session,
        event.at,
        scored(report.reviewer),
        report.fingerprint,
        report.category,
        report.lens,
        report.anchor.path,
        report.severity,
        report.confidence,
    )


class Made(NamedTuple):
    """A decision, as far as needed."""

    repository: str
    session: str
    at: str
    action: str
    subjects: tuple[str, ...]
    decision: Decision
    ruling: Ruling | None = None
    chosen: tuple[ChosenReport, ...] = ()

    def is_against(self, seen: Sighting) -> bool:
        """Whether it accepted another side than this report's."""
        if not self.chosen:
            return False
        return ChosenReport(seen.fingerprint, seen.reviewer.name) not in self.chosen


class Miss(NamedTuple):
    """A problem that came to light after a session, as far as needed."""

    repository: str
    session: str
    at: str
    action: str
    path: str
    found: FoundIn
    lens: Lens | None


class CoverageReceipt(NamedTuple):
    """Which reviewers read which paths in a session."""

    session: str
    at: str
    read: tuple[tuple[str, str], ...]


def miss_of(event: Event, missed: ProblemMissed) -> Miss:
    """The miss in its event."""
    lens = None if missed.category is None else lens_of(missed.category)
    at, path = event.at, missed.path
    return Miss(event.repository, event.session, at, missed.action, path, missed.found, lens)


@dataclass(frozen=True, slots=True)
class ReviewerUsage:
    """What a reviewer used in a session: US dollars and seconds; None for unknown."""

    session: str
    reviewer: str
    dollars: float | None = None
    seconds: float | None = None

    def __add__(self, other: "ReviewerUsage") -> "ReviewerUsage":
        return ReviewerUsage(
            self.session,
            self.reviewer,
            _sum(self.dollars, other.dollars),
            _sum(self.seconds, other.seconds),
        )


def _sum(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one + other


Fact = Event | Sighting | Made | CoverageReceipt | ReviewerUsage
