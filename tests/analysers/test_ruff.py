"""Ruff, run over several files at once."""

import os
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from xreview.analysers.ruff import RuffCheck, RuffError, binary

BARE = "try:\n    f()\nexcept:\n    pass\n"


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that a test runs; one whose input has the word MINE fails."""
    commands: list[list[str]] = []
    real = subprocess.run

    def run(command: list[str], **options: Any) -> Any:
        commands.append(command)
        if any(b"MINE" in os.pread(fd, 1000, 0) for fd in options["pass_fds"]):
            raise subprocess.TimeoutExpired(command, 8)
        return real(command, **options)

    monkeypatch.setattr(subprocess, "run", run)
    return commands


def test_files_share_a_run_and_each_gets_its_own(runs: list[list[str]]) -> None:
    texts = ["x = 1\n", BARE, f"x = 1\n{BARE}"]
    check = RuffCheck(texts)

    lines = [[one.place.start_line for one in check.of(text, ["E722"])] for text in texts]

    assert lines == [[], [3], [4]]
    assert len(runs) == 1


def test_files_of_which_different_codes_are_asked_share_a_run_too(runs: list[list[str]]) -> None:
    check = RuffCheck([BARE, f"import os\n{BARE}"], ["E722", "F401"])

    assert [one.code for one in check.of(BARE, ["E722", "F401"])] == ["E722"]
    assert [one.code for one in check.of(f"import os\n{BARE}", ["F401"])] == ["F401"]
    assert len(runs) == 1


def test_a_file_on_which_ruff_fails_costs_only_itself(runs: list[list[str]]) -> None:
    check = RuffCheck([BARE, "# MINE\n"])

    assert [one.code for one in check.of(BARE, ["E722"])] == ["E722"]
    with pytest.raises(RuffError, match="8 seconds"):
        list(check.of("# MINE\n", ["E722"]))


def test_nothing_of_the_folder_of_the_files_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    (tmp_path / "ruff.toml").write_text('lint.ignore = ["E722"]\n')
    monkeypatch.chdir(tmp_path)

    assert [one.code for one in RuffCheck([BARE]).of(BARE, ["E722"])] == ["E722"]
    assert [one.name for one in tmp_path.iterdir()] == ["ruff.toml"]


def test_two_threads_never_look_for_the_program_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python 3.11's sysconfig, where ruff looks, gives the second thread half of its values."""
    inside = threading.Lock()

    def find() -> str:
        assert inside.acquire(blocking=False)
        time.sleep(0.02)
        inside.release()
        return "/usr/bin/ruff"

    monkeypatch.setattr("ruff.find_ruff_bin", find)
    binary.cache_clear()
    try:
        with ThreadPoolExecutor(4) as threads:
            found = list(threads.map(lambda _: binary(), range(4)))
    finally:
        binary.cache_clear()
    assert set(found) == {"/usr/bin/ruff"}
