import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

from tests.export.build import AT, CART, DOCUMENT, SEVERAL, altered, documents, finding
from xreview.domain.change import ChangeKind, FileStatus, Side
from xreview.domain.coverage import Reading
from xreview.domain.decision import Reason, Verdict
from xreview.domain.events.carried import CarriedState
from xreview.domain.events.codec import from_json
from xreview.domain.finding import Disagreement
from xreview.domain.related import RelatedPlace
from xreview.domain.report import (
    Category,
    Confidence,
    Direction,
    Lens,
    Report,
    ReviewerKind,
    Severity,
)
from xreview.domain.stance import StanceKind
from xreview.export.document import ExportEntry, Standing
from xreview.export.json import FORMAT, SCHEMA, schema

CHECK = jsonschema.Draft202012Validator(schema())


def rendered(document) -> Any:
    return json.loads(FORMAT.render(document))


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(schema())
    assert schema()["properties"]["schema"] == {"const": SCHEMA}


@settings(max_examples=25)
@given(documents)
def test_every_document_fits_the_schema_and_is_printable_ascii(document):
    text = FORMAT.render(document)
    assert text.isascii()
    assert text.replace("\n", "").isprintable()
    CHECK.validate(json.loads(text))


def test_what_is_related_is_told():
    place = RelatedPlace("web.py", 4, "calls save of a.py: it's gone")
    told = rendered(replace(DOCUMENT, related=(place,)))
    CHECK.validate(told)
    assert told["related"] == [{"path": "web.py", "line": 4, "why": place.why}]
    assert rendered(DOCUMENT)["related"] == []


def closed(part: Any) -> Any:
    """The schema with nothing allowed but what it names."""
    if isinstance(part, list):
        return [closed(item) for item in part]
    if not isinstance(part, dict):
        return part
    sealed = {key: closed(item) for key, item in part.items()}
    if part.get("type") == "object":
        sealed["additionalProperties"] = False
    return sealed


def test_the_schema_describes_every_field_that_is_written():
    jsonschema.Draft202012Validator(closed(schema())).validate(rendered(DOCUMENT))


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("category", [member.value for member in Category]),
        ("severity", [member.word for member in Severity]),
        ("standing", [member.value for member in Standing]),
        ("report.lens", [member.value for member in Lens]),
        ("report.confidence", [member.word for member in Confidence]),
        ("anchor.side", [member.value for member in Side]),
        ("reviewer.kind", [member.value for member in ReviewerKind]),
        ("stance.kind", [member.value for member in StanceKind]),
        ("decision.verdict", [member.value for member in Verdict]),
        ("decision.reason", [member.value for member in Reason]),
        ("gap.reading", [member.value for member in Reading]),
        ("finding.disagreement", [member.value for member in Disagreement]),
        ("finding.carried", [*(member.value for member in CarriedState), None]),
        ("change.kind", [member.value for member in ChangeKind]),
        ("author.confidence", [*(member.word for member in Confidence), None]),
        ("file.status", [member.word for member in FileStatus]),
        ("request.direction", [member.value for member in Direction]),
    ],
)
def test_the_schema_knows_the_words_of_the_domain(where, words):
    definitions = schema()["$defs"] | {
        "change": schema()["$defs"]["session"]["properties"]["change"],
        "file": schema()["$defs"]["session"]["properties"]["change"]["properties"]["files"][
            "items"
        ],
        "request": schema()["$defs"]["report"]["properties"]["request"]["anyOf"][0],
    }
    name, _, field = where.partition(".")
    found = definitions[name]["properties"][field] if field else definitions[name]
    assert set(found["enum"]) == set(words)


