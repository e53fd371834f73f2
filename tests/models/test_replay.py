import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.models.replay import ReplayModel, ReplayPace
from xreview.models.replay_script import parse_script
from xreview.ports.failure import ModelError
from xreview.ports.model import Doing, Finished, Stop, TextDelta, Tokens
from xreview.ports.request import ModelRequest
from xreview.review.attempts.statement_reply import ATTEMPT_SCHEMA
from xreview.review.prompt.compose import fenced
from xreview.review.rebut.batches import STANCE_SCHEMA
from xreview.review.reply.schema import ANSWER_SCHEMA

HEAD = 'name = "gpt (scripted)"\nvendor = "openai"\nmodel = "written"\n'
FINDING = '''
[[reply]]
path = "pay.py"
quote = """
    charge(amount)
    note(amount)
"""
title = "Charged twice"
claim = "It is."
scenario = "Call it twice."
settle = "A test."
category = "data-integrity"
severity = "high"
confidence = "high"
'''
SUGGESTED = FINDING + '[reply.suggestion]\ndescription = "Do not."\n'
ANSWER = """
[[reply]]
to = "Charged twice"
path = "pay.py"
quote = "def pay(amount):"
argument = "It holds."
stance = "concedes"
settle = "A test."
"""
ROWS = """\
=== "other.py" (modified), 1 lines
+    1|    charge(amount)
+    2|    note(amount)
=== "pay.py" (modified), 8 lines
     5|def pay(amount):
-    6|    charge(2 * amount)
+    6|    charge(amount)
+    7|    note(amount)"""
CLAIMS = [
    {"claim": 1, "path": "pay.py", "title": "Something else"},
    {"claim": 2, "path": "pay.py", "title": "Charged twice"},
    {"claim": 3, "path": "other.py", "title": "Charged twice"},
]


def asked(script: str, request: ModelRequest) -> list[dict[str, Any]]:
    answer = json.loads(ReplayModel(parse_script(HEAD + script)).answer(request))
    jsonschema.validate(answer, request.schema)
    return answer["findings"]


def review(rows: str = ROWS) -> ModelRequest:
    return ModelRequest("Review.", f"The change:\n\n{rows}\n", schema=ANSWER_SCHEMA)


def rebuttal(claims: object = CLAIMS) -> ModelRequest:
    question = f"The claims:\n\n{fenced('asked', json.dumps(claims, indent=1))}\n\nAnswer."
    return ModelRequest("Answer.", question, shared=f"\n{ROWS}\n", schema=STANCE_SCHEMA)


def test_a_finding_is_said_where_its_quote_is_shown_and_gets_the_line():
    (found,) = asked(FINDING, review())
    assert found["start_line"] == 6
    assert found["side"] == "new"
    assert found["quote"] == "    charge(amount)\n    note(amount)"
    assert found["suggestion"] is None
    assert found["request"] is None


def test_a_table_inside_gets_null_for_what_it_leaves_out():
    (found,) = asked(SUGGESTED, review())
    assert found["suggestion"] == {"description": "Do not.", "replacement": None}


@pytest.mark.parametrize(
    "rows",
    [
        ROWS.replace("pay.py", "gone.py"),
        ROWS.replace("+    7|    note(amount)", "+    7|    note(2)"),
        ROWS.replace("+    7|    note(amount)", "+    9|    note(amount)"),
    ],
    ids=["another file", "another line", "not one below the other"],
)
def test_what_is_not_shown_is_not_said(rows):
    assert asked(FINDING, review(rows)) == []


def test_removed_lines_are_of_the_old_side():
    old = FINDING.replace("charge(amount)\n    note(amount)", "charge(2 * amount)")
    assert asked(old, review()) == []
    (found,) = asked(old.replace('title = "', 'side = "old"\ntitle = "'), review())
    assert (found["side"], found["start_line"]) == ("old", 6)


def test_an_answer_gets_the_number_of_the_claim_it_is_to():
    (found,) = asked(ANSWER, rebuttal())
    assert (found["claim"], found["start_line"], found["stance"]) == (2, 5, "concedes")


