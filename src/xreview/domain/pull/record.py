"""What was posted to a pull request from here, folded from events."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from xreview.domain.events.event import (
    CommentDeleted,
    CommentPosted,
    DescriptionPosted,
    Event,
    PullOpened,
    ReplyPosted,
    ReviewBegun,
    ReviewDiscarded,
    ReviewSubmitted,
    ThreadResolved,
    ThreadsSeen,
)
from xreview.domain.events.payload import (
    AttemptEvent,
    AuthorEvent,
    ConventionEvent,
    EscalationEvent,
    FindingEvent,
    FixEvent,
    OutcomeEvent,
    PersonEvent,
    ProposalEvent,
    SessionEvent,
    TriageEvent,
    UpkeepEvent,
)


class PostAct(StrEnum):
    """What can be undone."""

    REVIEW = "review"
    REPLY = "reply"
    RESOLVED = "resolved"
    UNRESOLVED = "unresolved"


@dataclass(frozen=True, slots=True)
class RecordedReview:
    """A review that was begun, or added to; not one that was discarded.

    Args:
        link: its URL. commit: the head that it is about, "" if unknown.
        posted: the findings in it, without those whose comments were deleted.
    """

    id: str
    link: str = ""
    commit: str = ""
    is_submitted: bool = False
    posted: tuple[CommentPosted, ...] = ()


@dataclass(frozen=True)
class PostRecord:
    """What one account posted to one pull request.

    Args:
        reviews: by id. replies: by the comment's id.
        acts: what can be undone with the id of the review, reply, or thread; the last act last.
        subjects: of the threads that were resolved or not, by the thread's id.
    """

    reviews: dict[str, RecordedReview] = field(default_factory=dict[str, RecordedReview])
    replies: dict[str, ReplyPosted] = field(default_factory=dict[str, ReplyPosted])
    acts: tuple[tuple[PostAct, str], ...] = ()
    subjects: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    @property
    def posted(self) -> frozenset[str]:
        """The fingerprints of all findings that are in a review."""
        found = (one for review in self.reviews.values() for one in review.posted)
        return frozenset(name for one in found for name in one.subjects)

    def has_replied(self, thread: str) -> bool:
        """Whether a reply to a thread was posted and not deleted."""
        return any(reply.thread == thread for reply in self.replies.values())


def post_record(events: Iterable[Event], url: str, account: str) -> PostRecord:
    """The record of one pull request, by its URL, and one account, by its login."""
    fold = _RecordFold(url, account)
    for event in events:
        fold.take(event)
    return PostRecord(fold.reviews, fold.replies, tuple(fold.acts), fold.subjects)


class _RecordFold:
    def __init__(self, url: str, account: str) -> None:
        self._about = (url, account)
        self.reviews: dict[str, RecordedReview] = {}
        self.replies: dict[str, ReplyPosted] = {}
        self.acts: dict[tuple[PostAct, str], None] = {}
        self.subjects: dict[str, tuple[str, ...]] = {}

    def take(self, event: Event) -> None:
        match payload := event.payload:
            case (
                ReviewBegun() | CommentPosted() | ReviewSubmitted() | ReviewDiscarded()
                | CommentDeleted() | ReplyPosted() | ThreadResolved()
            ):  # fmt: skip
                if (payload.url, payload.account) != self._about:
                    return
            case PullOpened() | ThreadsSeen() | DescriptionPosted():
                return
            case (
                SessionEvent() | FindingEvent() | TriageEvent() | EscalationEvent()
                | ConventionEvent() | PersonEvent() | AuthorEvent() | ProposalEvent()
                | FixEvent() | UpkeepEvent() | AttemptEvent() | OutcomeEvent()
            ):  # fmt: skip
                return
        match payload:
            case ReviewBegun(review=id):
                known = self.reviews.get(id, RecordedReview(id))
                link, commit = payload.link or known.link, payload.commit or known.commit
                self.reviews[id] = replace(known, link=link, commit=commit)
                self._put_last(PostAct.REVIEW, id)
            case CommentPosted(review=id):
                known = self.reviews.get(id, RecordedReview(id))
                self.reviews[id] = replace(known, posted=(*known.posted, payload))
            case ReviewSubmitted(review=id, link=link):
                known = self.reviews.get(id, RecordedReview(id))
                link = link or known.link
                self.reviews[id] = replace(known, link=link, is_submitted=True)
                self._put_last(PostAct.REVIEW, id)
            case ReviewDiscarded(review=id):
                self.reviews.pop(id, None)
                self.acts.pop((PostAct.REVIEW, id), None)
            case CommentDeleted(comment=id):
                self._delete(id)
            case ReplyPosted(comment=id):
                self.replies[id] = payload
                self._put_last(PostAct.REPLY, id)
            case ThreadResolved():
                self._resolve(payload)

    def _put_last(self, act: PostAct, id: str) -> None:
        self.acts.pop((act, id), None)
        self.acts[act, id] = None

    def _delete(self, comment: str) -> None:
        if self.replies.pop(comment, None) is not None:
            self.acts.pop((PostAct.REPLY, comment), None)
            return
        for id, review in self.reviews.items():
            left = tuple(one for one in review.posted if one.comment != comment)
            if left == review.posted:
                continue
            self.reviews[id] = replace(review, posted=left)
            if not any(one.comment for one in left):
                self.acts.pop((PostAct.REVIEW, id), None)
            return

    def _resolve(self, event: ThreadResolved) -> None:
        done, opposite = PostAct.RESOLVED, PostAct.UNRESOLVED
        if not event.is_resolved:
            done, opposite = opposite, done
        self.subjects[event.thread] = event.subjects
        if (opposite, event.thread) in self.acts:
            del self.acts[opposite, event.thread]
        else:
            self._put_last(done, event.thread)
