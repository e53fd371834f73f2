"""Judging a fix: real checks and real analysers on real files, models that say what a test says."""
# ruff: noqa: E501

import os
from contextlib import aclosing
from pathlib import Path

import pytest

from tests.fakes.model import ScriptedModel, answer
from tests.fakes.reports import report
from tests.review.fixing.standing_in import (
    CLAIM,
    FIXED,
    PAY,
    StandInTree,
    critic,
    order,
    reply,
    says,
    verdict,
)
from xreview.analysers.registry import create
from xreview.domain.fixing.check_run import CheckRun
from xreview.domain.fixing.outcome import FixOutcome, FixVerdict
from xreview.domain.report import Lens, Report, ReviewerIdentity, ReviewerKind
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import Doing
from xreview.ports.reviewer import RawReport, ReviewRequest, Usage
from xreview.review.fixing.checks import CheckRunner
from xreview.review.fixing.fixed_tree import FixedFiles
from xreview.review.fixing.judgement import Judgement
from xreview.review.fixing.judging import Judge
from xreview.review.fixing.rule_rerun import whole_file
from xreview.review.session.ground import Grounding

CHECK = "python3 check.py"
RUNNER = CheckRunner({"PATH": os.environ["PATH"]}, seconds=60)
BASE = {"shop/pay.py": PAY, "check.py": "import shop.pay\n"}


def tree(top: Path, *, base: dict[str, str] | None = None, **changed: str | None) -> StandInTree:
    """Trees before and after; a changed path has `_` for `/` and ends with its kind."""
    before = {**BASE, **(base or {})}
    fixed = dict(before)
    for name, text in changed.items():
        path = name.replace("__", "/").replace("_py", ".py")
        fixed.pop(path, None)
        if text is not None:
            fixed[path] = text
    return StandInTree(top / "tree", base=before, fixed=fixed)


async def judged(tree: StandInTree, *models, given=None, said=None, before=()) -> Judgement:
    judge = Judge(RUNNER, models)
    running = judge.judge(given or order(), said or reply(), tree, tree.patch(), before)
    async with aclosing(running) as signals:
        told = [one async for one in signals]
    assert isinstance(told[-1], Judgement)
    assert all(isinstance(one, Doing | Usage) for one in told[:-1])
    return told[-1]


def only(judgement: Judgement) -> FixVerdict:
    (verdict,) = judgement.verdicts
    return verdict


async def test_a_fix_that_a_fresh_reader_finds_gone(tmp_path):
    model = says(verdict())
    judgement = await judged(tree(tmp_path, shop__pay_py=FIXED), critic(model))
    assert only(judgement).outcome is FixOutcome.FIXED
    assert only(judgement).subjects == (CLAIM.fingerprint,)
    assert "verifier gpt: gone" in only(judgement).evidence
    assert judgement.usage.input_tokens == 1000
    (asked,) = model.asked
    sent = asked.shared + asked.question
    assert "I SAY IT IS FIXED" not in sent
    assert CLAIM.claim in sent
    assert "+    6|    return amount" in sent


@pytest.mark.parametrize(
    ("model", "outcome", "word"),
    [
        (says(verdict("still_present")), FixOutcome.STILL_THERE, "shop/pay.py:6"),
        (says(verdict("cannot_tell")), FixOutcome.NOT_VERIFIED, "Nothing is divided"),
        (says(verdict(quote="    return 7")), FixOutcome.NOT_VERIFIED, "quote isn't in"),
        (says(verdict(path="shop/gone.py")), FixOutcome.NOT_VERIFIED, "quote isn't in"),
        (says(verdict("still_present", quote="x()")), FixOutcome.NOT_VERIFIED, "quote isn't in"),
        (says(verdict(), read=()), FixOutcome.NOT_VERIFIED, "didn't read shop/pay.py"),
        (says(), FixOutcome.NOT_VERIFIED, "gave no verdict"),
        (
            ScriptedModel(answer("It is fixed."), answer("All fixed!")),
            FixOutcome.NOT_VERIFIED,
            "invalid twice",
        ),
        (
            ScriptedModel([ModelError(Failure.KEY, "The key is wrong.", "Change it.")]),
            FixOutcome.NOT_VERIFIED,
            "The key is wrong.",
        ),
    ],
)
async def test_anything_else_is_not_fixed(tmp_path, model, outcome, word):
    found = only(await judged(tree(tmp_path, shop__pay_py=FIXED), critic(model)))
    assert found.outcome is outcome
    assert word in found.evidence


async def test_a_new_problem_in_the_same_words_is_the_old_one(tmp_path):
    same = {
        "path": "shop/pay.py", "line": 6, "quote": "    return amount",
        "claim": CLAIM.title + ".", "severity": "high",
    }  # fmt: skip
    other = {**same, "claim": "The currency is lost. It should be kept."}
    lost = {**same, "claim": "Something else is wrong here.", "quote": "not there at all"}
    found = await judged(
        tree(tmp_path, shop__pay_py=FIXED), critic(says(verdict(), new=[same, other, lost]))
    )
    assert only(found).outcome is FixOutcome.STILL_THERE
    assert [one.title for one in found.raised] == ["The currency is lost"]
    assert found.raised[0].anchored
    assert any("1 new problem left out" in one for one in found.notices)


