import json

import pytest

from tests.imports.reading import result, review, sarif, written
from xreview.domain.change import FileDiff, FileStatus
from xreview.domain.coverage import Reading
from xreview.domain.errors import UsageError
from xreview.domain.report import Lens, Severity
from xreview.imports.reader import imported_reviewers, read_findings

CODE = {"a.py": "one\ntwo\nthree\nfour\n", "b.py": "x\n"}


async def tool_of(tmp_path, log, new=CODE, *extra):
    (tool,) = await review([written(tmp_path, log)], new, None, *extra)
    return tool


async def report_of(tmp_path, *results, **run):
    (report,) = (await tool_of(tmp_path, sarif(*results, **run))).reports
    return report


async def test_without_snippet_the_code_at_the_region_is_quoted(tmp_path):
    report = await report_of(tmp_path, result(region={"startLine": 2, "endLine": 3}))
    assert report.anchor.quote == "two\nthree"
    assert report.anchored
    assert (report.title, report.claim, report.rule) == ("It is wrong", "It is wrong.", "R1")


async def test_a_result_without_lines_is_about_the_file(tmp_path):
    for region in (None, {"startLine": 0}, {"snippet": {"text": "x"}}):
        report = await report_of(tmp_path, result(region=region))
        assert report.anchor.start_line == 1
        assert report.claim.endswith("The tool names no line of the file.")


async def test_a_tool_that_counts_from_zero(tmp_path):
    first = result(region={"startLine": 0, "endLine": 1})
    second = result(region={"startLine": 3}, text="Other.")
    log = sarif(first, second)
    reports = (await tool_of(tmp_path, log)).reports
    assert [(r.anchor.start_line, r.anchor.end_line) for r in reports] == [(1, 2), (4, 4)]


async def test_character_and_byte_offsets(tmp_path):
    for region in ({"charOffset": 4, "charLength": 3}, {"byteOffset": 4, "byteLength": 3}):
        report = await report_of(tmp_path, result(region=region))
        assert report.anchor.quote == "two"


async def test_artifacts_by_index_with_chained_bases(tmp_path):
    report = await report_of(
        tmp_path,
        result(artifact={"index": 1}),
        artifacts=[
            {"location": {"uri": "b.py"}},
            {"location": {"uri": "a.py", "uriBaseId": "SRC", "index": 1}},
        ],
        originalUriBaseIds={
            "SRC": {"uri": "shop/", "uriBaseId": "ROOT"},
            "ROOT": {"uri": "file:///elsewhere/"},
        },
    )
    assert report.anchor.path == "a.py"


async def test_bases_that_go_in_circles_end(tmp_path):
    bases = {"A": {"uri": "x/", "uriBaseId": "B"}, "B": {"uri": "y/", "uriBaseId": "A"}}
    log = sarif(result(artifact={"uri": "a.py", "uriBaseId": "A"}), originalUriBaseIds=bases)
    assert len((await tool_of(tmp_path, log)).reports) == 1


async def test_absolute_names_in_the_repository(tmp_path):
    top = tmp_path / "shop"
    log = sarif(result(uri=(top / "a.py").as_uri()), result(uri=(top / "c.py").as_uri()))
    (tool,) = await review([written(tmp_path, log)], CODE, repository=str(top))
    assert [report.anchor.path for report in tool.reports] == ["a.py"]
    assert tool.outside == 1


async def test_what_is_not_about_this_change_is_told_with_the_number_and_the_file(tmp_path):
    listed = [*CODE, "lib/x.py", "lib/y.py"]
    log = sarif(result(), result(uri="lib/x.py"), result(uri="lib/y.py"))
    file = written(tmp_path, log)
    (tool,) = await review([file], CODE, listed=listed)
    assert tool.notices == [
        f"1 of 3 results of tool in {file} is about files in this change; 2 results name paths "
        "outside the change (lib/x.py, lib/y.py)."
    ]
    assert not any(entry.is_gap for entry in tool.coverage)
    (tool,) = await review([written(tmp_path, sarif(result()), "none.json")], CODE, listed=listed)
    assert tool.notices == []


