"""What the app knows of a pull request: what would be posted, what is, and what is being sent."""

from collections.abc import Mapping
from enum import Enum, auto
from typing import TYPE_CHECKING

from xreview.domain.finding import Finding
from xreview.domain.pull.discussion import RemoteComment, ReviewThread
from xreview.domain.pull.posting import PendingReview
from xreview.domain.record import dataclass, field, replace
from xreview.review.session.snapshot import ReviewSnapshot

if TYPE_CHECKING:  # loads the journal, which the first frame does without
    from xreview.review.pulls.posting import PostPreview


class PullTab(Enum):
    """What the screen of a pull request lists."""

    POST = auto()
    THREADS = auto()


class PullAct(Enum):
    """What was done to the pull request from the screen."""

    REVIEW = auto()
    REPLY = auto()
    RESOLVING = auto()


_THE_REVIEW = (PullAct.REVIEW, "")


@dataclass(frozen=True)
class ShownPull:
    """A pull request as its screen shows it.

    Args:
        preview: what would be posted; None until the forge was asked.
        pending: the pending review that this program began; None for none.
        doing: what is being read or sent now, as “Posting the review”; "" for nothing.
        trouble: why the last of these failed, and what to do. told: what it did, in sentences.
        drafts: edited replies that aren't sent, by thread.
        sent: replies sent since the threads were read, by thread.
        resolved: threads that were resolved or reopened since.
        links: the addresses of posted comments that are known, by fingerprint.
        acts: what undoing takes away again, the last one last; a thread's id, "" for the review.
    """

    preview: "PostPreview | None" = None
    pending: PendingReview | None = None
    doing: str = ""
    trouble: str = ""
    told: tuple[str, ...] = ()
    drafts: Mapping[str, str] = field(default_factory=dict[str, str])
    sent: Mapping[str, tuple[RemoteComment, ...]] = field(
        default_factory=dict[str, tuple[RemoteComment, ...]]
    )
    resolved: Mapping[str, bool] = field(default_factory=dict[str, bool])
    links: Mapping[str, str] = field(default_factory=dict[str, str])
    acts: tuple[tuple[PullAct, str], ...] = ()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being read or sent."""
        return not self.doing

    @property
    def account(self) -> str:
        """The login that is posted with; "" if unknown."""
        return self.preview.account.login if self.preview else ""

    @property
    def adds_to_draft(self) -> bool:
        """Whether posting adds to a pending review that the user began elsewhere."""
        return self.preview is not None and self.preview.adds_to_draft

    def with_preview(self, preview: "PostPreview") -> "ShownPull":
        """Return it with what the forge says now."""
        existing = preview.existing
        is_ours = existing is not None and existing.is_ours
        return replace(self, preview=preview).with_pending(existing if is_ours else None)

    def with_pending(self, pending: PendingReview | None) -> "ShownPull":
        """Return it with another pending review; the links of its comments are kept for later."""
        found = pending.comments if pending else ()
        links = {one.marker: one.url for one in found if one.marker and one.url}
        return replace(self, pending=pending, links={**self.links, **links})

    def thread_now(self, thread: ReviewThread) -> ReviewThread:
        """Return a thread with what was sent since it was read."""
        known = {comment.id for comment in thread.comments}
        added = [one for one in self.sent.get(thread.id, ()) if one.id not in known]
        resolved = self.resolved.get(thread.id, thread.is_resolved)
        return replace(thread, comments=(*thread.comments, *added), is_resolved=resolved)

    def is_answered(self, thread: ReviewThread) -> bool:
        """Whether the account has the last word in a thread that another began."""
        last = thread.comments[-1]
        mine = self.preview.account.key if self.preview else None
        return bool(thread.replies) and (bool(self.sent.get(thread.id)) or last.author.key == mine)

    def with_draft(self, thread: str, text: str | None) -> "ShownPull":
        """Return it with another text for a reply; None removes it."""
        drafts = {id: one for id, one in self.drafts.items() if id != thread}
        return replace(self, drafts=drafts if text is None else {**drafts, thread: text})

    def with_sent(self, thread: str, comment: RemoteComment) -> "ShownPull":
        """Return it after a reply was sent."""
        sent = {**self.sent, thread: (*self.sent.get(thread, ()), comment)}
        acts = (*self.acts, (PullAct.REPLY, thread))
        return replace(self.with_draft(thread, None), sent=sent, acts=acts)

    def with_resolved(self, thread: str, resolved: bool) -> "ShownPull":
        """Return it after a thread was resolved or reopened; both together are no act."""
        act = (PullAct.RESOLVING, thread)
        others = tuple(one for one in self.acts if one != act)
        acts = others if act in self.acts else (*others, act)
        return replace(self, resolved={**self.resolved, thread: resolved}, acts=acts)

    def with_review(self, pending: PendingReview | None, *, is_gone: bool = False) -> "ShownPull":
        """Return it after the review was posted, published (None) or discarded (`is_gone`)."""
        others = tuple(one for one in self.acts if one != _THE_REVIEW)
        acts = others if is_gone else (*others, _THE_REVIEW)
        return replace(self.with_pending(pending), acts=acts)

    def undone(self) -> "ShownPull":
        """Return it after the last act was undone."""
        if not self.acts:
            return self  # it was done before
        *rest, (act, thread) = self.acts
        left = replace(self, acts=tuple(rest))
        match act:
            case PullAct.REVIEW:
                return left.with_pending(None)
            case PullAct.REPLY:
                return replace(left, sent={**self.sent, thread: self.sent[thread][:-1]})
            case PullAct.RESOLVING:
                now = not self.resolved[thread]
                return replace(left, resolved={**self.resolved, thread: now})


@dataclass(frozen=True)
class DecidedThread:
    """A thread that can be answered, since its finding is decided."""

    finding: Finding
    thread: ReviewThread


def decided_threads(snapshot: ReviewSnapshot, shown: ShownPull) -> tuple[DecidedThread, ...]:
    """Return the threads whose findings are decided, as they are now, each once."""
    found: dict[str, DecidedThread] = {}
    for finding in snapshot.findings:
        if snapshot.triage.verdict(finding) is not None:
            for thread in snapshot.threads_of(finding):
                found.setdefault(thread.id, DecidedThread(finding, shown.thread_now(thread)))
    return tuple(found.values())


def undecided_threads(snapshot: ReviewSnapshot) -> int:
    """Return how many unresolved threads wait for a decision on their finding."""
    waiting = {
        thread.id
        for finding in snapshot.findings
        if snapshot.triage.verdict(finding) is None
        for thread in snapshot.threads_of(finding)
        if not thread.is_resolved
    }
    return len(waiting)
