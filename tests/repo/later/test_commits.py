"""The commits of a history with their messages and paths."""

import time

import pytest

from tests.repo.builder import Builder
from xreview.domain.errors import ChangeError
from xreview.repo.attribution.base import Deadline
from xreview.repo.later.commits import LaterCommit, TouchedPath, later_commits
from xreview.repo.repository import find_repository


def read(project: Builder, head: str = "", limit: int = 10) -> tuple[LaterCommit, ...]:
    deadline = Deadline(time.monotonic() + 30, time.monotonic)
    repository = find_repository(project.top)
    return later_commits(repository, head or project.rev("HEAD"), limit, deadline)


def test_messages_are_whole_and_renames_have_both_names(project: Builder) -> None:
    project.git("mv", "a.txt", "c.txt")
    project.write("b.txt", "other\n")
    moved = project.commit("Move\n\n:100644 100644 aaaa bbbb M\nThis reverts commit abc1234.")
    last, first = read(project)
    assert last.id == moved
    assert last.message.strip().endswith("This reverts commit abc1234.")
    assert last.parents == (first.id,)
    assert set(last.touched) == {TouchedPath("a.txt", "c.txt"), TouchedPath("b.txt", "b.txt")}
    assert {one.new for one in first.touched} == {"a.txt", "b.txt"}
    assert first.parents == ()


def test_merges_and_older_commits_are_left_out(project: Builder) -> None:
    project.branch("side")
    project.write("c.txt", "c\n")
    side = project.commit("Side")
    project.checkout("main")
    project.write("b.txt", "b2\n")
    ours = project.commit("Ours")
    project.git("merge", "--no-edit", "side")
    assert {one.id for one in read(project)[:2]} == {side, ours}
    assert len(read(project, limit=2)) == 2


def test_a_commit_that_is_missing_is_an_error(project: Builder) -> None:
    with pytest.raises(ChangeError):
        read(project, "1" * 40)
