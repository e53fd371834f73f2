"""Pull requests of the double of a forge."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from tests.fakes.forge_server.patches import FilePatch
from tests.fakes.forge_server.said import (
    FakeAccount,
    FakeComment,
    FakeIssue,
    FakeReview,
    FakeThread,
    SideName,
)

if TYPE_CHECKING:
    from tests.fakes.forge_server.state import FakeProject

_REFS = {"gitlab": "merge-requests"}
"""The folder of references to pull requests' heads; “pull” where it isn't listed."""


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
        folder = _REFS.get(self.project.forge.kind, "pull")
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
