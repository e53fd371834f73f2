"""What accounts say on a pull request as reviewers, one for each account.

A bot with several accounts is one reviewer, and so is a tool that posts from people's accounts and
marks its comments. A bot without an adapter counts as an agent of an unknown family: most bots that
comment on lines are, and an agent's word is never taken for a proof. Threads that the author of the
pull request began explain the change; they are counted, and aren't findings.
"""

from collections.abc import Iterable

from xreview.domain.pull.discussion import Discussion
from xreview.domain.pull.pull import ForgeAccount
from xreview.domain.record import replace
from xreview.imports.describing import named_apart
from xreview.imports.said import SaidByAccount
from xreview.imports.sights import sights_of
from xreview.imports.thread_quotes import ContentAt
from xreview.imports.thread_reviewer import ThreadReviewer
from xreview.imports.voices import PullVoices

__all__ = ["reviewers_from", "said_on", "sights_of"]


def reviewers_from(
    discussion: Discussion,
    pull_author: ForgeAccount,
    head: str,
    taken: Iterable[str] = (),
    *,
    asked: Iterable[ForgeAccount] = (),
    content_at: ContentAt | None = None,
) -> tuple[ThreadReviewer, ...]:
    """The accounts that say something on a pull request, or were asked to, as reviewers.

    Args:
        head: the full id of the head commit; "" for unknown.
        taken: names of other reviewers; one of the same name gets a number.
        asked: who was asked for a review and hasn't given it.
        content_at: reads a file at a commented commit, for threads without a quoted diff.
    """
    names = set(taken)
    reviewers: list[ThreadReviewer] = []
    for said in said_on(discussion, pull_author, head, asked):
        identity = named_apart(said.identity, names)
        names.add(identity.name)
        named = replace(said, identity=identity)
        reviewers.append(ThreadReviewer(named, head, content_at))
    return tuple(reviewers)


def said_on(
    discussion: Discussion,
    pull_author: ForgeAccount,
    head: str,
    asked: Iterable[ForgeAccount] = (),
) -> tuple[SaidByAccount, ...]:
    """What each account says, in the order in which they first appear."""
    published = discussion.published()
    voices = PullVoices(pull_author)
    for thread in published.threads:
        voices.take_thread(thread)
    for text in (*published.reviews, *published.comments):
        voices.take_body(text)
    for sight in sights_of(published, head, asked):
        voices.take_sight(sight)
    return voices.said()
