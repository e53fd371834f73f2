import json

import pytest

from tests.imports.reading import review, written
from xreview.domain.report import Severity
from xreview.imports.reader import read_findings

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
            diagnostic(severity="FATAL"),
            "severity isn't one of UNKNOWN_SEVERITY, ERROR, WARNING, INFO, 0, 1, 2, 3",
        ),
        ({"message": "x"}, "has no “location”"),
        ("x", "is a string, not an object"),
    ],
)
async def test_a_malformed_diagnostic_is_a_gap_and_does_not_lose_the_others(tmp_path, value, said):
    path = written(tmp_path, {"diagnostics": [diagnostic(), value]})
    (tool,) = await review([path], CODE)
    assert len(tool.reports) == 1
    (gap,) = [entry for entry in tool.coverage if entry.is_gap]
    assert gap.why.startswith("1 result could not be read; the first: $.diagnostics[1]")
    assert gap.why.endswith(said)


NAIVE = "naïve = 1; b = a == None\n"


async def fix_in(tmp_path, tool, columns, code=NAIVE, text="a is None"):
    first, last = columns
    place = {"start": {"line": 1, "column": first}, "end": {"line": 1, "column": last}}
    found = diagnostic(suggestions=[{"range": place, "text": text}])
    found["location"] = {"path": "a.py", "range": place}
    path = written(tmp_path, {"source": {"name": tool}, "diagnostics": [found]})
    ((report,),) = [tool.reports for tool in await review([path], {"a.py": code})]
    return report.suggestion


BYTES = (17, 26)  # "a == None" behind "naïve = 1; b = ", whose ï has two bytes
CHARACTERS = (16, 25)


@pytest.mark.parametrize(
    ("tool", "columns"),
    [
        ("ruff", CHARACTERS),
        ("Biome", CHARACTERS),
        ("reviewdog", BYTES),
        ("eslint", BYTES),
        ("vale", BYTES),
    ],
)
async def test_columns_are_bytes_but_for_tools_that_write_characters(tmp_path, tool, columns):
    fix = await fix_in(tmp_path, tool, columns)
    assert fix.replacement == "naïve = 1; b = a is None"


async def test_columns_that_do_not_fit_the_text_make_advice_without_a_replacement(tmp_path):
    fix = await fix_in(tmp_path, "unheard-of", CHARACTERS)
    assert fix.replacement is None
    assert fix.description.endswith("(Its columns don't match the file, so it can't be applied.)")
    assert (await fix_in(tmp_path, "vale", (4, 99))).replacement is None
    assert (await fix_in(tmp_path, "vale", (4, 5))).replacement is None, "within the ï"


async def test_parts_of_a_fix_merge_and_overlapping_ones_are_refused(tmp_path):
    def part(first, last, text):
        place = {"start": {"line": 2, "column": first}, "end": {"line": 2, "column": last}}
        return {"range": place, "text": text}

    report = await report_of(tmp_path, suggestions=[part(1, 5, "ZWEI"), part(12, 13, "B")])
    assert report.suggestion.replacement == "ZWEI é𐐀B"
    report = await report_of(tmp_path, suggestions=[part(1, 5, "ZWEI"), part(4, 6, "B")])
    assert report.suggestion.replacement is None
    assert "overlap" in report.suggestion.description


async def test_the_same_result_in_two_columns_of_a_line_is_counted_and_fixed_as_one(tmp_path):
    def at(first, last):
        place = {"start": {"line": 1, "column": first}, "end": {"line": 1, "column": last}}
        found = diagnostic(suggestions=[{"range": place, "text": "let"}])
        found["location"] = {"path": "a.py", "range": place}
        return found

    log = {"source": {"name": "eslint"}, "diagnostics": [at(1, 4), at(12, 15)]}
    (tool,) = await review([written(tmp_path, log)], {"a.py": "var a = 1; var b = 2;\n"})
    (report,) = tool.reports
    assert report.suggestion.replacement == "let a = 1; let b = 2;"
    assert "(×2)" in report.claim
