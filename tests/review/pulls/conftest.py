"""A loopback GitHub with a project, and a clone of it whose remote is that project."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.fakes.forge_server import FakeProject, FakePull, ForgeServer
from tests.fakes.git_server import clone
from tests.repo.builder import Builder, isolate
from xreview.config.paths import Folders
from xreview.config.schema import Settings
from xreview.domain.pull.address import ForgeHost, ForgeKind
from xreview.review.assembly.run_options import RunOptions

ENTERPRISE = ("GH_ENTERPRISE_TOKEN", "GH_HOST")


@dataclass
class Opened:
    """Pull request 12 of `acme/shop`, by ada from the branch `topic`.

    Attributes:
        work: where the project's commits are made. parted: where `topic` left main.
    """

    server: ForgeServer
    project: FakeProject
    pull: FakePull
    work: Builder
    parted: str
    token: str
    folder: Path

    @property
    def host(self) -> ForgeHost:
        return self.server.host

    @property
    def url(self) -> str:
        return f"{self.host.origin}/acme/shop/pull/12"

    def options(self, *, token: str = "", **settings: object) -> RunOptions:
        """The options of a user who has told about this host, with a token in a netrc file."""
        token = token or self.token
        netrc = self.folder / "netrc"
        netrc.write_text(f"machine 127.0.0.1 login ada password {token}\n")
        netrc.chmod(0o600)
        own = Settings(forges={self.host.origin: ForgeKind.GITHUB})
        parts = (self.folder / name for name in ("config", "data", "cache", "state"))
        environ = {"NETRC": str(netrc), "PATH": "/nowhere"}
        return RunOptions(replace(own, **settings), Folders(*parts), environ)

    def clone(self, *words: str) -> Builder:
        top = self.folder / "clone"
        clone(f"{self.host.origin}/acme/shop.git", top, *words)
        return Builder(top, init=None)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test here runs as on a fresh machine."""
    return isolate(monkeypatch, tmp_path / "home")


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    work = Builder(tmp_path / "work")
    work.write("a.txt", "one\ntwo\nthree\n")
    work.write("gone.txt", "gone\n")
    work.write(".xreview.toml", 'conventions = ["Be brief."]\n')
    parted = work.commit("first")
    work.branch("topic")
    work.write("a.txt", "one\nTWO\nthree\n")
    work.write("new.txt", "new\n")
    work.delete("gone.txt")
    work.commit("the change")
    work.checkout("main")
    work.write("b.txt", "b\n")
    work.commit("meanwhile")
    with ForgeServer() as server:
        token = server.account("ada")
        server.account("bob")
        project = server.project("acme/shop", work.top)
        pull = project.open_pull(
            12, head="topic", author="bob", title="Shout", body="So that all hear it."
        )
        yield Opened(server, project, pull, work, parted, token, tmp_path)
