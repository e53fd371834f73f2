"""What fixes did to findings, folded from events."""

from collections.abc import Container, Iterable, Mapping
from typing import TYPE_CHECKING

from xreview.domain.events.payload import (
    AttemptEvent,
    AuthorEvent,
    ConventionEvent,
    EscalationEvent,
    FindingEvent,
    FixEvent,
    OutcomeEvent,
    PersonEvent,
    ProposalEvent,
    PullEvent,
    SessionEvent,
    TriageEvent,
    UpkeepEvent,
)
from xreview.domain.finding import Finding
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.record import dataclass, field, replace

if TYPE_CHECKING:
    from xreview.domain.events.event import Event, FixApplied
    from xreview.domain.fixing.fixer import FixerIdentity


@dataclass(frozen=True, slots=True)
class FindingFix:
    """What the latest fix of a finding did.

    Args:
        fix: names the fix. at: when it was judged (UTC, ISO 8601).
        is_applied: whether it is in the user's files; `is_partial`: only in part.
        is_discarded: whether the user threw it away. session: in which it was judged.
    """

    fix: str
    fixer: "FixerIdentity"
    outcome: FixOutcome
    evidence: str
    at: str
    is_applied: bool = False
    is_partial: bool = False
    is_discarded: bool = False
    session: str = ""

    @property
    def words(self) -> str:
        """`fixed, not applied`."""
        return ", ".join(filter(None, (self.outcome.value, self.use)))

    @property
    def use(self) -> str:
        """What the user did with it; "" if all of it is applied, or there is nothing to apply."""
        if self.outcome is FixOutcome.BLOCKED:
            return ""
        if self.is_applied:
            return "applied in part" if self.is_partial else ""
        return "discarded" if self.is_discarded else "not applied"

    @property
    def is_working(self) -> bool:
        """Whether all of it is in the user's files and was judged `fixed`."""
        return self.outcome is FixOutcome.FIXED and self.is_applied and not self.is_partial


@dataclass(frozen=True, slots=True)
class FixState:
    """The latest judged fix by fingerprint, the parts that were applied, by action, and the fixes
    that were thrown away."""

    by_fingerprint: Mapping[str, FindingFix] = field(default_factory=dict[str, FindingFix])
    fixers: "Mapping[str, FixerIdentity]" = field(default_factory=dict[str, "FixerIdentity"])
    applied: "Mapping[str, FixApplied]" = field(default_factory=dict[str, "FixApplied"])
    discarded: frozenset[str] = frozenset()

    def of(self, finding: Finding) -> FindingFix | None:
        """What the latest fix of a finding did; None if none was judged."""
        return self.of_any(finding.fingerprints)

    def of_any(self, fingerprints: Iterable[str]) -> FindingFix | None:
        """What the latest fix of a problem with any of these names did; None if none was judged."""
        known = [self.by_fingerprint.get(name) for name in fingerprints]
        return max(filter(None, known), key=lambda one: one.at, default=None)


def fix_state(events: "Iterable[Event]", onto: FixState | None = None) -> FixState:
    """The state after events, `onto` the one before; other kinds are skipped."""
    before = onto or FixState()
    told = [event for event in events if isinstance(event.payload, FixEvent)]
    if not told:
        return before
    # Reached here: an app that shows a change before there is a journal needs no events.
    from xreview.domain.events.event import (
        FixAnswered,
        FixApplied,
        FixDiscarded,
        FixEnded,
        FixJudged,
        FixReverted,
        FixStarted,
    )

    found, fixers = dict(before.by_fingerprint), dict(before.fixers)
    applied, discarded = dict(before.applied), set(before.discarded)
    for event in told:
        match event.payload:
            case FixStarted(fix, fixer):
                fixers[fix] = fixer
            case FixJudged(fix, subjects, outcome, evidence):
                if fix in fixers:
                    one = FindingFix(
                        fix, fixers[fix], outcome, evidence, event.at, session=event.session
                    )
                    found.update(dict.fromkeys(subjects, one))
            case FixApplied(action):
                applied[action] = event.payload
            case FixReverted(action):
                applied.pop(action, None)
            case FixDiscarded(fix):
                discarded.add(fix)
            case (
                FixAnswered() | FixEnded() | SessionEvent() | FindingEvent() | TriageEvent()
                | EscalationEvent() | ConventionEvent() | PersonEvent() | AuthorEvent()
                | ProposalEvent() | UpkeepEvent() | PullEvent() | AttemptEvent() | OutcomeEvent()
            ):  # fmt: skip
                pass
    return FixState(_used(found, applied, discarded), fixers, applied, frozenset(discarded))


def _used(
    found: Mapping[str, FindingFix], applied: "Mapping[str, FixApplied]", discarded: Container[str]
) -> dict[str, FindingFix]:
    """The fixes with what the user did with each: of several parts, one can be all of it."""
    there: dict[tuple[str, str], bool] = {}
    for part in applied.values():
        for name in part.subjects:
            there[part.fix, name] = part.is_whole or there.get((part.fix, name), False)
    return {
        name: replace(
            one,
            is_applied=(one.fix, name) in there,
            is_partial=not there.get((one.fix, name), True),
            is_discarded=one.fix in discarded,
        )
        for name, one in found.items()
    }


def joined_fixes(known: FixState, recalled: FixState) -> FixState:
    """A state with what was recalled about more fingerprints; what it has itself is newer."""
    return FixState(
        {**recalled.by_fingerprint, **known.by_fingerprint},
        {**recalled.fixers, **known.fixers},
        {**recalled.applied, **known.applied},
        recalled.discarded | known.discarded,
    )
