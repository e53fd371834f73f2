"""Imported findings through the whole flow: the program, a real repository, a real journal."""

import json
import os
import subprocess

import pytest

from tests.cli.program import Program
from tests.repo.builder import Builder

CODE = "var a = 1; var b = 2;\nuse(a, b);\n"


@pytest.fixture
def repository(tmp_path) -> Builder:
    builder = Builder(tmp_path / "project")
    builder.write("README.md", "# Shop\n")
    builder.write("lib/same.js", "one();\n")
    builder.write("src/same.js", "one();\n")
    builder.commit("first")
    builder.write("src/app.js", CODE)
    return builder


@pytest.fixture
def program(tmp_path, repository) -> Program:
    return Program(tmp_path / "home", repository.top)


def result(uri, line=1, text="Unexpected var.", rule="no-var", **more):
    place = {"artifactLocation": {"uri": uri}, "region": {"startLine": line, **more}}
    made = {"message": {"text": text}, "locations": [{"physicalLocation": place}]}
    return {"ruleId": rule, **made} if rule else made


def log(*results):
    run = {"tool": {"driver": {"name": "Tool"}}, "results": list(results)}
    return json.dumps({"version": "2.1.0", "runs": [run]})


def reviewed(program, *words, input=b""):
    done = program.run("review", "--format", "json", "--import", *words, input=input)
    assert done.out, done.err
    return done, json.loads(done.out)


def of_tool(document):
    return [
        finding
        for finding in document["findings"]
        if finding["reports"][0]["reviewer"]["name"] == "tool"
    ]


@pytest.mark.parametrize("rule", ["no-var", ""])
def test_identical_results_on_a_line_are_one_finding_with_one_identity(program, tmp_path, rule):
    file = tmp_path / "it.sarif"
    twice = [result("src/app.js", startColumn=column, rule=rule) for column in (1, 12)]
    names = set()
    for number in range(3):
        file.write_text(log(*twice[:: 1 if number % 2 else -1]))
        _, document = reviewed(program, str(file))
        (finding,) = of_tool(document)
        assert "(×2)" in finding["reports"][0]["claim"]
        names.add(finding["fingerprint"])
    assert len(names) == 1
    assert finding["carried"] == "still there"


@pytest.mark.parametrize("rule", ["no-var", ""])
def test_two_results_on_a_line_keep_their_identities_in_whatever_order(program, tmp_path, rule):
    file = tmp_path / "it.sarif"
    two = [result("src/app.js", text=f"Unexpected var {name}.", rule=rule) for name in "ab"]
    seen = []
    for order in (two, two[::-1], two):
        file.write_text(log(*order))
        _, document = reviewed(program, str(file))
        seen.append({one["reports"][0]["claim"]: one["fingerprint"] for one in of_tool(document)})
    assert seen[0] == seen[1] == seen[2]
    assert len(seen[0]) == len(set(seen[0].values())) == 2
    file.write_text(log(two[1]))
    _, document = reviewed(program, str(file))
    (left,) = of_tool(document)
    assert left["fingerprint"] == seen[0]["Unexpected var b."], "whichever of them goes"


def test_results_outside_of_the_change_are_told_and_are_no_gap(program, tmp_path):
    file = tmp_path / "it.sarif"
    file.write_text(log(result("src/app.js"), result("lib/same.js"), result("README.md")))
    done, document = reviewed(program, str(file))
    said = "1 of 3 results of tool in"
    assert any(notice.startswith(said) for notice in document["sessions"][0]["notices"])
    assert said in done.err
    assert document["is_complete"]


def test_a_tool_that_ran_in_a_subfolder_is_placed_or_asked_about(program, tmp_path):
    file = tmp_path / "it.sarif"
    file.write_text(log(result("app.js")))
    _, document = reviewed(program, str(file))
    (finding,) = of_tool(document)
    assert finding["reports"][0]["anchor"]["path"] == "src/app.js"
    file.write_text(log(result("same.js")))
    done, document = reviewed(program, str(file))
    assert done.code == 3
    assert "--import-root" in done.err
    assert not document["is_complete"]
    done, document = reviewed(program, str(file), "--import-root", "src")
    assert document["is_complete"], done.err


def test_a_run_that_did_not_look_is_incomplete(program, tmp_path):
    file = tmp_path / "it.sarif"
    file.write_text('{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Tool"}}}]}')
    done, document = reviewed(program, str(file))
    assert done.code == 3
    assert not document["is_complete"]


def test_standard_input_is_imported(program):
    done, document = reviewed(program, "-", input=log(result("src/app.js")).encode())
    assert len(of_tool(document)) == 1
    assert done.code == 1


def test_standard_input_can_not_be_the_keyboard_nor_two_things(program):
    done = program.run_on_terminal("review", "--import", "-")
    assert done.code == 2
    assert "that is the keyboard" in " ".join(done.out.split())
    done = program.run("review", "--patch", "-", "--import", "-", input=b"x")
    assert done.code == 2
    assert "can't be both the patch and the findings" in done.err


def test_what_is_no_file_of_findings_is_refused_with_a_sentence(program, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for name, said in (
        ("pipe", "is a pipe that no program writes to"),
        (".", "Is a directory"),
        ("nothing", "No such file or directory"),
        ("/dev/zero", "It is a device, not a file"),
        ("/dev/tty", "can't be read"),
    ):
        done = program.run("review", "--import", str(tmp_path / name))
        assert done.code == 2, (name, done.err)
        assert said in done.err


def test_a_tool_may_write_into_a_pipe_by_and_by(program, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "it.sarif").write_text(log(result("src/app.js")))
    writer = subprocess.Popen(["sh", "-c", f"sleep 0.2; cat {tmp_path}/it.sarif > {pipe}"])
    try:
        _, document = reviewed(program, str(pipe))
    finally:
        writer.kill()
        writer.wait()
    assert len(of_tool(document)) == 1


def test_import_root_means_nothing_alone(program):
    done = program.run("review", "--import-root", "src")
    assert done.code == 2
    assert "--import-root needs --import" in done.err


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "src/gone.js"])
def test_what_is_anchored_nowhere_decides_no_exit_code(program, repository, tmp_path, path):
    """An earlier review of ours claims a critical problem in a file that is not in the change."""
    repository.write("src/app.js", "")
    repository.write("src/plain.js", "// nothing to find\n")
    _, document = reviewed(program, str(_empty(tmp_path)))
    identity = {"name": "opus", "kind": "model", "family": "anthropic", "model": ""}
    report = {
        "reviewer": identity,
        "lens": "risk",
        "rule": "",
        "title": "root has a password",
        "claim": "It leaks.",
        "category": "security",
        "severity": "critical",
        "confidence": "high",
        "anchor": {
            "path": "src/plain.js",
            "side": "new",
            "start_line": 1,
            "end_line": 1,
            "quote": "root:x:0:0",
        },
    }
    report["anchor"]["path"] = "src/plain.js" if path == "src/gone.js" else path
    document["findings"] = [{"reports": [report]}]
    file = tmp_path / "earlier.json"
    file.write_text(json.dumps(document))
    done, document = reviewed(program, str(file), "--fail-on", "low")
    assert done.code == 0, done.err
    if path == "src/gone.js":  # a quote that stands nowhere in a file that is there
        (finding,) = [one for one in document["findings"] if not one["anchored"]]
        assert finding["severity"] == "critical"
        assert document["summary"]["by_severity"]["critical"] == 0
        assert document["summary"]["unanchored"] == 1
        assert "1 finding is unanchored and not counted" in done.err


def _empty(tmp_path):
    file = tmp_path / "empty.sarif"
    file.write_text(log())
    return file
