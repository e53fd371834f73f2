"""A GitLab server behind `ports.forge.Forge` (https://docs.gitlab.com/api/rest/)."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

from xreview.discussion.gitlab import (
    gitlab_account,
    gitlab_comment,
    gitlab_discussion,
    gitlab_reviews,
    gitlab_waiting,
)
from xreview.domain.change import FileDiff
from xreview.domain.pull.address import ForgeHost, PullAddress
from xreview.domain.pull.discussion import (
    Discussion,
    RemoteComment,
    ReviewThread,
    ReviewVerdict,
    SubmittedReview,
)
from xreview.domain.pull.posting import PendingReview, PlannedComment, PostedComment, ReviewPlan
from xreview.domain.pull.pull import ForgeAccount, Pull, PullSummary
from xreview.domain.record import replace
from xreview.forge.client import ForgeClient, all_entries
from xreview.forge.exchange import Params
from xreview.forge.faults import issues_gap, with_head
from xreview.forge.gitlab.drafts import DRAFT_PREFIX, GitLabDrafts, merge_request_path
from xreview.forge.gitlab.faults import gitlab_faults
from xreview.forge.gitlab.reading import (
    gitlab_files,
    gitlab_pull,
    gitlab_summary,
    is_from_gitlab_fork,
)
from xreview.forge.gitlab.verdicts import GitLabVerdicts
from xreview.forge.gitlab.wording import without_quick_actions
from xreview.forge.token import ForgeToken
from xreview.http.patience import Clock
from xreview.ports.forge import ForgeAccess, PullRemote
from xreview.ports.forge_failure import ForgeError, ForgeFailure
from xreview.ports.json_value import JsonObject, count_in, list_in, object_in, text_in

if TYPE_CHECKING:
    import httpx

_UNSEEN = (ForgeFailure.NOT_FOUND, ForgeFailure.FORBIDDEN, ForgeFailure.UNSUPPORTED)
"""What the account can't see, or the project or server doesn't have."""
_DIFF_PAGE = 50
_WRITING_SCOPE = "api"


class GitLabForge:
    """A GitLab server; the docstrings are those of `ports.forge.Forge`."""

    why_no_posting = ""

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
        self._account: ForgeAccount | None = None
        # GitLab takes personal and project tokens as bearer tokens too; those of OAuth, which
        # glab and git's credential helpers have, only so.
        self._client = ForgeClient(
            f"{host.origin}/api/v4",
            host,
            token,
            header="authorization",
            scheme="Bearer",
            faults=gitlab_faults(host),
            clock=clock,
            transport=transport,
        )
        self._drafts = GitLabDrafts(self._client)
        self._verdicts = GitLabVerdicts(self._client)

    async def access(self, project: str) -> ForgeAccess:
        """Who the token belongs to, and whether its scopes allow writing."""
        if not self._is_signed_in:
            return ForgeAccess(None, False, "Posting needs a token.")
        account = await self._me()
        scopes = await self._scopes()
        if scopes and _WRITING_SCOPE not in scopes:
            why = f"The token only has the scope “{scopes[0]}”; posting needs “{_WRITING_SCOPE}”."
            return ForgeAccess(account, False, why)
        found = await self._object(_project_path(project), f"the project {project}")
        if found.get("archived") is True:
            return ForgeAccess(account, False, "The project is archived, so it is read-only.")
        return ForgeAccess(account, True if scopes else None)

    async def pull(self, address: PullAddress) -> Pull:
        """Read a merge request, with the issues that it closes."""
        project = _project_path(address.project)
        path = f"{project}/merge_requests/{address.number}"
        value = await self._object(path, f"the merge request {address.shown}")
        target, closed, asked, source = await asyncio.gather(
            self._object(project, f"the project {address.project}"),
            self._closed(path),
            self._visible(f"{path}/reviewers", "its reviewers"),
            self._source(value, address.project),
        )
        waiting = gitlab_waiting(asked or [{"user": one} for one in list_in(value, "reviewers")])
        pull = gitlab_pull(address, value, target, source, closed[0], waiting)
        return with_head(replace(pull, gaps=closed[1]), self._client.faults)

    async def waiting(self, project: str) -> Sequence[PullSummary]:
        """All that want the account's review, then the latest of the others."""
        mine: list[PullSummary] = []
        if self._is_signed_in:
            wanted = {"state": "opened", "reviewer_username": (await self._me()).login}
            mine = self._summaries(project, await self._requests(project, wanted))
        path, about = _requests_of(project)
        reply = await self._client.get(path, {"state": "opened", "per_page": 100}, about=about)
        values = cast("list[object]", reply.value) if isinstance(reply.value, list) else []
        known = {one.address.number for one in mine}
        others = self._summaries(project, values)
        return [*mine, *(one for one in others if one.address.number not in known)]

    async def of_branch(self, project: str, branch: str) -> Sequence[PullSummary]:
        """The open merge requests from a branch of this name, its own project's first."""
        params = {"state": "opened", "source_branch": branch}
        values = sorted(await self._requests(project, params), key=is_from_gitlab_fork)
        return self._summaries(project, values)

    async def discussion(self, pull: Pull) -> Discussion:
        """Everything that is said, to the last page."""
        path = merge_request_path(pull)
        about = f"the discussions of {pull.address.shown}"
        values = await all_entries(self._client.pages(f"{path}/discussions", about=about))
        said = gitlab_discussion(values, pull.head.commit, pull.address.url)
        reviewers = await self._visible(f"{path}/reviewers", "its reviewers")
        gaps = ("the verdicts of its reviewers",) if reviewers is None else ()
        reviews = list(gitlab_reviews(reviewers or ()))
        if (mine := await self._my_drafts(pull)) is not None:
            reviews.append(mine)
        return said.joined(Discussion(reviews=tuple(reviews), gaps=gaps))

    def remote(self, pull: Pull) -> PullRemote:
        """Where git gets it from; with a token of OAuth, the user name must be this one."""
        return PullRemote(
            f"{self.host.origin}/{pull.address.project}.git",
            f"refs/merge-requests/{pull.address.number}/head",
            f"refs/heads/{pull.base.branch}",
            "oauth2",
        )

    async def files(self, pull: Pull) -> AsyncGenerator[Sequence[FileDiff], None]:
        """The files of its diff, a page at a time."""
        path, about = f"{merge_request_path(pull)}/diffs", f"the diff of {pull.address.shown}"
        async with aclosing(self._client.pages(path, about=about, size=_DIFF_PAGE)) as pages:
            async for page in pages:
                yield await asyncio.to_thread(gitlab_files, page)

    async def content(self, project: str, commit: str, path: str, limit: int) -> bytes | None:
        """A file's content; None if it doesn't exist or is too large."""
        name = quote(path.encode("utf-8", "surrogateescape"), safe="")
        place = f"{_project_path(project)}/repository/files/{name}/raw"
        return await self._client.raw(place, {"ref": commit}, limit=limit, about=f"“{path}”")

    async def pending(self, pull: Pull) -> PendingReview | None:
        """The account's draft notes; None for none."""
        return await self._drafts.pending(pull)

    async def begin_review(self, pull: Pull, plan: ReviewPlan) -> PendingReview:
        """Create the plan's draft notes, all or none."""
        return await self._drafts.begin(pull, plan)

    async def add_comments(
        self, pull: Pull, review: PendingReview, comments: Sequence[PlannedComment]
    ) -> PendingReview:
        """Create more draft notes."""
        return await self._drafts.add(pull, review, comments)

    async def submit(
        self, pull: Pull, review: PendingReview, verdict: ReviewVerdict, body: str
    ) -> str:
        """Publish all draft notes, then give the verdict; GitLab has no URL for a review."""
        await self._drafts.publish(pull, body)
        await self._verdicts.give(pull, review.commit or pull.head.commit, verdict)
        return pull.address.url

    async def discard(self, pull: Pull, review: PendingReview) -> None:
        """Delete the draft notes that this program wrote; those of the account's own stay."""
        await self._drafts.discard(pull)

    async def reply(self, pull: Pull, thread: ReviewThread, body: str) -> RemoteComment:
        """Reply in a discussion, at once."""
        path = f"{_thread_path(pull, thread)}/notes"
        note = {"body": without_quick_actions(body)}
        reply = await self._client.send("POST", path, note, about="the reply")
        return gitlab_comment(reply.value, pull.address.url)

    async def resolve(self, pull: Pull, thread: ReviewThread, *, resolved: bool = True) -> None:
        """Mark a discussion as resolved, or not."""
        body = {"resolved": resolved}
        await self._client.send("PUT", _thread_path(pull, thread), body, about="the thread")

    async def delete_comment(self, pull: Pull, comment: PostedComment) -> None:
        """Delete a note or a draft note."""
        number = quote(comment.id.removeprefix(DRAFT_PREFIX), safe="")
        if comment.id.startswith(DRAFT_PREFIX):
            await self._drafts.delete(pull, number)
            return
        path = f"{merge_request_path(pull)}/notes/{number}"
        await self._client.send("DELETE", path, about="the comment")

    async def describe(self, pull: Pull, body: str, title: str = "") -> None:
        """Replace the description and title.

        A description can have quick actions that its author wasn't allowed to do; this account may
        be, so none of it is executed.
        """
        value = {"description": without_quick_actions(body)}
        value |= {"title": title} if title else {}
        about = f"the description of {pull.address.shown}"
        await self._client.send("PUT", merge_request_path(pull), value, about=about)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _my_drafts(self, pull: Pull) -> SubmittedReview | None:
        """The account's pending review; None for none, and on servers before 15.9."""
        if not self._is_signed_in:
            return None
        try:
            return await self._drafts.as_review(pull, await self._me())
        except ForgeError as error:
            if error.failure not in _UNSEEN:
                raise
            return None

    async def _me(self) -> ForgeAccount:
        """Who the token belongs to."""
        if self._account is None:
            self._account = gitlab_account(await self._object("/user", "the token's account"))
        return self._account

    async def _object(self, path: str, about: str) -> JsonObject:
        return object_in((await self._client.get(path, about=about)).value)

    async def _visible(self, path: str, about: str) -> list[object] | None:
        """A list; None if it isn't to be seen here."""
        try:
            return await all_entries(self._client.pages(path, about=about))
        except ForgeError as error:
            if error.failure not in _UNSEEN:
                raise
            return None

    async def _closed(self, path: str) -> tuple[list[object], tuple[str, ...]]:
        """The issues that a merge request closes, and what of them isn't read."""
        try:
            found = await self._visible(f"{path}/closes_issues", "the issues that it closes")
        except ForgeError as error:
            return [], (issues_gap(error),)
        return found or [], ()

    async def _scopes(self) -> list[str]:
        """The scopes of a personal or project token; [] for others, which GitLab doesn't tell."""
        try:
            found = await self._object("/personal_access_tokens/self", "the token's scopes")
        except ForgeError as error:
            if error.failure not in (*_UNSEEN, ForgeFailure.TOKEN, ForgeFailure.REFUSED):
                raise
            return []
        return [one for one in list_in(found, "scopes") if isinstance(one, str)]

    async def _source(self, value: JsonObject, target: str) -> str:
        """The path of the project that its branch is in; "" if that was deleted or isn't to be
        seen."""
        number = count_in(value, "source_project_id")
        if number is None:
            return ""
        if number == count_in(value, "target_project_id"):
            return target
        try:
            project = await self._object(f"/projects/{number}", "the project of its branch")
        except ForgeError as error:
            if error.failure not in _UNSEEN:
                raise
            return ""
        return text_in(project, "path_with_namespace")

    async def _requests(self, project: str, params: Params) -> list[object]:
        path, about = _requests_of(project)
        return await all_entries(self._client.pages(path, params, about=about))

    def _summaries(self, project: str, values: Iterable[object]) -> list[PullSummary]:
        found = (gitlab_summary(self.host, project, one) for one in values)
        return [one for one in found if one is not None]


def _project_path(project: str) -> str:
    return f"/projects/{quote(project, safe='')}"


def _requests_of(project: str) -> tuple[str, str]:
    """The path of a project's merge requests, and what they are, for messages."""
    return f"{_project_path(project)}/merge_requests", f"the requests of {project}"


def _thread_path(pull: Pull, thread: ReviewThread) -> str:
    return f"{merge_request_path(pull)}/discussions/{quote(thread.id, safe='')}"
