"""Completion scripts, run by the shells themselves where they are installed."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.program import Program
from xreview.cli.completion import commands
from xreview.export.format import export_formats

ASK = r"""
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
_xreview_tui
printf '%s\n' "${COMPREPLY[@]}"
"""


class Bash:
    """Asks the script what it completes after some words, the last one half typed."""

    def __init__(self, program: Program, tmp_path: Path) -> None:
        self.program = program
        self.script = tmp_path / "completion.bash"
        self.script.write_text(program.run("completion", "bash").out)

    def complete(self, *words: str) -> set[str]:
        done = subprocess.run(
            ["bash", "--norc", "-c", ASK, "bash", str(self.script), "xreview-tui", *words],
            cwd=self.program.folder,
            env=self.program.environ,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        assert done.stderr == ""
        return set(done.stdout.split("\n")) - {""}


@pytest.fixture
def bash(program: Program, tmp_path: Path) -> Bash:
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed")
    return Bash(program, tmp_path)


def test_bash_completes_commands(bash: Bash) -> None:
    assert bash.complete("") == {
        "review",
        "brief",
        "attempt",
        "export",
        "fix",
        "log",
        "demo",
        "escalation",
        "doctor",
        "config",
        "conventions",
        "completion",
        "who",
        "trust",
        "models",
        "egress",
        "post",
        "pr",
        "prompt",
        "reply",
    }
    assert bash.complete("rev") == {"review"}
    assert bash.complete("post", "--submit", "a") == {"approve"}


def test_bash_completes_the_commands_about_escalations(bash: Bash) -> None:
    assert bash.complete("escalation", "") == {"list", "letter", "answer"}
    assert bash.complete("escalation", "letter", "abc", "--t") == {"--to"}
    assert bash.complete("escalation", "list", "--j") == {"--json"}
    (bash.program.folder / "letter.md").write_text("")
    assert "letter.md" in bash.complete("escalation", "letter", "abc", "--to", "")


def test_bash_completes_the_options_of_the_command(bash: Bash) -> None:
    assert bash.complete("--s") == {"--staged"}
    assert bash.complete("review", "--f") == {"--format", "--fail-on"}
    assert bash.complete("doctor", "--") == {"--help", "--json"}
    assert bash.complete("-C", "review", "--s") == {"--staged"}, "review is a folder here"


def test_bash_completes_values(bash: Bash) -> None:
    assert bash.complete("review", "--format", "") == set(export_formats())
    assert bash.complete("review", "--format", "=", "j") == {"json", "jsonl"}
    assert bash.complete("review", "--format", "=") == set(export_formats())
    assert bash.complete("export", "--format", "p") == {"prompt"}
    assert bash.complete("export", "--sessions", "") == {"latest", "all"}
    assert bash.complete("review", "--fail-on", "") == {"low", "medium", "high", "critical"}
    assert bash.complete("attempt", "--preset", "") == {"swap", "three", "fast-deep"}
    assert bash.complete("completion", "") == {"bash", "zsh", "fish"}
    assert bash.complete("config", "s") == {"show", "schema"}
    assert {"list", "show", "verify", "prune", "path"} <= bash.complete("log", "")
    assert bash.complete("log", "list", "--j") == {"--json"}
    assert bash.complete("log", "prune", "--ke") == {"--keep"}
    assert {"dark", "light"} <= bash.complete("--theme", "")
    assert bash.complete("review", "--output", "a.") == {"a.py"}


def test_bash_completes_branches_and_runs_nothing_in_their_names(bash: Bash, repository) -> None:
    repository.git("branch", "feature")
    repository.git("branch", "bad$(touch${IFS}evil)")
    assert bash.complete("--base", "fea") == {"feature"}
    assert bash.complete("--range", "main..fea") == {"main..feature"}
    assert bash.complete("attempt", "--base", "fea") == {"feature"}
    answer = bash.complete("review", "--commit", "")
    assert {"main", "feature"} <= answer
    assert any(word.startswith("bad\\$\\(") for word in answer), "quoted for the shell"
    assert not repository.path("evil").exists()


def test_a_theme_of_the_users_is_completed(program: Program, tmp_path: Path) -> None:
    (program.config / "themes").mkdir()
    (program.config / "themes" / "mine.toml").write_text('name = "mine"\ndark = true\n')
    assert "mine" in Bash(program, tmp_path).complete("--theme", "m")


def test_zsh_takes_the_script(program: Program, tmp_path: Path) -> None:
    if (zsh := shutil.which("zsh")) is None:
        pytest.skip("zsh is not installed")
    script = tmp_path / "_xreview-tui"
    script.write_text(program.run("completion", "zsh").out)
    subprocess.run([zsh, "-n", str(script)], check=True, timeout=60)
    code = (
        f"autoload -U compinit; compinit -u -d {tmp_path}/dump; source {script}; which _xreview_tui"
    )
    done = subprocess.run(
        [zsh, "-f", "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        env=program.environ,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert "_arguments" in done.stdout


def test_fish_completes(program: Program, tmp_path: Path) -> None:
    if (fish := shutil.which("fish")) is None:
        pytest.skip("fish is not installed")
    script = tmp_path / "xreview-tui.fish"
    script.write_text(program.run("completion", "fish").out)

    def complete(line: str) -> set[str]:
        code = f"source {script}; complete -C '{line}'"
        done = subprocess.run(
            [fish, "--no-config", "-c", code],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
            env=program.environ,
            cwd=program.folder,
        )
        return {row.partition("\t")[0] for row in done.stdout.splitlines()}

    assert complete("xreview-tui re") == {"review"}
    assert complete("xreview-tui review --format ") == set(export_formats())
    assert "main" in complete("xreview-tui --base ma")
    assert complete("xreview-tui completion ") >= {"bash", "zsh", "fish"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_command_and_option_is_in_every_script(program: Program, shell: str) -> None:
    text = program.run("completion", shell).out
    for command in commands():
        assert command.name in text
        for option in command.options:
            for name in option.names:
                bare = name.lstrip("-")
                form = name if shell != "fish" else f"-{'l' if name[1] == '-' else 's'} {bare}"
                assert re.search(rf"(?<![\w-]){re.escape(form)}(?![\w-])", text), (name, shell)
            assert all(word in text for word in option.words)
