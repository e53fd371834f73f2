"""What the double remembers: accounts, projects, pull requests, and what is said on them."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from tests.fakes.forge_server.patches import FilePatch
from tests.fakes.forge_server.repositories import BareRepository

SideName = Literal["LEFT", "RIGHT"]
_BEGAN = datetime(2026, 11, 1, 10, tzinfo=UTC)
PULL_REFS = {"gitlab": "merge-requests"}
"""The folder of references to pull requests' heads; “pull” where it isn't listed."""


@dataclass
class FakeAccount:
    """Args:
    scopes: None for a token without scopes of the old kind, which names none in headers.
    """

    id: int
    login: str
    token: str
    scopes: tuple[str, ...] | None
    is_bot: bool
    is_expired: bool = False
    can_push: bool = True

    @property
    def can_write(self) -> bool:
        return self.scopes is None or bool({"repo", "public_repo", "api"} & set(self.scopes))


@dataclass
class FakeComment:
    id: int
    author: FakeAccount | None
    body: str
    at: str
    edited: str
    review: "FakeReview | None" = None
    reply_to: int | None = None


@dataclass
class FakeReview:
    """`state` is GitHub's: PENDING, COMMENTED, APPROVED, CHANGES_REQUESTED, DISMISSED."""

    id: int
    author: FakeAccount | None
    body: str
    state: str
    commit: str
    at: str

    def is_seen_by(self, viewer: FakeAccount | None) -> bool:
        return self.state != "PENDING" or (viewer is not None and self.author is viewer)


@dataclass
class FakeThread:
    """A conversation on lines of a file, or on the file (`line` is None then).

    `line` counts in the version at `commit`; where it is now is the pull request's matter.
    """

    id: int
    pull: "FakePull" = field(repr=False)
    path: str
    side: SideName
    line: int | None
    start_line: int | None
    start_side: SideName | None
    commit: str
    hunk: str
    comments: list[FakeComment] = field(default_factory=list)
    resolver: FakeAccount | None = None
    is_added: bool = False
    """Added to a pending review that existed."""

    def reply(self, login: str, body: str, *, review: FakeReview | None = None) -> FakeComment:
        """Answer; at GitHub every comment belongs to a review, if only one of its own."""
        root = self.comments[0].id if self.comments else None
        review = review or self.pull.review(login, "", "COMMENTED", commit=self.commit)
        comment = self.pull.new_comment(login, body, review, root)
        self.comments.append(comment)
        return comment

    def resolve(self, login: str) -> None:
        self.resolver = self.pull.project.forge.accounts[login]

    def seen_by(self, viewer: FakeAccount | None) -> list[FakeComment]:
        return [one for one in self.comments if one.review is None or one.review.is_seen_by(viewer)]

    @property
    def line_now(self) -> int | None:
        return self._now(self.line, self.side)

    @property
    def start_now(self) -> int | None:
        return self._now(self.start_line, self.start_side or self.side)

    @property
    def is_outdated(self) -> bool:
        return self.line is not None and self.line_now is None

    def _now(self, line: int | None, side: SideName) -> int | None:
        if line is None or side == "LEFT":
            return line
        repository = self.pull.project.repository
        return repository.line_moved(self.path, line, self.commit, self.pull.head)


@dataclass
class FakeIssue:
    number: int
    title: str
    body: str


