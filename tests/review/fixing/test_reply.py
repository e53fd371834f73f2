"""What a fixer answers, read strictly."""

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.reports import finding, report
from xreview.domain.fixing.fixer import FixerReply, FixerStatus
from xreview.domain.fixing.search_edit import SearchEdit
from xreview.export.document import ExportEntry
from xreview.hardening.redaction import know_key
from xreview.review.fixing.reply import EDITS_SCHEMA, RESULT_SCHEMA, read_answer, read_reply

FIRST, SECOND = finding(report("First")), finding(report("Second"))
ENTRIES = (ExportEntry(FIRST), ExportEntry(SECOND))
BLOCKED = {"status": "blocked", "explanation": "", "reason": "The caller needs it."}


def result(fingerprint: str, **changed: Any) -> dict[str, Any]:
    usual = {"status": "fixed", "files": ["a.py"], "explanation": "It raises.", "reason": ""}
    return {"fingerprint": fingerprint, **usual, **changed}


def answered(*results: dict[str, Any], **more: Any) -> str:
    return json.dumps({"results": list(results), "checks_run": [], **more})


BOTH = answered(result(FIRST.fingerprint), result(SECOND.fingerprint, **BLOCKED))


def test_a_whole_answer():
    reply = read_reply(BOTH, ENTRIES)
    assert not reply.trouble
    first, second = reply.results
    assert (first.status, first.files, first.explanation) == (
        FixerStatus.FIXED,
        ("a.py",),
        "It raises.",
    )
    assert (second.status, second.files, second.reason) == (
        FixerStatus.BLOCKED,
        (),
        "The caller needs it.",
    )
    assert reply.about(FIRST.fingerprints) is first


@pytest.mark.parametrize(
    "text", [f"Done.\n```json\n{BOTH}\n```\nBye. {{}}", f"{BOTH}\n{BOTH}", f'{{"a": {{ {BOTH}']
)
def test_prose_around_it_is_ignored(text):
    assert read_reply(text, ENTRIES) == read_reply(BOTH, ENTRIES)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "All fixed!",
        BOTH[:-3],
        '{"results": 3}',
        "[1]",
        '{"results": [' * 100_000,
        '{"results":',
    ],
)
def test_anything_else_is_trouble(text):
    reply = read_reply(text, ENTRIES)
    assert not reply.results
    assert "no complete JSON object with “results”" in reply.trouble


def test_two_answers_that_differ_are_trouble():
    other = answered(result(FIRST.fingerprint), result(SECOND.fingerprint))
    assert "2 JSON objects" in read_reply(BOTH + other, ENTRIES).trouble


def test_an_answer_inside_a_string_isnt_one():
    quoted = answered(result(FIRST.fingerprint, explanation=BOTH), result(SECOND.fingerprint))
    assert not read_reply(quoted, ENTRIES).trouble


def test_a_missing_finding_is_trouble_and_an_unknown_one_is_dropped():
    reply = read_reply(answered(result(FIRST.fingerprint), result("0123")), ENTRIES)
    assert [one.fingerprint for one in reply.results] == [FIRST.fingerprint]
    assert "nothing about 1 of 2 problems: " + SECOND.fingerprint[:12] in reply.trouble


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"status": "Fixed!"}, "results[0].status is “Fixed!”"),
        ({"status": None}, "results[0].status"),
        ({"files": "a.py"}, "results[0].files must be a list"),
        ({"explanation": 3}, "results[0].explanation"),
        ({"reason": None}, "results[0].reason"),
    ],
)
def test_an_invalid_element_is_left_out_and_told(changed, told):
    text = answered(result(FIRST.fingerprint, **changed), result(SECOND.fingerprint))
    reply = read_reply(text, ENTRIES)
    assert [one.fingerprint for one in reply.results] == [SECOND.fingerprint]
    assert told.replace("“", '"').replace("”", '"') in reply.trouble


def test_of_results_that_contradict_the_blocked_one_counts():
    said = result(FIRST.fingerprint), result(FIRST.fingerprint, **BLOCKED)
    for pair in (said, said[::-1]):
        reply = read_reply(answered(*pair, result(SECOND.fingerprint)), ENTRIES)
        assert reply.results[0].status is FixerStatus.BLOCKED
        assert "contradicts" in reply.trouble


def test_files_outside_of_the_folder_are_dropped():
    paths = ["/etc/passwd", "../a", "./b.py", "c/../d", 3, "", ".git/config", "b.py"]
    text = answered(result(FIRST.fingerprint, files=paths), result(SECOND.fingerprint))
    assert read_reply(text, ENTRIES).results[0].files == ("b.py",)


def test_keys_are_masked():
    know_key("sk-hidden-0123456789abcdef")
    said = result(FIRST.fingerprint, explanation="I used sk-hidden-0123456789abcdef.")
    reply = read_reply(answered(said, result(SECOND.fingerprint)), ENTRIES)
    assert "sk-hidden" not in reply.results[0].explanation
    edits = [{"path": "a.py", "search": "a", "replace": "sk-hidden-0123456789abcdef"}]
    read = read_answer(answered(said, edits=edits), ENTRIES, needs_edits=True)
    assert not read.edits
    assert any("edits[0].replace holds a key" in error for error in read.errors)


def test_edits_are_read_in_order():
    edits = [
        {"path": "./a.py", "search": "a", "replace": "b"},
        {"path": "../a.py", "search": "a", "replace": "b"},
        {"path": "b.py", "search": "", "replace": ""},
        {"path": "c.py", "search": "a"},
        7,
    ]
    read = read_answer(BOTH[:-1] + f', "edits": {json.dumps(edits)}}}', ENTRIES, needs_edits=True)
    assert read.edits == (SearchEdit("a.py", "a", "b"), SearchEdit("b.py", "", ""))
    assert read.errors == (
        "edits[1].path leads out of the folder.",
        "edits[3].replace is missing; it must be a string.",
        "edits[4] is not an object.",
    )


def test_too_many_edits_are_refused():
    edits = [{"path": "a.py", "search": "a", "replace": "b"}] * 301
    read = read_answer(answered(edits=edits), ENTRIES, needs_edits=True)
    assert not read.edits
    assert "301 edits; the maximum is 300" in read.errors[0]


@pytest.mark.parametrize("schema", [RESULT_SCHEMA, EDITS_SCHEMA])
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
    if schema is RESULT_SCHEMA:
        jsonschema.validate(json.loads(BOTH), schema)


@given(st.text(st.sampled_from('{}[]":, \\resultsabc1'), max_size=80))
def test_no_answer_raises(text):
    assert isinstance(read_reply(text, ENTRIES), FixerReply)
    assert isinstance(read_reply('{"results": [' + text, ENTRIES), FixerReply)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=8,
    )
)
def test_no_shape_raises(value):
    text = json.dumps({"results": [value, {"fingerprint": value}], "edits": [value]})
    assert isinstance(read_answer(text, ENTRIES, needs_edits=True).reply, FixerReply)
