"""What test runners print, as far as it tells which tests failed and how many passed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.fixing.check_output import CheckTally, tally_of

PYTEST = """\
.F..                                                          [100%]
=========================== short test summary info ============================
FAILED tests/test_pay.py::test_pays[a b] - assert 1 == 2
ERROR tests/test_cart.py - ImportError: no
========================= 1 failed, 211 passed, 3 skipped in 1.24s =============
"""
UNITTEST = """\
F..
======================================================================
FAIL: test_pays (tests.test_pay.Tests.test_pays)
----------------------------------------------------------------------
Ran 3 tests in 0.001s

FAILED (failures=1)
"""
JEST = """\
FAIL src/pay.test.ts
  ● pay › refuses

    expect(received)
Tests:       1 failed, 41 passed, 42 total
"""
VITEST = """\
 FAIL  src/pay.test.ts > pay > refuses
 Test Files  1 failed (1)
      Tests  1 failed | 4 passed (5)
"""
GO = """\
=== RUN   TestPays
--- PASS: TestPays (0.00s)
--- FAIL: TestRefuses (0.00s)
    pay_test.go:9: no
FAIL
"""
CARGO = """\
test tests::pays ... ok
test tests::refuses ... FAILED
test result: FAILED. 1 passed; 1 failed; 0 ignored; finished in 0.00s
"""
TAP = "1..3\nok 1 - pays\nnot ok 2 - refuses\nnot ok 3 - later # TODO\n"


@pytest.mark.parametrize(
    ("output", "failed", "passed"),
    [
        (PYTEST, ("tests/test_pay.py::test_pays[a b]", "tests/test_cart.py"), 211),
        ("212 passed in 3.10s", (), 212),
        ("==== 1 passed, 2 warnings in 0.1s ====", (), 1),
        (UNITTEST, ("test_pays (tests.test_pay.Tests.test_pays)",), 2),
        ("Ran 3 tests in 0.001s\n\nOK", (), 3),
        (JEST, ("src/pay.test.ts", "pay › refuses"), 41),
        (VITEST, ("src/pay.test.ts > pay > refuses",), 4),
        (GO, ("TestRefuses",), 1),
        (CARGO, ("tests::refuses",), 1),
        (TAP, ("refuses",), 1),
        ("[ERROR] Tests run: 5, Failures: 1, Errors: 1, Skipped: 0", (), 3),
        (
            "5 examples, 2 failures\n\nrspec ./spec/pay_spec.rb:3 # Pay",
            ("./spec/pay_spec.rb:3",),
            3,
        ),
        ("make: nothing to do", (), None),
        ("", (), None),
        ("\x1b[32m12 passed\x1b[0m in 0.2s", (), 12),
    ],
)
def test_known_runners(output, failed, passed):
    assert tally_of(output) == CheckTally(failed, passed)


@given(st.text(max_size=400))
def test_any_output_can_be_read(output):
    tally = tally_of(output)
    assert tally.passed is None or tally.passed >= 0


@given(st.lists(st.from_regex(r"[a-z_]{1,12}", fullmatch=True), unique=True, max_size=30))
def test_every_failed_test_is_named(names):
    output = "".join(f"FAILED tests/a.py::{name} - no\n" for name in names)
    assert tally_of(output).failed == tuple(f"tests/a.py::{name}" for name in names)


def test_many_failures_are_bounded():
    assert len(tally_of("".join(f"FAILED a::t{n}\n" for n in range(5000))).failed) == 2000
