"""What became of a finding since the last review, and whether it need be asked again.

Pure: which day it is today, and what stands in a file, is handed in. `review.carry` runs it over
the reports of a session.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from xreview.domain.decision import REASON_MEANINGS, Reason, Verdict
from xreview.domain.events.carried import CarriedOver, CarriedState, Suppression
from xreview.domain.identity.convention import Convention, MatchesPath
from xreview.domain.report import Report
from xreview.domain.state import Decided, Triage


@dataclass(frozen=True, slots=True)
class Carried:
    """A report of now with the identity that earlier sessions gave its problem.

    Args:
        report: its `fingerprint` is that identity.
        state: what became of the problem.
        own: the fingerprint that the report has by itself: another name of the identity.
        earlier: the problem as it was last seen; None for a new one.
        is_edited: the code of `earlier` was edited: what was decided then does not hold now, and
            the identity is a new one.
        suppression: why it need not be asked again; None where it must.
        is_reopened: it had been put off and must be asked again.
    """

    report: Report
    state: CarriedState
    own: str
    earlier: Report | None = None
    is_edited: bool = False
    suppression: Suppression | None = None
    is_reopened: bool = False

    @property
    def kept(self) -> CarriedOver:
        """What the journal keeps of it beside the report."""
        replaces = self.earlier.fingerprint if self.is_edited and self.earlier else ""
        return CarriedOver(self.state, self.suppression, self.is_reopened, replaces)


@dataclass(frozen=True, slots=True)
class Fixed:
    """A problem that is gone, as it was last seen, and how that is known."""

    report: Report
    evidence: str


_TELLING_FIRST = (CarriedState.BACK, CarriedState.STILL_THERE, CarriedState.NEW)


def is_touched(then: Report, now: Report) -> bool:
    """Whether the quoted code or the block around it changed, as far as either is known."""
    before, after = then.anchor.context, now.anchor.context
    return before.is_known and after.is_known and before.block != after.block


def comes_back(decided: Decided, then: Report | None, now: Report, today: str) -> bool:
    """Whether a decision of an earlier session no longer keeps the finding from being asked.

    Only what was put off comes back, since the identity of a finding changes with its code and
    claim: on its day, or when its code or block was touched.

    Args:
        then: the report as it was when it was put off, if that is known.
        today: ISO 8601, `2026-01-31`.
    """
    if decided.decision.reason is not Reason.LATER:
        return False
    if decided.until is not None and decided.until <= today:
        return True
    return then is not None and is_touched(then, now)


def suppression_by_decision(decided: Decided | None) -> Suppression | None:
    """The suppression that a rejection is; None for everything else."""
    if decided is None or decided.decision.verdict is not Verdict.REJECT:
        return None
    why = REASON_MEANINGS[decided.decision.reason].partition(":")[0]
    return Suppression(why, decided.actor, decided.at, until=decided.until)


def suppression_by_convention(
    report: Report, conventions: Iterable[Convention], matches_path: MatchesPath
) -> Suppression | None:
    """The suppression by the first convention that answers the report."""
    for convention in conventions:
        if convention.answers(report, matches_path):
            return Suppression(convention.sentence, convention.owner, convention.at, convention.id)
    return None


def reopened(triage: Triage, fingerprints: Iterable[str], session: str) -> Triage:
    """The state without what sessions other than this one decided about these fingerprints."""
    kept: dict[str, tuple[Decided, ...]] = {
        fingerprint: tuple(one for one in decisions if one.session == session)
        for fingerprint in fingerprints
        if (decisions := triage.history.get(fingerprint))
    }
    return replace(triage, history={**triage.history, **kept}) if kept else triage


def state_in(carried: Iterable[CarriedOver | None]) -> CarriedState | None:
    """The state of a finding by its reports: the most telling one decides; None if unknown."""
    states = {one.state for one in carried if one}
    return next((state for state in _TELLING_FIRST if state in states), None)


def suppression_in(carried: Iterable[CarriedOver | None]) -> Suppression | None:
    """Why a finding isn't asked again: only if every one of its reports is suppressed."""
    found = [one.suppression if one else None for one in carried]
    return found[0] if found and all(found) else None


def carry_counts(states: Iterable[CarriedState]) -> Mapping[CarriedState, int]:
    """How many there are of each state, all states named."""
    found = dict.fromkeys(CarriedState, 0)
    for state in states:
        found[state] += 1
    return found