async def test_results_that_are_no_problems(tmp_path):
    log = sarif(
        result(kind="pass"),
        result(kind="notApplicable", level="none"),
        result(kind="informational"),
        result(baselineState="absent"),
        result(kind="review", text="Kept."),
    )
    assert [report.title for report in (await tool_of(tmp_path, log)).reports] == ["Kept"]


@pytest.mark.parametrize(
    ("statuses", "is_open"),
    [([None], False), (["accepted"], False), (["underReview"], True), (["rejected"], True)],
)
async def test_suppressed_results_are_counted(tmp_path, statuses, is_open):
    suppressions = [{"kind": "external", "status": status} for status in statuses]
    tool = await tool_of(tmp_path, sarif(result(suppressions=suppressions)))
    assert bool(tool.reports) is is_open
    assert tool.coverage[0].reading is Reading.READ
    assert tool.coverage[0].why == ("" if is_open else "left out: 1 result suppressed")


async def test_an_empty_list_of_suppressions_suppresses_nothing(tmp_path):
    assert (await tool_of(tmp_path, sarif(result(suppressions=[])))).reports


async def test_what_was_analysed(tmp_path):
    artifacts = [
        {"location": {"uri": "a.py"}, "roles": ["analysisTarget"]},
        {"location": {"uri": "b.py"}, "roles": ["resultFile"]},
    ]
    tool = await tool_of(tmp_path, sarif(artifacts=artifacts))
    assert [entry.reading for entry in tool.coverage] == [Reading.READ, Reading.SKIPPED]
    assert all(not entry.is_gap for entry in tool.coverage)


async def test_a_run_that_failed_read_nothing(tmp_path):
    failed = {"executionSuccessful": False, "exitCodeDescription": "out of memory"}
    tool = await tool_of(tmp_path, sarif(result(), invocations=[failed]))
    assert {entry.reading for entry in tool.coverage} == {Reading.FAILED}
    assert tool.coverage[0].why == "its run failed: out of memory"
    assert len(tool.reports) == 1


async def test_a_file_that_the_tool_could_not_read(tmp_path):
    note = {
        "level": "error",
        "message": {"text": "Syntax error. And more."},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": "b.py"}}}],
    }
    invocation = {"executionSuccessful": True, "toolExecutionNotifications": [note]}
    tool = await tool_of(tmp_path, sarif(result(), invocations=[invocation]))
    assert [(entry.reading, entry.why) for entry in tool.coverage] == [
        (Reading.READ, ""),
        (Reading.FAILED, "Syntax error"),
    ]


async def test_deleted_files_and_files_that_are_not_at_hand(tmp_path):
    gone = FileDiff("gone.py", FileStatus.DELETED)
    far = FileDiff("far.py", FileStatus.MODIFIED, body=b"@@ -1 +1 @@\n-a\n+b\n")
    log = sarif(result(uri="far.py"), result(uri="gone.py"))
    tool = await tool_of(tmp_path, log, CODE, gone, far)
    by_path = {entry.path: entry for entry in tool.coverage}
    assert by_path["gone.py"].expected
    assert by_path["far.py"].is_gap
    assert tool.reports == []


async def test_runs_of_one_tool_are_one_and_of_two_are_two(tmp_path):
    one, two = sarif(result()), sarif(result(uri="b.py", region={"startLine": 1}))
    log = {"version": "2.1.0", "runs": one["runs"] + two["runs"]}
    assert len((await tool_of(tmp_path, log)).reports) == 2
    two["runs"][0]["tool"]["driver"]["name"] = "Other Tool®"
    log = {"version": "2.1.0", "runs": one["runs"] + two["runs"]}
    tools = await review([written(tmp_path, log)], CODE)
    assert [tool.identity.name for tool in tools] == ["tool", "other-tool"]


