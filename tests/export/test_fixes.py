"""What every format says about a fix."""

import csv
import io
import json
from dataclasses import replace

import pytest

from tests.export.build import (
    CART,
    CLAUDE,
    DOCUMENT,
    FIX,
    INTENDED,
    LATER_AT,
    MENDED,
    altered,
    finding,
)
from xreview.domain.events.carried import CarriedState
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.text import visible_block
from xreview.export.document import ExportEntry
from xreview.export.format import export_format

HOSTILE = replace(
    MENDED,
    evidence="</p><script>\x1b[2J\u202e`\n# gone [x](http://x) @ada",
    outcome=FixOutcome.TAMPERED,
)


def rendered(name, fix, decided=FIX, carried=None):
    entry = ExportEntry(finding(), decided, fix=fix, carried=carried, seen_at=LATER_AT)
    return export_format(name).render(altered(entries=(entry,), files=(CART,)))


def said(name, fix, **given):
    """What the format says, without the escapes of JSON."""
    text = rendered(name, fix, **given)
    if name in ("json", "sarif", "rdjson", "github"):
        return json.dumps(json.loads(text), ensure_ascii=False)
    return text


PROSE = ["markdown", "html", "rdjson", "github"]
DATA = ["json", "jsonl", "csv", "sarif"]


@pytest.mark.parametrize("name", PROSE)
def test_a_fix_is_told_with_its_evidence_and_whether_it_is_applied(name):
    text = said(name, MENDED)
    assert "fixed, not applied, by claude-code" in text
    assert "quote changed, verifier: gone" in text
    assert "not applied" not in said(name, replace(MENDED, is_applied=True))
    assert "applied in part" in said(name, replace(MENDED, is_applied=True, is_partial=True))


@pytest.mark.parametrize("name", PROSE)
@pytest.mark.parametrize("outcome", FixOutcome)
def test_only_a_fixed_one_is_called_fixed(name, outcome):
    text = said(name, replace(MENDED, outcome=outcome))
    use = "" if outcome is FixOutcome.BLOCKED else ", not applied"
    assert f"{outcome}{use}" in text
    assert ("fixed, not applied" in text) == (outcome is FixOutcome.FIXED)


@pytest.mark.parametrize("name", PROSE)
def test_a_fix_that_did_not_hold_is_said_to_have_failed(name):
    applied = replace(MENDED, is_applied=True)
    assert "Reported again since" in said(name, applied, carried=CarriedState.REGRESSED)
    assert "Reported again since" not in said(name, applied, carried=CarriedState.BACK)
    later = replace(applied, at="2026-12-01T00:00:00.000000+00:00")
    assert "Reported again since" not in said(name, later, carried=CarriedState.REGRESSED)


@pytest.mark.parametrize("name", [*PROSE, *DATA])
def test_nothing_is_said_where_nothing_was_fixed(name):
    assert "claude-code" not in rendered(name, None)
    assert "claude-code" in rendered(name, MENDED)


@pytest.mark.parametrize("name", [*PROSE, *DATA])
def test_evidence_takes_no_effect(name):
    text = rendered(name, HOSTILE)
    assert visible_block(text) == text
    assert "tampered" in text
    if name == "html":
        assert "<script>" not in text
    if name in ("markdown", "github"):
        assert "[x](http" not in text
        assert "\n# gone" not in text


def test_a_rejected_finding_says_in_a_word_what_its_fix_did():
    blocked = replace(MENDED, outcome=FixOutcome.BLOCKED)
    assert " · fix: blocked" in rendered("markdown", blocked, INTENDED)


def test_json_has_all_of_it():
    (one,) = json.loads(rendered("json", replace(MENDED, is_applied=True)))["findings"]
    assert one["fix"] == {
        "fix": "x1",
        "fixer": {
            "name": CLAUDE.name, "kind": "agent", "family": "anthropic", "model": CLAUDE.model,
        },
        "outcome": "fixed",
        "evidence": MENDED.evidence,
        "at": MENDED.at,
        "is_applied": True,
        "is_partial": False,
        "is_discarded": False,
        "session": "",
    }  # fmt: skip
    (none,) = json.loads(rendered("json", None))["findings"]
    assert none["fix"] is None


def test_a_table_has_columns_for_it():
    row = next(csv.DictReader(io.StringIO(rendered("csv", replace(MENDED, is_applied=True)))))
    assert (row["fix"], row["fix_applied"], row["fixed_at"]) == ("fixed", "yes", MENDED.at)
    assert (row["fix_evidence"], row["fixer"]) == (MENDED.evidence, CLAUDE.label)
    bare = next(csv.DictReader(io.StringIO(rendered("csv", None))))
    assert [bare[name] for name in ("fix", "fix_applied", "fixer")] == ["", "", ""]


def test_an_export_is_as_of_its_last_fix():
    late = replace(MENDED, at="2026-03-01T00:00:00.000000+00:00")
    assert altered(DOCUMENT, entries=(ExportEntry(finding(), FIX, fix=late),)).as_of == late.at


def test_a_prompt_asks_for_nothing_that_a_fix_has_mended():
    mended = replace(MENDED, is_applied=True, at="2025-11-22T10:00:00.000000+00:00")
    assert "nothing to fix" in said("prompt", mended)
    assert "nothing to fix" not in said("prompt", replace(mended, is_partial=True))
    assert "nothing to fix" not in said("prompt", mended, carried=CarriedState.REGRESSED)
