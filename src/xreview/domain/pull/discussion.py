"""What is said on a pull request: threads on lines, reviews, comments. All texts are untrusted."""

from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar

from xreview.domain.change import Side
from xreview.domain.pull.pull import ForgeAccount
from xreview.domain.pull.thread_state import ThreadState
from xreview.domain.record import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class CommentPlace:
    """The place of a thread, as the forge keeps it.

    Args:
        path: relative to the top of the repository.
        start_line, end_line: 1-based and inclusive, in the version at `commit`; 0 for the whole
            file.
        commit: the full id of the commit that was commented; "" if unknown.
        hunk: the diff around the lines as the forge quotes it, which ends with the last of them; ""
            if it quotes none.
        line_now: the last line in the present head; None if the lines aren't there any more.
    """

    path: str
    side: Side = Side.NEW
    start_line: int = 0
    end_line: int = 0
    commit: str = ""
    hunk: str = field(default="", repr=False)
    line_now: int | None = None


@dataclass(frozen=True, slots=True)
class RemoteComment:
    """A comment at a forge.

    Args:
        id: as the forge's API takes it ("123", a GitLab note's number).
        at: when it was written, ISO 8601.
        edited: when it was last edited, ISO 8601; "" for never or unknown.
        review: the id of the review it belongs to; "" for none.
        is_pending: it is part of a review that only its author sees.
    """

    id: str
    author: ForgeAccount
    body: str = field(repr=False)
    at: str = ""
    url: str = ""
    edited: str = ""
    review: str = ""
    is_pending: bool = False


@dataclass(frozen=True, slots=True)
class ReviewThread:
    """A conversation: a comment and the replies to it, the oldest first, never empty.

    Args:
        id: as the forge's API takes it to resolve the thread: GitHub's node id, GitLab's
            discussion. Unique at the forge.
        place: None for a comment on the pull request as a whole.
        can_resolve: whether the forge can mark it as resolved.
        is_outdated: the lines have changed since, which doesn't mean that the problem is gone.
    """

    id: str
    comments: tuple[RemoteComment, ...]
    place: CommentPlace | None = None
    is_resolved: bool = False
    is_outdated: bool = False
    can_resolve: bool = False

    @property
    def root(self) -> RemoteComment:
        """The comment that began it."""
        return self.comments[0]

    @property
    def author(self) -> ForgeAccount:
        """Who began it."""
        return self.root.author

    @property
    def replies(self) -> tuple[RemoteComment, ...]:
        """The other comments."""
        return self.comments[1:]

    @property
    def state(self) -> ThreadState:
        """Resolved before outdated before replied, which is by another account than its author."""
        if self.is_resolved:
            return ThreadState.RESOLVED
        if self.is_outdated:
            return ThreadState.OUTDATED
        if any(reply.author.key != self.author.key for reply in self.replies):
            return ThreadState.REPLIED
        return ThreadState.OPEN


class ReviewVerdict(StrEnum):
    """What a review says as a whole."""

    COMMENT = "comment"
    REQUEST_CHANGES = "request changes"
    APPROVE = "approve"


@dataclass(frozen=True, slots=True)
class SubmittedReview:
    """A review as a whole.

    Args:
        verdict: None if it was dismissed, or isn't submitted yet (`is_pending`).
        commit: the full id of the commit that it is about; "" if unknown.
    """

    id: str
    author: ForgeAccount
    body: str = field(repr=False)
    verdict: ReviewVerdict | None = None
    commit: str = ""
    at: str = ""
    url: str = ""
    is_pending: bool = False


@dataclass(frozen=True)
class Discussion:
    """Everything that is said on a pull request.

    Args:
        threads: on lines and files.
        comments: on the pull request as a whole (GitHub's issue comments).
        gaps: clauses about what could not be read, each after “not read:”; () if all was read.
    """

    threads: tuple[ReviewThread, ...] = ()
    reviews: tuple[SubmittedReview, ...] = ()
    comments: tuple[RemoteComment, ...] = ()
    gaps: tuple[str, ...] = ()

    def joined(self, other: "Discussion") -> "Discussion":
        """Both, each thread, review and comment once."""
        return Discussion(
            _once((*self.threads, *other.threads)),
            _once((*self.reviews, *other.reviews)),
            _once((*self.comments, *other.comments)),
            tuple(dict.fromkeys((*self.gaps, *other.gaps))),
        )

    def published(self) -> "Discussion":
        """The same, without pending reviews, which only their author sees."""
        threads = (
            replace(thread, comments=kept)
            for thread in self.threads
            if (kept := tuple(one for one in thread.comments if not one.is_pending))
        )
        reviews = tuple(one for one in self.reviews if not one.is_pending)
        return replace(self, threads=tuple(threads), reviews=reviews)


_Item = TypeVar("_Item", ReviewThread, SubmittedReview, RemoteComment)


def _once(items: Iterable[_Item]) -> tuple[_Item, ...]:
    return tuple({item.id: item for item in items}.values())