@dataclass
class FakePull:
    """A pull request. Its diff is what git says between the merge base and the head."""

    project: "FakeProject" = field(repr=False)
    number: int
    title: str
    body: str
    author: FakeAccount
    base_branch: str
    head_branch: str
    head: str
    id: int
    head_project: str | None
    state: Literal["open", "closed", "merged"] = "open"
    is_draft: bool = False
    asked: list[FakeAccount] = field(default_factory=list)
    closes: list[FakeIssue] = field(default_factory=list)
    threads: list[FakeThread] = field(default_factory=list)
    reviews: list[FakeReview] = field(default_factory=list)
    comments: list[FakeComment] = field(default_factory=list)
    at: str = ""

    @property
    def base(self) -> str:
        """The target branch's present commit."""
        return self.project.branch(self.base_branch)

    @property
    def merge_base(self) -> str:
        return self.project.repository.merge_base(self.base, self.head)

    def patches(self, head: str = "") -> list[FilePatch]:
        """The files of its diff, at its head or at an older one."""
        return list(self._patches(head).values())

    def patch_of(self, path: str, head: str = "") -> FilePatch | None:
        return self._patches(head).get(path)

    def _patches(self, head: str) -> dict[str, FilePatch]:
        repository, head = self.project.repository, head or self.head
        return repository.patches(repository.merge_base(self.base, head), head)

    def push(self, revision: str) -> str:
        """Set its head to a commit of the project's source, wherever that leads to."""
        self.head = self.project.take(revision, self.ref)
        if self.head_project == self.project.name:
            self.project.take(revision, f"refs/heads/{self.head_branch}")
        return self.head

    @property
    def ref(self) -> str:
        """Where git finds its head."""
        folder = PULL_REFS.get(self.project.forge.kind, "pull")
        return f"refs/{folder}/{self.number}/head"

    def comment(
        self,
        login: str,
        path: str,
        line: int | None,
        body: str,
        *,
        start_line: int | None = None,
        side: SideName = "RIGHT",
        commit: str = "",
        review: FakeReview | None = None,
        is_resolved: bool = False,
    ) -> FakeThread:
        """Begin a thread; without a review it gets one of its own, as at GitHub."""
        commit = commit or self.head
        review = review or self.review(login, "", "COMMENTED", commit=commit)
        thread = self.new_thread(path, line, side, start_line, side, commit)
        thread.reply(login, body, review=review)
        if is_resolved:
            thread.resolve(login)
        return thread

    def new_thread(
        self,
        path: str,
        line: int | None,
        side: SideName,
        start_line: int | None,
        start_side: SideName | None,
        commit: str,
    ) -> FakeThread:
        patch = self.patch_of(path, commit)
        hunk = patch.hunk_of(line, side) if patch and line is not None else None
        quoted = hunk.until(line, side) if hunk and line is not None else ""
        thread = FakeThread(
            *(self.project.forge.next_id(), self, path, side, line, start_line),
            *(start_side if start_line is not None else None, commit, quoted),
        )
        self.threads.append(thread)
        return thread

    def review(
        self, login: str, body: str, state: str = "COMMENTED", *, commit: str = ""
    ) -> FakeReview:
        """Write a review as a whole; “PENDING” is one that only its author sees."""
        forge = self.project.forge
        author = forge.accounts[login] if login else None
        review = FakeReview(
            forge.next_id(), author, body, state, commit or self.head, forge.next_time()
        )
        self.reviews.append(review)
        self.asked = [one for one in self.asked if one is not author]
        return review

    def say(self, login: str, body: str) -> FakeComment:
        """Comment on it as a whole."""
        comment = self.new_comment(login, body, None, None)
        self.comments.append(comment)
        return comment

    def ask(self, *logins: str) -> None:
        """Ask for reviews."""
        self.asked += [self.project.forge.accounts[login] for login in logins]

    def link(self, number: int, title: str, body: str = "") -> FakeIssue:
        """Let it close an issue."""
        self.closes.append(FakeIssue(number, title, body))
        return self.closes[-1]

    def pending_of(self, account: FakeAccount | None) -> FakeReview | None:
        mine = (one for one in self.reviews if one.state == "PENDING" and one.author is account)
        return next(mine, None)

    def new_comment(
        self, login: str, body: str, review: FakeReview | None, reply_to: int | None
    ) -> FakeComment:
        forge = self.project.forge
        author = forge.accounts[login] if login else None
        at = forge.next_time()
        return FakeComment(forge.next_id(), author, body, at, at, review, reply_to)

    def thread_of(self, comment_id: int) -> FakeThread | None:
        with_it = (
            thread
            for thread in self.threads
            if any(one.id == comment_id for one in thread.comments)
        )
        return next(with_it, None)

    def remove_comment(self, comment_id: int) -> None:
        """Take a comment out; a thread without any is gone."""
        self.comments = [one for one in self.comments if one.id != comment_id]
        for thread in self.threads:
            thread.comments = [one for one in thread.comments if one.id != comment_id]
        self.threads = [thread for thread in self.threads if thread.comments]

    def remove_review(self, review: FakeReview) -> None:
        """Take a review out, with its comments."""
        self.reviews.remove(review)
        for thread in self.threads:
            thread.comments = [one for one in thread.comments if one.review is not review]
        self.threads = [thread for thread in self.threads if thread.comments]


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

    def next_id(self) -> int:
        return next(self._ids)

    def next_time(self) -> str:
        """A later time each time."""
        at = _BEGAN + timedelta(minutes=next(self._minutes))
        return at.isoformat(timespec="seconds").replace("+00:00", "Z")

    def account_of(self, token: str) -> FakeAccount | None:
        return next((one for one in self.accounts.values() if one.token == token), None)
