import json
from typing import Any

from hypothesis import given, settings

from tests.export.build import DOCUMENT, FIX, OPUS, SEVERAL, altered, documents, finding
from tests.export.schemas import validator
from xreview.domain.change import Side
from xreview.domain.identity.anchor import Anchor
from xreview.domain.text import visible_block
from xreview.export.document import ExportEntry, Standing
from xreview.export.rdjson import FORMAT

CHECK = validator("rdjson.json")


def result_of(document) -> Any:
    result = json.loads(FORMAT.render(document))
    CHECK.validate(result)
    return result


def diagnostic_of(entry) -> Any:
    return result_of(altered(entries=(entry,)))["diagnostics"][0]


@settings(max_examples=25)
@given(documents)
def test_every_document_is_valid_and_has_what_was_not_rejected(document):
    assert FORMAT.render(document).isascii()
    diagnostics = result_of(document)["diagnostics"]
    kept = [
        entry
        for entry in document.entries
        if entry.standing not in (Standing.REJECTED, Standing.SUPPRESSED) and not entry.is_gone
    ]
    assert len(diagnostics) == len(kept) + len(document.gaps)
    for diagnostic in diagnostics:
        assert visible_block(diagnostic["message"]) == diagnostic["message"]
    # reviewdog reads by protobuf, which refuses fields that it does not know.
    known = {"message", "location", "severity", "source", "code", "suggestions"}
    assert all(diagnostic.keys() <= known for diagnostic in diagnostics)


def test_the_check_can_fail():
    assert not CHECK.is_valid({"diagnostics": [{"severity": "FATAL"}]})


def test_a_finding():
    assert diagnostic_of(ExportEntry(finding(), FIX, "soon")) == {
        "message": (
            "SQL built from a string\n\nThe query is put together from user input.\n\n"
            "A name with a quote in it changes the query.\n\nPass the name as a parameter.\n\n"
            "Note: soon"
        ),
        "location": {
            "path": "shop/cart.py",
            "range": {"start": {"line": 12}, "end": {"line": 13}},
        },
        "severity": "ERROR",
        "source": {"name": "risk (analyser: ruff 0.14.1)"},
        "code": {"value": "S608"},
        "suggestions": [
            {
                "range": {"start": {"line": 12}, "end": {"line": 13}},
                "text": "execute('… ?', [name])",
            }
        ],
    }


def test_rejected_findings_are_not_posted_and_gaps_are_said():
    *findings, gap = result_of(DOCUMENT)["diagnostics"]
    assert len(findings) == 4
    assert gap == {
        "message": "Not reviewed by opus (truncated): cut off at 20,000 lines",
        "location": {"path": "big.sql"},
        "severity": "WARNING",
        "code": {"value": "not-reviewed"},
    }


def test_a_place_that_the_new_side_does_not_have_is_the_file():
    old = finding(anchor=Anchor("shop/cart.py", Side.OLD, 3, 3, "x"))
    for found in (old, finding(anchored=False)):
        diagnostic = diagnostic_of(ExportEntry(found))
        assert diagnostic["location"] == {"path": "shop/cart.py"}
        assert "suggestions" not in diagnostic


def test_suppressed_and_fixed_findings_are_not_posted():
    (only, gap) = result_of(SEVERAL)["diagnostics"]
    assert only["message"].startswith("SQL built from a string")
    assert gap["code"] == {"value": "not-reviewed"}


def test_a_reviewer_of_the_author_s_own_family_is_marked():
    entry = ExportEntry(finding(reviewer=OPUS, rule=""), same_family=frozenset({OPUS.name}))
    assert diagnostic_of(entry)["source"]["name"].endswith("opus-4), of the author's family")
