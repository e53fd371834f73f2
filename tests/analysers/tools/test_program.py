import os
from pathlib import Path

import pytest

from xreview.analysers.tools import program as running
from xreview.analysers.tools.installed import Program
from xreview.analysers.tools.program import LinterError, run_over


def linter(tmp_path: Path, script: str) -> Program:
    path = tmp_path / "linter"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return Program(path, "1")


def test_a_linter_gets_the_text_and_nothing_of_the_user_or_the_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GH_TOKEN", "secret")
    monkeypatch.chdir(tmp_path)
    program = linter(tmp_path, '/bin/cat; pwd; echo "$1 ${HOME-none} ${GH_TOKEN-none}"')

    output = run_over(program, ["--flag"], "text\n", (0,))

    assert output == b"text\n/\n--flag none none\n"


def test_a_linter_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(running, "SECONDS", 0.2)
    program = linter(tmp_path, "exec /bin/sleep 60")

    with pytest.raises(LinterError, match="linter gave no answer within"):
        run_over(program, [], "", (0,))


def test_a_linter_that_never_stops_printing_is_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(running, "MOST_BYTES", 1 << 20)
    program = linter(tmp_path, "exec /bin/cat /dev/zero")

    with pytest.raises(LinterError, match="more than 1 MiB"):
        run_over(program, [], "", (0,))


def test_an_unexpected_exit_code_is_an_error(tmp_path: Path) -> None:
    program = linter(tmp_path, "exit 3")

    assert run_over(program, [], "", (0, 3)) == b""
    with pytest.raises(LinterError, match="linter ended with code 3"):
        run_over(program, [], "", (0, 1))


def test_a_program_that_cannot_start_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LinterError, match=os.strerror(2)):
        run_over(Program(tmp_path / "gone", "1"), [], "", (0,))
