"""What happens with a pull request, as events of this machine only: accounts aren't shared.

`url` is that of the pull request's page, `domain.pull.address.PullAddress.url`. `subjects` are the
fingerprints of all reports of a finding.
"""

from typing import ClassVar

from xreview.domain.events.payload import PullEvent
from xreview.domain.pull.discussion import ReviewThread, ReviewVerdict
from xreview.domain.pull.posting import PostPlacement
from xreview.domain.pull.thread_state import ThreadState
from xreview.domain.record import dataclass


@dataclass(frozen=True, slots=True)
class PullOpened(PullEvent):
    """A session is about a pull request.

    Args:
        head, base: the full ids of both sides' commits. author: the login of who opened it.
    """

    type: ClassVar[str] = "pull-opened"
    url: str
    title: str
    author: str
    base: str
    head: str


@dataclass(frozen=True, slots=True)
class SeenThread:
    """A thread as it was read, without its texts.

    Args:
        id: the thread's id at the forge, as in `Report.source`. url: that of its first comment.
    """

    id: str
    url: str
    author: str
    state: ThreadState


def seen_thread(thread: ReviewThread) -> SeenThread:
    """A thread as the journal keeps it."""
    return SeenThread(thread.id, thread.root.url, thread.author.login, thread.state)


@dataclass(frozen=True, slots=True)
class ThreadsSeen(PullEvent):
    """What was said on the pull request was read; a later event of the session replaces it."""

    type: ClassVar[str] = "threads-seen"
    url: str
    threads: tuple[SeenThread, ...]


@dataclass(frozen=True, slots=True)
class CommentPosted(PullEvent):
    """A finding was posted, as a part of a review.

    Args:
        account: the login that it was posted with.
        review: the review's id. comment: the comment's id and its `link`, "" where the finding is
            in the review's text.
    """

    type: ClassVar[str] = "comment-posted"
    url: str
    account: str
    review: str
    subjects: tuple[str, ...]
    placement: PostPlacement
    comment: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class ReviewBegun(PullEvent):
    """A pending review was created, or added to; only the account sees it."""

    type: ClassVar[str] = "review-begun"
    url: str
    account: str
    review: str
    link: str
    commit: str


@dataclass(frozen=True, slots=True)
class ReviewSubmitted(PullEvent):
    """A pending review was published."""

    type: ClassVar[str] = "review-submitted"
    url: str
    account: str
    review: str
    link: str
    verdict: ReviewVerdict


@dataclass(frozen=True, slots=True)
class ReviewDiscarded(PullEvent):
    """A pending review that this program began was deleted."""

    type: ClassVar[str] = "review-discarded"
    url: str
    account: str
    review: str


@dataclass(frozen=True, slots=True)
class ReplyPosted(PullEvent):
    """A thread got a reply."""

    type: ClassVar[str] = "reply-posted"
    url: str
    account: str
    thread: str
    subjects: tuple[str, ...]
    comment: str
    link: str


@dataclass(frozen=True, slots=True)
class ThreadResolved(PullEvent):
    """A thread was marked as resolved, or as unresolved again."""

    type: ClassVar[str] = "thread-resolved"
    url: str
    account: str
    thread: str
    subjects: tuple[str, ...]
    is_resolved: bool


@dataclass(frozen=True, slots=True)
class CommentDeleted(PullEvent):
    """A comment or reply that this program posted was deleted; `comment` is its id."""

    type: ClassVar[str] = "comment-deleted"
    url: str
    account: str
    comment: str


@dataclass(frozen=True, slots=True)
class DescriptionPosted(PullEvent):
    """A description was written into a pull request.

    Args:
        url: the request's page. account: who posted, by login.
        digest: SHA-256 of our part of the description, hexadecimal.
        original: what the description said without it: the only part that models read.
        title: the new title; "" if it stayed.
    """

    type: ClassVar[str] = "description-posted"
    url: str
    account: str
    digest: str
    original: str
    title: str = ""
