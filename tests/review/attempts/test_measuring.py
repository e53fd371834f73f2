from dataclasses import replace

import pytest

from tests.domain.attempt.texts import diff_of
from tests.fakes.reports import report
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.fixing.check_run import CheckChange, CheckRun
from xreview.domain.report import Severity
from xreview.review.attempts.measuring import measured, passed_and_run

RED = CheckRun("make test", 1, 1.0, failed=("test_a",), passed=11)
GREEN = CheckRun("make test", 0, 1.0, passed=12)
LINT = CheckRun("make lint", 0, 1.0)


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([], (0, 0)),
        ([None], (0, 0)),
        ([GREEN], (12, 12)),
        ([RED], (11, 12)),
        ([GREEN, RED], (23, 24)),
        ([GREEN, LINT], (2, 2)),
        ([RED, LINT], (1, 2)),
        ([GREEN, None], (12, 13)),
        ([replace(GREEN, code=3)], (12, 13)),
        ([replace(LINT, code=None, trouble="It took over 10 minutes.")], (0, 1)),
    ],
)
def test_what_passed_of_how_many(runs, expected):
    assert passed_and_run(runs) == expected


def finding(severity: Severity, kind: Disagreement = Disagreement.LONE, **given) -> Finding:
    return Finding((report(severity=severity, **given),), (), kind)


async def test_the_numbers_of_an_attempt():
    old = {"a.py": b"def f(a):\n    return a\n", "go.mod": b"module x\n"}
    new = {
        "a.py": b"def f(a):\n    return 1 if a else 2\n",
        "go.mod": b"module x\nrequire a.b/c v1\n",
    }
    files = [diff_of(old[path], new[path], path) for path in old]
    facts = await measured(
        files,
        [
            CheckChange(GREEN, RED),
            CheckChange(LINT, replace(LINT, code=2)),
            CheckChange(None, None),
        ],
        [
            finding(Severity.CRITICAL),
            finding(Severity.LOW, Disagreement.CONTESTED),
            finding(Severity.LOW),
            finding(Severity.HIGH, Disagreement.CONTESTED, anchored=False),
        ],
        old.get,
        new.get,
        cost=None,
        seconds=61.5,
    )
    assert (facts.checks_passed, facts.checks_run, facts.checks_broken) == (0, 3, 2)
    assert facts.open == (2, 0, 0, 1)
    assert facts.contested == 1
    assert (facts.added, facts.removed, facts.files) == (2, 1, 2)
    assert facts.dependencies == ("a.b/c (go.mod)",)
    assert facts.complexity == 1
    assert (facts.cost, facts.seconds) == (None, 61.5)
    assert not facts.is_green


async def test_an_attempt_that_changed_nothing():
    facts = await measured([], [], [], {}.get, {}.get, cost=0.0, seconds=1.0)
    assert facts.files == 0
    assert facts.complexity is None
    assert not facts.is_green


async def test_what_a_reader_raises_is_told():
    def broken(path: str) -> bytes | None:
        raise OSError(path)

    with pytest.raises(OSError, match=r"go\.mod"):
        await measured(
            [diff_of(b"", b"x\n", "go.mod")], [], [], broken, broken, cost=0.0, seconds=0
        )
