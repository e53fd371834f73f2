"""Reading all that is said on a pull request at GitHub.

Four lists, each to its last page: threads by GraphQL (their state), review comments by REST (those
that GraphQL leaves out), reviews, and comments on the whole. One that fails or breaks off is a gap;
if all fail, the first error counts.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing
from typing import Generic, TypeVar

from xreview.discussion.github import (
    graphql_comments,
    graphql_threads,
    issue_comments,
    joined_threads,
    rest_reviews,
    rest_threads,
)
from xreview.domain.pull.discussion import Discussion, ReviewThread
from xreview.domain.pull.pull import Pull
from xreview.domain.record import dataclass, field, replace
from xreview.forge.github.api import GitHubApi
from xreview.forge.github.queries import COMMENTS, COMMENTS_PATH, THREADS, THREADS_PATH
from xreview.ports.forge_failure import ForgeError
from xreview.ports.json_value import object_in, text_in

_Item = TypeVar("_Item")
_STATES_NEED_TOKEN = "which threads are resolved or outdated, which GitHub tells with a token only"
_MOST_LONG = 50
"""Threads of more than 100 comments that are read to their end, each with requests of its own. The
published replies of all are in REST's list too."""
_STATES = "which threads are resolved or outdated"


@dataclass
class _Read(Generic[_Item]):
    """What was read of one list. `error` is None if it was read to its end."""

    items: list[_Item] = field(default_factory=list[_Item])
    gaps: list[str] = field(default_factory=list[str])
    error: ForgeError | None = None

    def gap(self, what: str) -> tuple[str, ...]:
        """Clauses about what is missing of the list, which is called `what`."""
        if self.error is None:
            return tuple(self.gaps)
        rest = f"{what} after the first {len(self.items):,}" if self.items else what
        return (*self.gaps, f"{rest} ({self.error.message.removesuffix('.')})")


async def github_discussion_of(api: GitHubApi, pull: Pull) -> Discussion:
    """All that is said. Raises ForgeError if nothing can be read."""
    address = pull.address
    path, issue = (
        f"/repos/{address.project}/{one}/{address.number}" for one in ("pulls", "issues")
    )
    threads, lines, reviews, comments = await asyncio.gather(
        _threads(api, pull),
        _values(api, f"{path}/comments", "the review comments"),
        _values(api, f"{path}/reviews", "the reviews"),
        _values(api, f"{issue}/comments", "the comments"),
    )
    by_rest = (lines, reviews, comments)
    errors = [read.error for read in by_rest if read.error and not read.items]
    if len(errors) == len(by_rest) and not threads.items:
        raise errors[0]
    gaps = (
        *(threads.gap(_STATES) if api.token else ()),
        *lines.gap("the comments on lines"),
        *reviews.gap("the reviews"),
        *comments.gap("the comments"),
    )
    if api.token is None and lines.items:
        gaps = (_STATES_NEED_TOKEN, *gaps)
    return Discussion(
        joined_threads(threads.items, rest_threads(lines.items)),
        rest_reviews(reviews.items),
        issue_comments(comments.items),
        gaps,
    )


async def _values(api: GitHubApi, path: str, about: str) -> _Read[object]:
    read = _Read[object]()
    await _fill(read, api.pages(path, about=about), lambda page: page)
    return read


async def _threads(api: GitHubApi, pull: Pull) -> _Read[ReviewThread]:
    read = _Read[ReviewThread]()
    if api.token is None:
        return read
    address = pull.address
    owner, _, name = address.project.partition("/")
    variables = {"o": owner, "r": name, "n": address.number}
    long: list[tuple[str, str]] = []

    def threads(nodes: Sequence[object]) -> Iterable[ReviewThread]:
        for node in nodes:
            page = object_in(node, "comments", "pageInfo")
            if page.get("hasNextPage") is True:
                long.append((text_in(node, "id"), text_in(page, "endCursor")))
        return graphql_threads(nodes)

    about = "the review threads"
    await _fill(read, api.nodes(THREADS, variables, THREADS_PATH, read.gaps, about=about), threads)
    for id, cursor in long[:_MOST_LONG]:
        await _lengthen(api, read, id, cursor)
    return read


async def _lengthen(api: GitHubApi, read: _Read[ReviewThread], id: str, cursor: str) -> None:
    """Read the comments of a thread after its first hundred."""
    more = _Read[object]()
    pages = api.nodes(
        COMMENTS, {"id": id}, COMMENTS_PATH, more.gaps, about="the thread", after=cursor
    )
    await _fill(more, pages, lambda nodes: nodes)
    for at, thread in enumerate(read.items):
        if thread.id == id:
            comments = (*thread.comments, *graphql_comments(more.items))
            read.items[at] = replace(thread, comments=comments)
    gaps = more.gap("the replies in a thread of more than 100 comments")
    read.gaps += (gap for gap in gaps if gap not in read.gaps)


async def _fill(
    read: _Read[_Item],
    pages: AsyncGenerator[Sequence[object], None],
    items: Callable[[Sequence[object]], Iterable[_Item]],
) -> None:
    """Read a list as far as it goes."""
    try:
        async with aclosing(pages) as each:
            async for page in each:
                read.items += items(page)
    except ForgeError as error:
        read.error = error
