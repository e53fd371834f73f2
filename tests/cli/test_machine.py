"""What the machine refuses: each is a sentence with a documented code, and no crash."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import Program

LONG = "x" * 300
CODES = (2, 3)


def shell(program: Program, script: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a script in which `$X` is the program."""
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=program.folder,
        env=program.environ | {"X": " ".join(program.command())} | environ,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "Traceback" not in done.stderr
    assert "went wrong inside" not in done.stdout + done.stderr
    assert "Exception ignored" not in done.stderr
    return done


@pytest.mark.parametrize(
    "words", ["review --quiet", "doctor", "config schema", "--version", "--help"]
)
def test_a_closed_standard_output_is_a_sentence(program: Program, repository, words: str) -> None:
    repository.write("a.py", "print(2)\n")
    done = shell(program, f"$X {words} >&-")
    assert done.returncode == 2
    assert "Standard output is closed." in done.stderr


@pytest.mark.parametrize("words", ["--version", "--help", "review --help"])
def test_a_full_disk_is_a_sentence_for_help_too(program: Program, words: str) -> None:
    done = shell(program, f"$X {words} >/dev/full")
    assert done.returncode == 3
    assert "Standard output can't be written: No space left" in done.stderr


def test_a_closed_standard_output_is_no_matter_where_a_file_is_named(
    program: Program, repository, tmp_path: Path
) -> None:
    repository.write("a.py", "print(2)\n")
    done = shell(program, f"$X review --output {tmp_path}/out.md >&- 2>&- <&-")
    assert done.returncode == 0
    assert (tmp_path / "out.md").read_text().startswith("# ")


@pytest.mark.parametrize("where", ["2>&-", "2>/dev/full"])
def test_a_message_that_can_not_be_written_leaves_the_code(program: Program, where: str) -> None:
    done = shell(program, f"$X --nope {where}")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "")


@pytest.mark.parametrize(
    "script",
    [
        f"$X -C {LONG} doctor",
        f"$X review --patch {LONG}",
        f"$X review --import {LONG}",
        f"$X review --output {LONG}",
        f"$X review --commit {LONG}",
        f"$X review --brief @{LONG}",
        f"XREVIEW_CONFIG_DIR=/tmp/{LONG} $X review",
        f"XREVIEW_DATA_DIR=/tmp/{LONG} $X log",
    ],
)
def test_a_name_that_is_too_long_is_a_sentence(program: Program, repository, script: str) -> None:
    done = shell(program, script)
    assert done.returncode in CODES, done.stderr
    assert LONG[:20] in done.stderr


@pytest.mark.parametrize("words", ["review", "doctor", "config show", ""])
def test_a_deleted_folder_is_a_sentence(program: Program, tmp_path: Path, words: str) -> None:
    gone = tmp_path / "gone"
    done = shell(program, f"mkdir {gone}; cd {gone}; rmdir {gone}; $X {words}")
    assert done.returncode == 2
    assert "The current folder no longer exists." in done.stderr


@pytest.mark.parametrize("home", [None, "", "here"])
@pytest.mark.parametrize("words", ["review", "config path", "doctor"])
def test_no_home_and_no_user_is_a_sentence(
    program: Program, repository, home: str | None, words: str
) -> None:
    """The user database is the machine's: here it knows nobody."""
    nobody = (
        "import pwd, sys\n"
        "def nobody(number): raise KeyError(number)\n"
        "pwd.getpwuid = nobody\n"
        f"from xreview.cli.main import run; sys.exit(run({words.split()!r}))"
    )
    kept = ("HOME", "XREVIEW_CONFIG_DIR", "XREVIEW_DATA_DIR", "XDG_CONFIG_HOME")
    environ = {name: value for name, value in program.environ.items() if name not in kept}
    environ |= {} if home is None else {"HOME": home}
    done = subprocess.run(
        [sys.executable, "-c", nobody],
        cwd=program.folder,
        env=environ,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2, done.stderr
    assert "No home folder found" in done.stderr
    assert "Set HOME, or XREVIEW_CONFIG_DIR and XREVIEW_DATA_DIR." in done.stderr
    assert not os.path.lexists(program.folder / "~")
