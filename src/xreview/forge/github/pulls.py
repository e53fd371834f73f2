"""Reading pull requests of GitHub: one, those of a project, and what the account may do."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from urllib.parse import quote

from xreview.discussion.github import github_account, nodes_in
from xreview.domain.pull.address import ForgeHost, PullAddress
from xreview.domain.pull.pull import (
    ForgeAccount,
    LinkedIssue,
    Pull,
    PullSide,
    PullState,
    PullSummary,
)
from xreview.forge.faults import issues_gap
from xreview.forge.github.api import GitHubApi
from xreview.forge.github.queries import ISSUES, ISSUES_PATH, VIEWER
from xreview.ports.forge import ForgeAccess
from xreview.ports.forge_failure import ForgeError, ForgeFailure
from xreview.ports.json_value import JsonObject, count_in, list_in, object_in, text_in

_MOST_LISTED = 300
"""Open pull requests, the last updated first: a list for a person to choose from."""
_WITHOUT_ISSUES = (ForgeFailure.FORBIDDEN, ForgeFailure.UNSUPPORTED, ForgeFailure.NOT_FOUND)
_WITHOUT_BASE = (ForgeFailure.NOT_FOUND, ForgeFailure.REFUSED, ForgeFailure.SERVER)


class GitHubPulls:
    """The reader of one host. Every method raises ForgeError."""

    def __init__(self, api: GitHubApi) -> None:
        self._api = api
        self._account: ForgeAccount | None = None

    async def account(self) -> ForgeAccount | None:
        """Whose token it is; None without one."""
        if self._api.token is None:
            return None
        if self._account is None:
            self._account = await self._whose()
        return self._account

    async def access(self, project: str) -> ForgeAccess:
        """What the token allows; a fine-grained one doesn't say."""
        account = await self.account()
        reply = await self._api.get(f"/repos/{project}", about=f"the repository {project}")
        if self._api.token is None or account is None:
            return ForgeAccess(None, False, "Posting needs a token.")
        source = self._api.token.source
        if object_in(reply.value).get("archived") is True:
            return ForgeAccess(account, False, f"{project} is archived, so that it is read-only.")
        if "x-oauth-scopes" not in reply.headers:
            return ForgeAccess(account)
        scopes = {one.strip() for one in reply.headers["x-oauth-scopes"].split(",")}
        is_public = object_in(reply.value).get("private") is False
        wanted = {"repo", "public_repo"} if is_public else {"repo"}
        if scopes & wanted:
            return ForgeAccess(account, True)
        why = f"The token from {source} lacks the scope “repo”, which posting needs."
        return ForgeAccess(account, False, why)

    async def pull(self, address: PullAddress) -> Pull:
        """Read one, with the commit that its diff begins with and the issues that it closes."""
        about = f"the pull request {address.shown}"
        path = f"/repos/{address.project}/pulls/{address.number}"
        value = object_in((await self._api.get(path, about=about)).value)
        base, head = _pull_side(value, "base"), _pull_side(value, "head")
        if not base.commit or not head.commit:
            raise self._api.client.faults.unreadable("a pull request without its commits")
        start, issues = await asyncio.gather(
            self._merge_base(address.project, base.commit, head.commit),
            self._issues(address),
            return_exceptions=True,  # so that neither goes on alone
        )
        if isinstance(start, BaseException):
            raise start
        gaps: tuple[str, ...] = ()
        if isinstance(issues, ForgeError):  # the review goes on without them
            issues, gaps = (), (issues_gap(issues),)
        elif isinstance(issues, BaseException):
            raise issues
        is_open = text_in(value, "state") == "open"
        is_merged = value.get("merged") is True or bool(text_in(value, "merged_at"))
        closed = PullState.MERGED if is_merged else PullState.CLOSED
        return Pull(
            address,
            text_in(value, "title"),
            text_in(value, "body"),
            github_account(value.get("user")),
            PullState.OPEN if is_open else closed,
            value.get("draft") is True,
            base,
            head,
            start,
            count_in(value, "changed_files"),
            issues,
            _asked(value),
            text_in(object_in(value, "base", "repo"), "default_branch"),
            gaps,
        )

    async def waiting(self, project: str) -> Sequence[PullSummary]:
        """The open ones, those that ask the account for a review first."""
        account = await self.account()
        listed = await self._listed(project, {"sort": "updated", "direction": "desc"})
        if account is None:
            return listed
        return sorted(listed, key=lambda one: account.key not in {who.key for who in one.asked})

    async def of_branch(self, project: str, branch: str) -> Sequence[PullSummary]:
        """The open ones from a branch: the project's own, or else those of forks."""
        owner = project.partition("/")[0]
        own = await self._listed(project, {"head": f"{owner}:{branch}"})
        if own:
            return own
        listed = await self._listed(project, {"sort": "updated", "direction": "desc"})
        return [one for one in listed if one.branch == branch]

    async def _listed(self, project: str, params: dict[str, str | int]) -> list[PullSummary]:
        listed: list[PullSummary] = []
        about = f"the pull requests of {project}"
        query: dict[str, str | int] = {"state": "open", **params}
        async with aclosing(
            self._api.pages(f"/repos/{project}/pulls", query, about=about)
        ) as pages:
            async for page in pages:
                found = (_summary(self._api.host, project, object_in(one)) for one in page)
                listed += (one for one in found if one is not None)
                if len(listed) >= _MOST_LISTED:
                    break
        return listed

    async def _whose(self) -> ForgeAccount:
        try:
            value = (await self._api.get("/user", about="the account")).value
        except ForgeError as error:
            if error.failure is not ForgeFailure.FORBIDDEN:
                raise
            # An app's token has no user, but a viewer.
            read = await self._api.query(VIEWER, {}, about="the account")
            value = object_in(read.data, "viewer")
        return github_account(value)

    async def _merge_base(self, project: str, base: str, head: str) -> str:
        """Where the diff begins; "" if GitHub can't say, and git finds it."""
        # The second page of commits: the first has the files too.
        sides = "...".join(quote(one, safe="") for one in (base, head))
        try:
            reply = await self._api.get(
                f"/repos/{project}/compare/{sides}",
                {"per_page": 1, "page": 2},
                about="the merge base",
            )
        except ForgeError as error:
            if error.failure not in _WITHOUT_BASE:
                raise
            return ""
        return text_in(object_in(reply.value, "merge_base_commit"), "sha")

    async def _issues(self, address: PullAddress) -> tuple[LinkedIssue, ...]:
        """The issues that it closes, with a token: GraphQL wants one."""
        if self._api.token is None:
            return ()
        owner, _, name = address.project.partition("/")
        variables = {"o": owner, "r": name, "n": address.number}
        try:
            read = await self._api.query(ISSUES, variables, about="the linked issues")
        except ForgeError as error:
            if error.failure not in _WITHOUT_ISSUES:
                raise
            return ()
        nodes = nodes_in(object_in(read.data, *ISSUES_PATH))
        found = (_issue(object_in(node), address.project) for node in nodes)
        return tuple(issue for issue in found if issue is not None)


def _pull_side(value: JsonObject, name: str) -> PullSide:
    side = object_in(value, name)
    project = text_in(object_in(side, "repo"), "full_name")
    return PullSide(text_in(side, "ref"), text_in(side, "sha"), project)


def _asked(value: JsonObject) -> tuple[ForgeAccount, ...]:
    return tuple(map(github_account, list_in(value, "requested_reviewers")))


def _summary(host: ForgeHost, project: str, value: JsonObject) -> PullSummary | None:
    number = count_in(value, "number")
    if not number:
        return None
    return PullSummary(
        PullAddress(host, project, number),
        text_in(value, "title"),
        github_account(value.get("user")),
        value.get("draft") is True,
        text_in(value, "updated_at"),
        text_in(object_in(value, "head"), "ref"),
        _asked(value),
    )


def _issue(node: JsonObject, project: str) -> LinkedIssue | None:
    number = count_in(node, "number")
    if not number:
        return None
    where = text_in(object_in(node, "repository"), "nameWithOwner")
    mark = f"#{number}" if where in ("", project) else f"{where}#{number}"
    return LinkedIssue(mark, text_in(node, "title"), text_in(node, "body"))
