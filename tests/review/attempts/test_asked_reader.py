"""Fresh models that say what an attempt is."""

import asyncio
import json
from typing import Any

import pytest

from tests.fakes.model import ScriptedModel, answer
from tests.review.attempts.writing_here import LIMITED, ORDER, STATED, replied, voice_of
from tests.review.rebut.building import CRITIC
from xreview.domain.attempt.linking import link_cases
from xreview.domain.change import FileDiff
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import ModelFeatures, ModelLimits
from xreview.repo.disposable.tree import DisposableTree
from xreview.review.asking.answerer import Answerer
from xreview.review.attempts.asked_reader import AskedReader
from xreview.review.attempts.attempt_errands import MOST_READ_FILES

SAID = json.dumps({"statement": STATED})


def reader(model: ScriptedModel, tree: DisposableTree, **given: Any) -> AskedReader:
    answerer = Answerer(CRITIC, voice_of(model), asyncio.Semaphore(1))
    return AskedReader(answerer, tree, **given)


def change(tree: DisposableTree, **files: str) -> tuple[FileDiff, ...]:
    for name, text in files.items():
        (tree.top / f"{name}.py").write_text(text)
    return tree.patch().files


@pytest.mark.parametrize("features", [ModelFeatures(), ModelFeatures(has_own_tools=True)])
async def test_it_gets_the_task_and_the_patch_and_says_what_it_is(tree, features):
    patch = change(tree, retry=f"def retry(f):\n{LIMITED}        f()\n")
    quote = f"+    2|{LIMITED}"
    told = {**STATED, "handled": [{"text": "No end.", "path": "b/retry.py", "quote": quote}]}
    model = ScriptedModel(answer(json.dumps({"statement": told})), features=features)
    reply = await replied(reader(model, tree).state(ORDER, patch))
    statement = reply.statement
    assert statement is not None
    assert not reply.trouble
    assert (statement.by, statement.is_writers) == (CRITIC.name, False)
    (case,) = link_cases(statement, patch, lambda p: (tree.top / p).read_text()).handled
    assert (case.path, case.start_line) == ("retry.py", 2)
    (asked,) = model.asked
    assert "> Limit the retries" in asked.question
    assert "-    2|    while True:" in asked.question
    assert '"edits"' not in asked.question
    assert "edits" not in json.dumps(asked.schema)


async def test_a_malformed_statement_is_asked_again_once(tree):
    patch = change(tree, retry="x = 1\n")
    model = ScriptedModel(answer('{"statement": {}}'), answer(SAID))
    assert (await replied(reader(model, tree).state(ORDER, patch))).statement is not None
    assert "statement.approach is missing" in model.asked[1].exchanges[0].text
    stuck = ScriptedModel(answer("No."), answer("No."))
    reply = await replied(reader(stuck, tree).state(ORDER, patch))
    assert (reply.statement, len(stuck.asked)) == (None, 2)
    assert "no complete JSON object" in reply.trouble


async def test_what_has_no_room_is_named_and_what_is_secret_left_out(tree):
    secret = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"
    big = "".join(f"value_{number} = {number}\n" for number in range(8000))
    patch = change(tree, big=big, hidden="h = 1\n", retry=f'T = "{secret}"\nx = 1\n')
    model = ScriptedModel(answer(SAID), limits=ModelLimits(window=16_000))
    await replied(reader(model, tree, ignores=lambda path: "hidden" in path).state(ORDER, patch))
    question = model.asked[0].question
    assert '"big.py" is changed too, and not shown here' in question
    assert "x = 1" in question
    assert "1 more file changed, not shown here" in question
    for kept in (secret, "h = 1", "value_7999"):
        assert kept not in question


async def test_a_flood_of_files_is_bounded(tree):
    files = {f"f{number}": "x = 1\n" for number in range(MOST_READ_FILES + 5)}
    model = ScriptedModel(answer(SAID))
    await replied(reader(model, tree).state(ORDER, change(tree, **files)))
    assert "5 more files changed, not shown here" in model.asked[0].question


async def test_failures_are_trouble(tree):
    patch = change(tree, retry="x = 1\n")
    down = ScriptedModel([ModelError(Failure.SERVER, "It is down.", "Try again.")])
    reply = await replied(reader(down, tree).state(ORDER, patch))
    assert (reply.statement, reply.trouble) == (None, "It is down. Try again.")
    slow = ScriptedModel(answer(SAID), seconds=30)
    reply = await replied(reader(slow, tree, seconds=0.3).state(ORDER, patch))
    assert "deadline" in reply.trouble
