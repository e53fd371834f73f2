"""A repository, and the tree of an attempt at changing it."""

from collections.abc import Iterator

import pytest

from tests.repo.builder import Builder, isolate
from tests.review.attempts.writing_here import CODE
from xreview.repo.disposable.tree import DisposableTree
from xreview.repo.repository import find_repository


@pytest.fixture
def project(tmp_path, monkeypatch) -> Builder:
    isolate(monkeypatch, tmp_path / "home")
    builder = Builder(tmp_path / "project")
    builder.write("retry.py", CODE)
    builder.write("other.py", "other = 1\n")
    builder.commit("first")
    return builder


@pytest.fixture
def tree(project, tmp_path) -> Iterator[DisposableTree]:
    made = DisposableTree.create(find_repository(project.top), tmp_path / "attempt")
    yield made
    made.remove()