async def test_messages_by_id_with_arguments_and_links(tmp_path):
    rules = [{"id": "R1", "messageStrings": {"m": {"text": "'{0}' in [{1}](2) \\[x\\] {9}"}}}]
    message = {"id": "m", "arguments": ["eval", "here"]}
    report = await report_of(
        tmp_path, result(message=message, ruleIndex=0), driver={"rules": rules}
    )
    assert report.claim == "'eval' in here [x] {9}"


async def test_rules_by_hierarchical_id_and_default_level(tmp_path):
    rules = [
        {"id": "R0", "defaultConfiguration": {"level": "note"}},
        {"id": "R1", "defaultConfiguration": {"level": "error"}},
    ]
    report = await report_of(tmp_path, result(ruleId="R1/x"), driver={"rules": rules})
    assert (report.rule, report.severity) == ("R1/x", Severity.HIGH)
    by_index = result(ruleIndex=0)
    del by_index["ruleId"]
    report = await report_of(tmp_path, by_index, driver={"rules": rules})
    assert (report.rule, report.severity) == ("R0", Severity.LOW)


async def test_several_results_of_one_rule_in_one_place(tmp_path):
    said = [result(text="One."), result(text="Two."), result(text="One.")]
    reports = (await tool_of(tmp_path, sarif(*said))).reports
    assert [report.claim for report in reports] == [
        "One.\n\nThe tool reports this 2 times here (×2).",
        "Two.",
    ]
    assert len({report.fingerprint for report in reports}) == 2
    turned = (await tool_of(tmp_path, sarif(*reversed(said)))).reports
    names = {report.claim: report.fingerprint for report in reports}
    assert {report.claim: report.fingerprint for report in turned} == names


async def test_a_fix_of_another_file_is_no_replacement(tmp_path):
    edit = {"deletedRegion": {"startLine": 2}, "insertedContent": {"text": "zwei"}}

    def fix(*uris):
        changes = [{"artifactLocation": {"uri": uri}, "replacements": [edit]} for uri in uris]
        return [{"description": {"text": "Say it."}, "artifactChanges": changes}]

    report = await report_of(tmp_path, result(fixes=fix("a.py")))
    assert report.suggestion.description == "Say it."
    assert report.suggestion.replacement == "zwei"
    report = await report_of(tmp_path, result(fixes=fix("a.py", "b.py")))
    assert report.suggestion.replacement is None


async def test_a_long_place_is_quoted_in_part_without_an_edit(tmp_path):
    code = {"a.py": "".join(f"line{number}\n" for number in range(20))}
    edit = {"deletedRegion": {"startLine": 2, "endLine": 15}, "insertedContent": {"text": "x"}}
    fixes = [{"artifactChanges": [{"artifactLocation": {"uri": "a.py"}, "replacements": [edit]}]}]
    log = sarif(result(region={"startLine": 2, "endLine": 15}, fixes=fixes))
    (report,) = (await tool_of(tmp_path, log, code)).reports
    assert (report.anchor.start_line, report.anchor.end_line) == (2, 7)
    assert report.anchor.quote.count("\n") == 5
    assert report.suggestion.replacement is None


def test_the_lens_is_risk_unless_the_file_says_otherwise(tmp_path):
    (risk,) = imported_reviewers([written(tmp_path, sarif())])
    (economy,) = imported_reviewers([written(tmp_path, sarif(properties={"lens": "economy"}))])
    assert (risk.lens, economy.lens) == (Lens.RISK, Lens.ECONOMY)


