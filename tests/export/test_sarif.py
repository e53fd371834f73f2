import json
from dataclasses import replace
from typing import Any
from urllib.parse import unquote_to_bytes, urljoin, urlsplit

import pytest
from hypothesis import given, settings

from tests.export.build import (
    AT,
    DOCUMENT,
    FIX,
    OPUS,
    REPORT,
    SEVERAL,
    altered,
    decision,
    documents,
    finding,
)
from tests.export.schemas import validator
from xreview.domain.change import ChangeKind, Side
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.decision import Reason, Verdict
from xreview.domain.events.carried import CarriedState
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.identity.anchor import FINGERPRINT_VERSION, Anchor, Context
from xreview.domain.report import Category, Severity, Suggestion
from xreview.domain.text import visible_block
from xreview.export.document import ExportEntry
from xreview.export.sarif import FORMAT

CHECK = validator("sarif-2.1.0.json")


def runs_of(document) -> list[Any]:
    log = json.loads(FORMAT.render(document))
    CHECK.validate(log)
    return log["runs"]


def run_of(document) -> Any:
    """The first run, with the results of all: of each finding what its first reviewer says."""
    runs = runs_of(document)
    by_finding: dict[str, Any] = {}
    for run in runs:
        for result in run["results"]:
            name = result["partialFingerprints"][f"xreviewFingerprint/v{FINGERPRINT_VERSION}"]
            if name == result["properties"]["finding"]:
                by_finding.setdefault(name, result)
    order = [visible_block(entry.finding.fingerprint) for entry in document.entries]
    return {**runs[0], "results": [by_finding[name] for name in order if name in by_finding]}


def result_of(entry, **document) -> Any:
    return run_of(altered(entries=(entry,), **document))["results"][0]


def region_of(result) -> Any:
    return result["locations"][0]["physicalLocation"]["region"]


@settings(max_examples=25)
@given(documents)
def test_every_document_is_valid_and_refers_to_what_is_there(document):
    text = FORMAT.render(document)
    assert text.isascii()
    said = 0
    for run in runs_of(document):
        rules = run["tool"]["driver"]["rules"]
        assert len({rule["id"] for rule in rules}) == len(rules)
        said += len(run["results"])
        for result in run["results"]:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
            assert visible_block(result["message"]["text"]) == result["message"]["text"]
            assert 0 <= result["provenance"]["invocationIndex"] < len(document.sessions)
        assert [one["executionSuccessful"] for one in run["invocations"]] == [
            session.is_complete for session in document.sessions
        ]
    reviewers = [
        {report.reviewer for report in entry.finding.reports} for entry in document.entries
    ]
    assert said == sum(map(len, reviewers))


def test_the_check_can_fail():
    log = json.loads(FORMAT.render(DOCUMENT))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert not CHECK.is_valid(log)


@pytest.mark.parametrize(
    ("severity", "level"),
    [("CRITICAL", "error"), ("HIGH", "error"), ("MEDIUM", "warning"), ("LOW", "note")],
)
def test_levels_follow_severities(severity, level):
    result = result_of(ExportEntry(finding(severity=Severity[severity])))
    assert result["level"] == level
    assert result["properties"]["severity"] == severity.lower()


def test_decisions_are_suppressions():
    results = run_of(DOCUMENT)["results"]
    rejected, accepted, _, escalated, untouched = results
    assert rejected["suppressions"] == [
        {
            "kind": "external",
            "status": "accepted",
            "justification": (
                "rejected: intended (intended: remember this as a convention). by design"
            ),
            "properties": {"by": "Ada", "at": "2025-11-21T10:00:00.000000+00:00"},
        }
    ]
    assert escalated["suppressions"][0]["status"] == "underReview"
    assert escalated["suppressions"][0]["justification"].startswith("escalated: measure")
    assert "suppressions" not in accepted
    assert "suppressions" not in untouched
    assert "ada@example.com" not in json.dumps(results)


def test_a_decision_to_wait_says_until_when():
    later = replace(decision(Verdict.REJECT, Reason.LATER), until="2026-01-31")
    (suppression,) = result_of(ExportEntry(finding(), later))["suppressions"]
    assert suppression["justification"].startswith("rejected: later until 2026-01-31 (")


def test_what_is_not_asked_again_is_suppressed_with_who_said_so_and_when():
    _, answered, gone, put_off = run_of(SEVERAL)["results"]
    assert answered["suppressions"] == [
        {
            "kind": "external",
            "status": "accepted",
            "justification": (
                "not asked again, by a convention: Shops trust their own carts., by Bob, "
                "2025-11-21 10:00 UTC."
            ),
            "properties": {"by": "Bob", "at": AT},
        }
    ]
    (later,) = put_off["suppressions"]
    assert (later["status"], "until 2026-01-31" in later["justification"]) == ("accepted", True)
    assert (gone["baselineState"], "suppressions" in gone) == ("absent", False)


