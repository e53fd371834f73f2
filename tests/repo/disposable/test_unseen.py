"""What a fixer leaves beside its patch doesn't reach the checks."""

import subprocess

import pytest

from tests.repo.builder import isolated_environment
from tests.repo.disposable.trees import tree_of, write


@pytest.fixture
def tree(project):
    project.write(".gitignore", "cache/\nconftest.py\n")
    return tree_of(project)


def test_new_and_changed_ignored_files_are_deleted_and_known_ones_stay(tree):
    write(tree, "cache/kept", "built before\n")
    write(tree, "cache/changed", "built before\n")
    known = tree.ignored()
    assert set(known) == {"cache/kept", "cache/changed"}
    write(tree, "cache/changed", "make the tests pass\n")
    write(tree, "conftest.py", "import os; os._exit(0)\n")
    write(tree, "a.txt", "fixed\n")
    write(tree, "new.txt", "part of the patch\n")
    tree.drop_unseen(known)
    assert set(tree.ignored()) == {"cache/kept"}
    assert {file.path for file in tree.patch().files} == {"a.txt", "new.txt"}


def test_what_an_agent_plants_in_the_throwaway_repository_does_not_run(tree, tmp_path):
    git = tree.top / ".git"
    (git / "config").write_text(f"[core]\n fsmonitor = touch {tmp_path / 'ran'}; false\n")
    (git / "hooks").mkdir()
    (git / "hooks/post-index-change").write_text(f"#!/bin/sh\ntouch {tmp_path / 'ran'}\n")
    (git / "hooks/post-index-change").chmod(0o755)
    write(tree, "a.txt", "fixed\n")
    tree.drop_unseen(tree.ignored())
    environment = isolated_environment(tmp_path / "home")
    told = subprocess.run(
        ["git", "status", "--porcelain"],
        cwd=tree.top,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == " M a.txt\n"
    assert not (tmp_path / "ran").exists()
    assert not (git / "hooks").exists()


def test_a_link_in_place_of_the_throwaway_repository_is_not_followed(tree, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    (tree.top / ".git").rename(tmp_path / "moved")
    (tree.top / ".git").symlink_to(outside)
    tree.drop_unseen({})
    assert (outside / "kept").read_text() == "kept"
    assert not (tree.top / ".git").is_symlink()
