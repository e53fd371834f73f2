"""Every format that can be imported: told by its content, by one format alone, and read."""

import gzip
import json
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.export.build import DOCUMENT
from tests.imports.reading import result, review, sarif
from xreview.domain.errors import UsageError
from xreview.domain.report import Category, Severity
from xreview.export.format import export_format
from xreview.imports.content import read_content
from xreview.imports.format import formats
from xreview.imports.reader import read_findings

CODE = {"src/a.js": "var one = 1;\nvar two = 2;\nuse(one == two);\n"}
ISSUE = {
    "type": "issue",
    "check_name": "Style/Var",
    "description": "Style/Var: Say let.",
    "categories": ["Style"],
    "severity": "critical",
    "location": {"path": "src/a.js", "lines": {"begin": 2, "end": 2}},
}
QUALITY = {
    "check_name": "no-var",
    "description": "Say let.",
    "fingerprint": "f",
    "severity": "blocker",
    "location": {"path": "src/a.js", "positions": {"begin": {"line": 2}}},
}
ALERT = {
    "state": "open",
    "html_url": "https://example.org/1",
    "tool": {"name": "CodeQL", "version": "2"},
    "rule": {
        "id": "js/x",
        "severity": "warning",
        "security_severity_level": "critical",
        "description": "Command line",
        "help": "Use a list.",
        "tags": ["external/cwe/cwe-362"],
    },
    "most_recent_instance": {
        "message": {"text": "It [runs](1)."},
        "location": {"path": "src/a.js", "start_line": 2, "end_line": 2},
    },
}
VULNERABILITY = {
    "name": "Injection",
    "description": "Input is run.",
    "severity": "Critical",
    "solution": "Do not.",
    "location": {"file": "src/a.js", "start_line": 2},
    "identifiers": [
        {"type": "semgrep_id", "name": "x", "value": "js.run"},
        {"type": "cwe", "name": "CWE-362", "value": "362"},
    ],
}
SCAN = {"scanner": {"id": "semgrep", "name": "Semgrep", "version": "1.2"}, "status": "success"}
MESSAGE = {
    "ruleId": "no-var",
    "severity": 2,
    "message": "Say let.",
    "line": 2,
    "column": 1,
    "endLine": 2,
    "endColumn": 13,
    "fix": {"range": [13, 16], "text": "let"},
}
DIAGNOSTIC = {
    "filename": "src/a.js",
    "code": "F401",
    "message": "Say let.",
    "location": {"row": 2, "column": 1},
    "end_location": {"row": 2, "column": 4},
    "fix": {
        "message": "Say it",
        "edits": [
            {
                "content": "let",
                "location": {"row": 2, "column": 1},
                "end_location": {"row": 2, "column": 4},
            }
        ],
    },
}
STYLE = (
    '<?xml version="1.0" encoding="latin-1"?>\n<checkstyle version="4.3"><file name="src/a.js">'
    '<error line="2" column="1" severity="error" message="Say &#39;let&#39;. (no-var)" '
    'source="eslint.rules.no-var"/></file></checkstyle>'
)
GCC = (
    "src/a.js: In function 'main':\nsrc/a.js:2:5: warning: unused variable 'two' "
    "[-Wunused-variable]\n    2 | var two\n      |     ^~~\nsrc/a.js:1:1: note: first said here\n"
)


@dataclass(frozen=True)
class Case:
    name: str
    text: Any
    tool: str
    rule: str
    severity: Severity
    category: Category
    replacement: str | None = None


CASES = [
    Case(
        "SARIF 2.1.0", sarif(result("src/a.js")), "tool", "R1", Severity.MEDIUM, Category.EDGE_CASE
    ),
    Case(
        "rdjson and rdjsonl",
        {
            "source": {"name": "vale"},
            "diagnostics": [
                {
                    "message": "Say let.",
                    "location": {"path": "src/a.js", "range": {"start": {"line": 2}}},
                    "code": {"value": "V1"},
                }
            ],
        },
        "vale",
        "V1",
        Severity.MEDIUM,
        Category.EDGE_CASE,
    ),
    *(
        Case(
            "Code Climate and GitLab code quality",
            text,
            "code-quality",
            "Style/Var",
            Severity.HIGH,
            Category.CONSISTENCY,
        )
        for text in ([ISSUE], json.dumps(ISSUE), json.dumps(ISSUE) + "\0", f"{json.dumps(ISSUE)}\n")
    ),
    Case(
        "Code Climate and GitLab code quality",
        [QUALITY],
        "code-quality",
        "no-var",
        Severity.CRITICAL,
        Category.EDGE_CASE,
    ),
    *(
        Case(
            "GitHub code-scanning alerts",
            text,
            "codeql",
            "js/x",
            Severity.CRITICAL,
            Category.CONCURRENCY,
        )
        for text in ([ALERT], [[ALERT], []], ALERT)
    ),
    Case(
        "GitLab SAST",
        {"version": "15.0.4", "scan": SCAN, "vulnerabilities": [VULNERABILITY]},
        "semgrep",
        "js.run",
        Severity.CRITICAL,
        Category.CONCURRENCY,
    ),
    Case(
        "ESLint's JSON",
        [{"filePath": "/ci/shop/src/a.js", "messages": [MESSAGE]}],
        "eslint",
        "no-var",
        Severity.HIGH,
        Category.EDGE_CASE,
        "let two = 2;",
    ),
    Case(
        "ruff's JSON",
        [DIAGNOSTIC],
        "ruff",
        "F401",
        Severity.MEDIUM,
        Category.SIMPLIFICATION,
        "let two = 2;",
    ),
    Case("checkstyle XML", STYLE, "eslint", "no-var", Severity.HIGH, Category.EDGE_CASE),
    Case(
        "the text of gcc, clang and ShellCheck",
        GCC,
        "gcc",
        "unused-variable",
        Severity.MEDIUM,
        Category.SIMPLIFICATION,
    ),
]


