import json

import pytest

from xreview.domain.errors import UsageError
from xreview.domain.report import Severity
from xreview.reviewers.imported.reader import read_findings

from .reading import review, written

CODE = {"a.py": "one\nzwei é𐐀b\nthree\n"}


def diagnostic(**changed):
    place = {"path": "a.py", "range": {"start": {"line": 2}}}
    return {"message": "It is wrong.", "location": place, "code": {"value": "R1"}, **changed}


async def report_of(tmp_path, **changed):
    path = written(tmp_path, {"source": {"name": "vale"}, "diagnostics": [diagnostic(**changed)]})
    (tool,) = await review([path], CODE)
    (report,) = tool.reports
    return report


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("ERROR", Severity.HIGH),
        (1, Severity.HIGH),
        ("WARNING", Severity.MEDIUM),
        ("INFO", Severity.LOW),
        (0, Severity.MEDIUM),
    ],
)
async def test_severities(tmp_path, word, severity):
    assert (await report_of(tmp_path, severity=word)).severity is severity


async def test_columns_are_bytes_and_a_lone_suggestion_is_an_edit(tmp_path):
    place = {"start": {"line": 2, "column": 6}, "end": {"line": 2, "column": 12}}
    report = await report_of(tmp_path, suggestions=[{"range": place, "text": "X"}])
    assert report.suggestion.replacement == "zwei Xb"


async def test_whole_lines_and_insertions(tmp_path):
    lines = {"range": {"start": {"line": 2}}, "text": "zwo"}
    assert (await report_of(tmp_path, suggestions=[lines])).suggestion.replacement == "zwo"
    place = {"start": {"line": 2, "column": 1}}
    report = await report_of(tmp_path, suggestions=[{"range": place, "text": "# "}])
    assert report.suggestion.replacement == "# zwei é𐐀b"


async def test_diagnostics_a_line_of_several_tools(tmp_path):
    rows = [diagnostic(source={"name": "Vale"}), diagnostic(source={"name": "typos"}), diagnostic()]
    path = written(tmp_path, "\n".join(map(json.dumps, rows)) + "\n\n")
    tools = await review([path], CODE)
    assert [tool.identity.name for tool in tools] == ["vale", "typos", "rdjson"]
    alone = written(tmp_path, rows[0], "one.json")
    assert [said.identity.name for said in read_findings(alone)] == ["vale"]


def test_a_tool_that_found_nothing_is_a_reviewer_too(tmp_path):
    path = written(tmp_path, {"source": {"name": "vale"}, "diagnostics": []})
    assert [said.identity.name for said in read_findings(path)] == ["vale"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (
            {"diagnostics": [diagnostic(severity="FATAL")]},
            "$.diagnostics[0].severity is none of UNKNOWN_SEVERITY, ERROR, WARNING, INFO",
        ),
        ({"diagnostics": [{"message": "x"}]}, "$.diagnostics[0] has no “location”"),
        ({"diagnostics": ["x"]}, "$.diagnostics[0] is a string where an object belongs"),
        (
            f"{json.dumps(diagnostic())}\n\n[1]",
            "line 3: $ is a list where an object belongs",
        ),
    ],
)
def test_what_is_malformed_is_refused_with_its_place(tmp_path, value, said):
    path = written(tmp_path, value)
    with pytest.raises(UsageError) as caught:
        read_findings(path)
    assert caught.value.message.startswith(f"{path} can't be imported: {said}")
