"""Our own exports, exported and imported again."""

import json
from dataclasses import replace

import pytest

from tests.analysers.changes import request
from tests.export.build import DOCUMENT, OPUS, altered
from tests.imports.reading import CART, review, written
from xreview.domain.change import Side
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.errors import UsageError
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.identity.claim import claim_key_of
from xreview.domain.report import (
    Category,
    Confidence,
    Direction,
    Lens,
    Request,
    ReviewerIdentity,
    ReviewerKind,
    Severity,
    Suggestion,
)
from xreview.export.document import ExportEntry
from xreview.export.format import export_format
from xreview.imports.reader import read_findings
from xreview.ports.reviewer import RawReport
from xreview.review.session.ground import Grounding

RISK = ReviewerIdentity("risk", ReviewerKind.ANALYSER, "ruff", "0.14.1")
ECONOMY = ReviewerIdentity("economy", ReviewerKind.ANALYSER, "lizard", "1.17")
SHELL = RawReport(
    reviewer=RISK,
    claim_key="S602",
    rule="S602",
    title="A shell is started",
    claim="What the caller hands in is run.",
    scenario="A name with a semicolon in it.",
    category=Category.SECURITY,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    path="shop/cart.py",
    side=Side.NEW,
    start_line=17,
    end_line=17,
    quote='    subprocess.call("ls " + items[0], shell=True)',
    suggestion=Suggestion("Without a shell.", '    subprocess.call(["ls", items[0]])'),
    request=Request(Direction.ADD, "validation"),
    settle="Call it with `; id`.",
)
SWALLOWED = replace(
    SHELL,
    reviewer=OPUS,
    rule="",
    claim_key=claim_key_of("Errors are swallowed", "All of them.", Category.ERROR_HANDLING),
    title="Errors are swallowed",
    claim="All of them.",
    category=Category.ERROR_HANDLING,
    start_line=20,
    end_line=21,
    quote="    except Exception:\n        pass",
    suggestion=None,
    request=None,
)
LONG = replace(SHELL, reviewer=ECONOMY, rule="C1", claim_key="C1", start_line=14, end_line=14)
OLD = replace(SHELL, side=Side.OLD, rule="S1", claim_key="S1", start_line=1, end_line=1, quote="x")


async def findings(*raws):
    """The reports as a review would have them, a finding each."""
    asked = request({"shop/cart.py": CART}, {"shop/cart.py": "x\n"})
    grounding = Grounding(asked.change, asked.contents)
    found = []
    for raw in raws:
        lens = Lens.ECONOMY if raw.reviewer is ECONOMY else Lens.RISK
        found.append(Finding((await grounding.check(raw, lens),), (), Disagreement.LONE))
    return found


@pytest.mark.parametrize("format", ["json", "jsonl"])
async def test_what_was_exported_comes_back_the_same(tmp_path, format):
    before = await findings(SHELL, SWALLOWED, replace(LONG, quote="def total("), OLD)
    document = altered(
        reviewers=(RISK, ECONOMY, OPUS),
        entries=tuple(map(ExportEntry, before)),
        gaps=(CoverageEntry("opus", "big.sql", Reading.TRUNCATED, "cut off"),),
    )
    path = written(tmp_path, export_format(format).render(document))
    new = {"shop/cart.py": CART, "big.sql": "select\n"}
    tools = await review([path], new, {"shop/cart.py": "x\n"})
    after = {report.fingerprint: report for tool in tools for report in tool.reports}
    assert after == {finding.fingerprint: finding.lead for finding in before}
    assert len(after) == 4
    assert [(tool.identity, len(tool.reports)) for tool in tools] == [
        (RISK, 2),
        (OPUS, 1),
        (ECONOMY, 1),
    ]
    coverage = {(entry.reviewer, entry.path): entry for tool in tools for entry in tool.coverage}
    assert coverage["opus", "big.sql"].reading is Reading.TRUNCATED
    assert coverage["opus", "shop/cart.py"].reading is Reading.READ
    assert coverage["risk", "big.sql"].why == "risk doesn't list it as analysed"