def test_answers_are_said_to_claims_only_and_findings_to_reviews_only():
    assert asked(ANSWER, review()) == []
    assert asked(FINDING, rebuttal()) == []
    assert [one["title"] for one in asked(FINDING + ANSWER, review())] == ["Charged twice"]


def test_the_order_of_requests_does_not_matter():
    model = ReplayModel(parse_script(HEAD + FINDING + ANSWER))
    before = [model.answer(review()), model.answer(rebuttal())]
    assert [model.answer(rebuttal()), model.answer(review())] == before[::-1]


def test_a_question_of_a_form_it_has_nothing_for_gets_an_empty_list():
    assert asked(ANSWER, rebuttal({"A": "one position", "B": "another"})) == []


@pytest.mark.parametrize("pace", [ReplayPace(), ReplayPace(0.0, 4000)])
async def test_an_answer_comes_in_pieces_and_ends_once(pace):
    model = ReplayModel(parse_script(HEAD + FINDING), pace)
    signals = [signal async for signal in model.ask(review())]
    texts = [signal.text for signal in signals if isinstance(signal, TextDelta)]
    assert "".join(texts) == model.answer(review())
    assert (len(texts) > 1) == bool(pace.characters)
    assert isinstance(signals[0], Doing)
    tokens, finished = signals[-2:]
    assert isinstance(tokens, Tokens)
    assert tokens.input > 0
    assert finished == Finished(Stop.OK, "written")


def test_it_is_on_this_machine_so_nothing_is_asked_for_it():
    model = ReplayModel(parse_script(HEAD))
    assert model.identity.is_local
    assert (model.identity.name, model.identity.vendor) == ("gpt (scripted)", "openai")


def test_a_message_that_looks_like_a_heading_is_none():
    assert asked(FINDING, review('=== "\\q" (\n+    1|    charge(amount)')) == []
    assert asked(ANSWER, rebuttal(["no claim", 3])) == []


@given(st.text())
def test_any_prompt_is_answered(text):
    assert asked(FINDING + ANSWER, review(text)) == []


ATTEMPT = """
[[attempt]]
task = "Charge once"
edit = [{ path = "pay.py", search = "charge(amount)", replace = "charge_once(amount)" }]
statement = { approach = "It asks first.", assumptions = [], left_out = [], questions = [] }
"""


def task_request(task: str, schema=ATTEMPT_SCHEMA) -> ModelRequest:
    question = f"# The task\n\n> {task}\n>\n> More of it."
    return ModelRequest(instructions="", shared="", question=question, schema=schema)


def test_an_attempt_is_given_for_its_task():
    said = json.loads(ReplayModel(parse_script(HEAD + ATTEMPT)).answer(task_request("Charge once")))
    assert [edit["replace"] for edit in said["edits"]] == ["charge_once(amount)"]
    assert said["removed"] == []
    assert said["statement"]["approach"] == "It asks first."


@pytest.mark.parametrize("task", ["Charge once more", "charge once", "Refund"])
async def test_another_task_is_refused_with_a_sentence(task):
    model = ReplayModel(parse_script(HEAD + ATTEMPT))
    with pytest.raises(ModelError, match="none for this task") as caught:
        async for _ in model.ask(task_request(task)):
            pass
    assert "“Charge once”" in caught.value.advice


def test_a_script_without_attempts_refuses_every_task():
    with pytest.raises(ModelError):
        ReplayModel(parse_script(HEAD)).answer(task_request("Charge once"))


def test_a_reply_is_withheld_where_a_line_took_its_reason_away():
    unless = FINDING + 'unless = ["def pay(amount):"]\n'
    assert asked(FINDING, review())
    assert not asked(unless, review())
    elsewhere = FINDING + 'unless = ["    charge(2 * amount)", "def refund():"]\n'
    assert asked(elsewhere, review()), "one of these lines is removed, the other isn't there"


def test_a_reply_is_given_for_the_lens_that_asks_for_its_category():
    def said(instructions: str) -> str:
        question = replace(review(), instructions=instructions)
        return ReplayModel(parse_script(HEAD + FINDING)).answer(question)

    categories = json.loads(said(""))["findings"][0]["category"]
    assert json.loads(said(f"- category: timing, {categories}. Use another"))["findings"]
    assert not json.loads(said("- category: simplification, timing. Use another"))["findings"]
