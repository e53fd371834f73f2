"""The problems and conventions of earlier sessions of a repository, folded from events."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property

from xreview.domain.decision import Reason
from xreview.domain.events.carried import CarriedState
from xreview.domain.events.event import (
    ConventionRemoved,
    ConventionWritten,
    DecisionMade,
    DecisionRedone,
    DecisionUndone,
    Event,
    FindingRemoved,
    FindingWritten,
    FixApplied,
    FixConfirmed,
    FixJudged,
    FixReverted,
    NoteWritten,
    ProblemMissed,
    ReportReceived,
    StanceTaken,
)
from xreview.domain.events.payload import EscalationEvent, LocalEvent, SessionEvent
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.identity.anchor import normalised
from xreview.domain.identity.convention import Convention, action_of
from xreview.domain.own_findings import is_own, own_findings_in
from xreview.domain.record import dataclass, field, replace
from xreview.domain.report import Report
from xreview.domain.state import undone_in

CodeKey = tuple[str, str]
"""The rule ("" for a model) and the quoted code, white space aside."""


def code_key(report: Report) -> CodeKey:
    """What all reports of one problem share, whatever happens around its code."""
    return report.rule, normalised(report.anchor.quote)


@dataclass(frozen=True, slots=True)
class Known:
    """One problem as it was last seen, in the latest report, whose fingerprint is its identity;
    sessions are counted from 0. `is_fixed`: it was confirmed gone since. `is_mended`: a fix that
    was judged `fixed` is applied since. `is_tentative`: it was only seen in attempts, never in the
    user's own files."""

    report: Report
    first: int
    last: int
    is_fixed: bool = False
    is_mended: bool = False
    is_tentative: bool = False

    @property
    def again(self) -> CarriedState:
        """How it compares if it is reported again."""
        if self.is_tentative:
            return CarriedState.NEW
        if self.is_mended:
            return CarriedState.REGRESSED
        return CarriedState.BACK if self.is_fixed else CarriedState.STILL_THERE


@dataclass(frozen=True)
class History:
    """Problems by identity, conventions that hold by id, and reports as they were when deferred, by
    action and fingerprint. `own` are the findings of people that hold, by identity, as they were
    last written."""

    known: Mapping[str, Known] = field(default_factory=dict[str, Known])
    conventions: Mapping[str, Convention] = field(default_factory=dict[str, Convention])
    put_off: Mapping[tuple[str, str], Report] = field(default_factory=dict[tuple[str, str], Report])
    own: Mapping[str, Report] = field(default_factory=dict[str, Report])

    @cached_property
    def by_code(self) -> Mapping[CodeKey, tuple[str, ...]]:
        """Identities by the code they quote, the oldest first."""
        found: dict[CodeKey, list[str]] = {}
        for identity, known in self.known.items():
            found.setdefault(code_key(known.report), []).append(identity)
        return {key: tuple(identities) for key, identities in found.items()}

    @cached_property
    def by_path(self) -> Mapping[str, tuple[str, ...]]:
        """Identities by the file they were last seen in, the oldest first."""
        found: dict[str, list[str]] = {}
        for identity, known in self.known.items():
            found.setdefault(known.report.anchor.path, []).append(identity)
        return {path: tuple(identities) for path, identities in found.items()}


PROBLEM_EVENTS = (
    ReportReceived, FixConfirmed, DecisionMade, FindingWritten, FindingRemoved, FixJudged,
    FixApplied,
)  # fmt: skip
CONVENTION_EVENTS = (ConventionWritten, ConventionRemoved, DecisionUndone, DecisionRedone)
"""The kinds of event that `history_of` reads, with `FixReverted`; it accepts one list after the
other."""


class _Mending:
    """Which problems have a fix that was judged `fixed` and is applied, in whatever order."""

    def __init__(self, events: Iterable[Event]) -> None:
        told = (event.payload for event in events)
        self._reverted = {one.action for one in told if isinstance(one, FixReverted)}
        self._judged: set[tuple[str, str]] = set()
        self._applied: set[tuple[str, str]] = set()

    def mended(self, payload: FixJudged | FixApplied) -> Iterator[str]:
        """The problems that are mended with this event."""
        parts = {(payload.fix, subject) for subject in payload.subjects}
        if isinstance(payload, FixJudged):
            is_fixed = payload.outcome is FixOutcome.FIXED
            self._judged = self._judged | parts if is_fixed else self._judged - parts
        elif payload.is_whole and payload.action not in self._reverted:
            self._applied |= parts
        return (subject for _, subject in parts & self._judged & self._applied)


def history_of(
    events: Iterable[Event], *, without_session: str = "", attempts: Collection[str] = ()
) -> History:
    """Fold the events of one repository, oldest first, in linear time; skip one session's
    reports. `attempts` are the sessions that reviewed attempts."""
    known: dict[str, Known] = {}
    conventions: dict[str, Convention] = {}
    put_off: dict[tuple[str, str], Report] = {}
    sessions: dict[str, int] = {}
    told = list(events)
    mending = _Mending(told)
    for event in told:
        if event.session == without_session and isinstance(event.payload, ReportReceived):
            continue
        match event.payload:
            case ReportReceived(report) | FindingWritten(report=report):
                number = sessions.setdefault(event.session, len(sessions))
                earlier, is_tentative = known.get(report.fingerprint), event.session in attempts
                if is_tentative and earlier and not earlier.is_tentative:
                    continue  # an attempt says nothing of what is in the user's files
                first = earlier.first if earlier else number
                known[report.fingerprint] = Known(report, first, number, is_tentative=is_tentative)
            case FixConfirmed(subjects):
                for subject in subjects:
                    if subject in known:
                        known[subject] = replace(known[subject], is_fixed=True)
            case FixJudged() | FixApplied():
                for subject in mending.mended(event.payload):
                    if subject in known:
                        known[subject] = replace(known[subject], is_mended=True)
            case DecisionMade(action, subjects, decision):
                if decision.reason is Reason.LATER:
                    reports = {(action, one): known[one].report for one in subjects if one in known}
                    put_off.update(reports)
            case ConventionWritten(id, sentence, subjects, owner, path_pattern):
                conventions[id] = Convention(id, sentence, subjects, owner, event.at, path_pattern)
            case ConventionRemoved(id):
                conventions.pop(id, None)
            case (
                StanceTaken() | DecisionUndone() | DecisionRedone() | NoteWritten()
                | FindingRemoved() | ProblemMissed() | SessionEvent() | EscalationEvent()
                | LocalEvent()
            ):  # fmt: skip
                pass
    undone = undone_in(told)
    own = own_findings_in(told).holding
    gone = [id for id, one in known.items() if is_own(one.report) and id not in own]
    for id in gone:
        del known[id]
    holding = {id: one for id, one in conventions.items() if action_of(id) not in undone}
    return History(known, _with_origins(holding, known), put_off, own)


def _with_origins(
    conventions: Mapping[str, Convention], known: Mapping[str, Known]
) -> dict[str, Convention]:
    return {
        id: replace(
            convention,
            origins=tuple(
                known[subject].report for subject in convention.subjects if subject in known
            ),
        )
        for id, convention in conventions.items()
    }