async def test_no_reviewer_of_the_family_means_not_verified(tmp_path):
    found = only(await judged(tree(tmp_path, shop__pay_py=FIXED)))
    assert found.outcome is FixOutcome.NOT_VERIFIED
    assert "no reviewer of openai" in found.evidence


async def test_a_persons_own_finding_is_theirs_to_look_at(tmp_path):
    person = ReviewerIdentity("Ada", ReviewerKind.PERSON, "")
    own = report("Odd", path="shop/pay.py", line=6, quote="    return amount / 0", reviewer=person)
    given, said = order(own), reply(own)
    found = await judged(tree(tmp_path, shop__pay_py=FIXED), given=given, said=said)
    assert only(found).outcome is FixOutcome.NOT_VERIFIED
    assert "a person raised it" in only(found).evidence


async def test_an_empty_patch_asks_nobody_and_runs_nothing(tmp_path):
    model = says()
    found = await judged(tree(tmp_path), critic(model), given=order(checks=("touch ran",)))
    assert only(found).outcome is FixOutcome.STILL_THERE
    assert not model.asked
    assert not (tmp_path / "tree/ran").exists()


async def test_checks_before_and_after(tmp_path):
    broken = tree(tmp_path, shop__pay_py="def charge(amount):\n    return amount\n", check_py=None)
    broken.trees["base"]["check.py"] = broken.trees["fixed"]["check.py"] = (
        "import shop.pay as m\nm.pay\n"
    )
    broken.put("base")
    judge = Judge(RUNNER)
    before = [one async for one in judge.baseline((CHECK,), broken) if isinstance(one, CheckRun)]
    assert [run.code for run in before] == [0]
    broken.put("fixed")
    model = says(verdict(line=2))
    given = order(checks=(CHECK,))
    found = await judged(broken, critic(model), given=given, before=before)
    assert only(found).outcome is FixOutcome.REGRESSED
    assert CHECK in only(found).evidence
    assert [change.is_worse for change in found.changes] == [True]


async def test_what_is_not_in_the_patch_does_not_decide_how_checks_end(tmp_path):
    one = tree(tmp_path, shop__pay_py=FIXED)
    (one.top / "helper.py").write_text("x = 1\n")
    found = await judged(one, critic(says(verdict())), given=order(checks=("ls helper.py",)))
    assert found.changes[0].after is not None
    assert not found.changes[0].after.is_green


async def test_the_tree_is_that_of_the_patch_again(tmp_path):
    one = tree(tmp_path, shop__pay_py=FIXED)
    litter = "echo changed > shop/pay.py; echo new > left.txt"
    found = await judged(one, critic(says(verdict())), given=order(checks=(litter,)))
    assert (one.top / "shop/pay.py").read_text() == FIXED
    assert not (one.top / "left.txt").exists()
    assert only(found).outcome is FixOutcome.FIXED


TEST = "from shop.pay import pay\n\n\ndef test_pay():\n    assert pay.__name__ == 'pay'\n"
RUN = "python3 -c 'import tests.test_pay as t; t.test_pay()'"


async def test_the_old_tests_run_on_the_new_code(tmp_path):
    renamed = FIXED.replace("def pay(", "def paid(")
    changed = TEST.replace("import pay", "import paid as pay").replace("== 'pay'", "== 'paid'")
    one = tree(
        tmp_path, base={"tests/test_pay.py": TEST}, shop__pay_py=renamed, tests__test_pay_py=changed
    )
    before = [CheckRun(RUN, 0, 0.1)]
    found = await judged(one, critic(says(verdict())), given=order(checks=(RUN,)), before=before)
    assert not found.changes[0].is_worse
    assert found.old_tests[0].is_worse
    assert only(found).outcome is FixOutcome.TAMPERED
    assert (one.top / "tests/test_pay.py").read_text() == changed
    assert ("base", ("tests/test_pay.py",)) in one.puts


async def test_old_tests_are_not_run_for_a_patch_without_tests(tmp_path):
    one = tree(tmp_path, shop__pay_py=FIXED)
    before = [CheckRun("true", 0, 0.1)]
    found = await judged(one, critic(says(verdict())), given=order(checks=("true",)), before=before)
    assert not found.old_tests


EVAL = "def value(text):\n    return eval(text)\n"
SAFE = "import ast\n\n\ndef value(text):\n    return ast.literal_eval(text)\n"


async def by_rule(top: Path, path: str, text: str, rule: str) -> Report:
    """What our analysers report of a file."""
    (top / path).parent.mkdir(parents=True, exist_ok=True)
    (top / path).write_text(text)
    from tests.analysers.changes import request

    asked = request({path: text})
    async with aclosing(create("risk").review(ReviewRequest(asked.change, asked.contents))) as told:
        raws = [one async for one in told if isinstance(one, RawReport) and one.rule == rule]
    return await Grounding(asked.change, asked.contents).check(raws[0], Lens.RISK)


