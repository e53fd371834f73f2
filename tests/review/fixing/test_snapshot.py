"""What a picture of a fix says in a few words."""

from tests.fakes.fixing import fixed, snapshot_of
from tests.fakes.reports import finding, report
from xreview.domain.fixing.check_run import CheckChange, CheckRun
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.fixing.tampering import Tampering, TamperingKind
from xreview.repo.disposable.applying import PatchPart
from xreview.review.fixing.snapshot import FixStage, checks_tally

FINDING = finding()
PART, OTHER = PatchPart("a.py", 0), PatchPart("b.py", 0)
WEAKENED = Tampering(TamperingKind.TESTS, "test_a.py", 1, "the test is gone")


def run(code: int | None = 0, *failed: str, passed: int | None = None) -> CheckRun:
    return CheckRun("make", code, 1.0, failed=failed, passed=passed)


def test_the_header_counts_the_worst_first():
    made = snapshot_of(
        [
            fixed(FINDING, FixOutcome.FIXED),
            fixed(FINDING, FixOutcome.FIXED),
            fixed(FINDING, FixOutcome.TAMPERED),
            fixed(FINDING, None),
        ],
        raised=(report(),),
        checks=(CheckChange(run(passed=212), run(1, "t", passed=211)),),
    )
    assert made.header == (
        "1 tampered · 2 fixed · 1 new · checks 211/212 (before 212/212) · $0.41 · 2m10s"
    )
    assert snapshot_of([], cost=None, seconds=9.6).header == "10s"
    assert snapshot_of([], cost=0.0, seconds=59.6).header == "$0.00 · 1m00s"


def test_the_checks_are_told_before_they_ran_again():
    assert checks_tally(()) == ""
    green, red = CheckChange(run(), None), CheckChange(run(1), None)
    assert checks_tally((green, red)) == "checks 1/2 before"
    both = (CheckChange(run(), run(1)), CheckChange(run(1), run(1)))
    assert checks_tally(both) == "checks 0/2 (before 1/2)"


def test_what_is_left_to_apply():
    wanted = fixed(FINDING, FixOutcome.FIXED, PART)
    assert not snapshot_of([wanted]).is_settled
    assert snapshot_of([wanted], applied=(PART,), outside=(OTHER,)).is_settled
    assert not snapshot_of([fixed(FINDING, FixOutcome.FIXED)], outside=(OTHER,)).is_settled
    assert snapshot_of([fixed(FINDING, FixOutcome.FIXED)]).is_settled
    assert not snapshot_of([], FixStage.FIXING).is_settled
    assert snapshot_of([wanted, wanted]).wanted == (PART,)


def test_what_needs_a_look_first():
    for outcome in FixOutcome:
        bad = outcome in (FixOutcome.TAMPERED, FixOutcome.REGRESSED)
        assert snapshot_of([fixed(FINDING, outcome)]).is_suspicious is bad
    assert snapshot_of([fixed(FINDING, FixOutcome.BLOCKED)], tampering=(WEAKENED,)).is_suspicious
    assert not snapshot_of([fixed(FINDING, None)]).is_suspicious
