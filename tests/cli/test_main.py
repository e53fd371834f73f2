"""Usage, refusals and the seam where errors become exit codes, in real processes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import Program
from xreview import __version__
from xreview.cli import machine, main
from xreview.cli.options import given_change_options
from xreview.cli.tree import COMMANDS, build_parser

HEAVY = ("textual", "rich", "git", "httpx", "pygments", "sqlite3", "asyncio", "ruff", "ast_grep_py")


def test_version(program: Program) -> None:
    done = program.run("--version")
    assert (done.code, done.out) == (0, f"xreview-tui {__version__}\n")


def test_help_documents_commands_options_and_exit_codes(program: Program) -> None:
    done = program.run("--help")
    assert done.code == 0
    for word in ("review", "export", "doctor", "config", "completion", "--staged", "--patch"):
        assert word in done.out
    for code in ("0 ", "1 ", "2 ", "3 ", "130 "):
        assert f"\n  {code}" in done.out


@pytest.mark.parametrize("command", ["review", "export", "doctor", "config", "completion"])
def test_each_command_has_help(program: Program, command: str) -> None:
    done = program.run_afresh(command, "--help")
    assert done.code == 0
    assert done.out.startswith(f"usage: python -m xreview {command} ")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--stagd"], "Unknown option --stagd. Did you mean --staged?"),
        (["--comit=HEAD"], "Unknown option --comit. Did you mean --commit?"),
        (["revew"], "Unknown command “revew”. Did you mean review?"),
        (["HEAD~1"], "Unknown command “HEAD~1”. To review a commit, use --commit HEAD~1."),
        (["review", "--fail-no", "low"], "option --fail-no for `review`. Did you mean --fail-on"),
        (["review", "HEAD"], "Unexpected argument “HEAD”."),
        (
            ["review", "--format", "jsn"],
            "“jsn” isn't one of csv, github, html, json, jsonl, markdown, prompt, rdjson, sarif. "
            "Did you mean json?",
        ),
        (["review", "--fail-on", "hihg"], "Did you mean high?"),
        (["export", "--decisions", "open,acepted"], "Did you mean accepted?"),
        (["--commit"], "--commit needs a value. Write `--commit REV`. See --help."),
        (["review", "--pr"], "--pr needs a value. Write `--pr URL|NUMBER`. See --help."),
        (["--commit", "--staged"], "--commit needs a value."),
        (["--staged", "--commit", "HEAD"], "--staged and --commit can't be combined."),
        (["--staged", "review", "--commit", "HEAD"], "--staged and --commit can't be combined"),
        (["--staged", "doctor"], "`doctor` doesn't accept --staged."),
        (["--theme", "dark", "review"], "`review` doesn't accept --theme."),
        (["-C", "nowhere", "doctor"], "nowhere isn't a folder."),
        (["completion"], "The following arguments are required: SHELL"),
        (["completion", "bsh"], "“bsh” isn't one of bash, zsh, fish. Did you mean bash?"),
        (["--stag"], "Unknown option --stag. Did you mean --staged?"),
        (["--x\x1b]52;c;aGk=\x07"], "Unknown option --x␛]52;c;aGk."),
    ],
)
def test_wrong_usage_is_one_sentence_with_the_nearest_word(
    program: Program, words: list[str], sentence: str
) -> None:
    done = program.run(*words)
    assert done.code == 2
    assert done.out == ""
    assert sentence in done.err
    assert done.err.startswith("xreview-tui: ")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_each_option_in_a_commands_help_is_accepted_by_it(command: str) -> None:
    def given(words: list[str]) -> list[str]:
        return given_change_options(parser.parse_strictly([command, *words]))

    parser = build_parser()
    below = parser.commands()[command]
    if below.commands() or any(one.nargs is None for one in below.positionals()):
        pytest.skip("its options need more words")
    for action in below.options():
        words = [action.option_strings[0], *([] if action.nargs == 0 else ["1"])]
        if action.type is None and action.dest != "help" and given(words):
            main._refuse_idle_options(command, parser.parse_strictly([command, *words]))


def test_a_wrong_configuration_is_told_whole_with_exit_code_2(program: Program, repository) -> None:
    (program.config / "config.toml").write_text('them = "x"\nbudge = 1\n')
    done = program.run("review")
    assert (done.code, done.out) == (2, "")
    lines = done.err.splitlines()
    assert len(lines) == 2
    assert "config.toml:1: Unknown setting `them`. Did you mean `theme`?" in lines[0]


def test_a_wrong_policy_of_the_repository_is_told_whole(program: Program, repository) -> None:
    repository.write(".xreview.toml", 'editor = "sh -c evil"\n"\\u001b[2J" = 1\n')
    repository.commit("policy")
    repository.write("b.py", "x = 1\n")
    done = program.run("review")
    assert (done.code, done.out) == (2, "")
    lines = done.err.splitlines()
    assert len(lines) == 2
    assert ":1: A repository under review can't set `editor`" in lines[0]
    assert ".xreview.toml at " in lines[0]
    assert "\x1b" not in done.err


def test_without_a_terminal_the_app_points_at_review(program: Program) -> None:
    done = program.run()
    assert done.code == 2
    assert done.err == (
        "xreview-tui: The app needs a terminal, and standard input isn't one. "
        "`xreview-tui review` prints a review as Markdown or JSON without a terminal.\n"
    )


def test_on_half_a_terminal_the_app_refuses_too(program: Program) -> None:
    words = " ".join(program.command())
    program.command = lambda *_: ["sh", "-c", f"{words} > /dev/null"]
    done = program.run_on_terminal()
    assert done.code == 2
    assert "standard output isn't one" in done.out


def test_a_terminal_that_can_not_draw_is_refused(program: Program) -> None:
    done = program.run_on_terminal(TERM="dumb")
    assert done.code == 2
    assert "can't draw on a terminal of type “dumb”" in done.out


def test_a_patch_from_the_keyboard_is_refused(program: Program) -> None:
    done = program.run_on_terminal("--patch", "-")
    assert done.code == 2
    assert "git diff | xreview-tui --patch -" in done.out


def test_the_keyboard_is_opened_beside_a_patch_on_standard_input(program: Program) -> None:
    code = (
        "import os, sys; from xreview.cli.terminal import make_keyboard_of_terminal as make;"
        "make(); print(os.isatty(0), os.isatty(sys.__stdin__.fileno()),"
        " sys.stdin.buffer.read(), os.read(0, 1))"
    )
    program.command = lambda *_: [sys.executable, "-c", code]
    done = program.run_on_terminal(input=b"diff\xff", keys=b"q\n")
    assert done.code == 0, done.out
    assert "True True b'diff\\xff' b'q'" in done.out


def test_the_reader_of_the_output_may_leave(program: Program) -> None:
    process = subprocess.Popen(
        program.command("config", "schema"),
        cwd=program.folder,
        env=program.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait(120) == 3
    assert errors == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_a_sentence(program: Program) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            program.command("config", "schema"),
            cwd=program.folder,
            env=program.environ,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 3
    assert done.stderr.startswith("xreview-tui: Standard output can't be written: No space left")
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_an_unforeseen_error_leaves_a_file_and_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XREVIEW_DATA_DIR", str(tmp_path))

    def fail(words: object) -> int:
        key = "sk-secret-value"
        raise ZeroDivisionError(f"of {len(key)}")

    monkeypatch.setattr(main, "_dispatch", fail)
    assert main.run([]) == 3
    shown = capsys.readouterr().err
    (file,) = (tmp_path / "state").iterdir()
    assert str(file) in shown
    assert "ZeroDivisionError" in shown
    assert "Traceback" not in shown
    written = file.read_text()
    assert "Traceback" in written
    assert __version__ in written
    assert "sk-secret-value" not in written.replace('key = "sk-secret-value"', "")
    assert file.stat().st_mode & 0o077 == 0


def test_a_crash_file_that_can_not_be_written_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    monkeypatch.setenv("XREVIEW_DATA_DIR", str(tmp_path))
    assert "couldn't be written" in machine.report(ValueError("x"))


def test_interruption_has_its_own_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(words: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(main, "_dispatch", interrupt)
    assert main.run([]) == 130
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "words", [["--version"], ["config", "path"], ["config", "show"], ["--stagd"], []]
)
def test_what_is_light_imports_nothing_heavy(program: Program, words: list[str]) -> None:
    code = (
        "import sys, json; from xreview.cli.main import run\n"
        f"try: run({words!r})\nexcept SystemExit: pass\n"
        "print(json.dumps([name for name in sys.modules]))"
    )
    program.command = lambda *_: [sys.executable, "-c", code]
    loaded = set(json.loads(program.run().out.splitlines()[-1]))
    assert loaded & set(HEAVY) == set()


def test_git_xreview_is_called_so(program: Program, tmp_path: Path) -> None:
    script = tmp_path / "bin" / "git-xreview"
    script.parent.mkdir()
    script.write_text(
        f"#!{sys.executable}\nimport sys\nfrom xreview.__main__ import main\nsys.exit(main())\n"
    )
    script.chmod(0o755)
    environ = program.environ | {"PATH": f"{script.parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["git", "xreview", "review", "-h"],
        cwd=program.folder,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("usage: git xreview review ")


def test_the_app_shows_a_piped_patch_and_takes_keys(program: Program, repository) -> None:
    repository.write("a.py", "print('a line of the patch')\n")
    patch = repository.git_bytes("diff")
    repository.git("reset", "--quiet", "--hard")
    done = program.run_on_terminal("--patch", "-", input=patch, keys=b"q")
    assert done.code == 0, done.out
    assert "\x1b[?1049h" in done.out, "the alternate screen was entered"
    assert done.out.rindex("\x1b[?1049l") > done.out.rindex("\x1b[?1049h"), "and left"


def test_a_theme_that_does_not_exist_is_a_sentence(program: Program, repository) -> None:
    repository.write("a.py", "print(2)\n")
    done = program.run_on_terminal("--theme", "drak", keys=b"q")
    assert done.code == 2, done.out
    assert "Did you mean dark?" in done.out
    assert "Traceback" not in done.out


def test_keys_that_collide_are_a_sentence(program: Program, repository) -> None:
    repository.write("a.py", "print(2)\n")
    (program.config / "config.toml").write_text('[keys]\n"finding.acept" = "x"\n')
    done = program.run_on_terminal(keys=b"q")
    assert done.code == 2, done.out
    assert "finding.accept" in done.out
    assert "Traceback" not in done.out


@pytest.mark.parametrize("words", [("review",), ("doctor",), ("log", "list"), ("models",), ()])
def test_a_folder_that_was_deleted_is_a_sentence(tmp_path, words):
    gone = tmp_path / "gone"
    gone.mkdir()
    program = Program(tmp_path / "home", gone)
    command = ["sh", "-c", 'rmdir "$PWD"; exec "$0" "$@"', *program.command(*words)]
    done = subprocess.run(command, cwd=gone, env=program.environ, capture_output=True, text=True)
    assert done.returncode == 2
    assert "The current folder no longer exists. Change to another one." in done.stderr


def test_a_wrong_configuration_is_told_after_the_first_frame(program: Program, repository) -> None:
    (program.config / "config.toml").write_text('them = "x"\n')
    done = program.run_on_terminal()
    assert done.code == 2
    assert "config.toml:1: Unknown setting `them`. Did you mean `theme`?" in done.out
    before, left, after = done.out.rpartition("\x1b[?1049l")
    if left:
        assert "Unknown setting" not in before
        assert "Unknown setting" in after


def test_an_option_that_cant_be_used_is_told_before_the_screen_changes(
    program: Program, repository
) -> None:
    done = program.run_on_terminal("--budget", "much")
    assert done.code == 2
    assert done.out.startswith("xreview-tui: --budget is")
    assert "\x1b[?1049h" not in done.out
