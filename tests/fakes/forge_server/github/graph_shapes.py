"""GitHub's objects in GraphQL, as the one who asks sees them.

They're dictionaries of values and of resolvers `(info, **arguments)`, which is what graphql-core's
default resolver takes. A field that isn't there is null.
"""

from collections.abc import Callable
from typing import Any

from tests.fakes.forge_server.github.graph_values import GraphRefusedError, connection
from tests.fakes.forge_server.github.shapes import comment_node_id, node_id
from tests.fakes.forge_server.state import (
    FakeAccount,
    FakeComment,
    FakeForge,
    FakeIssue,
    FakeProject,
    FakePull,
    FakeReview,
    FakeThread,
)

Shape = dict[str, Any]


class GraphShapes:
    """Args:
    viewer: who asks.
    """

    def __init__(self, forge: FakeForge, origin: str, viewer: FakeAccount) -> None:
        self.forge, self.origin, self.viewer = forge, origin, viewer

    def actor(self, account: FakeAccount | None) -> Shape | None:
        """Here bots have no “[bot]” at the end."""
        if account is None:
            return None
        login = account.login.removesuffix("[bot]")
        return {
            "__typename": "Bot" if account.is_bot else "User",
            "id": node_id(account, "BOT" if account.is_bot else ""),
            "databaseId": account.id,
            "login": login,
            "url": f"{self.origin}/{login}",
            "resourcePath": f"/{login}",
        }

    def repository(self, project: FakeProject) -> Shape:
        owner, _, name = project.name.partition("/")
        pulls = list(project.pulls.values())
        url = f"{self.origin}/{project.name}"

        def listed(info: Any, states: list[str] | None = None, **arguments: Any) -> Shape:
            kept = [one for one in pulls if not states or one.state.upper() in states]
            if branch := arguments.get("headRefName"):
                kept = [one for one in kept if one.head_branch == branch]
            if branch := arguments.get("baseRefName"):
                kept = [one for one in kept if one.base_branch == branch]
            order = arguments.get("orderBy") or {"direction": "ASC"}
            kept.sort(key=lambda one: one.at, reverse=order["direction"] == "DESC")
            return connection("pullRequests", kept, self.pull)(info, **arguments)

        def one_pull(_: Any, number: int) -> Shape:
            if number not in project.pulls:
                message = f"Could not resolve to a PullRequest with the number of {number}."
                raise GraphRefusedError("NOT_FOUND", message)
            return self.pull(project.pulls[number])

        return {
            "__typename": "Repository",
            "id": node_id(project),
            "databaseId": project.id,
            "name": name,
            "nameWithOwner": project.name,
            "owner": {"__typename": "Organization", "login": owner},
            "url": url,
            "resourcePath": f"/{project.name}",
            "isPrivate": project.is_private,
            "isFork": False,
            "isArchived": False,
            "viewerPermission": "WRITE" if self.viewer.can_push else "READ",
            "defaultBranchRef": {"name": project.default_branch},
            "pullRequests": listed,
            "pullRequest": one_pull,
        }

    def pull(self, pull: FakePull) -> Shape:
        threads = [one for one in pull.threads if one.seen_by(self.viewer)]
        reviews = [one for one in pull.reviews if one.is_seen_by(self.viewer)]
        url = f"{self.origin}/{pull.project.name}/pull/{pull.number}"
        head = None
        if pull.head_project:
            name = {
                "nameWithOwner": pull.head_project,
                "isFork": pull.head_project != pull.project.name,
            }
            head = name | {"__typename": "Repository", "url": f"{self.origin}/{pull.head_project}"}
        return {
            "__typename": "PullRequest",
            "id": node_id(pull),
            "databaseId": pull.id,
            "fullDatabaseId": str(pull.id),
            "number": pull.number,
            "title": pull.title,
            "body": pull.body,
            "url": url,
            "resourcePath": url.removeprefix(self.origin),
            "state": pull.state.upper(),
            "merged": pull.state == "merged",
            "closed": pull.state != "open",
            "isDraft": pull.is_draft,
            "author": self.actor(pull.author),
            "createdAt": pull.at,
            "updatedAt": pull.at,
            "baseRefName": pull.base_branch,
            "baseRefOid": lambda _: pull.base,
            "headRefName": pull.head_branch,
            "headRefOid": pull.head,
            "headRepository": head,
            "isCrossRepository": pull.head_project != pull.project.name,
            "repository": lambda _: self.repository(pull.project),
            "baseRepository": lambda _: self.repository(pull.project),
            "changedFiles": lambda _: len(pull.patches()),
            "additions": lambda _: sum(one.additions for one in pull.patches()),
            "deletions": lambda _: sum(one.deletions for one in pull.patches()),
            "viewerDidAuthor": pull.author is self.viewer,
            "viewerCanUpdate": self.viewer.can_push,
            "reviewThreads": connection("reviewThreads", threads, self.thread),
            "reviews": self._reviews(pull, reviews),
            "comments": connection("comments", pull.comments, lambda one: self.comment(pull, one)),
            "reviewRequests": connection("reviewRequests", pull.asked, self._request),
            "closingIssuesReferences": connection(
                "closingIssuesReferences", pull.closes, lambda one: self._issue(pull, one)
            ),
        }

    def review(self, pull: FakePull, review: FakeReview) -> Shape:
        comments = [
            (thread, one)
            for thread in pull.threads
            for one in thread.comments
            if one.review is review
        ]
        url = f"{self.origin}/{pull.project.name}/pull/{pull.number}#pullrequestreview-{review.id}"
        return {
            "__typename": "PullRequestReview",
            "id": node_id(review),
            "databaseId": review.id,
            "fullDatabaseId": str(review.id),
            "author": self.actor(review.author),
            "body": review.body,
            "state": review.state,
            "createdAt": review.at,
            "updatedAt": review.at,
            "submittedAt": None if review.state == "PENDING" else review.at,
            "url": url,
            "resourcePath": url.removeprefix(self.origin),
            "viewerDidAuthor": review.author is self.viewer,
            "commit": {"__typename": "Commit", "oid": review.commit},
            "pullRequest": lambda _: self.pull(pull),
            "comments": connection("comments", comments, lambda pair: self.line_comment(*pair)),
        }

    def thread(self, thread: FakeThread) -> Shape:
        comments = thread.seen_by(self.viewer)
        return {
            "__typename": "PullRequestReviewThread",
            "id": node_id(thread),
            "isResolved": thread.resolver is not None,
            "resolvedBy": self.actor(thread.resolver),
            "isOutdated": lambda _: thread.is_outdated,
            "isCollapsed": thread.resolver is not None,
            "path": thread.path,
            "line": lambda _: thread.line_now,
            "originalLine": thread.line,
            "startLine": lambda _: thread.start_now,
            "originalStartLine": thread.start_line,
            "diffSide": thread.side,
            "startDiffSide": thread.start_side,
            "subjectType": "FILE" if thread.line is None else "LINE",
            "viewerCanReply": self.viewer.can_write,
            "viewerCanResolve": self._can_resolve(thread) and thread.resolver is None,
            "viewerCanUnresolve": self._can_resolve(thread) and thread.resolver is not None,
            "pullRequest": lambda _: self.pull(thread.pull),
            "repository": lambda _: self.repository(thread.pull.project),
            "comments": connection(
                "comments", comments, lambda one: self.line_comment(thread, one)
            ),
        }

    def line_comment(self, thread: FakeThread, comment: FakeComment) -> Shape:
        pull, review = thread.pull, comment.review
        url = f"{self.origin}/{pull.project.name}/pull/{pull.number}#discussion_r{comment.id}"
        is_pending = review is not None and review.state == "PENDING"
        root = thread.comments[0]
        return self._written(comment) | {
            "__typename": "PullRequestReviewComment",
            "url": url,
            "resourcePath": url.removeprefix(self.origin),
            "state": "PENDING" if is_pending else "SUBMITTED",
            "path": thread.path,
            "line": lambda _: thread.line_now,
            "originalLine": thread.line,
            "startLine": lambda _: thread.start_now,
            "originalStartLine": thread.start_line,
            "outdated": lambda _: thread.is_outdated,
            "subjectType": "FILE" if thread.line is None else "LINE",
            "diffHunk": thread.hunk,
            "commit": lambda _: {
                "__typename": "Commit",
                "oid": thread.commit if thread.is_outdated else pull.head,
            },
            "originalCommit": {"__typename": "Commit", "oid": thread.commit},
            "pullRequest": lambda _: self.pull(pull),
            "pullRequestReview": (lambda _: self.review(pull, review)) if review else None,
            "replyTo": (lambda _: self.line_comment(thread, root)) if comment.reply_to else None,
        }

    def comment(self, pull: FakePull, comment: FakeComment) -> Shape:
        """A comment on the request as a whole."""
        url = f"{self.origin}/{pull.project.name}/pull/{pull.number}#issuecomment-{comment.id}"
        return self._written(comment) | {
            "__typename": "IssueComment",
            "url": url,
            "resourcePath": url.removeprefix(self.origin),
            "pullRequest": lambda _: self.pull(pull),
        }

    def _written(self, comment: FakeComment) -> Shape:
        return {
            "id": comment_node_id(comment),
            "databaseId": comment.id,
            "fullDatabaseId": str(comment.id),
            "author": self.actor(comment.author),
            "authorAssociation": "CONTRIBUTOR",
            "body": comment.body,
            "createdAt": comment.at,
            "updatedAt": comment.edited,
            "publishedAt": comment.at,
            "lastEditedAt": comment.edited if comment.edited != comment.at else None,
            "isMinimized": False,
            "viewerDidAuthor": comment.author is self.viewer,
            "viewerCanDelete": comment.author is self.viewer,
            "viewerCanUpdate": comment.author is self.viewer,
        }

    def _reviews(self, pull: FakePull, reviews: list[FakeReview]) -> Callable[..., Shape]:
        def resolve(
            info: Any, states: list[str] | None = None, author: str | None = None, **arguments: Any
        ) -> Shape:
            kept = [one for one in reviews if not states or one.state in states]
            if author:
                kept = [one for one in kept if one.author and one.author.login == author]
            return connection("reviews", kept, lambda one: self.review(pull, one))(
                info, **arguments
            )

        return resolve

    def _request(self, account: FakeAccount) -> Shape:
        return {"id": f"RR_{account.id}", "requestedReviewer": self.actor(account)}

    def _issue(self, pull: FakePull, issue: FakeIssue) -> Shape:
        url = f"{self.origin}/{pull.project.name}/issues/{issue.number}"
        return {
            "__typename": "Issue",
            "id": f"I_{issue.number}",
            "number": issue.number,
            "title": issue.title,
            "body": issue.body,
            "url": url,
            "state": "OPEN",
            "repository": lambda _: self.repository(pull.project),
        }

    def _can_resolve(self, thread: FakeThread) -> bool:
        return self.viewer.can_write and (self.viewer.can_push or thread.pull.author is self.viewer)