async def test_names_that_are_taken_are_told_apart(tmp_path):
    document = altered(reviewers=(), entries=(ExportEntry((await findings(SHELL))[0]),))
    path = written(tmp_path, export_format("json").render(document))
    (tool,) = await review([path], {"shop/cart.py": CART}, taken=["risk"])
    assert {report.reviewer.name for report in tool.reports} == {"risk-2"}
    assert {entry.reviewer for entry in tool.coverage} == {"risk-2"}


async def test_files_that_are_not_in_this_change_are_counted(tmp_path):
    document = altered(reviewers=(), entries=(ExportEntry((await findings(SHELL))[0]),))
    path = written(tmp_path, export_format("json").render(document))
    (tool,) = await review([path], {"other.py": "x\n"})
    assert (tool.reports, tool.outside) == ([], 1)


def test_a_reviewer_that_raised_nothing_is_there_too(tmp_path):
    document = altered(reviewers=(RISK, ECONOMY), entries=())
    said = read_findings(written(tmp_path, export_format("jsonl").render(document)))
    assert [(tool.identity, tool.lens) for tool in said] == [
        (RISK, Lens.RISK),
        (ECONOMY, Lens.ECONOMY),
    ]


def broken(change):
    data = json.loads(export_format("json").render(DOCUMENT))
    change(data)
    return data


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data.update(schema=2), "$.schema is 2, but this version reads only 1"),
        (lambda data: data["findings"][0].pop("reports"), "$.findings[0] has no “reports”"),
        (
            lambda data: data["findings"][1]["reports"][0].update(severity="worst"),
            "$.findings[1].reports[0].severity isn't one of low, medium, high, critical",
        ),
        (
            lambda data: data["findings"][1]["reports"][0]["anchor"].update(side="left"),
            "$.findings[1].reports[0].anchor.side isn't one of old, new",
        ),
        (
            lambda data: data["reviewers"][0].update(name=""),
            "$.reviewers[0].name is empty",
        ),
    ],
)
def test_what_is_malformed_is_refused_with_its_place(tmp_path, change, said):
    path = written(tmp_path, broken(change))
    with pytest.raises(UsageError) as caught:
        read_findings(path)
    assert caught.value.message == f"{path} can't be imported: {said}."


def test_a_line_that_is_no_finding_is_refused(tmp_path):
    first, *_ = export_format("jsonl").render(DOCUMENT).splitlines()
    path = written(tmp_path, f'{first}\n{{"type": "other"}}\n')
    with pytest.raises(UsageError, match=r"line 2: \$ isn't a finding"):
        read_findings(path)


@pytest.mark.parametrize("format", ["json", "jsonl", "sarif"])
async def test_a_review_that_failed_or_had_not_ended_is_not_clean(tmp_path, format):
    session = replace(DOCUMENT.latest, gaps=(), notices=(), failures={})
    failed = replace(session, failures={"risk": "out of order"}, is_over=True)
    for changed in (failed, replace(session, is_over=False)):
        document = replace(DOCUMENT, sessions=(changed,), entries=())
        path = tmp_path / "it"
        path.write_text(export_format(format).render(document), "utf-8")
        tools = await review([path], {"a.py": "x\n"})
        (risk,) = [tool for tool in tools if tool.identity.name == "risk"]
        assert [entry.path for entry in risk.coverage if entry.is_gap] == ["a.py"]


async def test_a_review_by_nobody_is_not_clean(tmp_path):
    session = replace(DOCUMENT.latest, gaps=(), failures={}, reviewers=(), is_over=True)
    document = replace(DOCUMENT, sessions=(session,), entries=())
    path = tmp_path / "it"
    path.write_text(export_format("json").render(document), "utf-8")
    (tool,) = await review([path], {"a.py": "x\n"})
    assert [entry.why for entry in tool.coverage if entry.is_gap] == [
        "no reviewer read anything in that review"
    ]
