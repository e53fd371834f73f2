import importlib.metadata
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from xreview.analysers.tools import installed
from xreview.analysers.tools.installed import LINTERS, lacking


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    installed._installed.cache_clear()
    yield
    installed._installed.cache_clear()


def offer(folder: Path, name: str) -> None:
    """A package in `folder` that has a program, as an installer would leave it."""
    program = folder / "bin" / name
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    record = folder / f"{name}-9.9.dist-info"
    record.mkdir()
    (record / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 9.9\n")
    (record / "RECORD").write_text(f"bin/{name},,\n")


def test_the_linters_are_those_of_this_environment() -> None:
    for linter in LINTERS.values():
        program = linter.program
        assert program is not None
        assert program.version == importlib.metadata.version(linter.package)
        assert program.path.is_relative_to(Path(sysconfig.get_path("scripts")).resolve())


def test_neither_path_nor_the_import_path_can_offer_a_linter(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    offer(tmp_path / "repository", "zizmor")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "repository")
    monkeypatch.setenv("PATH", str(tmp_path / "repository" / "bin"))
    monkeypatch.setattr(sys, "path", [str(tmp_path / "repository"), *sys.path])
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(tmp_path / "empty"))

    assert LINTERS["github-actions"].program is None


def test_a_package_beside_the_interpreter_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    offer(tmp_path, "zizmor")
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(tmp_path))

    program = LINTERS["github-actions"].program

    assert program is not None
    assert (program.path, program.version) == ((tmp_path / "bin" / "zizmor").resolve(), "9.9")


def test_a_package_without_its_program_counts_as_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    offer(tmp_path, "zizmor")
    (tmp_path / "bin" / "zizmor").unlink()
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(tmp_path))

    assert lacking("github-actions") is LINTERS["github-actions"]
    assert lacking("python") is None
