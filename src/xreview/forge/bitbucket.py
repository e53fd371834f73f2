"""Bitbucket Cloud behind `ports.forge.Forge`, for reading only (its REST API 2.0).

It has no reviews: each comment is visible at once. The commits of a pull request have short ids,
and the API is at a host of its own.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import quote

from xreview.discussion.bitbucket import (
    bitbucket_account,
    bitbucket_asked,
    bitbucket_discussion,
    bitbucket_reviews,
)
from xreview.domain.change import FileDiff, FileStatus
from xreview.domain.pull.address import ForgeHost, PullAddress
from xreview.domain.pull.discussion import Discussion, RemoteComment, ReviewThread, ReviewVerdict
from xreview.domain.pull.posting import PendingReview, PlannedComment, PostedComment, ReviewPlan
from xreview.domain.pull.pull import Pull, PullSide, PullState, PullSummary
from xreview.forge.client import MOST_PAGES, ForgeClient
from xreview.forge.diff_text import MOST_DIFF_BYTES, ListedFile, diff_batches
from xreview.forge.faults import ForgeFaults, with_head
from xreview.forge.token import ForgeToken
from xreview.http.patience import Clock
from xreview.ports.forge import ForgeAccess, PullRemote
from xreview.ports.forge_failure import ForgeError, ForgeFailure
from xreview.ports.json_value import JsonObject, count_in, list_in, object_in, text_in

if TYPE_CHECKING:
    import httpx

_CLOUD = "bitbucket.org"
_WHY_NOT = "Bitbucket has no pending reviews, so this program reads its pull requests only."
_STATES = {
    "MERGED": PullState.MERGED,
    "DECLINED": PullState.CLOSED,
    "SUPERSEDED": PullState.CLOSED,
}
_STATUSES = {
    "added": FileStatus.ADDED,
    "removed": FileStatus.DELETED,
    "renamed": FileStatus.RENAMED,
}
_FULL_ID = 40
_ACCESS_TOKEN, _API_TOKEN = "x-token-auth", "x-bitbucket-api-token-auth"
"""The user names that git gives with tokens of both kinds."""
_UNSEEN = (ForgeFailure.NOT_FOUND, ForgeFailure.FORBIDDEN)


class BitbucketForge:
    """Bitbucket Cloud; the docstrings are those of `ports.forge.Forge`."""

    why_no_posting = _WHY_NOT

    def __init__(
        self,
        host: ForgeHost,
        token: ForgeToken | None,
        *,
        clock: Clock | None = None,
        transport: "httpx.AsyncBaseTransport | None" = None,
    ) -> None:
        self.host = host
        self._is_signed_in = token is not None
        # An API token goes with its account's mail address, a repository's access token alone.
        self._is_personal = token is not None and token.user not in ("", _ACCESS_TOKEN)
        origin = f"https://api.{_CLOUD}" if host.name == _CLOUD else host.origin
        self._client = ForgeClient(
            f"{origin}/2.0",
            host,
            token,
            header="authorization",
            scheme="Basic" if self._is_personal else "Bearer",
            faults=_FAULTS,
            clock=clock,
            transport=transport,
        )

    async def access(self, project: str) -> ForgeAccess:
        """Who the token belongs to; nobody posts here. Access tokens belong to a repository."""
        if not self._is_signed_in:
            return ForgeAccess(None, False, _WHY_NOT)
        try:
            user = await self._object("/user", "the account of the token")
        except ForgeError as error:
            if error.failure not in _UNSEEN:
                raise
            return ForgeAccess(None, False, _WHY_NOT)
        return ForgeAccess(bitbucket_account(user), False, _WHY_NOT)

    async def pull(self, address: PullAddress) -> Pull:
        """Read a pull request; Bitbucket doesn't say which issues it closes."""
        path = f"/repositories/{address.project}/pullrequests/{address.number}"
        value = await self._object(path, f"the pull request {address.shown}")
        base, head = await asyncio.gather(
            self._side(object_in(value, "destination"), address.project),
            self._side(object_in(value, "source"), address.project),
        )
        main = object_in(value, "destination", "repository", "mainbranch")
        pull = Pull(
            address=address,
            title=text_in(value, "title"),
            body=text_in(value, "description") or text_in(object_in(value, "summary"), "raw"),
            author=bitbucket_account(object_in(value, "author")),
            state=_STATES.get(text_in(value, "state"), PullState.OPEN),
            is_draft=value.get("draft") is True,
            base=base,
            head=head,
            asked=bitbucket_asked(value),
            default_branch=text_in(main, "name"),
        )
        return with_head(pull, self._client.faults)

    async def waiting(self, project: str) -> Sequence[PullSummary]:
        """The open pull requests; its lists don't say who is asked."""
        return [one for one, _ in await self._open(project)]

    async def of_branch(self, project: str, branch: str) -> Sequence[PullSummary]:
        """The open pull requests from a branch of this name, its own repository's first."""
        found = [pair for pair in await self._open(project) if pair[0].branch == branch]
        found.sort(key=lambda pair: pair[1] != project)
        return [one for one, _ in found]

    async def discussion(self, pull: Pull) -> Discussion:
        """All comments, and the verdicts without a text."""
        path, about = _path(pull), f"the comments of {pull.address.shown}"
        values = [one async for one in self._values(f"{path}/comments", about)]
        value = await self._object(path, f"the pull request {pull.address.shown}")
        said = bitbucket_discussion(values)
        return said.joined(Discussion(reviews=bitbucket_reviews(value)))

    def remote(self, pull: Pull) -> PullRemote:
        """Where git gets it from; Bitbucket has no references for pull requests of forks."""
        head = "" if pull.is_fork else f"refs/heads/{pull.head.branch}"
        url = f"{self.host.origin}/{pull.address.project}.git"
        user = _API_TOKEN if self._is_personal else _ACCESS_TOKEN
        return PullRemote(url, head, f"refs/heads/{pull.base.branch}", user)

    async def files(self, pull: Pull) -> AsyncGenerator[Sequence[FileDiff], None]:
        """The files of its diff, which the API has as one text only."""
        path, about = _path(pull), f"the diff of {pull.address.shown}"
        stats = [one async for one in self._values(f"{path}/diffstat", about)]
        listed = [file for file in map(_listed, stats) if file is not None]
        text = await self._client.raw(f"{path}/diff", limit=MOST_DIFF_BYTES, about=about)
        async with aclosing(diff_batches(text, listed)) as batches:
            async for batch in batches:
                yield batch

    async def content(self, project: str, commit: str, path: str, limit: int) -> bytes | None:
        """A file's content; None if it doesn't exist or is too large."""
        if not {"", ".", ".."}.isdisjoint(path.split("/")):
            return None
        name = quote(path.encode("utf-8", "surrogateescape"), safe="/")
        place = f"/repositories/{quote(project)}/src/{quote(commit, safe='')}/{name}"
        return await self._client.raw(place, limit=limit, about=f"“{path}”")

    async def pending(self, pull: Pull) -> PendingReview | None:
        """Bitbucket has no pending reviews."""
        return None

    async def begin_review(self, pull: Pull, plan: ReviewPlan) -> PendingReview:
        """Refused."""
        _refuse(pull)

    async def add_comments(
        self, pull: Pull, review: PendingReview, comments: Sequence[PlannedComment]
    ) -> PendingReview:
        """Refused."""
        _refuse(pull)

    async def submit(
        self, pull: Pull, review: PendingReview, verdict: ReviewVerdict, body: str
    ) -> str:
        """Refused."""
        _refuse(pull)

    async def discard(self, pull: Pull, review: PendingReview) -> None:
        """Refused."""
        _refuse(pull)

    async def reply(self, pull: Pull, thread: ReviewThread, body: str) -> RemoteComment:
        """Refused."""
        _refuse(pull)

    async def resolve(self, pull: Pull, thread: ReviewThread, *, resolved: bool = True) -> None:
        """Refused."""
        _refuse(pull)

    async def delete_comment(self, pull: Pull, comment: PostedComment) -> None:
        """Refused."""
        _refuse(pull)

    async def describe(self, pull: Pull, body: str, title: str = "") -> None:
        """Refused."""
        _refuse(pull)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _object(self, path: str, about: str) -> JsonObject:
        return object_in((await self._client.get(path, about=about)).value)

    async def _side(self, value: JsonObject, target: str) -> PullSide:
        """A side of a pull request, with the full id of its commit."""
        short = text_in(object_in(value, "commit"), "hash")
        commit = short
        if short and len(short) < _FULL_ID:
            # The target has the commits of its forks' pull requests too.
            path = f"/repositories/{target}/commit/{quote(short, safe='')}"
            commit = text_in(await self._object(path, f"the commit {short}"), "hash")
        branch = text_in(object_in(value, "branch"), "name")
        return PullSide(branch, commit, text_in(object_in(value, "repository"), "full_name"))

    async def _open(self, project: str) -> list[tuple[PullSummary, str]]:
        """The open pull requests, each with the repository of its branch."""
        found: list[tuple[PullSummary, str]] = []
        path = f"/repositories/{project}/pullrequests?state=OPEN"
        async for value in self._values(path, f"the pull requests of {project}"):
            number, source = count_in(value, "id"), object_in(value, "source")
            if number is None:
                continue
            summary = PullSummary(
                PullAddress(self.host, project, number),
                text_in(value, "title"),
                bitbucket_account(object_in(value, "author")),
                object_in(value).get("draft") is True,
                text_in(value, "updated_on"),
                text_in(object_in(source, "branch"), "name"),
                bitbucket_asked(value),
            )
            found.append((summary, text_in(object_in(source, "repository"), "full_name")))
        return found

    async def _values(self, path: str, about: str) -> AsyncGenerator[object, None]:
        """The entries of a list, whose pages name the next one's address."""
        following, seen, entries = path, {""}, 0
        while following not in seen and len(seen) <= MOST_PAGES:
            seen.add(following)
            try:
                reply = await self._client.get(following, about=about)
            except ForgeError as error:
                raise (
                    self._client.faults.broken_off(error, entries) if entries else error
                ) from None
            for value in list_in(reply.value, "values"):
                entries += 1
                yield value
            following = text_in(reply.value, "next")
        if following:
            raise self._client.faults.unreadable("a list without an end")


def _path(pull: Pull) -> str:
    return f"/repositories/{pull.address.project}/pullrequests/{pull.address.number}"


def _listed(value: object) -> ListedFile | None:
    """The file that a `diffstat` describes."""
    old, new = (text_in(object_in(value, side), "path") for side in ("old", "new"))
    if not (old or new):
        return None
    lines = (count_in(value, "lines_added") or 0) + (count_in(value, "lines_removed") or 0)
    status = _STATUSES.get(text_in(value, "status"), FileStatus.MODIFIED)
    return ListedFile(new or old, status, old if old and new and old != new else None, lines)


def _words(body: JsonObject) -> str:
    return text_in(object_in(body, "error"), "message")


_FAULTS = ForgeFaults(
    _words,
    needs="The token needs read access to pull requests and repositories.",
    sign_in=(
        "Set $BITBUCKET_TOKEN to a repository's access token, or to an API token with your mail"
        " address in $BITBUCKET_EMAIL."
    ),
)


def _refuse(pull: Pull) -> NoReturn:
    raise ForgeError(ForgeFailure.UNSUPPORTED, _WHY_NOT, f"Write on {pull.address.url} instead.")
