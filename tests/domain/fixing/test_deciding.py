"""The outcome of a finding, in its order, with its evidence."""

from dataclasses import replace

import pytest

from xreview.domain.fixing.check_run import CheckChange, CheckRun
from xreview.domain.fixing.deciding import (
    Clearance,
    FixCase,
    FixFacts,
    VerifierWord,
    checks_words,
    decide_outcomes,
)
from xreview.domain.fixing.fixer import FixerReply, FixerResult, FixerStatus
from xreview.domain.fixing.outcome import FixOutcome, FixVerdict
from xreview.domain.fixing.tampering import Tampering, TamperingKind

GONE = VerifierWord(Clearance.GONE, "verifier gpt", "It returns early.")
STILL = VerifierWord(Clearance.STILL_PRESENT, "verifier gpt", "pay.py:7: charge(x)")
UNSURE = VerifierWord(Clearance.CANNOT_TELL, "verifier gpt", "it didn't read pay.py")
PAY = FixCase(("f1", "f2"), ("shop/pay.py",), (GONE,), is_quote_changed=True)
CART = FixCase(("c1",), ("shop/cart.py",), (GONE,))
CUT = Tampering(TamperingKind.TESTS, "tests/test_pay.py", 3, "the test test_pay is gone")


def run(code: int | None = 0, passed: int | None = 212, failed: tuple[str, ...] = (), **given):
    return CheckRun("make test", code, 1.0, failed=failed, passed=passed, **given)


GREEN = CheckChange(run(), run())


def reply(*fingerprints: str, **given) -> FixerReply:
    found = (FixerResult(name, FixerStatus.FIXED, ()) for name in fingerprints or ("f1",))
    return FixerReply(tuple(replace(one, **given) for one in found))


FACTS = FixFacts(reply(), {"shop/pay.py"}, checks=(GREEN,))


def decided(case: FixCase = PAY, facts: FixFacts = FACTS, **given) -> tuple[FixOutcome, str]:
    (verdict,) = decide_outcomes((case,), replace(facts, **given))
    assert verdict.subjects == case.subjects
    return verdict.outcome, verdict.evidence


def test_a_fix_names_its_evidence():
    assert decided() == (
        FixOutcome.FIXED,
        "quote changed, verifier gpt: gone, 212 checks as before",
    )
    assert decided(checks=()) == (FixOutcome.FIXED, "quote changed, verifier gpt: gone, no checks")


def test_blocked_comes_first():
    blocked = reply(status=FixerStatus.BLOCKED, reason="Callers rely on it.")
    outcome, why = decided(reply=blocked, tampering=(CUT,), touched=())
    assert (outcome, why) == (FixOutcome.BLOCKED, "the fixer says: Callers rely on it.")


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (FixerReply(trouble="it isn't JSON"), "it isn't JSON"),
        (reply("other"), "leaves this finding out"),
    ],
)
def test_no_result_is_blocked_whatever_the_patch_does(given, word):
    outcome, why = decided(reply=given)
    assert outcome is FixOutcome.BLOCKED
    assert word in why


def test_tampering_is_told_with_its_place_for_every_finding():
    facts = replace(FACTS, reply=reply("f1", "c1"), tampering=(CUT, CUT))
    for verdict in decide_outcomes((PAY, CART), facts):
        assert verdict.outcome is FixOutcome.TAMPERED
        assert verdict.evidence == (
            "tests weakened: tests/test_pay.py:3: the test test_pay is gone (and 1 more)"
        )


def test_what_could_not_be_judged_is_not_verified():
    unread = Tampering(TamperingKind.UNREAD, "tests/big.bin", 0, "the diff is too large")
    outcome, why = decided(tampering=(unread,))
    assert outcome is FixOutcome.NOT_VERIFIED
    assert "tests/big.bin: the diff is too large" in why


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"touched": ()}, "empty"),
        ({"touched": {"shop/other.py"}}, "shop/pay.py"),
        ({"reply": reply(files=("./shop/cart.py",))}, "shop/cart.py"),
    ],
)
def test_a_patch_elsewhere_leaves_it_there(given, word):
    outcome, why = decided(**given)
    assert outcome is FixOutcome.STILL_THERE
    assert word in why


