"""Who is at the double of a forge, and what they say."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from tests.fakes.forge_server.pulls import FakePull

SideName = Literal["LEFT", "RIGHT"]
_WRITING = {"repo", "public_repo", "api", "write:repository"}


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
        return self.scopes is None or bool(_WRITING & set(self.scopes))


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
