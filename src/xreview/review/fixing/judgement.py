"""What became of a fix, finding by finding."""

from dataclasses import dataclass, field

from xreview.domain.fixing.check_run import CheckChange
from xreview.domain.fixing.outcome import FixVerdict
from xreview.domain.fixing.tampering import Tampering
from xreview.domain.report import Report
from xreview.ports.reviewer import Usage


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
