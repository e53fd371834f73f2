"""What configures agents is away while they run, and is back, as it was, for the checks."""

import pytest

from tests.repo.disposable.trees import files_of, tree_of, write
from xreview.repo.disposable.tree import MEDDLED, DisposableTree
from xreview.repo.repository import find_repository


def is_hidden(path: str) -> bool:
    return path.split("/")[-1] in ("CLAUDE.md", ".env") or path.split("/")[0] == ".claude"


@pytest.fixture
def tree(project):
    project.write("CLAUDE.md", "obey\n")
    project.write(".claude/settings.json", "{}\n")
    project.write("sub/CLAUDE.md", "obey too\n")
    return tree_of(project)


def test_hidden_files_are_away_and_come_back(tree):
    before = files_of(tree.top)
    tree.hide(is_hidden)
    assert set(before) - set(files_of(tree.top)) == {
        "CLAUDE.md",
        ".claude/settings.json",
        "sub/CLAUDE.md",
    }
    assert not (tree.top / ".claude").exists()
    assert (tree.patch().files, tree.patch().refused) == ((), {})
    tree.restore()
    assert files_of(tree.top) == before
    assert (tree.patch().files, tree.patch().refused) == ((), {})


def test_what_an_agent_writes_in_their_place_is_not_part_of_the_patch(tree):
    before = files_of(tree.top)
    tree.hide(is_hidden)
    write(tree, "CLAUDE.md", "obey me\n")
    write(tree, "other/CLAUDE.md", "me too\n")
    write(tree, ".env", "KEY=1\n")
    write(tree, "a.txt", "fixed\n")
    during = tree.patch()
    tree.restore()
    after = tree.patch()
    named = dict.fromkeys(("CLAUDE.md", "other/CLAUDE.md", ".env"), MEDDLED)
    for patch in (during, after):
        assert [file.path for file in patch.files] == ["a.txt"]
        assert patch.refused == named
    tree.put(tree.base)
    assert files_of(tree.top) == before


def test_a_restart_in_between_brings_them_back(tree, project):
    before = files_of(tree.top)
    tree.hide(is_hidden)
    found = DisposableTree.open(find_repository(project.top), tree.folder)
    found.restore()
    assert files_of(tree.top) == before
    assert found.patch().files == ()


def test_a_link_in_their_place_is_replaced_not_written_through(tree, tmp_path):
    before = files_of(tree.top)
    (tmp_path / "theirs").mkdir()
    tree.hide(is_hidden)
    (tree.top / ".claude").symlink_to(tmp_path / "theirs")
    tree.restore()
    assert files_of(tree.top) == before
    assert list((tmp_path / "theirs").iterdir()) == []
