"""Equal states mean an unchanged checkout; each kind of change is told."""

import os

import pytest

from xreview.repo.disposable.checkout import checkout_state
from xreview.repo.repository import find_repository


def state(project):
    return checkout_state(find_repository(project.top))


def commit_elsewhere(project):
    project.git("update-ref", "refs/heads/other", "HEAD")


def detach(project):
    project.git("checkout", "--quiet", "--detach")


def change_what_is_dirty(project):
    status = (project.top / "a.txt").stat()
    project.write("a.txt", "dirty?\n")
    os.utime(project.top / "a.txt", ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda project: None, ()),
        (lambda project: project.write("a.txt", "dirty!\n"), ()),
        (change_what_is_dirty, ("files",)),
        (lambda project: project.write("b.txt", "c\n"), ("files",)),
        (lambda project: project.write("new.txt", "more\n"), ("files",)),
        (lambda project: project.delete("new.txt"), ("files",)),
        (lambda project: (project.top / "a.txt").chmod(0o755), ("files",)),
        (lambda project: project.link("link", "b.txt"), ("files",)),
        (lambda project: project.add("a.txt"), ("index", "files")),
        (commit_elsewhere, ("references",)),
        (detach, ("HEAD",)),
        (lambda project: project.commit(), ("HEAD", "references", "index", "files")),
    ],
)
def test_what_changed_is_told(project, change, told):
    project.write("a.txt", "dirty!\n")
    project.write("new.txt", "new\n")
    project.link("link", "a.txt")
    before = state(project)
    change(project)
    after = state(project)
    different = before.differences(after)
    assert set(told) <= set(different) <= {*told, "index"}
    assert (before == after) is (not different)


def test_it_changes_nothing_itself(project):
    project.write("a.txt", "dirty!\n")
    index = (project.top / ".git/index").stat()
    assert state(project) == state(project)
    assert (project.top / ".git/index").stat().st_mtime_ns == index.st_mtime_ns


def test_a_named_pipe_and_a_large_file_do_not_stop_it(project, monkeypatch):
    os.mkfifo(project.top / "pipe")
    with (project.top / "large").open("wb") as file:
        file.truncate(1 << 40)
    before = state(project)
    assert state(project) == before
    os.truncate(project.top / "large", (1 << 40) + 1)
    assert state(project) != before
