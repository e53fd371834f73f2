"""The rules of carry-over: how a finding compares with earlier reviews, and if it is asked again.

`review.past.carry` applies them to the reports of a session.
"""

from collections.abc import Iterable

from xreview.domain.decision import REASON_MEANINGS, Reason, Verdict
from xreview.domain.events.carried import CarriedOver, CarriedState, Suppression
from xreview.domain.identity.convention import Convention, MatchesPath
from xreview.domain.record import dataclass, replace
from xreview.domain.report import Report
from xreview.domain.state import Decided, Triage


@dataclass(frozen=True, slots=True)
class Carried:
    """A report with the identity that earlier sessions gave its problem.

    Args:
        report: its `fingerprint` is that identity.
        own: the report's own fingerprint, a second name of the identity.
        earlier: the problem as it was last seen; None for a new one.
        is_edited: the code of `earlier` was edited: the identity is new, and earlier decisions
            don't hold.
        suppression: why it isn't asked again; None if it is.
        is_reopened: it was deferred and is asked again.
    """

    report: Report
    state: CarriedState
    own: str
    earlier: Report | None = None
    is_edited: bool = False
    suppression: Suppression | None = None
    is_reopened: bool = False

    @property
    def is_known(self) -> bool:
        """Whether it was seen before, with the same code: by the user, or in an attempt."""
        return self.state is not CarriedState.NEW or (
            self.earlier is not None and not self.is_edited
        )

    @property
    def kept(self) -> CarriedOver:
        """What the journal keeps with the report."""
        replaces = self.earlier.fingerprint if self.is_edited and self.earlier else ""
        return CarriedOver(self.state, self.suppression, self.is_reopened, replaces)


@dataclass(frozen=True, slots=True)
class Fixed:
    """A problem that is gone, as it was last seen, with the evidence."""

    report: Report
    evidence: str


def is_touched(then: Report, now: Report) -> bool:
    """Whether the quoted code or the block around it changed, if both are known."""
    before, after = then.anchor.context, now.anchor.context
    return before.is_known and after.is_known and before.block != after.block


def comes_back(decided: Decided, then: Report | None, now: Report, today: str) -> bool:
    """Whether a finding decided in an earlier session is asked again.

    Only deferred findings are: on their day, or when their code or block was touched since `then`,
    the report when it was deferred.
    """
    if decided.decision.reason is not Reason.LATER:
        return False
    if decided.until is not None and decided.until <= today:
        return True
    return then is not None and is_touched(then, now)


def suppression_by_decision(decided: Decided | None) -> Suppression | None:
    """The suppression by an earlier rejection; None for other decisions."""
    if decided is None or decided.decision.verdict is not Verdict.REJECT:
        return None
    why = REASON_MEANINGS[decided.decision.reason].partition(":")[0]
    return Suppression(why, decided.actor, decided.at, until=decided.until)


def suppression_by_convention(
    report: Report, conventions: Iterable[Convention], matches_path: MatchesPath
) -> Suppression | None:
    """The suppression by the first convention that answers the report, if any."""
    for convention in conventions:
        if convention.answers(report, matches_path):
            return Suppression(convention.sentence, convention.owner, convention.at, convention.id)
    return None


def reopened(triage: Triage, fingerprints: Iterable[str], session: str) -> Triage:
    """The state without the decisions of other sessions about these fingerprints."""
    kept: dict[str, tuple[Decided, ...]] = {
        fingerprint: tuple(one for one in decisions if one.session == session)
        for fingerprint in fingerprints
        if (decisions := triage.history.get(fingerprint))
    }
    return replace(triage, history={**triage.history, **kept}) if kept else triage
