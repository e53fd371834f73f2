"""Finding the one object of an answer."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.review.writing.json_answer import result_object

BEGINS = ("edits", "statement")
ANSWER = {"statement": {"approach": "So."}, "edits": []}


def found(text: str, **wanted: type):
    return result_object(text, wanted or {"statement": dict}, BEGINS)


def test_the_object_may_stand_in_prose_and_be_said_twice():
    said = json.dumps(ANSWER)
    assert found(f"Look: {{ {said}\n```json\n{said}\n``` {{}}") == ANSWER
    assert found(said, edits=list) == ANSWER


@pytest.mark.parametrize(
    "text", ["", "{}", '{"statement": []}', '{"other": {"statement": 1}}', '{"statement": {}']
)
def test_there_is_none(text):
    assert "no complete JSON object with “statement”" in found(text)


def test_two_that_differ_are_none():
    text = json.dumps(ANSWER) + json.dumps({**ANSWER, "edits": [1]})
    assert "2 JSON objects" in found(text)


def test_an_object_that_begins_otherwise_isnt_looked_at():
    assert isinstance(found('{"first": 1, "statement": {}}'), str)


@given(st.text(st.sampled_from('{}[]":, \\statemneduio1'), max_size=80))
def test_no_text_raises(text):
    assert isinstance(found(text), dict | str)
    assert isinstance(found('{"statement": {' + text), dict | str)


def test_hostile_lengths_are_bounded():
    wanted, begins = {"results": list}, ["results"]
    assert "more than" in str(result_object("x" * 4_000_001, wanted, begins))
    assert isinstance(result_object('{"results": "' + '\\"' * 500_000, wanted, begins), str)