@pytest.mark.parametrize(
    ("log", "said"),
    [
        ({"version": "1.0.0", "runs": []}, "$.version is 1.0.0, but only SARIF 2.1.0 can be read"),
        ({"runs": []}, "$ has no “version”"),
        ({"version": "2.1.0", "runs": {}}, "$.runs is an object, not a list"),
        (
            sarif(externalPropertyFileReferences={"results": [{}]}),
            "$.runs[0].externalPropertyFileReferences says that the results are in other files",
        ),
        (sarif(driver={"name": None}), "$.runs[0].tool.driver has no “name”"),
    ],
)
def test_what_is_malformed_is_refused_with_its_place(tmp_path, log, said):
    path = written(tmp_path, log)
    with pytest.raises(UsageError) as caught:
        read_findings(path)
    assert caught.value.message == f"{path} can't be imported: {said}."
    assert caught.value.advice.startswith("Nothing in it was imported.")


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ([], "$.runs[0].results[1] is a list, not an object"),
        ({}, "$.runs[0].results[1] has no “message”"),
        (
            result(level="fatal"),
            "$.runs[0].results[1].level isn't one of error, none, note, warning",
        ),
        (result(kind="bug"), "$.runs[0].results[1].kind isn't a kind of result"),
        (
            result(locations=[7, {"physicalLocation": "a.py"}]),
            "$.runs[0].results[1].locations[0] is a number, not an object",
        ),
    ],
)
async def test_a_malformed_result_is_a_gap_and_does_not_lose_the_others(tmp_path, bad, said):
    tool = await tool_of(
        tmp_path, sarif(result(), bad, result(uri="b.py", region={"startLine": 1}))
    )
    assert [report.anchor.path for report in tool.reports] == ["a.py", "b.py"]
    gaps = [entry for entry in tool.coverage if entry.is_gap]
    assert [(gap.path, gap.why) for gap in gaps] == [
        ("it.json", f"1 result could not be read; the first: {said}")
    ]


@pytest.mark.parametrize("line", ["2", 1e300, None, 2.5])
async def test_a_malformed_region_leaves_the_result_with_its_file(tmp_path, line):
    report = await report_of(tmp_path, result(region={"startLine": line}))
    assert report.anchor.path == "a.py"
    assert report.claim.endswith("The tool names no line of the file.")


async def test_the_first_location_that_changed_counts(tmp_path):
    def at(uri, line=1):
        physical = {"artifactLocation": {"uri": uri}, "region": {"startLine": line}}
        return {"physicalLocation": physical}

    locations = [7, at("other/x.py"), at("a.py", 2), at("a.py", 3)]
    report = await report_of(tmp_path, result(locations=locations))
    assert (report.anchor.path, report.anchor.start_line) == ("a.py", 2)
    assert "The tool names 2 more places for it." in report.claim
    before = {"a.py": CODE["a.py"].replace("three\n", "")}
    log = written(tmp_path, sarif(result(locations=locations)))
    (tool,) = await review([log], {"a.py": CODE["a.py"]}, before)
    assert [report.anchor.start_line for report in tool.reports] == [3]


@pytest.mark.parametrize(
    ("run", "why"),
    [
        ({"results": None}, "its run has no list of results, so it didn't look"),
        ({"invocations": [{"executionSuccessful": False}]}, "its run failed"),
        (
            {"invocations": [{"exitSignalName": "SIGSEGV", "exitCode": 139}]},
            "its run failed: SIGSEGV",
        ),
        (
            {
                "invocations": [
                    {
                        "executionSuccessful": False,
                        "toolConfigurationNotifications": [
                            {"level": "error", "message": {"text": "Licence expired."}}
                        ],
                    }
                ]
            },
            "its run failed: Licence expired",
        ),
        (
            {
                "invocations": [
                    {
                        "executionSuccessful": True,
                        "toolExecutionNotifications": [
                            {"level": "error", "message": {"text": "3 files were not analysed."}}
                        ],
                    }
                ]
            },
            "its run reports an error: 3 files were not analysed",
        ),
    ],
)
async def test_a_run_that_did_not_look_is_never_clean(tmp_path, run, why):
    log = sarif(**{"results": [], **run}) if "results" in run else sarif(**run)
    tool = await tool_of(tmp_path, log)
    assert [entry.path for entry in tool.coverage if entry.is_gap] == list(CODE)
    assert all(entry.why.startswith(why) for entry in tool.coverage)


