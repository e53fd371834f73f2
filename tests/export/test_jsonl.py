import json

import jsonschema
from hypothesis import given, settings

from tests.export.build import DOCUMENT, altered, documents
from xreview.export.json import FORMAT as JSON
from xreview.export.json import schema
from xreview.export.jsonl import FORMAT

CHECK = jsonschema.Draft202012Validator(schema())


def rows(document):
    return [json.loads(line) for line in FORMAT.render(document).splitlines()]


def test_the_review_comes_first_and_then_a_finding_a_line():
    review, *findings = rows(DOCUMENT)
    assert review["type"] == "review"
    assert review["is_complete"] is False
    assert "findings" not in review
    assert [finding["fingerprint"] for finding in findings] == ["f3", "f1", "f4", "f2", "f5"]
    assert {finding["type"] for finding in findings} == {"finding"}


def test_a_review_without_findings_still_says_that_it_is_incomplete():
    assert [row["is_complete"] for row in rows(altered(entries=()))] == [False]


@settings(max_examples=25)
@given(documents)
def test_the_lines_put_together_are_the_json_export(document):
    text = FORMAT.render(document)
    assert text.isascii()
    review, *findings = rows(document)
    for part in (review, *findings):
        del part["type"]
    whole = {**review, "findings": findings}
    CHECK.validate(whole)
    assert whole == json.loads(JSON.render(document))
