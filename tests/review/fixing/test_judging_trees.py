"""Judging with a real disposable tree: git takes the patch, and models read the fixed files."""
# ruff: noqa: E501

import json
import os
import time
from contextlib import aclosing
from dataclasses import replace

import pytest

from tests.fakes.model import ScriptedModel, answer
from tests.repo.builder import Builder, isolate
from tests.review.fixing.standing_in import CLAIM, FIXED, PAY, critic, order, reply, verdict
from xreview.domain.change import ChangeKind, ChangeSource
from xreview.domain.fixing.check_run import CheckRun
from xreview.domain.fixing.outcome import FixOutcome
from xreview.ports.model import Finished, Stop, ToolCall
from xreview.repo.disposable.tree import DisposableTree
from xreview.repo.files.tree import RepositoryTree
from xreview.repo.repository import find_repository
from xreview.review.fixing.checks import CheckRunner
from xreview.review.fixing.judgement import Judgement
from xreview.review.fixing.judging import Judge
from xreview.review.tools.toolbox import Toolbox

TEST = "import unittest\n\nfrom shop.pay import pay\n\n\nclass Pay(unittest.TestCase):\n    def test_pay(self):\n        self.assertTrue(pay)\n"
CHECK = "python3 -m unittest -q tests.test_pay"


@pytest.fixture
def tree(tmp_path, monkeypatch) -> DisposableTree:
    isolate(monkeypatch, tmp_path / "home")
    builder = Builder(tmp_path / "project")
    builder.write("shop/pay.py", PAY)
    builder.write("tests/test_pay.py", TEST)
    builder.write("tests/__init__.py", "")
    builder.commit("first")
    return DisposableTree.create(find_repository(builder.top), tmp_path / "state" / "f1")


async def judged(tree: DisposableTree, model: ScriptedModel) -> Judgement:
    source = ChangeSource(ChangeKind.WORKTREE, "a fix", str(tree.top))
    readable = RepositoryTree(source, tree.repository)
    asked = replace(critic(model), new_toolbox=lambda: Toolbox(readable, time.monotonic))
    judge = Judge(CheckRunner({"PATH": os.environ["PATH"]}, seconds=60), [asked])
    tree.put(tree.base)
    before = [one async for one in judge.baseline((CHECK,), tree) if isinstance(one, CheckRun)]
    assert [one.code for one in before] == [0], before
    for path, text in CHANGED.items():
        (tree.top / path).write_text(text)
    patch = tree.patch()
    running = judge.judge(order(checks=(CHECK,)), reply(), tree, patch, before)
    async with aclosing(running) as said:
        told = [one async for one in said]
    assert tree.patch().tree == patch.tree
    assert isinstance(told[-1], Judgement)
    return told[-1]


CHANGED: dict[str, str] = {}


@pytest.fixture(autouse=True)
def nothing_changed():
    CHANGED.clear()


def reads_then_says(path: str) -> ScriptedModel:
    call = ToolCall(
        "1", "read_file", json.dumps({"path": path, "start_line": None, "end_line": None})
    )
    said = {"findings": [verdict()], "new_findings": [], "reviewed_paths": ["shop/pay.py"]}
    return ScriptedModel([call, Finished(Stop.TOOLS, "gpt", echo={})], answer(json.dumps(said)))


async def test_the_verifier_reads_the_fixed_code(tree):
    CHANGED["shop/pay.py"] = FIXED
    model = reads_then_says("shop/pay.py")
    (found,) = (await judged(tree, model)).verdicts
    assert found.outcome is FixOutcome.FIXED
    assert found.evidence == "quote changed, verifier gpt: gone, 1 check as before"
    (result,) = model.asked[1].exchanges[0].results
    assert "return amount\n" in result.text
    assert "amount / 0" not in result.text


async def test_a_weakened_test_is_tampering_and_the_old_one_is_run(tree):
    CHANGED["shop/pay.py"] = "pay = None\n\n\ndef charge(amount):\n    return amount\n"
    CHANGED["tests/test_pay.py"] = TEST.replace("self.assertTrue(pay)", "self.assertTrue(True)")
    judgement = await judged(tree, reads_then_says("shop/pay.py"))
    (found,) = judgement.verdicts
    assert found.outcome is FixOutcome.TAMPERED
    assert not judgement.changes[0].is_worse
    assert judgement.old_tests[0].is_worse
    assert CLAIM.fingerprint in found.subjects
