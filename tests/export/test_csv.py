import csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.export.build import DOCUMENT, SEVERAL, altered, documents, finding
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.session_account.sections import account_sections
from xreview.domain.text import visible_block
from xreview.export.csv import COLUMNS, FORMAT
from xreview.export.document import ExportEntry

TRIGGERS = "=+-@＝＋－＠"


def rows(document):
    return list(csv.DictReader(io.StringIO(FORMAT.render(document), newline=""), strict=True))


def cell(text):
    return rows(altered(entries=(ExportEntry(finding(title=text)),)))[0]["title"]


def test_a_finding_a_row_and_then_what_was_not_read():
    found = rows(DOCUMENT)
    assert [row["kind"] for row in found] == [
        *["finding"] * 5,
        *["session", "account", "notice", "incomplete", "not-reviewed"],
    ]
    assert [row["decision"] for row in found[:2]] == ["rejected", "accepted"]
    assert (
        found[0]
        | {
            "fingerprint": "f3",
            "reason": "intended",
            "decided_by": "Ada",
            "note": "by design",
            "severity": "low",
            "path": "shop/cart.py",
            "start_line": "12",
            "quote": "execute(\n    f'… {name}')",
        }
        == found[0]
    )
    assert found[-1]["path"] == "big.sql"
    assert found[-1]["claim"] == "truncated: cut off at 20,000 lines"


def test_a_complete_review_has_no_row_about_what_was_not_read():
    kinds = {row["kind"] for row in rows(altered(is_complete=True))}
    assert kinds == {"finding", "session", "notice"}


def test_several_sessions_are_told_apart_and_so_is_what_is_not_asked_again():
    found = rows(SEVERAL)
    assert [(row["kind"], row["session"]) for row in found] == [
        *(("finding", id) for id in ("s1", "s1", "s0", "s0")),
        *((kind, "s1") for kind in ("session", "account", "notice", "incomplete", "not-reviewed")),
        *((kind, "s0") for kind in ("session", "notice", "incomplete", "failed")),
    ]
    seen, answered, gone, put_off = found[:4]
    assert (seen["carried"], gone["carried"]) == ("still there", "fixed")
    assert answered["decision"] == "suppressed"
    assert answered["suppressed"] == (
        "not asked again, by a convention: Shops trust their own carts., by Bob, "
        "2025-11-21 10:00 UTC"
    )
    assert "until 2026-01-31, decided earlier: right, but later" in put_off["suppressed"]
    assert (gone["same_family"], seen["same_family"]) == ("opus", "")
    sessions = [row for row in found if row["kind"] == "session"]
    assert [row["same_family"] for row in sessions] == ["", "opus"]
    assert sessions[0]["claim"] == (
        "author: openai gpt-5 (high confidence: a trailer of commit 1a2b3c names it)"
    )
    assert found[-1]["claim"] == "The model is out of order."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'  =1"),
        ("\t=1", "'\t'=1"),
        ("\tx", "'\tx"),
        ("\r=1", "␍=1"),
        ("＝1", "'＝1"),
        ("a;=1", "a;'=1"),
        ("a; -x", "a;' -x"),
        ("a\n\n@x", "a\n\n'@x"),
        ("a\n x", "a\n x"),
        ('a;"=1', "a;'\"=1"),
        ('"=1', "'\"=1"),
        ('a\t"" =1', 'a\t\'"" =1'),
        ("1 - 1 = 0", "1 - 1 = 0"),
        ("f(a, -1)", "f(a, -1)"),
        ("a,b\"c'", "a,b\"c'"),
        ("\x1b[2J", "␛[2J"),
    ],
)
def test_nothing_in_a_cell_is_a_formula(text, expected):
    assert cell(text) == expected


@settings(max_examples=25)
@given(documents)
def test_it_reads_back_as_it_was_written(document):
    found = rows(document)
    assert len(found) == (
        len(document.entries)
        + sum(
            1
            + bool(one.account.entries)
            + one.is_by_analysers
            + len(one.notices)
            + len(one.failures)
            + len(one.gaps)
            + (not one.is_complete)
            + (1 + len(one.attention.files) if one.attention else 0)
            + sum(
                len(part.lines)
                for told in filter(None, [one.session_account])
                for part in account_sections(told)
            )
            for one in document.sessions
        )
    )
    for row, entry in zip(found, document.entries, strict=False):
        assert tuple(row) == COLUMNS
        claim = entry.finding.lead.claim
        assert row["claim"].replace("'", "") == visible_block(claim).replace("'", "")


@settings(max_examples=100, deadline=None)
@given(
    st.text(st.sampled_from(TRIGGERS + ";\t\n\r ,'\"a\u00a0"), max_size=8), st.sampled_from(";\t,")
)
def test_no_separator_of_any_locale_finds_a_formula(text, separator):
    """A spreadsheet set to another separator ends cells, and rows, in the middle of ours."""
    text = FORMAT.render(altered(entries=(ExportEntry(finding(title=text)),)))
    if separator == ",":
        cells = [each for row in csv.reader(io.StringIO(text, newline="")) for each in row]
    else:
        cells = [each for line in text.split("\n") for each in line.split(separator)]
    assert not [each for each in cells if each.strip()[:1] and each.strip()[0] in TRIGGERS]


def test_a_gap_can_not_smuggle_a_formula_in():
    gap = CoverageEntry("=1", "=cmd|' /C calc'!A0", Reading.FAILED, "@x")
    row = rows(altered(entries=(), gaps=(gap,)))[-1]
    assert (row["path"], row["reviewers"]) == ("'=cmd|' /C calc'!A0", "'=1")


pieces = st.sampled_from(
    ["=1", "+1", "-1", "@x", "＝1", '"', '""', ";", "\t", "\n", "\r", ",", " ", "\u00a0", "'", "x"]
)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@settings(max_examples=300, deadline=None)
@given(st.lists(pieces, max_size=8).map("".join))
@example(';"\t')
def test_read_with_any_separator_no_cell_begins_a_formula(separator, text):
    document = altered(entries=(ExportEntry(finding(title=text, claim=text)),))
    written = FORMAT.render(document)

    for row in csv.reader(io.StringIO(written, newline=""), delimiter=separator):
        for found in row:
            assert not found.strip().startswith(tuple(TRIGGERS)), (found, written)
            assert not found.startswith(("\t", "\r"))
