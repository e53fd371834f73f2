"""Files as the latest release has them, in real repositories."""

from pathlib import Path

import pytest

from tests.repo.builder import Builder, isolate
from xreview.repo import release_files
from xreview.repo.release_files import files_at, released_commit
from xreview.repo.repository import Repository, find_repository


@pytest.fixture
def builder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builder:
    isolate(monkeypatch, tmp_path / "home")
    made = Builder(tmp_path / "project")
    made.write("a.py", "one\n")
    made.commit("first")
    return made


def repository(builder: Builder) -> Repository:
    return find_repository(builder.top)


def test_the_newest_tag_before_a_commit_is_the_release(builder: Builder) -> None:
    first = builder.rev("HEAD")
    builder.git("tag", "v1")
    builder.write("a.py", "two\n")
    second = builder.commit("second")
    builder.git("tag", "-a", "v2", "-m", "two")

    there = repository(builder)
    assert released_commit(there, first) == first
    assert released_commit(there, second) == second


@pytest.mark.parametrize("commit", ["HEAD", "--help", "", "v1", "0" * 39])
def test_only_a_full_id_is_looked_up(builder: Builder, commit: str) -> None:
    builder.git("tag", "v1")
    assert released_commit(repository(builder), commit) is None


def test_files_are_read_with_strange_names_but_no_links_and_nothing_large(
    builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["-x", "a\nb", "sub/*", "é"]
    for name in names:
        builder.write(name, f"{name}\n")
    builder.write("empty", "")
    builder.write("large", "x" * 100)
    builder.link("link", "a.py")
    commit = builder.commit("second")
    monkeypatch.setattr(release_files, "RELEASE_FILE_BYTES", 50)

    paths = ["a.py", *names, "empty", "large", "link", "none", "sub"]
    found = files_at(repository(builder), commit, paths)

    expected = {"a.py": b"one\n", "empty": b""} | {name: f"{name}\n".encode() for name in names}
    assert found == expected


def test_what_is_no_commit_has_no_files(builder: Builder) -> None:
    there = repository(builder)
    assert files_at(there, builder.rev("HEAD:a.py"), ["a.py"]) == {}
    assert files_at(there, "0" * 40, ["a.py"]) == {}
    assert files_at(there, builder.rev("HEAD"), []) == {}