def test_each_session_is_an_invocation_and_says_who_wrote_its_change():
    run = run_of(SEVERAL)
    assert run["automationDetails"] == {"id": "xreview-tui/"}
    _, earlier = run["invocations"]
    assert earlier["startTimeUtc"] == "2025-11-20T09:00:00.000000Z"
    texts = [note["message"]["text"] for note in earlier["toolExecutionNotifications"]]
    assert texts[1:] == ["opus failed: The model is out of order.", "merge in progress"]
    places = [one["provenance"]["invocationIndex"] for one in run["results"]]
    assert places == [0, 0, 1, 1]
    latest, before = run["properties"]["sessions"]
    assert latest["author"] == {
        "label": "openai gpt-5",
        "tool": "codex",
        "vendor": "openai",
        "model": "gpt-5",
        "confidence": "high",
        "evidence": ["a trailer of commit 1a2b3c names it"],
    }
    assert (latest["sameFamily"], before["sameFamily"]) == ([], ["opus"])
    assert before["reviewers"] == ["opus (model: anthropic opus-4), of the author's family"]
    assert run["results"][2]["properties"]["sameFamily"] == ["opus"]


def test_a_region_is_whole_lines_with_the_quote():
    assert region_of(result_of(ExportEntry(finding()))) == {
        "startLine": 12,
        "endLine": 13,
        "snippet": {"text": REPORT.anchor.quote},
    }


def test_what_is_not_in_the_file_now_has_no_region():
    old = finding(anchor=Anchor("shop/cart.py", Side.OLD, 11, 11, "    execute(name)"))
    for entry in (ExportEntry(old), ExportEntry(finding(anchored=False))):
        result = result_of(entry)
        assert "region" not in result["locations"][0]["physicalLocation"]
        assert "fixes" not in result
    assert (
        "The lines are those before the change." in result_of(ExportEntry(old))["message"]["text"]
    )


def test_a_suggestion_is_a_fix_of_whole_lines():
    (fix,) = result_of(ExportEntry(finding()))["fixes"]
    (change,) = fix["artifactChanges"]
    assert fix["description"]["text"] == "Pass the name as a parameter."
    assert change["artifactLocation"]["uri"] == "shop/cart.py"
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 12, "endLine": 13},
            "insertedContent": {"text": "execute('… ?', [name])"},
        }
    ]


def test_a_removal_takes_the_line_end_too():
    entry = ExportEntry(finding(suggestion=Suggestion("Drop it.", "")))
    (replacement,) = result_of(entry)["fixes"][0]["artifactChanges"][0]["replacements"]
    assert replacement == {
        "deletedRegion": {"startLine": 12, "startColumn": 1, "endLine": 14, "endColumn": 1}
    }


def test_a_quote_of_some_of_the_lines_makes_no_fix():
    anchor = Anchor("shop/cart.py", Side.NEW, 12, 20, "execute(")
    assert "fixes" not in result_of(ExportEntry(finding(anchor=anchor)))


def test_the_identity_is_versioned():
    prints = result_of(ExportEntry(finding()))["partialFingerprints"]
    assert prints == {f"xreviewFingerprint/v{FINGERPRINT_VERSION}": "f1"}


@pytest.mark.parametrize(
    ("carried", "state"),
    [
        ("new", "new"),
        ("back", "new"),
        ("regressed", "new"),
        ("still there", "unchanged"),
        ("fixed", "absent"),
    ],
)
def test_carry_over_is_the_baseline_state(carried, state):
    assert (
        result_of(ExportEntry(finding(), carried=CarriedState(carried)))["baselineState"] == state
    )
    assert "baselineState" not in result_of(ExportEntry(finding()))


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b/ü.py", "a%20b/%C3%BC.py"),
        ("100%.py", "100%25.py"),
        ("c:x?y#z", "c%3Ax%3Fy%23z"),
        ("\x1b[2J", "%1B%5B2J"),
        ("a\udcff", "a%FF"),
        ("//host/a", "%2F/host/a"),
        ("back\\slash", "back%5Cslash"),
    ],
)
def test_hostile_names_are_relative_references(path, uri):
    anchor = replace(REPORT.anchor, path=path)
    result = result_of(ExportEntry(finding(anchor=anchor)))
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": uri, "uriBaseId": "%SRCROOT%"}
    assert unquote_to_bytes(uri) == path.encode("utf-8", "surrogateescape")
    split = urlsplit(uri)
    assert (split.scheme, split.netloc, split.query, split.fragment) == ("", "", "", "")
    assert urljoin("file:///top/", uri) == f"file:///top/{uri}"