def test_files_are_named_in_any_spelling():
    assert decided(reply=reply(files=("./shop/pay.py",)))[0] is FixOutcome.FIXED
    assert decided(reply=reply(files=("/etc/passwd", "../x")))[0] is FixOutcome.FIXED


def test_one_verifier_that_finds_it_is_enough():
    outcome, why = decided(replace(PAY, words=(GONE, STILL)))
    assert outcome is FixOutcome.STILL_THERE
    assert "pay.py:7: charge(x)" in why


def test_what_was_fixed_and_is_back_is_regressed():
    earlier = (FixVerdict(("f2",), FixOutcome.FIXED, ""),)
    outcome, why = decided(replace(PAY, words=(STILL,)), earlier=earlier)
    assert outcome is FixOutcome.REGRESSED
    assert "back" in why
    others = (FixVerdict(("f2",), FixOutcome.NOT_VERIFIED, ""),)
    assert decided(replace(PAY, words=(STILL,)), earlier=others)[0] is FixOutcome.STILL_THERE


@pytest.mark.parametrize("words", [(), (UNSURE,), (GONE, UNSURE)])
def test_nothing_short_of_gone_by_all_is_fixed(words):
    outcome, why = decided(replace(PAY, words=words))
    assert outcome is FixOutcome.NOT_VERIFIED
    assert why


def test_a_check_that_is_red_now_marks_the_whole_fix():
    worse = CheckChange(run(), run(1, 211, ("tests/test_x.py::test_y",)))
    facts = replace(FACTS, reply=reply("f1", "c1"), touched={"shop/pay.py", "shop/cart.py"})
    for verdict in decide_outcomes((PAY, CART), replace(facts, checks=(worse,))):
        assert verdict.outcome is FixOutcome.REGRESSED
        assert "tests/test_x.py::test_y" in verdict.evidence


def test_a_test_name_ties_a_red_check_to_one_finding():
    worse = CheckChange(run(), run(1, 211, ("tests/test_cart.py::test_total",)))
    facts = replace(FACTS, reply=reply("f1", "c1"), touched={"shop/pay.py", "shop/cart.py"})
    facts = replace(facts, checks=(worse,))
    first, second = decide_outcomes((PAY, CART), facts)
    assert first.outcome is FixOutcome.FIXED
    assert second.outcome is FixOutcome.REGRESSED
    unnamed = replace(facts, checks=(worse, CheckChange(run(), run(2, None))))
    assert {one.outcome for one in decide_outcomes((PAY, CART), unnamed)} == {FixOutcome.REGRESSED}


def test_old_tests_count_as_much():
    worse = CheckChange(run(), run(1, 211, ("test_a",)))
    outcome, why = decided(old_tests=(worse,))
    assert outcome is FixOutcome.REGRESSED
    assert "with the tests as they were" in why


def test_what_was_red_before_is_no_regression():
    red = run(1, 211, ("test_a",))
    outcome, why = decided(checks=(CheckChange(red, red),))
    assert outcome is FixOutcome.FIXED
    assert why.endswith("1 check command red as before, 211 checks green")
    other = CheckChange(red, run(1, 211, ("test_b",)))
    assert decided(checks=(other,))[0] is FixOutcome.REGRESSED


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        (run(), run(None, trouble="it took longer than 9 seconds"), "longer than 9 seconds"),
        (run(), None, "didn't finish"),
        (None, run(1), "no run before"),
        (run(), run(0, 180), "only 180 of 212"),
        (run(1, None), run(2, None), "in another way"),
    ],
)
def test_a_check_that_proves_nothing(before, after, word):
    outcome, why = decided(checks=(CheckChange(before, after),))
    assert outcome is FixOutcome.NOT_VERIFIED
    assert word in why


def test_evidence_is_one_line():
    long = VerifierWord(Clearance.STILL_PRESENT, "v", "a\n\nb " * 200)
    assert "\n" not in decided(replace(PAY, words=(long,)))[1]
    assert len(decided(replace(PAY, words=(long,)))[1]) <= 240


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ((), "no checks"),
        ((CheckChange(run(), run(0, 1)),), "1 check as before"),
        ((CheckChange(run(0, None), run(0, None)),), "1 check as before"),
        ((CheckChange(run(1, None), run(1, None)),), "1 check command red as before"),
    ],
)
def test_the_words_about_checks(changes, words):
    assert checks_words(changes) == words