async def test_a_run_without_the_field_results_did_not_look(tmp_path):
    log = sarif()
    del log["runs"][0]["results"]
    assert all(entry.is_gap for entry in (await tool_of(tmp_path, log)).coverage)


async def test_a_file_without_runs_is_no_tool_that_found_nothing(tmp_path):
    tool = await tool_of(tmp_path, {"version": "2.1.0", "runs": []})
    assert tool.identity.name == "sarif"
    assert {entry.why for entry in tool.coverage} == {
        "the file has no runs, so no tool looked at anything"
    }
    assert all(entry.is_gap for entry in tool.coverage)


async def test_an_exit_code_alone_is_no_failure_since_tools_have_one_for_findings(tmp_path):
    tool = await tool_of(tmp_path, sarif(result(), invocations=[{"exitCode": 1}]))
    assert not any(entry.is_gap for entry in tool.coverage)


async def test_a_result_without_a_file_is_a_gap(tmp_path):
    tool = await tool_of(tmp_path, sarif(result(locations=[]), result(locations=None)))
    assert [gap.why for gap in tool.coverage if gap.is_gap] == [
        "2 results name no file (“It is wrong”)"
    ]
    assert tool.notices


async def test_a_region_over_six_lines_says_that_it_is_longer(tmp_path):
    code = {"a.py": "".join(f"line{number}\n" for number in range(20))}
    log = sarif(result(region={"startLine": 2, "endLine": 15}))
    (report,) = (await tool_of(tmp_path, log, code)).reports
    assert report.claim.endswith("It is about 14 lines, 2 to 15; the first 6 are quoted.")


async def test_help_and_code_flows_are_told(tmp_path):
    rules = [
        {
            "id": "R1",
            "fullDescription": {"text": "Input reaches a shell."},
            "help": {"text": "Use a list of arguments."},
            "helpUri": "https://example.org/R1",
        }
    ]
    steps = [
        {
            "location": {
                "physicalLocation": {
                    "artifactLocation": {"uri": "a.py"},
                    "region": {"startLine": line},
                },
                "message": {"text": said},
            }
        }
        for line, said in ((1, "input"), (2, "shell"))
    ]
    flows = [{"threadFlows": [{"locations": steps}]}]
    report = await report_of(tmp_path, result(codeFlows=flows), driver={"rules": rules})
    assert report.claim == (
        "It is wrong.\n\nInput reaches a shell.\n\nUse a list of arguments.\n\n"
        "See https://example.org/R1"
    )
    assert report.scenario == "Steps:\na.py:1 input\na.py:2 shell"


async def test_several_logs_behind_each_other_and_what_clang_counts_behind_them(tmp_path):
    other = result(uri="b.py", region={"startLine": 1})
    two = f"{json.dumps(sarif(result()))}\n{json.dumps(sarif(other))}\n"
    tool = await tool_of(tmp_path, two)
    assert [report.anchor.path for report in tool.reports] == ["a.py", "b.py"]
    counted = f"{json.dumps(sarif(result()))}\n4 warnings and 1 error generated.\n"
    assert len((await tool_of(tmp_path, counted)).reports) == 1


async def test_what_is_left_out_of_files_of_the_change_is_told(tmp_path):
    before = {"a.py": CODE["a.py"].replace("three\n", "")}
    kept = result(suppressions=[{"kind": "external"}])
    path = written(tmp_path, sarif(result(), kept, result(region={"startLine": 3})))
    (tool,) = await review([path], {"a.py": CODE["a.py"]}, before)
    assert len(tool.reports) == 1
    assert tool.notices == [
        f"Left out of {path} (tool): 1 result on unchanged lines and 1 result suppressed."
    ]


async def test_lines_that_the_file_does_not_have_are_a_gap(tmp_path):
    tool = await tool_of(tmp_path, sarif(result(), result(region={"startLine": 99})))
    assert len(tool.reports) == 1
    (gap,) = [entry for entry in tool.coverage if entry.is_gap]
    assert (gap.path, gap.why) == (
        "a.py",
        "1 result names a line that this version doesn't have",
    )
