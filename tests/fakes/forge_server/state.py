"""What the double remembers: accounts, projects, pull requests, and what is said on them."""

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from tests.fakes.forge_server.pulls import FakePull
from tests.fakes.forge_server.repositories import BareRepository
from tests.fakes.forge_server.said import (
    FakeAccount,
    FakeComment,
    FakeIssue,
    FakeReview,
    FakeThread,
    SideName,
)

__all__ = [
    "FakeAccount",
    "FakeComment",
    "FakeForge",
    "FakeIssue",
    "FakeProject",
    "FakePull",
    "FakeReview",
    "FakeThread",
    "SideName",
]
_BEGAN = datetime(2026, 11, 1, 10, tzinfo=UTC)


class FakeProject:
    """A repository at the forge, cloned from a real one."""

    def __init__(
        self, forge: "FakeForge", name: str, source: Path, folder: Path, *, is_private: bool
    ) -> None:
        self.forge = forge
        self.id = forge.next_id()
        self.name = name
        self.source = source
        self.is_private = is_private
        self.hidden_from: set[str] = set()
        """The logins that don't see it, if it's private; nobody does without a token."""
        self.repository = BareRepository(folder, source)
        self.default_branch = self.repository.git("symbolic-ref", "--short", "HEAD")
        self.pulls: dict[int, FakePull] = {}
        self._branches: dict[str, str] = {}

    def open_pull(
        self,
        number: int | None = None,
        *,
        head: str,
        base: str = "",
        title: str = "A change",
        body: str = "",
        author: str,
        is_draft: bool = False,
        state: Literal["open", "closed", "merged"] = "open",
        fork: str | None = "",
        branch: str = "",
    ) -> FakePull:
        """Open a pull request.

        Args:
            head: a branch or commit of the source repository. base: the target branch.
            fork: the project that the branch is in; None if that was deleted.
            branch: the name that the branch has at the forge, `head` by default.
        """
        forge = self.forge
        number = number or max(self.pulls, default=0) + 1
        pull = FakePull(
            *(self, number, title, body, forge.accounts[author], base or self.default_branch),
            *(branch or head, "", forge.next_id(), self.name if fork == "" else fork),
            state=state,
            is_draft=is_draft,
            at=forge.next_time(),
        )
        self.pulls[number] = pull
        pull.push(head)
        return pull

    def is_seen_by(self, viewer: FakeAccount | None) -> bool:
        if not self.is_private:
            return True
        return viewer is not None and viewer.login not in self.hidden_from

    def push(self, branch: str, revision: str) -> str:
        """Set a branch to a commit of the source; its full id."""
        return self.take(revision, f"refs/heads/{branch}")

    def take(self, revision: str, ref: str) -> str:
        self._branches.clear()
        return self.repository.take(self.source, revision, ref)

    def branch(self, name: str) -> str:
        """The commit of a branch."""
        if name not in self._branches:
            self._branches[name] = self.repository.git("rev-parse", f"refs/heads/{name}")
        return self._branches[name]


class FakeForge:
    """Everything that one server remembers."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind = kind
        self.folder = folder
        self.accounts: dict[str, FakeAccount] = {}
        self.projects: dict[str, FakeProject] = {}
        self._ids = itertools.count(1001)
        self._minutes = itertools.count()
        self.comments_dropped_at_submit = False
        """GitHub takes comments outside the diff into a pending review, and loses added ones."""
        self.replies_vanish = True
        """GitHub takes replies over REST into the account's pending review; else it refuses them.
        Both were seen."""
        self.version = "1.27.0"
        """Gitea's."""
        self.without: tuple[str, ...] = ()
        """What this version can't do."""

    def next_id(self) -> int:
        return next(self._ids)

    def next_time(self) -> str:
        """A later time each time."""
        at = _BEGAN + timedelta(minutes=next(self._minutes))
        return at.isoformat(timespec="seconds").replace("+00:00", "Z")

    def account_of(self, token: str) -> FakeAccount | None:
        return next((one for one in self.accounts.values() if one.token == token), None)
