"""What became of a fix, finding by finding."""

from xreview.domain.fixing.check_run import CheckChange
from xreview.domain.fixing.outcome import FixOutcome, FixVerdict
from xreview.domain.fixing.tampering import Tampering, tampering_is_certain
from xreview.domain.record import dataclass, field
from xreview.domain.report import Report
from xreview.ports.reviewer import Usage
from xreview.review.fixing.order import FixOrder


@dataclass(frozen=True)
class Judgement:
    """What became of a fix.

    Args:
        verdicts: one for each finding that was handed over, in their order.
        changes: the checks before and after; `old_tests` the same with the tests from before, if
            the patch changes tests.
        raised: the problems that the patch itself brings.
        notices: sentences for the user, raw.
        usage: what the verifiers used.
    """

    verdicts: tuple[FixVerdict, ...]
    changes: tuple[CheckChange, ...] = ()
    old_tests: tuple[CheckChange, ...] = ()
    tampering: tuple[Tampering, ...] = ()
    raised: tuple[Report, ...] = ()
    notices: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)


def unproven_judgement(order: FixOrder, tampering: tuple[Tampering, ...], why: str) -> Judgement:
    """The judgement of a fix that was cut short, for which nothing was run or asked.

    Only what weakens checks shows then; why nothing else does is the evidence.
    """
    certain = [one for one in tampering if tampering_is_certain((one,))]
    outcome = FixOutcome.TAMPERED if certain else FixOutcome.NOT_VERIFIED
    evidence = f"{certain[0].kind}: {certain[0].words}" if certain else why
    return Judgement(
        tuple(FixVerdict(one.finding.fingerprints, outcome, evidence) for one in order.accepted),
        tampering=tampering,
    )
