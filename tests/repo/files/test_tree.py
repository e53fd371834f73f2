"""What a reviewer may read of a repository, and what not."""

import sys
from pathlib import Path

import pytest

from tests.repo.builder import Builder, isolate
from xreview.domain.errors import ChangeError
from xreview.repo.change.collecting import collect
from xreview.repo.change.request import ChangeRequest
from xreview.repo.files.tree import Hit, RepositoryTree


@pytest.fixture
def builder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builder:
    isolate(monkeypatch, tmp_path / "home")
    made = Builder(tmp_path / "project")
    made.write("src/app.py", "def retry():\n    return 1\n")
    made.write(".gitignore", "*.log\n")
    made.commit("first")
    made.write("src/app.py", "def retry():\n    return 2\n")
    return made


def tree_of(builder: Builder, **request: object) -> RepositoryTree:
    collected = collect(ChangeRequest(builder.top, **request))  # type: ignore[arg-type] # a test
    collected.close()
    assert collected.repository is not None
    return RepositoryTree(collected.source, collected.repository)


def test_the_worktree_is_read_as_it_stands(builder: Builder) -> None:
    builder.write("new.py", "x = 1\n")
    tree = tree_of(builder)

    assert tree.files == (".gitignore", "new.py", "src/app.py")
    assert tree.read("src/app.py") == b"def retry():\n    return 2\n"
    assert tree.search("return [0-9]") == (Hit("src/app.py", 2, "    return 2"),)
    assert tree.search("x = 1") == (Hit("new.py", 1, "x = 1"),)


def test_a_commit_is_read_as_it_was(builder: Builder) -> None:
    tree = tree_of(builder, commit="HEAD")

    assert tree.read("src/app.py") == b"def retry():\n    return 1\n"
    assert tree.search("return", "src") == (Hit("src/app.py", 2, "    return 1"),)
    assert [entry.subject for entry in tree.log("src/app.py")] == ["first"]
    tree.close()


def test_the_index_is_read_for_what_is_staged(builder: Builder) -> None:
    builder.git("add", "src/app.py")
    builder.write("src/app.py", "worktree only\n")
    tree = tree_of(builder, staged=True)

    assert tree.read("src/app.py") == b"def retry():\n    return 2\n"
    assert tree.search("return") == (Hit("src/app.py", 2, "    return 2"),)
    tree.close()


def test_what_git_ignores_is_not_there(builder: Builder) -> None:
    builder.write("debug.log", "retry of everything\n")
    tree = tree_of(builder)

    assert tree.read("debug.log") is None
    assert all(hit.path != "debug.log" for hit in tree.search("retry"))


def test_no_link_leads_out(builder: Builder, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "app.py").write_text("retry the secret\n")
    (builder.top / "link.py").symlink_to(outside / "app.py")
    builder.git("add", "link.py")
    (builder.top / "src/app.py").unlink()
    (builder.top / "src").rmdir()
    (builder.top / "src").symlink_to(outside)
    tree = tree_of(builder)

    assert "link.py" not in tree.files
    assert tree.read("link.py") is None
    assert tree.read("src/app.py") is None
    assert tree.search("secret") == ()


def test_a_malformed_pattern_is_a_sentence(builder: Builder) -> None:
    with pytest.raises(ChangeError, match="The search failed"):
        tree_of(builder).search("(")


def test_a_pattern_or_path_is_never_an_option(builder: Builder) -> None:
    tree = tree_of(builder)

    assert tree.search("--open-files-in-pager=touch pwned") == ()
    assert tree.log("--output=pwned") == ()
    assert not (builder.top / "pwned").exists()


def test_the_log_of_a_repository_without_commits_is_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    isolate(monkeypatch, tmp_path / "home")
    made = Builder(tmp_path / "fresh")
    made.write("a.py", "x = 1\n")

    tree = tree_of(made)

    assert tree.log("a.py") == ()
    assert tree.files == ("a.py",)


def test_a_pattern_without_end_is_given_up(builder, monkeypatch):
    builder.write("a.txt", ("x" * 60 + "\n") * 2000)
    builder.commit("first")
    monkeypatch.setattr("xreview.repo.files.tree.SEARCH_SECONDS", 0.2)

    with pytest.raises(ChangeError, match=r"longer than 0\.2 seconds"):
        tree_of(builder).search("(x+x+)+\\1y")  # goes back and forth over each line


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds a running process's memory")
def test_a_pattern_that_takes_all_memory_is_refused_by_the_engine(builder, monkeypatch):
    builder.write("a.txt", "x\n")
    builder.commit("first")
    monkeypatch.setattr("xreview.repo.files.tree.MOST_REPEATS", 10**9)
    monkeypatch.setattr("xreview.repo.files.tree.SEARCH_MEMORY", 64 * 1024 * 1024)

    with pytest.raises(ChangeError, match=r"The search failed: .*exhausted"):
        tree_of(builder).search("((x{1,255}){1,255}){1,255}")


def test_a_search_that_finds_everything_reads_no_further_than_it_must(builder, monkeypatch):
    builder.write("a.txt", "x\n" * 200_000)
    builder.commit("first")
    tree = tree_of(builder)

    assert len(tree.search("", most=7)) == 7
    monkeypatch.setattr("xreview.repo.files.tree._MOST_READ", 1000)
    with pytest.raises(ChangeError, match="too many lines match"):
        tree.search("", most=10**6)


def test_a_line_of_megabytes_is_no_hit_and_hides_none(builder):
    builder.write("a.txt", "x" * 3_000_000 + "\n")
    builder.write("b.txt", "x\n")
    builder.commit("first")

    assert tree_of(builder).search("x") == (Hit("b.txt", 1, "x"),)
