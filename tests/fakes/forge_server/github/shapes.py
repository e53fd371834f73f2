"""GitHub's JSON over REST, from what the double remembers."""

from typing import Any
from urllib.parse import quote

from tests.fakes.forge_server.github.description import rest_description
from tests.fakes.forge_server.patches import FilePatch
from tests.fakes.forge_server.state import (
    FakeAccount,
    FakeComment,
    FakeProject,
    FakePull,
    FakeReview,
    FakeThread,
)

_REVIEWER, _COPILOT = "copilot-pull-request-reviewer[bot]", "Copilot"
_NODES = {
    FakeAccount: "U",
    FakeProject: "R",
    FakePull: "PR",
    FakeReview: "PRR",
    FakeThread: "PRRT",
}


def node_id(thing: Any, letters: str = "") -> str:
    """The id in GraphQL."""
    return f"{letters or _NODES[type(thing)]}_{thing.id}"


def comment_node_id(comment: FakeComment) -> str:
    """“PRRC_…” in a thread, “IC_…” on the request as a whole."""
    return f"{'PRRC' if comment.review else 'IC'}_{comment.id}"


class RestShapes:
    """Args:
    origin: of the forge's pages. api: of its REST API.
    """

    def __init__(self, origin: str, api: str) -> None:
        self.origin, self.api = origin, api
        self.filled = rest_description().filled

    def user(self, account: FakeAccount | None, *, on_lines: bool = False) -> dict[str, Any] | None:
        """Copilot has another name on comments in threads than on reviews."""
        if account is None:
            return None
        login = _COPILOT if on_lines and account.login == _REVIEWER else account.login
        return self.filled(
            "simple-user",
            {
                "login": login,
                "id": account.id,
                "node_id": node_id(account),
                "type": "Bot" if account.is_bot else "User",
                "url": f"{self.api}/users/{quote(login)}",
                "html_url": f"{self.origin}/{quote(login)}",
            },
        )

    def me(self, account: FakeAccount) -> dict[str, Any]:
        return self.filled("public-user", self.user(account) or {})

    def page(self, pull: FakePull) -> str:
        return f"{self.origin}/{pull.project.name}/pull/{pull.number}"

    def at(self, pull: FakePull) -> str:
        return f"{self.repo_url(pull.project.name)}/pulls/{pull.number}"

    def repo_url(self, name: str) -> str:
        return f"{self.api}/repos/{name}"

    def repository(
        self, project: FakeProject, viewer: FakeAccount | None, schema: str = "full-repository"
    ) -> dict[str, Any]:
        can_read, can_push = viewer is not None, viewer is not None and viewer.can_push
        owner, _, name = project.name.partition("/")
        return self.filled(
            schema,
            {
                "id": project.id,
                "node_id": node_id(project),
                "name": name,
                "full_name": project.name,
                "owner": {"login": owner, "type": "Organization"},
                "private": project.is_private,
                "html_url": f"{self.origin}/{project.name}",
                "clone_url": f"{self.origin}/{project.name}.git",
                "url": self.repo_url(project.name),
                "default_branch": project.default_branch,
                "visibility": "private" if project.is_private else "public",
                "permissions": {
                    "admin": False,
                    "maintain": False,
                    "push": can_push,
                    "triage": can_push,
                    "pull": can_read or not project.is_private,
                },
            },
        )

    def pull(self, pull: FakePull, viewer: FakeAccount | None) -> dict[str, Any]:
        """One with everything."""
        patches = pull.patches()
        counts = {
            "merged": pull.state == "merged",
            "mergeable": True if pull.state == "open" else None,
            "mergeable_state": "clean",
            "comments": len(pull.comments),
            "review_comments": sum(len(thread.comments) for thread in pull.threads),
            "commits": 1,
            "additions": sum(one.additions for one in patches),
            "deletions": sum(one.deletions for one in patches),
            "changed_files": len(patches),
        }
        return self.filled("pull-request", self._pull(pull, viewer) | counts)

    def listed_pull(self, pull: FakePull, viewer: FakeAccount | None) -> dict[str, Any]:
        """One of a list."""
        return self.filled("pull-request-simple", self._pull(pull, viewer))

    def _pull(self, pull: FakePull, viewer: FakeAccount | None) -> dict[str, Any]:
        owner = pull.project.name.partition("/")[0]
        head_owner = (pull.head_project or pull.author.login).partition("/")[0]
        target = self.repository(pull.project, viewer, "repository")
        source = None
        if pull.head_project:
            own = self.repo_url(pull.head_project)
            source = target | {"full_name": pull.head_project, "url": own}
            source["fork"] = pull.head_project != pull.project.name
        return {
            "url": self.at(pull),
            "id": pull.id,
            "node_id": node_id(pull),
            "html_url": self.page(pull),
            "diff_url": f"{self.page(pull)}.diff",
            "issue_url": f"{self.repo_url(pull.project.name)}/issues/{pull.number}",
            "number": pull.number,
            "state": "open" if pull.state == "open" else "closed",
            "locked": False,
            "title": pull.title,
            "user": self.user(pull.author),
            "body": pull.body or None,
            "created_at": pull.at,
            "updated_at": pull.at,
            "closed_at": None if pull.state == "open" else pull.at,
            "merged_at": pull.at if pull.state == "merged" else None,
            "draft": pull.is_draft,
            "author_association": "CONTRIBUTOR",
            "requested_reviewers": [self.user(one) for one in pull.asked],
            "requested_teams": [],
            "head": {
                "label": f"{head_owner}:{pull.head_branch}",
                "ref": pull.head_branch,
                "sha": pull.head,
                "user": {"login": head_owner},
                "repo": source,
            },
            "base": {
                "label": f"{owner}:{pull.base_branch}",
                "ref": pull.base_branch,
                "sha": pull.base,
                "user": {"login": owner},
                "repo": target,
            },
        }

    def file(self, pull: FakePull, patch: FilePatch, largest: int) -> dict[str, Any]:
        """A file of the diff; the patch is left out if it's binary or larger than so many bytes."""
        entry: dict[str, Any] = {
            "sha": patch.blob if patch.status != "removed" else None,
            "filename": patch.path,
            "status": patch.status,
            "additions": patch.additions,
            "deletions": patch.deletions,
            "changes": patch.additions + patch.deletions,
            "contents_url": f"{self.repo_url(pull.project.name)}/contents/{quote(patch.path)}"
            f"?ref={pull.head}",
        }
        if patch.status == "renamed":
            entry["previous_filename"] = patch.old_path
        if patch.patch and len(patch.patch.encode()) <= largest:
            entry["patch"] = patch.patch
        return self.filled("diff-entry", entry)

    def review(self, pull: FakePull, review: FakeReview) -> dict[str, Any]:
        page = f"{self.page(pull)}#pullrequestreview-{review.id}"
        shape = {
            "id": review.id,
            "node_id": node_id(review),
            "user": self.user(review.author),
            "body": review.body,
            "state": review.state,
            "html_url": page,
            "pull_request_url": self.at(pull),
            "commit_id": review.commit,
            "author_association": "CONTRIBUTOR",
            "_links": {"html": {"href": page}, "pull_request": {"href": self.at(pull)}},
        }
        if review.state != "PENDING":
            shape["submitted_at"] = review.at
        return self.filled("pull-request-review", shape)

    def thread_url(self, thread: FakeThread, comment: FakeComment) -> str:
        return f"{self.page(thread.pull)}#discussion_r{comment.id}"

    def line_comment(
        self, thread: FakeThread, comment: FakeComment, schema: str = "pull-request-review-comment"
    ) -> dict[str, Any]:
        """A comment of a thread."""
        pull = thread.pull
        own = f"{self.repo_url(pull.project.name)}/pulls/comments/{comment.id}"
        page = self.thread_url(thread, comment)
        shape: dict[str, Any] = {
            "url": own,
            "id": comment.id,
            "node_id": comment_node_id(comment),
            "pull_request_review_id": comment.review.id if comment.review else None,
            "diff_hunk": thread.hunk,
            "path": thread.path,
            "commit_id": thread.commit if thread.is_outdated else pull.head,
            "original_commit_id": thread.commit,
            "user": self.user(comment.author, on_lines=True),
            "body": comment.body,
            "created_at": comment.at,
            "updated_at": comment.edited,
            "html_url": page,
            "pull_request_url": self.at(pull),
            "author_association": "CONTRIBUTOR",
            "_links": {
                "self": {"href": own},
                "html": {"href": page},
                "pull_request": {"href": self.at(pull)},
            },
            "start_line": thread.start_now,
            "original_start_line": thread.start_line,
            "start_side": thread.start_side,
            "line": thread.line_now,
            "original_line": thread.line,
            "side": thread.side,
            "subject_type": "file" if thread.line is None else "line",
        }
        if comment.reply_to:
            shape["in_reply_to_id"] = comment.reply_to
        return self.filled(schema, shape)

    def comment(self, pull: FakePull, comment: FakeComment) -> dict[str, Any]:
        """A comment on the request as a whole."""
        repo = self.repo_url(pull.project.name)
        return self.filled(
            "issue-comment",
            {
                "id": comment.id,
                "node_id": comment_node_id(comment),
                "url": f"{repo}/issues/comments/{comment.id}",
                "html_url": f"{self.page(pull)}#issuecomment-{comment.id}",
                "issue_url": f"{repo}/issues/{pull.number}",
                "body": comment.body,
                "user": self.user(comment.author),
                "created_at": comment.at,
                "updated_at": comment.edited,
                "author_association": "CONTRIBUTOR",
            },
        )

    def issue(self, pull: FakePull) -> dict[str, Any]:
        """A pull request as the issue that it is too."""
        return self.filled(
            "issue",
            {
                "id": pull.id,
                "node_id": node_id(pull),
                "url": f"{self.repo_url(pull.project.name)}/issues/{pull.number}",
                "html_url": self.page(pull),
                "number": pull.number,
                "state": "open" if pull.state == "open" else "closed",
                "title": pull.title,
                "body": pull.body,
                "user": self.user(pull.author),
                "labels": [],
                "draft": pull.is_draft,
                "created_at": pull.at,
                "updated_at": pull.at,
                "pull_request": {"url": self.at(pull), "html_url": self.page(pull)},
            },
        )
