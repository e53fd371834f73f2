"""The commits before a change, as git names them."""

from pathlib import Path

import pytest

from tests.repo.builder import Builder, isolate
from xreview.domain.errors import ChangeError
from xreview.repo.past_commits import past_commits
from xreview.repo.repository import find_repository


@pytest.fixture
def builder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builder:
    isolate(monkeypatch, tmp_path / "home")
    return Builder(tmp_path / "project")


def head_of(builder: Builder) -> str:
    return builder.git("rev-parse", "HEAD").strip()


def test_commits_come_newest_first_with_their_paths(builder: Builder) -> None:
    builder.write("src/a.py", "1\n")
    builder.write("b c.py", "1\n")
    builder.commit("first")
    builder.git("commit", "--allow-empty", "-m", "nothing")
    builder.git("mv", "src/a.py", "src/d.py")
    builder.commit("fix: move")

    found = past_commits(find_repository(builder.top), head_of(builder))

    assert [one.subject for one in found] == ["fix: move", "nothing", "first"]
    assert [one.paths for one in found] == [("src/a.py", "src/d.py"), (), ("b c.py", "src/a.py")]
    assert found[0].id == head_of(builder)
    assert found[0].author.count("@") == 1
    assert found[0].at >= found[2].at > 1_000_000_000


def test_the_limit_keeps_the_newest(builder: Builder) -> None:
    for number in range(3):
        builder.write("a.py", f"{number}\n")
        builder.commit(f"c{number}")

    found = past_commits(find_repository(builder.top), head_of(builder), limit=2)

    assert [one.subject for one in found] == ["c2", "c1"]


def test_hostile_names_and_subjects_are_only_text(builder: Builder) -> None:
    builder.write(":100644 x", "1\n")
    builder.write("\x1e\n-n", "1\n")
    builder.commit("\x1e\x1f\x1b[31m: fix")

    (found,) = past_commits(find_repository(builder.top), head_of(builder))

    assert set(found.paths) == {":100644 x", "\x1e\n-n"}
    assert found.subject == "\x1e\x1f\x1b[31m: fix"


def test_an_unknown_commit_is_an_error(builder: Builder) -> None:
    builder.write("a.py", "1\n")
    builder.commit("first")

    with pytest.raises(ChangeError):
        past_commits(find_repository(builder.top), "0" * 40)
