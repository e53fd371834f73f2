"""The facts about fixes that the scorecard needs from events."""

from xreview.domain.events.event import (
    Event,
    FixApplied,
    FixEnded,
    FixJudged,
    FixReverted,
    FixStarted,
)
from xreview.domain.events.payload import FixEvent
from xreview.domain.fixing.fixer import FixerKind
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.record import dataclass, field
from xreview.domain.scorecard.scored import ScoredFixer

HandOver = tuple[str, str]
"""Repository and fix."""


@dataclass(slots=True)
class StartedFix:
    """One hand-over: who fixes since when, its cost in US dollars, and the outcomes by finding.

    `cost` is None while it is unknown. `outcomes` has when each was judged, too.
    """

    fixer: ScoredFixer
    at: str
    subjects: frozenset[str] = frozenset()
    """The names of all findings that were handed over."""
    cost: float | None = None
    outcomes: dict[frozenset[str], tuple[FixOutcome, str]] = field(
        default_factory=dict[frozenset[str], tuple[FixOutcome, str]]
    )
    applied: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    """What was applied in whole, by action."""

    def is_working(self, finding: frozenset[str]) -> bool:
        """Whether the finding was judged fixed, and all of that is applied."""
        outcome, _ = self.outcomes[finding]
        is_there = any(not finding.isdisjoint(names) for names in self.applied.values())
        return outcome is FixOutcome.FIXED and is_there


@dataclass(slots=True)
class RecordedFixes:
    """All fixes so far, added in the order of time."""

    started: dict[HandOver, StartedFix] = field(default_factory=dict[HandOver, StartedFix])

    def take(self, event: Event, payload: FixEvent) -> None:
        """Add one fact. What is about an unknown fix is skipped."""
        if isinstance(payload, FixStarted):
            fixer = payload.fixer
            is_free = fixer.kind is FixerKind.MECHANICAL
            scored = ScoredFixer(fixer.name, fixer.kind, fixer.family)
            cost = 0.0 if is_free else None
            subjects = frozenset(name for names in payload.findings for name in names)
            started = StartedFix(scored, event.at, subjects, cost)
            self.started[event.repository, payload.fix] = started
            return
        if not isinstance(payload, FixJudged | FixEnded | FixApplied | FixReverted):
            return
        if (one := self.started.get((event.repository, payload.fix))) is None:
            return
        match payload:
            case FixJudged(_, subjects, outcome):
                one.outcomes[frozenset(subjects)] = (outcome, event.at)
            case FixEnded(_, _, cost):
                one.cost = one.cost if cost is None else cost
            case FixApplied(action, _, subjects, _, is_whole):
                if is_whole:
                    one.applied[action] = frozenset(subjects)
            case FixReverted(action):
                one.applied.pop(action, None)
