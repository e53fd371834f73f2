import pytest

from tests.repo.builder import Builder, isolate


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Every test here runs as on a fresh machine."""
    return isolate(monkeypatch, tmp_path / "home")


@pytest.fixture
def project(tmp_path):
    """A repository on `main` with one commit of `a.txt` and `b.txt`."""
    builder = Builder(tmp_path / "project")
    builder.write("a.txt", "one\ntwo\nthree\n")
    builder.write("b.txt", "b\n")
    builder.commit("first")
    return builder
