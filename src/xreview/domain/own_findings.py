"""The findings that people write, folded from events: written, edited, removed, undone."""

from collections.abc import Iterable, Mapping
from itertools import count

from xreview.domain.events.event import (
    DecisionRedone,
    DecisionUndone,
    Event,
    FindingRemoved,
    FindingWritten,
    Payload,
    ReportReceived,
)
from xreview.domain.identity.anchor import beside
from xreview.domain.identity.claim import (
    SAID_AGAIN,
    claim_key,
    overlap,
    plain,
    stems,
    words_agree,
    words_of,
)
from xreview.domain.record import dataclass, replace
from xreview.domain.report import Category, Lens, Report, ReviewerIdentity, ReviewerKind

FAMILY = "person"
YOU = ReviewerIdentity("you", ReviewerKind.PERSON, FAMILY)
"""The user of this session, as the screen names them."""

OWN_EVENTS = (FindingWritten, FindingRemoved, DecisionUndone, DecisionRedone)
"""The kinds of event that `OwnFindings` takes."""

_ECONOMY = frozenset(
    {
        Category.PERFORMANCE,
        Category.SIMPLIFICATION,
        Category.CONSISTENCY,
        Category.OVER_ENGINEERING,
        Category.DOCUMENTATION,
    }
)


def as_reviewer(actor: str) -> ReviewerIdentity:
    """A user as a reviewer, by the git identity that events name as their actor."""
    return ReviewerIdentity(name_of(actor), ReviewerKind.PERSON, FAMILY)


def name_of(actor: str) -> str:
    """The name in a git identity, without the address."""
    return actor.partition(" <")[0] or actor


def is_own(report: Report) -> bool:
    """Whether a person wrote the report here, and not on a pull request."""
    return report.reviewer.kind is ReviewerKind.PERSON and not report.source


def seen_by(report: Report, actor: str) -> Report:
    """A report as this user sees it: what they wrote is by "you"."""
    return replace(report, reviewer=YOU) if report.reviewer == as_reviewer(actor) else report


def lens_of(category: Category) -> Lens:
    """The lens under which a reviewer should have seen a problem of this category."""
    return Lens.ECONOMY if category in _ECONOMY else Lens.RISK


def is_same_problem(own: Report, other: Report) -> bool:
    """Whether a person's report is about the same problem as another: by identity, or because both
    say the same about the same lines.

    Stricter than the alignment of models: you write what you don't see in the list.
    """
    if own.fingerprint == other.fingerprint:
        return True
    if not other.anchored or not own.anchor.overlaps(other.anchor):
        return False
    if claim_key(own) == claim_key(other):
        return words_agree(own, other)
    said, told = (stems(words_of(one.title, one.claim)) for one in (own, other))
    return overlap(said, told) >= SAID_AGAIN


def own_fingerprint(report: Report, others: Iterable[Report]) -> str:
    """The report's own identity or, if another problem has it, one derived from it."""
    holders: dict[str, list[Report]] = {}
    for other in others:
        holders.setdefault(other.fingerprint, []).append(other)
    if all(_shares_with(report, one) for one in holders.get(report.fingerprint, ())):
        return report.fingerprint
    said = f"{report.anchor.path}\n{plain(words_of(report.title, report.claim))}"
    names = (beside(report.fingerprint, f"{said}{number or ''}") for number in count())
    return next(name for name in names if name not in holders)


def _shares_with(report: Report, holder: Report) -> bool:
    return (
        not is_own(holder) and report.anchor.overlaps(holder.anchor) and words_agree(report, holder)
    )


@dataclass(frozen=True, slots=True)
class _Version:
    """What an action made of an own finding; None for removed."""

    action: str
    report: Report | None


class OwnFindings:
    """The reports of people that hold: the last version of each that wasn't undone."""

    def __init__(self) -> None:
        self._versions: dict[str, list[_Version]] = {}
        self._undone: set[str] = set()

    def take(self, payload: Payload) -> frozenset[str]:
        """Fold in one of `OWN_EVENTS`; return the fingerprints that it may concern."""
        if isinstance(payload, FindingWritten):
            return self._put(payload.report.fingerprint, _Version(payload.action, payload.report))
        if isinstance(payload, FindingRemoved):
            for subject in payload.subjects:
                self._put(subject, _Version(payload.action, None))
            return frozenset(payload.subjects)
        if isinstance(payload, DecisionUndone):
            self._undone.add(payload.action)
            return self._made_by(payload.action)
        if isinstance(payload, DecisionRedone):
            self._undone.discard(payload.action)
            return self._made_by(payload.action)
        return frozenset()

    def put(self, report: Report) -> None:
        """Add a report from an earlier session, as it is now."""
        self._put(report.fingerprint, _Version("", report))

    @property
    def holding(self) -> Mapping[str, Report]:
        """The reports that hold, by fingerprint."""
        held = {name: self.get(name) for name in self._versions}
        return {name: report for name, report in held.items() if report is not None}

    def get(self, fingerprint: str) -> Report | None:
        """The report that holds for a fingerprint, if any."""
        for version in reversed(self._versions.get(fingerprint, ())):
            if version.action not in self._undone:
                return version.report
        return None

    def is_withdrawn(self, fingerprint: str) -> bool:
        """Whether a report was written with this fingerprint and holds no more."""
        return fingerprint in self._versions and self.get(fingerprint) is None

    def _put(self, name: str, version: _Version) -> frozenset[str]:
        self._versions.setdefault(name, []).append(version)
        return frozenset({name})

    def _made_by(self, action: str) -> frozenset[str]:
        return frozenset(
            name
            for name, versions in self._versions.items()
            if any(version.action == action for version in versions)
        )


def own_findings_in(events: Iterable[Event]) -> OwnFindings:
    """The own findings in events, given in the order they were written; sessions that found one
    again reported it."""
    own = OwnFindings()
    for event in events:
        payload = event.payload
        if isinstance(payload, ReportReceived) and is_own(payload.report):
            own.put(payload.report)
        own.take(payload)
    return own
