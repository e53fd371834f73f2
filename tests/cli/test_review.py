"""`xreview-tui review` in real repositories: the whole flow, its output and its exit codes."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from tests.cli.program import Program

RISKY = 'import subprocess\n\n\ndef run(name):\n    subprocess.run(f"ls {name}", shell=True)\n'
CLEAN = "def double(number):\n    return number * 2\n"


def as_json(text: str) -> dict:
    document = json.loads(text)
    assert document["schema"] == 1
    return document


def test_findings_exit_with_1_and_are_printed(program: Program, repository) -> None:
    repository.write("run.py", RISKY)
    done = program.run("review", "--format", "json")
    assert done.code == 1, done.err
    document = as_json(done.out)
    assert any(finding["path"] == "run.py" for finding in _places(document))
    assert document["is_complete"] is True
    assert "open" in done.err
    assert (program.data / "journal.sqlite3").exists()


def _places(document: dict) -> list[dict]:
    return [report["anchor"] for finding in document["findings"] for report in finding["reports"]]


def test_a_clean_change_exits_with_0(program: Program, repository) -> None:
    repository.write("double.py", CLEAN)
    done = program.run("review", "--format", "json")
    assert done.code == 0, done.err
    assert as_json(done.out)["findings"] == []


def test_markdown_is_the_default_form(program: Program, repository) -> None:
    repository.write("run.py", RISKY)
    done = program.run("review")
    assert done.code == 1
    assert done.out.startswith("# ")
    assert "run.py" in done.out


def test_the_threshold_decides_about_the_exit_code(program: Program, repository) -> None:
    repository.write("run.py", RISKY)
    worst = max(
        ("low", "medium", "high", "critical").index(finding["severity"])
        for finding in as_json(program.run("review", "--format", "json").out)["findings"]
    )
    words = ("low", "medium", "high", "critical")
    assert program.run("review", "--fail-on", words[worst]).code == 1
    assert worst < 3, "this test needs a finding that is not critical"
    assert program.run("review", "--fail-on", words[worst + 1]).code == 0
    (program.config / "config.toml").write_text(f'fail_on = "{words[worst + 1]}"\n')
    assert program.run("review").code == 0
    assert program.run("review", "--fail-on", "low").code == 1


def test_quiet_says_nothing_but_the_document(program: Program, repository) -> None:
    repository.write("run.py", RISKY)
    done = program.run("review", "--quiet")
    assert done.code == 1
    assert done.err == ""
    assert done.out


@pytest.mark.parametrize("form", ["json", "markdown", "csv"])
def test_what_is_printed_is_what_export_prints(program: Program, repository, form: str) -> None:
    repository.write("run.py", RISKY)
    reviewed = program.run("review", "--format", form)
    assert reviewed.code == 1, reviewed.err
    assert reviewed.out == program.run("export", "--format", form).out


def test_output_goes_to_the_file(program: Program, repository, tmp_path) -> None:
    repository.write("run.py", RISKY)
    out = tmp_path / "review.json"
    done = program.run("review", "--format", "json", "--output", str(out))
    assert (done.code, done.out) == (1, "")
    assert as_json(out.read_text())["findings"]


def test_an_output_that_can_not_be_written_is_refused_before_the_review(
    program: Program, repository
) -> None:
    repository.write("run.py", RISKY)
    done = program.run("review", "--output", "missing/review.json")
    assert done.code == 2
    assert done.err.startswith("xreview-tui: missing/review.json can't be written: No such file")
    assert not (program.data / "journal.sqlite3").exists()


@pytest.mark.parametrize(
    ("words", "paths"),
    [
        (["--staged"], {"staged.py"}),
        (["--commit", "HEAD"], {"second.py"}),
        (["--range", "HEAD~2..HEAD~1"], {"first.py"}),
        (["--base", "HEAD~1"], {"second.py", "staged.py", "loose.py"}),
        ([], {"staged.py", "loose.py"}),
    ],
)
def test_each_way_to_name_the_change(
    program: Program, repository, words: list[str], paths: set[str]
) -> None:
    for name in ("first", "second"):
        repository.write(f"{name}.py", RISKY)
        repository.git("add", "--all")
        repository.git("commit", "--quiet", "--message", name)
    repository.write("staged.py", RISKY)
    repository.git("add", "--all")
    repository.write("loose.py", RISKY)
    before = program.run(*words, "review", "--format", "json")
    after = program.run("review", *words, "--format", "json")
    assert (before.code, after.code) == (1, 1), before.err + after.err
    for done in (before, after):
        assert {place["path"] for place in _places(as_json(done.out))} == paths


def test_a_patch_on_standard_input(program: Program, repository) -> None:
    repository.write("run.py", RISKY)
    repository.git("add", "--all")
    patch = repository.git_bytes("diff", "--cached")
    repository.git("reset", "--quiet", "--hard")
    done = program.run("review", "--patch", "-", "--format", "json", input=patch)
    assert done.code in (1, 3), done.err
    assert {place["path"] for place in _places(as_json(done.out))} == {"run.py"}


def test_from_a_subfolder_and_by_option(program: Program, repository, tmp_path) -> None:
    repository.write("below/run.py", RISKY)
    program.folder = tmp_path
    done = program.run("-C", str(repository.path("below")), "review", "--format", "json")
    assert done.code == 1, done.err
    assert {place["path"] for place in _places(as_json(done.out))} == {"below/run.py"}


def test_ignored_files_are_left_out(program: Program, repository) -> None:
    repository.git("reset", "--quiet", "--hard")
    repository.write(".xreview.toml", 'ignore = ["generated/"]\n')
    repository.commit("policy")
    repository.write("generated/run.py", RISKY)
    done = program.run("review", "--format", "json")
    assert done.code == 0, done.err
    document = as_json(done.out)
    assert document["findings"] == []
    assert document["account"]["left-out"] == {"files": 1, "lines": 5}
    assert "0 of 1 file read; 1 left out by your settings" in done.err


def test_an_option_leaves_files_out(program: Program, repository) -> None:
    repository.write("generated/run.py", RISKY)
    repository.write("notes.md", "a note\n")
    done = program.run("review", "--ignore", "generated/", "--ignore", "*.md")
    assert done.code == 0, done.err
    assert "2 left out by your settings" in done.err


def test_a_change_cannot_leave_itself_out(program: Program, repository) -> None:
    repository.write("run.py", RISKY)
    repository.write(
        ".xreview.toml", 'ignore = ["run.py", ".xreview.toml"]\nfail_on = "critical"\n'
    )
    repository.commit("hide")
    done = program.run("review", "--commit", "HEAD", "--format", "json")
    document = as_json(done.out)
    assert any(finding["path"] == "run.py" for finding in _places(document))
    assert done.code == 3, "nobody read the policy file itself"
    [session] = document["sessions"]
    assert session["notices"] == [
        "This change alters .xreview.toml. This review uses the version from before the change."
    ]
    after = program.run("review", "--commit", "HEAD", "--ignore", ".xreview.toml")
    assert after.code == 1


HIDDEN = {
    "generated": ("gen.py", b"# @generated by a tool, do not edit\neval(input())\n"),
    "named as generated": ("x_pb2.py", b"eval(input())\n"),
    "vendored": ("vendor/x.py", b"eval(input())\n"),
    "built": ("dist/x.js", b"eval(location.hash)\n"),
}


@pytest.mark.parametrize("name", HIDDEN)
def test_what_a_file_says_of_itself_hides_nothing(program: Program, repository, name) -> None:
    path, content = HIDDEN[name]
    repository.write(path, content)
    done = program.run("review", "--format", "json")
    assert done.code == 1, done.err
    assert _places(as_json(done.out))[0]["path"] == path


UNREAD = {
    "a lock file": ("uv.lock", b"eval(input())\n", 1),
    "UTF-16": ("z.py", "eval(input())\n".encode("utf-16"), 0),
    "NUL bytes": ("z.py", b"eval(input())\n\0\n", 0),
    "a long line": ("z.py", b"eval(input())\nx = '" + b"y" * 6000 + b"'\n", 2),
    "an unknown language": ("a.zig", b"eval(input());\n", 1),
    "a large file": ("z.py", b"eval(input())\n" + b"# pad\n" * 700_000, 700_001),
}


@pytest.mark.parametrize("name", UNREAD)
def test_what_nobody_read_makes_the_review_incomplete(program, repository, name) -> None:
    repository.git("reset", "--quiet", "--hard")
    path, content, lines = UNREAD[name]
    repository.write(path, content)
    done = program.run("review", "--format", "json")
    assert done.code == 3
    document = as_json(done.out)
    assert document["is_complete"] is False
    assert document["account"]["not-read"] == {"files": 1, "lines": lines}
    [entry] = document["sessions"][0]["account"]["entries"]
    assert (entry["path"], entry["fate"], entry["by"]) == (path, "not-read", [])
    assert entry["why"]
    counted = f" ({lines:,} line{'s' if lines > 1 else ''})" if lines else ""
    assert f"0 of 1 file read; 1 not{counted}: {path} (" in done.err


def test_a_mode_a_submodule_and_a_deletion_are_not_read_by_analysers(program, repository) -> None:
    repository.write("run.sh", "echo\n")
    repository.write("gone.py", "x = 1\n")
    repository.git("add", "--all")
    head = repository.commit("base")
    repository.path("run.sh").chmod(0o755)
    repository.delete("gone.py")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{head},sub")
    repository.git("add", "run.sh", "gone.py")
    done = program.run("review", "--staged", "--format", "json")
    assert done.code == 3
    account = as_json(done.out)["sessions"][0]["account"]
    assert {entry["path"]: entry["why"] for entry in account["entries"]} == {
        "gone.py": "deleted; the analysers read only the new side",
        "run.sh": "only its mode changed, from 100644 to 100755",
        "sub": "a submodule, whose content isn't part of this repository",
    }


def test_a_moved_file_of_which_no_line_changed_is_read(program: Program, repository) -> None:
    repository.write("kept.md", "".join(f"line {n}\n" for n in range(9)))
    repository.commit("base")
    repository.git("mv", "kept.md", "moved.md")
    done = program.run("review", "--staged")
    assert done.code == 0, done.err


def test_analysers_alone_say_that_they_are_no_approval(program: Program, repository) -> None:
    repository.write("double.py", CLEAN)
    for form in ("markdown", "html", "csv", "sarif"):
        done = program.run("review", "--format", form)
        assert "no findings is no all-clear" in done.out
    assert "no findings is no all-clear" in done.err


def test_what_no_reviewer_read_is_never_clean(program: Program, repository) -> None:
    (program.config / "config.toml").write_text('review_with = ["gremlin"]\n')
    repository.write("double.py", CLEAN)
    done = program.run("review")
    assert done.code == 3
    assert "gremlin" in done.err


def test_outside_of_a_repository_is_a_sentence(program: Program, tmp_path) -> None:
    (tmp_path / "elsewhere").mkdir()
    done = program.run("-C", str(tmp_path / "elsewhere"), "review")
    assert done.code == 2
    assert "isn't in a git repository" in done.err


def test_an_unknown_revision_is_a_sentence(program: Program) -> None:
    done = program.run("review", "--commit", "nosuch")
    assert done.code == 2
    assert "nosuch" in done.err


def test_a_journal_that_is_none_is_told_and_left_alone(program: Program, repository) -> None:
    content = b"this is no database " * 100
    program.data.mkdir()
    (program.data / "journal.sqlite3").write_bytes(content)
    repository.write("run.py", RISKY)
    done = program.run("review", "--format", "json")
    assert done.code in (1, 3), "a failure, whether or not the review could go on without"
    assert "isn't a journal" in done.err
    assert "Not from the journal: " in done.err
    assert as_json(done.out)["findings"]
    assert (program.data / "journal.sqlite3").read_bytes() == content


def test_earlier_decisions_close_findings(program: Program, repository) -> None:
    repository.write("run.py", RISKY)
    document = as_json(program.run("review", "--format", "json").out)
    _reject_all(program, repository, document)
    again = program.run("review", "--format", "json")
    assert again.code == 0, again.err
    assert {finding["standing"] for finding in as_json(again.out)["findings"]} == {"rejected"}


def _reject_all(program: Program, repository, document: dict) -> None:
    from xreview.domain.decision import Decision, Reason, Verdict
    from xreview.domain.events.event import DecisionMade, Event
    from xreview.journal.store import Journal

    with Journal.open(program.data / "journal.sqlite3") as journal:
        identity = str((repository.top / ".git").resolve())
        decision = Decision(Verdict.REJECT, Reason.INTENDED)
        journal.append(
            [
                Event(
                    f"decision-{index}",
                    "test-session",
                    identity,
                    f"2030-01-01T00:00:00.{index:06}+00:00",
                    "Ada",
                    DecisionMade(f"action-{index}", (report["fingerprint"],), decision),
                )
                for index, report in enumerate(
                    report for finding in document["findings"] for report in finding["reports"]
                )
            ]
        )


def test_hostile_text_reaches_no_stream_unneutralised(program: Program, repository) -> None:
    repository.write(
        "evil\x1b]52;c;aGk=\x07.py", RISKY.replace("ls", "ls \x1b[2J\u202e\x9b31m[bold]")
    )
    for form in ("markdown", "json"):
        done = program.run("review", "--format", form)
        assert done.code in (1, 3), done.err
        for text in (done.out, done.err):
            assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(text)


def test_progress_is_drawn_on_a_terminal_only(program: Program, repository, tmp_path) -> None:
    repository.write("run.py", RISKY)
    shown = program.run_on_terminal("review", "--output", str(tmp_path / "out.md"))
    assert shown.code == 1
    assert "reading the change" in shown.out
    assert shown.out.count("\x1b[K") > 1
    quiet = program.run_on_terminal("review", "--quiet", "--output", str(tmp_path / "out.md"))
    assert quiet.out == ""
    assert "\x1b" not in program.run("review").err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_prints_what_it_has_and_leaves_no_process_behind(
    program: Program, repository, number: int
) -> None:
    for index in range(300):
        repository.write(f"run{index}.py", RISKY * 20)
    process = subprocess.Popen(
        program.command("review", "--format", "json"),
        cwd=program.folder,
        env=program.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    _wait_for_report(program)
    process.send_signal(number)
    out, errors = process.communicate(timeout=120)
    assert process.returncode == 130, errors
    document = as_json(out.decode())
    assert document["findings"]
    assert document["is_complete"] is False
    assert document["sessions"][0]["is_complete"] is False
    assert "interrupted" in json.dumps(document["sessions"][0]["notices"])
    assert b"interrupted" in errors
    assert b"Traceback" not in errors
    while _has_members(process.pid):
        time.sleep(0.05)


_REPORTS = "SELECT count(*) FROM events WHERE type = 'report-received'"


def _has_members(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _wait_for_report(program: Program) -> None:
    """Until something was found: a report is in the journal."""
    path = program.data / "journal.sqlite3"
    while True:
        try:
            with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
                if connection.execute(_REPORTS).fetchone()[0]:
                    return
        except sqlite3.OperationalError:
            pass
        time.sleep(0.02)


def test_the_app_and_its_toolkit_are_not_imported(program: Program, repository) -> None:
    repository.write("run.py", RISKY)
    code = (
        "import sys; from xreview.cli.main import run\n"
        "code = run(['review', '--quiet', '--output', '/dev/null'])\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('textual', 'rich')"
        " or name.startswith('xreview.tui')]); sys.exit(code)"
    )
    program.command = lambda *_: [sys.executable, "-c", code]
    done = program.run()
    assert (done.code, done.out) == (1, "[]\n")
