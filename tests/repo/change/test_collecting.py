"""What is known of a change before git has found its renames."""

import pytest

from xreview.repo.change.collecting import collect
from xreview.repo.change.request import ChangeRequest


@pytest.fixture
def branch(project):
    project.branch("feature")
    for name in ("b.txt", "d.txt", "e.txt"):
        project.write(name, "".join(f"{name} {number}\n" for number in range(20)))
    project.write("c.bin", b"\0one")
    project.commit("files")
    return project


def read(project):
    collected = collect(ChangeRequest(project.top, commit="HEAD"))
    first = collected.first_files()
    files = [file for batch in collected.batches for file in batch]
    collected.close()
    return first, files


def test_the_first_files_are_those_that_come(branch):
    branch.write("b.txt", "changed\n")
    branch.write("d.txt", "changed too\n")
    branch.commit("changed")
    first, files = read(branch)
    assert list(first) == files[: len(first)]
    assert first[0].path == "b.txt"


@pytest.mark.parametrize("name", ["a-moved.txt", "c-moved.txt", "z-moved.txt"])
def test_what_may_be_renamed_ends_them(branch, name):
    branch.write("b.txt", "changed\n")
    branch.write("e.txt", "changed too\n")
    (branch.top / "d.txt").rename(branch.top / name)
    branch.add(".")
    branch.commit("moved")
    first, files = read(branch)
    assert list(first) == files[: len(first)]
    assert [file.path for file in first] == ([] if name < "b" else ["b.txt"])


def test_what_may_be_declared_binary_ends_them(branch):
    branch.write("b.txt", "changed\n")
    branch.write("c.bin", b"\0two")
    branch.write("d.txt", "changed\n")
    branch.commit("changed")
    first, files = read(branch)
    assert [file.path for file in first] == ["b.txt"]
    assert len(files) == 3


def test_a_worktree_has_none_since_its_files_may_be_unmerged(project):
    project.write("a.txt", "changed\n")
    collected = collect(ChangeRequest(project.top))
    assert collected.first_files() == ()
    assert [file.path for batch in collected.batches for file in batch] == ["a.txt"]