@pytest.mark.parametrize(
    ("text", "outcome", "word"),
    [
        (SAFE, FixOutcome.FIXED, "python/eval: gone"),
        ("# safe\n" + EVAL, FixOutcome.STILL_THERE, "shop/calc.py:3"),
        (EVAL.replace("(text)", "(given)"), FixOutcome.STILL_THERE, "python/eval still finds it"),
        ("def value(text):\n    return other(text)\n\n\ndef other(x):\n    y = eval(x)\n    return y\n",
         FixOutcome.STILL_THERE, "shop/calc.py:6"),
        ("def value(text:\n", FixOutcome.NOT_VERIFIED, "wasn't read whole"),
        ("def value(text):\n    return eval(text)  # noqa: S307\n", FixOutcome.TAMPERED, "noqa"),
        (None, FixOutcome.FIXED, "python/eval: gone"),
    ],
)  # fmt: skip
async def test_a_rule_runs_again(tmp_path, text, outcome, word):
    found = await by_rule(tmp_path, "shop/calc.py", EVAL, "python/eval")
    one = tree(tmp_path, base={"shop/calc.py": EVAL}, shop__calc_py=text)
    verdict = only(await judged(one, given=order(found), said=reply(found)))
    assert (verdict.outcome, word in verdict.evidence) == (outcome, True), verdict


async def test_what_the_patch_raises_is_new_and_what_was_there_is_not(tmp_path):
    old = EVAL + "\n\ndef add(item, items=[]):\n    items.append(item)\n    return items\n"
    new = old.replace("return eval(text)", "return int(text)") + (
        "\n\ndef load(path):\n    try:\n        return open(path)\n    except Exception:\n        pass\n"
    )
    found = await by_rule(tmp_path, "shop/calc.py", old, "python/eval")
    one = tree(tmp_path, base={"shop/calc.py": old}, shop__calc_py=new)
    judgement = await judged(one, given=order(found), said=reply(found))
    assert only(judgement).outcome is FixOutcome.FIXED
    assert [one.rule for one in judgement.raised] == ["python/swallowed-error"]


async def test_a_rule_that_does_not_report_the_old_code_proves_nothing(tmp_path):
    found = await by_rule(tmp_path, "shop/calc.py", EVAL, "python/eval")
    one = tree(tmp_path, base={"shop/calc.py": "x = 1\n"}, shop__calc_py="x = 2\n")
    verdict = only(await judged(one, given=order(found), said=reply(found)))
    assert verdict.outcome is FixOutcome.NOT_VERIFIED
    assert "doesn't report the old code" in verdict.evidence


async def test_one_of_two_equal_places_is_fixed(tmp_path):
    twice = EVAL + "\n\n" + EVAL.replace("value", "other")
    found = await by_rule(tmp_path, "shop/calc.py", twice, "python/eval")
    assert found.anchor.start_line == 2
    first = twice.replace("return eval", "return int", 1)
    second = EVAL + "\n\n" + EVAL.replace("value", "other").replace("eval", "int")
    for text, outcome in ((first, FixOutcome.FIXED), (second, FixOutcome.STILL_THERE)):
        folder = tmp_path / outcome.value
        folder.mkdir()
        one = tree(folder, base={"shop/calc.py": twice}, shop__calc_py=text)
        assert only(await judged(one, given=order(found), said=reply(found))).outcome is outcome


def test_a_link_is_no_file(tmp_path):
    (tmp_path / "secret").write_text("x")
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree/a.py").symlink_to(tmp_path / "secret")
    files = FixedFiles(tmp_path / "tree", ())
    assert files.new("a.py") is None
    assert files.new("../secret") is None
    assert whole_file("a.py", b"").body == b""


async def test_of_a_fix_that_was_cut_short_only_weakened_checks_show(tmp_path):
    runner = CheckRunner({})
    given = order(CLAIM, checks=("touch ran",))
    changed = tree(tmp_path, shop__pay_py=FIXED)
    judgement = await Judge(runner).skim(given, changed, changed.patch(), "it was stopped")
    assert only(judgement).outcome is FixOutcome.NOT_VERIFIED
    assert only(judgement).evidence == "it was stopped"
    assert not (changed.top / "ran").exists()
    assert changed.puts == [], "the files stay as they are"
    test = "def test_pay():\n    assert pay(1) == 1\n"
    base = {"shop/pay.py": PAY, "tests/test_pay.py": test}
    (tmp_path / "b").mkdir()
    weaker = StandInTree(tmp_path / "b" / "top", base=base, fixed={"shop/pay.py": FIXED})
    judgement = await Judge(runner).skim(given, weaker, weaker.patch(), "it was stopped")
    assert only(judgement).outcome is FixOutcome.TAMPERED
    assert "test_pay.py" in only(judgement).evidence
    assert judgement.tampering