def test_gaps_are_notifications():
    invocation = run_of(DOCUMENT)["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert invocation["endTimeUtc"] == "2025-11-21T10:00:00.000000Z"
    whole, account, gap, note = invocation["toolExecutionNotifications"]
    assert account["level"] == "note"
    assert account["message"]["text"].startswith("1 of 2 files read; 1 not (30,000 lines): big.sql")
    assert (note["level"], note["message"]["text"]) == ("note", "shallow clone")
    assert whole["level"] == "error"
    assert whole["message"]["text"].startswith("This review is incomplete.")
    assert gap["level"] == "warning"
    assert gap["message"]["text"] == ("Not reviewed by opus (truncated): cut off at 20,000 lines")
    uri = gap["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "big.sql"


def test_a_complete_review_is_successful_and_silent():
    run = run_of(altered(is_complete=True, notices=()))
    assert run["invocations"][0]["executionSuccessful"] is True
    assert run["invocations"][0]["toolExecutionNotifications"] == []


def test_what_a_selection_left_out_is_said():
    invocation = run_of(altered(is_complete=True, notices=(), left_out=2))["invocations"][0]
    (note,) = invocation["toolExecutionNotifications"]
    assert (note["level"], note["message"]["text"][:10]) == ("note", "2 findings")


def test_a_failed_reading_is_an_error():
    gap = CoverageEntry("risk", "a.py", Reading.FAILED, "crashed")
    notes = run_of(altered(gaps=(gap,), notices=()))["invocations"][0]["toolExecutionNotifications"]
    assert [note["level"] for note in notes] == ["error", "note", "error"]


def test_rules_of_analysers_and_of_models():
    entries = (
        ExportEntry(finding("a", severity=Severity.LOW)),
        ExportEntry(finding("b", severity=Severity.CRITICAL)),
        ExportEntry(finding("c", rule="", reviewer=OPUS, category=Category.CONCURRENCY)),
    )
    first, second = runs_of(altered(entries=entries))
    ((analyser,), (model,)) = (run["tool"]["driver"]["rules"] for run in (first, second))
    assert analyser["id"] == "S608"
    assert analyser["defaultConfiguration"]["level"] == "error"
    assert analyser["properties"] == {"tags": ["security", "risk"], "security-severity": "9.5"}
    assert model["id"] == "reviewer/concurrency"
    assert model["shortDescription"]["text"] == "Concurrency, said by a reviewer"
    assert [result["ruleIndex"] for result in first["results"]] == [0, 0]
    assert analyser["fullDescription"]["text"] == REPORT.claim
    assert analyser["help"]["text"].startswith(REPORT.claim)
    assert "decide who is right" in model["help"]["text"]


def test_other_reports_of_a_finding_are_related_locations():
    elsewhere = replace(REPORT, reviewer=OPUS, anchor=replace(REPORT.anchor, start_line=1))
    both = Finding((REPORT, elsewhere), (), Disagreement.CORROBORATED)
    (related,) = result_of(ExportEntry(both, FIX))["relatedLocations"]
    assert related["message"]["text"] == "opus (model: anthropic opus-4): SQL built from a string"


def test_prose_makes_no_link():
    result = result_of(ExportEntry(finding(title="see [this](http://x) and a[0]")))
    assert r"see \[this](http://x) and a[0]" in result["message"]["text"]


def test_a_time_that_is_none_is_left_out():
    run = run_of(altered(last_at="\x1b[2J"))
    assert "endTimeUtc" not in run["invocations"][0]


def test_the_run_says_which_kind_of_change_it_was():
    assert run_of(DOCUMENT)["automationDetails"] == {"id": f"xreview-tui/{ChangeKind.BRANCH}/"}


def test_a_run_for_each_reviewer_says_who_it_is():
    both = Finding((REPORT, replace(REPORT, reviewer=OPUS)), (), Disagreement.CORROBORATED)
    runs = runs_of(altered(entries=(ExportEntry(both),)))
    drivers = [run["tool"]["driver"] for run in runs]
    assert [driver["name"] for driver in drivers] == [REPORT.reviewer.name, "opus"]
    assert drivers[1]["version"] == "opus-4"
    assert drivers[1]["properties"] == {"kind": "model", "family": "anthropic", "lens": "risk"}
    assert [len(run["results"]) for run in runs] == [1, 1]
    assert len({run["results"][0]["properties"]["finding"] for run in runs}) == 1
    (program,) = runs[0]["tool"]["extensions"]
    assert program["name"] == "xreview-tui"


def test_advice_without_a_replacement_is_text():
    result = result_of(ExportEntry(finding(suggestion=Suggestion("Use a list."))))
    assert "Suggestion: Use a list." in result["message"]["text"]
    assert "fixes" not in result


def test_what_is_unanchored_is_to_be_looked_at_and_has_no_level():
    result = result_of(ExportEntry(finding(anchored=False, severity=Severity.CRITICAL)))
    assert (result["kind"], result["level"]) == ("review", "none")
    assert result["properties"]["anchored"] is False


def test_the_hash_of_the_line_is_githubs():
    context = Context(block="x", line_hash="54703d4cd895b18:1")
    entry = ExportEntry(finding(anchor=replace(REPORT.anchor, context=context)))
    prints = result_of(entry)["partialFingerprints"]
    assert prints["primaryLocationLineHash"] == "54703d4cd895b18:1"
