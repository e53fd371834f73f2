"""What fixes did to findings, folded from events."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from xreview.domain.events.event import (
    Event,
    FixAnswered,
    FixApplied,
    FixDiscarded,
    FixEnded,
    FixJudged,
    FixReverted,
    FixStarted,
)
from xreview.domain.events.payload import (
    AuthorEvent,
    ConventionEvent,
    EscalationEvent,
    FindingEvent,
    PersonEvent,
    ProposalEvent,
    SessionEvent,
    TriageEvent,
    UpkeepEvent,
)
from xreview.domain.finding import Finding
from xreview.domain.fixing.fixer import FixerIdentity
from xreview.domain.fixing.outcome import FixOutcome


@dataclass(frozen=True, slots=True)
class FindingFix:
    """What the latest fix of a finding did.

    Args:
        fix: names the fix. at: when it was judged (UTC, ISO 8601).
        is_applied: whether it is in the user's files.
    """

    fix: str
    fixer: FixerIdentity
    outcome: FixOutcome
    evidence: str
    at: str
    is_applied: bool = False

    @property
    def words(self) -> str:
        """`fixed, not applied`."""
        return str(self.outcome) if self.is_applied else f"{self.outcome}, not applied"


@dataclass(frozen=True, slots=True)
class FixState:
    """The latest judged fix by fingerprint, and the parts that were applied, by action."""

    by_fingerprint: Mapping[str, FindingFix] = field(default_factory=dict[str, FindingFix])
    fixers: Mapping[str, FixerIdentity] = field(default_factory=dict[str, FixerIdentity])
    applied: Mapping[str, FixApplied] = field(default_factory=dict[str, FixApplied])

    def of(self, finding: Finding) -> FindingFix | None:
        """What the latest fix of a finding did; None if none was judged."""
        known = [self.by_fingerprint.get(name) for name in finding.fingerprints]
        return max(filter(None, known), key=lambda one: one.at, default=None)


def fix_state(events: Iterable[Event], onto: FixState | None = None) -> FixState:
    """The state after events, `onto` the one before; other kinds are skipped."""
    before = onto or FixState()
    found, fixers = dict(before.by_fingerprint), dict(before.fixers)
    applied = dict(before.applied)
    for event in events:
        match event.payload:
            case FixStarted(fix, fixer):
                fixers[fix] = fixer
            case FixJudged(fix, subjects, outcome, evidence):
                if fix in fixers:
                    one = FindingFix(fix, fixers[fix], outcome, evidence, event.at)
                    found.update(dict.fromkeys(subjects, one))
            case FixApplied() as payload:
                applied[payload.action] = payload
            case FixReverted(action):
                applied.pop(action, None)
            case (
                FixAnswered() | FixEnded() | FixDiscarded() | SessionEvent() | FindingEvent()
                | TriageEvent() | EscalationEvent() | ConventionEvent() | PersonEvent()
                | AuthorEvent() | ProposalEvent() | UpkeepEvent()
            ):  # fmt: skip
                continue
        if isinstance(event.payload, FixApplied | FixReverted):
            found = _marked(found, applied)
    return FixState(found, fixers, applied)


def _marked(
    found: Mapping[str, FindingFix], applied: Mapping[str, FixApplied]
) -> dict[str, FindingFix]:
    there = {(one.fix, name) for one in applied.values() for name in one.subjects}
    return {name: replace(one, is_applied=(one.fix, name) in there) for name, one in found.items()}