def test_everything_is_in_it():
    data = rendered(DOCUMENT)
    assert data["schema"] == 1
    assert data["program"] == {"name": "xreview-tui", "version": "0.1.0"}
    (session,) = data["sessions"]
    assert session["change"]["title"] == "main..feature"
    assert session["notices"] == ["shallow clone"]
    assert session["author"] == {
        "label": "openai gpt-5",
        "tool": "codex",
        "vendor": "openai",
        "model": "gpt-5",
        "confidence": "high",
        "evidence": ["a trailer of commit 1a2b3c names it"],
    }
    assert [reviewer["name"] for reviewer in data["reviewers"]] == ["risk", "opus"]
    assert data["is_complete"] is False
    assert data["coverage"]["gap_entries"][0]["path"] == "big.sql"
    assert data["summary"] == {
        "findings": 5,
        "left_out": 0,
        "unanchored": 0,
        "by_decision": {"accepted": 2, "escalated": 1, "open": 1, "rejected": 1, "suppressed": 0},
        "by_severity": {"critical": 1, "high": 3, "medium": 0, "low": 1},
    }
    first, *_, contested, untouched = data["findings"]
    assert first["note"] == "by design"
    assert first["decision"] == {
        "verdict": "reject",
        "reason": "intended",
        "until": None,
        "ruling": None,
        "chosen": [],
        "at": "2025-11-21T10:00:00.000000+00:00",
        "actor": "Ada <ada@example.com>",
        "session": "s1",
        "action": "a1",
    }
    assert contested["stances"][0]["settles"] == "A stress test."
    assert untouched["decision"] is None
    assert untouched["standing"] == "open"


def test_several_sessions_each_say_what_they_are():
    data = rendered(altered(SEVERAL, files=(CART,)))
    jsonschema.Draft202012Validator(closed(schema())).validate(data)
    latest, earlier = data["sessions"]
    assert latest["change"]["files"] == [
        {
            "path": "shop/cart.py",
            "old_path": None,
            "status": "modified",
            "added": 3,
            "removed": 1,
            "author_family": "openai",
        }
    ]
    assert earlier["failures"] == [{"reviewer": "opus", "why": "The model is out of order."}]
    assert [one["is_same_family"] for one in latest["reviewers"]] == [False, False]
    assert [one["is_same_family"] for one in earlier["reviewers"]] == [True]
    assert data["coverage"] | {"gap_entries": []} == {
        "read": 10,
        "skipped": 1,
        "gaps": 1,
        "gap_entries": [],
    }
    assert [gap["session"] for gap in data["coverage"]["gap_entries"]] == ["s1"]
    assert [one["name"] for one in data["reviewers"]] == ["risk", "opus"]
    _, answered, gone, put_off = data["findings"]
    assert (answered["standing"], answered["decision"]) == ("suppressed", None)
    assert answered["suppression"] == {
        "why": "Shops trust their own carts.",
        "owner": "Bob <bob@example.com>",
        "at": AT,
        "convention": "c1",
        "until": None,
    }
    assert (gone["carried"], gone["same_family"]) == ("fixed", ["opus"])
    assert put_off["suppression"]["until"] == "2026-01-31"


def test_a_report_is_verbatim():
    hostile = finding(title="\x1b]52;c;aGk=\x07 \u202e é 😀", claim="a\r\nb\x9b\x7f")
    text = FORMAT.render(altered(entries=(ExportEntry(hostile),)))
    assert r"\u001b]52;c;aGk=\u0007 \u202e \u00e9 \ud83d\ude00" in text
    assert from_json(Report, json.loads(text)["findings"][0]["reports"][0]) == hostile.lead


@pytest.mark.parametrize("lone", ["\udc80", "\ud83dx", "\udc80\ud83d"])
def test_lone_surrogates_become_replacement_characters(lone):
    entry = ExportEntry(finding(), note=f"caf{lone}")
    text = FORMAT.render(altered(entries=(entry,)))
    note = json.loads(text)["findings"][0]["note"]
    assert note == "caf" + "".join("�" if "\ud800" <= sign <= "\udfff" else sign for sign in lone)


def test_code_that_is_not_what_it_looks_like_is_stated():
    anchor = replace(finding("f1").lead.anchor, quote="if user\u200b == admin:")
    odd = finding("f1", anchor=anchor)
    [told] = rendered(altered(entries=(ExportEntry(odd),)))["findings"]
    [sentence] = told["lookalikes"]
    assert "U+200B" in sentence
    assert rendered(DOCUMENT)["findings"][0]["lookalikes"] == []
