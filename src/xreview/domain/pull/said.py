"""What is said on a pull request as a whole, which is no finding, and still has to be read."""

from collections.abc import Iterator

from xreview.domain.pull.discussion import Discussion, RemoteComment, SubmittedReview
from xreview.domain.pull.marker import is_marked
from xreview.domain.pull.pull import ForgeAccount
from xreview.domain.record import replace
from xreview.domain.text import shorten

MOST_SAID = 200
"""Comments that are kept, the latest ones."""
LONGEST_SAID = 20_000
"""Characters of one."""


def said_on_change(discussion: Discussion, pull_author: ForgeAccount) -> tuple[RemoteComment, ...]:
    """Everything with a text that isn't on lines, the oldest first: comments, the texts of reviews,
    and threads without a place. Also threads on lines that the pull request's author began: they
    explain the change. Without what this program posted. The texts are raw, and shortened."""
    every = [one for one in _texts(discussion.published(), pull_author) if _is_shown(one.body)]
    kept = sorted(every, key=lambda one: one.at)[-MOST_SAID:]
    return tuple(replace(one, body=shorten(one.body.strip(), LONGEST_SAID)) for one in kept)


def _texts(said: Discussion, pull_author: ForgeAccount) -> Iterator[RemoteComment]:
    yield from said.comments
    yield from map(_as_comment, said.reviews)
    for thread in said.threads:
        if thread.place is None or thread.author.key == pull_author.key:
            yield from thread.comments


def _is_shown(body: str) -> bool:
    return bool(body.strip()) and not is_marked(body)


def _as_comment(review: SubmittedReview) -> RemoteComment:
    return RemoteComment(
        f"review {review.id}", review.author, review.body, review.at, review.url, review=review.id
    )
