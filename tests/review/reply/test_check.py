import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.review.reply.answers import CHECKER, finding
from xreview.domain.report import Suggestion
from xreview.review.reply.check import StatedFinding
from xreview.review.reply.fields import LONGEST_TEXT
from xreview.review.reply.schema import ANSWER_SCHEMA, FIELDS

VALIDATOR = jsonschema.Draft202012Validator(ANSWER_SCHEMA)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"severity": "blocker"},
            'severity is "blocker"; it must be one of low, medium, high, critical.',
        ),
        ({"confidence": 0.9}, "confidence is 0.9; it must be one of low, medium, high."),
        ({"side": "left"}, 'side is "left"; it must be one of old, new.'),
        ({"start_line": 0}, "start_line is 0; it must be a whole number of 1 or more."),
        ({"start_line": "4"}, 'start_line is "4"; it must be a whole number of 1 or more.'),
        ({"start_line": True}, "start_line is true; it must be a whole number of 1 or more."),
        ({"start_line": 1e300}, "start_line is 1e+300; it must be a whole number of 1 or more."),
        ({"quote": " \n"}, "quote is blank."),
        ({"title": ""}, "title is blank."),
        ({"claim": None}, "claim is null; it must be a string."),
        ({"claim": "x" * 20_001}, "claim has 20,001 characters; the maximum is 20,000."),
        ({"request": "add"}, 'request is "add"; it must be an object or null.'),
        (
            {"request": {"direction": "more", "topic": "x"}},
            'request.direction is "more"; it must be one of add, remove.',
        ),
        (
            {"suggestion": {"description": "x"}},
            "suggestion.replacement is missing; it must be a string or null.",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(changed: dict[str, Any], sentence: str) -> None:
    assert CHECKER.check(finding(**changed), "findings[3]") == [f"findings[3].{sentence}"]


@pytest.mark.parametrize("name", FIELDS)
def test_no_field_may_be_left_out(name: str) -> None:
    found = finding()
    del found[name]

    (sentence,) = CHECKER.check(found)

    assert sentence.startswith(f"findings[0].{name} is missing; it must be ")


def test_every_error_of_a_finding_is_said_at_once() -> None:
    errors = CHECKER.check({})

    assert isinstance(errors, list)
    assert len(errors) == len(FIELDS)


def test_a_long_value_is_quoted_in_short() -> None:
    (sentence,) = CHECKER.check(finding(severity="x" * 10_000))

    assert len(sentence) < 200


def test_what_may_be_null_or_blank() -> None:
    checked = CHECKER.check(finding(request=None, suggestion=None, scenario="", settle=""))

    assert isinstance(checked, StatedFinding)
    assert checked.report.request is None
    assert checked.report.suggestion is None


def test_a_replacement_stays_as_it_is() -> None:
    replacement = "    raise\n"
    checked = CHECKER.check(
        finding(suggestion={"description": " Raise. ", "replacement": replacement})
    )

    assert isinstance(checked, StatedFinding)
    assert checked.report.suggestion == Suggestion("Raise.", replacement)


def test_a_title_is_one_line() -> None:
    checked = CHECKER.check(finding(title=" two\n lines "))

    assert isinstance(checked, StatedFinding)
    assert checked.report.title == "two lines"


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 5) | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)
words = {
    name: st.sampled_from(schema["enum"]) for name, schema in FIELDS.items() if "enum" in schema
}
fields = {
    name: anything | st.just(finding()[name]) | words.get(name, st.text(max_size=5))
    for name in FIELDS
}


@given(st.fixed_dictionaries({}, optional=fields))
def test_the_checks_are_never_laxer_than_the_schema(found) -> None:
    checked = CHECKER.check(found)

    if isinstance(checked, StatedFinding):
        assert VALIDATOR.is_valid({"findings": [found]})


@given(st.fixed_dictionaries(fields))
def test_the_checks_are_stricter_only_where_they_say_so(found) -> None:
    checked = CHECKER.check(found)

    if isinstance(checked, list) and VALIDATOR.is_valid({"findings": [found]}):
        for sentence in checked:
            assert (
                sentence.endswith(" is blank.")
                or "a whole number from 1 on" in sentence
                or f"{LONGEST_TEXT:,}" in sentence
            )


@given(st.dictionaries(st.text(max_size=3) | st.sampled_from(sorted(FIELDS)), anything))
def test_nothing_raises(found) -> None:
    CHECKER.check(found)


def portable_flaws(schema: Any) -> list[str]:
    """Where a schema leaves the subset that all vendors take (reference/providers.md, 0)."""
    known = {"type", "properties", "required", "additionalProperties", "items", "anyOf", "enum"}
    known.add("description")
    flaws = [f"{key} is not portable" for key in set(schema) - known]
    if schema.get("type") == "object":
        if schema["additionalProperties"] is not False:
            flaws.append("open object")
        if schema["required"] != list(schema["properties"]):
            flaws.append("an optional key")
        for inner in schema["properties"].values():
            flaws += portable_flaws(inner)
    for inner in (*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())):
        flaws += portable_flaws(inner)
    return flaws


def test_the_schema_is_portable() -> None:
    jsonschema.Draft202012Validator.check_schema(ANSWER_SCHEMA)
    assert ANSWER_SCHEMA["type"] == "object"
    assert portable_flaws(ANSWER_SCHEMA) == []
    assert len(json.dumps(ANSWER_SCHEMA)) < 4000