def written(folder, value):
    path = folder / "findings.txt"  # the name says nothing
    path.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
    return path


def test_every_format_has_a_case():
    own = {"this program's json and jsonl"}
    assert {format.name for format in formats()} == {case.name for case in CASES} | own


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_a_format_is_told_by_its_content_and_gives_its_tool(tmp_path, case):
    path = written(tmp_path, case.text)
    assert [one.name for one in formats() if one.matches(read_content(path))] == [case.name]
    (tool,) = await review([path], CODE)
    (report,) = tool.reports
    assert (tool.identity.name, report.rule) == (case.tool, case.rule)
    assert (report.severity, report.category) == (case.severity, case.category)
    assert (report.anchor.path, report.anchor.start_line) == ("src/a.js", 2)
    assert report.anchored
    assert report.title
    assert not any(entry.is_gap for entry in tool.coverage)
    if case.replacement is not None:
        assert report.suggestion is not None
        assert report.suggestion.replacement == case.replacement


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_a_format_may_be_packed(tmp_path, case):
    path = written(tmp_path, case.text)
    path.write_bytes(gzip.compress(path.read_bytes()))
    (tool,) = await review([path], CODE)
    assert len(tool.reports) == 1


@pytest.mark.parametrize("format", ["json", "jsonl"])
def test_our_own_exports_are_told(tmp_path, format):
    path = written(tmp_path, export_format(format).render(DOCUMENT))
    told = [one.name for one in formats() if one.matches(read_content(path))]
    assert told == ["this program's json and jsonl"]


async def test_a_file_that_the_linter_could_not_read_is_a_gap(tmp_path):
    fatal = {"ruleId": None, "fatal": True, "severity": 2, "message": "Parsing error: x"}
    (tool,) = await review(
        [written(tmp_path, [{"filePath": "src/a.js", "messages": [fatal]}])], CODE
    )
    assert [(gap.path, gap.why) for gap in tool.coverage if gap.is_gap] == [
        ("src/a.js", "Parsing error: x")
    ]
    (tool,) = await review([written(tmp_path, "src/a.js:2:1: fatal error: no x.h\n")], CODE)
    assert [gap.path for gap in tool.coverage if gap.is_gap] == ["src/a.js"]


async def test_a_scan_that_failed_is_a_gap(tmp_path):
    scan = {**SCAN, "status": "failure", "messages": [{"level": "fatal", "value": "No rules."}]}
    report = {"version": "15", "scan": scan, "vulnerabilities": []}
    (tool,) = await review([written(tmp_path, report)], CODE)
    assert [gap.why for gap in tool.coverage if gap.is_gap] == ["its scan failed: No rules"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><checkstyle>&b;</checkstyle>',
            "declares a document type",
        ),
        (
            '<!DOCTYPE checkstyle SYSTEM "file:///etc/passwd"><checkstyle/>',
            "declares a document type",
        ),
        ("<checkstyle><file name='a'>", "invalid XML"),
        (f"<checkstyle>{'<a>' * 50}", "nested too deeply"),
    ],
)
def test_hostile_xml_is_refused(tmp_path, text, said):
    with pytest.raises(UsageError, match=said):
        read_findings(written(tmp_path, text))


def test_gzip_that_grows_or_is_cut_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "it.gz"
    whole = gzip.compress(b" " * 60_000_000)
    path.write_bytes(whole)
    with pytest.raises(UsageError, match="decompressed, has more than 50 MB"):
        read_findings(path)
    path.write_bytes(gzip.compress(json.dumps(sarif()).encode())[:-9])
    with pytest.raises(UsageError, match="cut off"):
        read_findings(path)
    path.write_bytes(b"\x1f\x8bnothing")
    with pytest.raises(UsageError, match="damaged gzip file"):
        read_findings(path)


@given(
    st.text(max_size=200), st.sampled_from(["", "<checkstyle>", "a.c:1:2: warning: ", "[{", "{"])
)
def test_any_text_is_of_a_format_or_refused(tmp_path_factory, text, begin):
    path = tmp_path_factory.mktemp("any") / "it"
    path.write_bytes((begin + text).encode("utf-8", "replace"))
    try:
        said = read_findings(path)
    except UsageError as error:
        said = error.advice
    assert said


async def test_the_reviewers_of_an_export_come_back(tmp_path):
    """Out by SARIF and in again: the same reviewers say the same."""
    from dataclasses import replace

    from tests.export.build import OPUS, REPORT, altered
    from xreview.domain.change import Side
    from xreview.domain.finding import Disagreement, Finding
    from xreview.domain.identity.anchor import Anchor
    from xreview.export.document import ExportEntry

    anchor = Anchor("src/a.js", Side.NEW, 2, 2, "var two = 2;")
    risk = replace(REPORT, anchor=anchor, suggestion=None)
    opus = replace(risk, reviewer=OPUS, rule="", title="Two is [odd](x)", category=Category.TIMING)
    both = Finding((risk, opus), (), Disagreement.CORROBORATED)
    document = altered(entries=(ExportEntry(both),), is_complete=True, notices=())
    tools = await review([written(tmp_path, export_format("sarif").render(document))], CODE)
    assert [tool.identity for tool in tools] == [risk.reviewer, OPUS]
    for tool, report in zip(tools, (risk, opus), strict=True):
        (came,) = tool.reports
        for name in ("title", "claim", "scenario", "rule", "category", "severity", "confidence"):
            assert getattr(came, name) == getattr(report, name), name
        assert came.anchor.quote == report.anchor.quote
