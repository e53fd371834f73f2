"""A project at a forge: a bare repository with a pull request, served over HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fakes.git_server import GitServer, clone, git_server
from tests.repo.builder import Builder


@dataclass
class Project:
    """The project `owner/project`, and pull request 12 in it.

    Attributes:
        bare: what the server serves. work: where its commits are made.
        parted: where the branch left main. base: main's tip. head: the pull request's.
    """

    server: GitServer
    bare: Builder
    work: Builder
    parted: str
    base: str
    head: str

    @property
    def url(self) -> str:
        return f"{self.server.origin}/owner/project.git"

    def push(self, *refs: str) -> None:
        self.work.git("push", "--quiet", "--force", str(self.bare.top), *refs)

    def clone(self, top: Path, *words: str) -> Builder:
        clone(self.url, top, *words)
        return Builder(top, init=None)


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[Project]:
    work = Builder(tmp_path / "work")
    for number in range(5):
        work.write("a.txt", f"one\ntwo {number}\nthree\n")
        work.write(f"more/{number}.txt", f"{number}\n" * 50)
        work.commit(f"main {number}")
    parted = work.git("rev-parse", "HEAD")
    work.git("checkout", "--quiet", "-b", "feature")
    work.write("a.txt", "one\nTWO\nthree\n")
    work.commit("feature 1")
    work.write("new.txt", "new\n")
    head = work.commit("feature 2")
    work.git("checkout", "--quiet", "main")
    work.write("b.txt", "b\n")
    base = work.commit("main again")
    served = tmp_path / "served"
    bare = Builder(served / "owner/project.git", ("--bare",))
    bare.git("config", "uploadpack.allowFilter", "true")
    with git_server(served) as server:
        project = Project(server, bare, work, parted, base, head)
        project.push("main:refs/heads/main", "feature:refs/pull/12/head")
        yield project
