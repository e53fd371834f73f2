"""What an attempt says of itself, read strictly."""

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.strategies import HOSTILE
from xreview.domain.attempt.statement import MOST_QUESTIONS, AttemptStatement, EdgeCase
from xreview.domain.fixing.search_edit import SearchEdit
from xreview.domain.inside import is_inside
from xreview.hardening.redaction import know_key
from xreview.review.attempts.statement_reply import (
    ATTEMPT_SCHEMA,
    LONGEST_APPROACH,
    LONGEST_POINT,
    LONGEST_QUOTE,
    MOST_POINTS,
    STATEMENT_SCHEMA,
    read_statement,
)

SAID: dict[str, Any] = {
    "approach": "It counts.",
    "assumptions": ["One caller."],
    "handled": [{"text": "No retries.", "path": "./a.py", "quote": "    if not n:"}],
    "left_out": ["A negative number."],
    "questions": ["Is 3 right?"],
}


def answered(edits: list[Any] | None = None, **changed: Any) -> str:
    said = {"statement": {**SAID, **changed}}
    return json.dumps(said if edits is None else {"edits": edits, **said})


def read(text: str, **given: Any):
    return read_statement(text, "gpt", is_writers=True, **given)


def stated(text: str) -> AttemptStatement:
    statement = read(text).reply.statement
    assert statement is not None
    return statement


def test_a_whole_answer():
    assert read(f"Done:\n```json\n{answered()}\n```").reply.statement == AttemptStatement(
        "It counts.",
        ("One caller.",),
        (EdgeCase("No retries.", "a.py", "    if not n:"),),
        ("A negative number.",),
        ("Is 3 right?",),
        "gpt",
    )
    assert not read(answered()).reply.trouble


def test_edits_come_with_it():
    edit = {"path": "a.py", "search": "a", "replace": "b"}
    both = read(answered([edit]), needs_edits=True)
    assert (both.edits, both.errors, both.is_usable) == ((SearchEdit("a.py", "a", "b"),), (), True)
    wrong = read(answered([edit, 7]), needs_edits=True)
    assert (wrong.errors, wrong.is_usable) == (("edits[1] is not an object.",), False)
    alone = read(json.dumps({"edits": [edit]}), needs_edits=True)
    assert alone.reply.statement is None
    assert alone.errors == ("The answer has no object “statement”.",)
    assert (alone.edits, alone.is_usable) == (both.edits, True)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"assumptions": "one"}, "statement.assumptions must be a list."),
        ({"assumptions": [""]}, "statement.assumptions[0] must be a sentence."),
        ({"left_out": [3]}, "statement.left_out[0] must be a sentence."),
        ({"questions": None}, "statement.questions must be a list."),
        ({"handled": [7]}, "statement.handled[0] is not an object."),
        ({"handled": [{"text": "x"}]}, "statement.handled[0].path is missing"),
    ],
)
def test_what_is_malformed_is_left_out_and_can_be_asked_again(changed, told):
    found = read(answered(**changed))
    assert found.reply.statement is not None
    assert found.reply.statement.approach == "It counts."
    assert any(told in error for error in found.errors)
    assert told in found.reply.trouble


@pytest.mark.parametrize("approach", [None, "", "  \n", 3, ["x"]])
def test_without_an_approach_there_is_no_statement(approach):
    found = read(answered(approach=approach))
    assert found.reply.statement is None
    assert any("statement.approach" in error for error in found.errors)


@pytest.mark.parametrize("path", ["/etc/passwd", "../a", "a/../../b", ".git/hooks/x", "C:\\x"])
def test_a_path_that_leads_out_proves_nothing(path):
    case = {"text": "No retries.", "path": path, "quote": "x = 1"}
    found = read(answered(handled=[case]))
    assert found.reply.statement is not None
    assert found.reply.statement.handled == (EdgeCase("No retries."),)
    assert found.errors == ("statement.handled[0].path leads out of the folder.",)


def test_what_is_too_much_is_cut_and_told_but_not_asked_again():
    found = read(
        answered(
            approach="One. Two, e.g. this. Three! Four?",
            assumptions=[f"{number}" for number in range(MOST_POINTS + 2)],
            handled=[{"text": "x", "path": "a.py", "quote": "q" * (LONGEST_QUOTE + 1)}],
            left_out=["y" * (LONGEST_POINT + 1), "same", "same"],
            questions=["a", "b", "c", "d"],
        )
    )
    statement = found.reply.statement
    assert statement is not None
    assert not found.errors
    assert statement.approach == "One. Two, e.g. this. Three!"
    assert len(statement.assumptions) == MOST_POINTS
    assert statement.handled == (EdgeCase("x", "a.py"),)
    assert [len(one) for one in statement.left_out] == [LONGEST_POINT, 4]
    assert statement.questions == ("a", "b", "c")
    assert found.reply.trouble == " ".join(found.remarks)
    for told in ("first 3 sentences", "2 more elements in “assumptions”", "quotes too much",
                 "statement.left_out[0] has 401", "1 more element in “questions”"):  # fmt: skip
        assert told in found.reply.trouble
    assert len(stated(answered(approach="x" * 5_000)).approach) == LONGEST_APPROACH


def test_keys_are_masked():
    know_key("sk-hidden-0123456789abcdef")
    text = answered(approach="I used sk-hidden-0123456789abcdef.", questions=["sk-hidden", 3])
    assert "0123456789abcdef" not in repr(read(text))
    assert stated(text).approach == "I used ***."


@pytest.mark.parametrize(
    "text", ["", "Done!", answered()[:-3], '{"statement": 3}', '{"statement": [' * 100_000]
)
def test_anything_else_is_trouble(text):
    found = read(text)
    assert found.reply.statement is None
    assert "no complete JSON object with “statement”" in found.reply.trouble


@pytest.mark.parametrize("schema", [STATEMENT_SCHEMA, ATTEMPT_SCHEMA])
def test_the_schemas_are_of_the_portable_subset(schema):
    def check(part: Any) -> None:
        if isinstance(part, dict):
            if part.get("type") == "object":
                assert part["additionalProperties"] is False
                assert set(part["required"]) == set(part["properties"])
            assert not {"maxItems", "minLength", "pattern", "format", "oneOf"} & set(part)
            for one in part.values():
                check(one)

    jsonschema.Draft202012Validator.check_schema(schema)
    check(schema)
    said = json.loads(answered())
    jsonschema.validate(
        {"edits": [], "removed": [], **said} if schema is ATTEMPT_SCHEMA else said, schema
    )


TEXT = st.text(max_size=20) | st.lists(st.sampled_from(HOSTILE), max_size=4).map("".join)
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: (
        st.lists(inner, max_size=6)
        | st.dictionaries(
            st.sampled_from(["text", "path", "quote", "approach", "x"]), inner, max_size=3
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from([*SAID, "x"]), VALUE), TEXT)
def test_no_shape_raises_and_everything_stays_bounded(said, around):
    text = around + json.dumps({"statement": said}) + around
    statement = read(text).reply.statement
    if statement is None:
        return
    assert statement.approach.strip()
    assert len(statement.questions) <= MOST_QUESTIONS
    assert statement.by == "gpt"
    for case in statement.handled:
        assert case.text.strip()
        assert (case.start_line, case.is_linked) == (0, False)
        assert not case.path or is_inside(case.path)
    for one in (*statement.assumptions, *statement.left_out, *statement.questions):
        assert one.strip()
        assert len(one) <= LONGEST_POINT
