from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.repo.builder import Builder


@pytest.fixture
def repository(tmp_path: Path) -> Builder:
    builder = Builder(tmp_path / "project")
    builder.write("a.py", "print(1)\n")
    builder.git("add", "--all")
    builder.git("commit", "--quiet", "--message", "first")
    return builder


@pytest.fixture
def program(tmp_path: Path, repository: Builder) -> Program:
    return Program(tmp_path / "home", repository.top)
