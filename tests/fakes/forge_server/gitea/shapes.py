"""Gitea's JSON, from what the double remembers."""

from typing import Any
from urllib.parse import quote

from tests.fakes.forge_server.patches import FilePatch
from tests.fakes.forge_server.state import (
    FakeAccount,
    FakeComment,
    FakeProject,
    FakePull,
    FakeReview,
    FakeThread,
)

STATES = {"COMMENTED": "COMMENT", "CHANGES_REQUESTED": "REQUEST_CHANGES", "DISMISSED": "APPROVED"}
_FILES = {"removed": "deleted", "modified": "changed"}


class GiteaShapes:
    """Args:
    origin: of its pages.
    """

    def __init__(self, origin: str) -> None:
        self.origin = origin

    def user(self, account: FakeAccount | None) -> dict[str, Any] | None:
        """Nothing says which accounts are bots."""
        if account is None:
            return {"id": -1, "login": "Ghost", "full_name": "", "username": "Ghost"}
        return {
            "id": account.id,
            "login": account.login,
            "username": account.login,
            "login_name": "",
            "full_name": account.login.title(),
            "email": f"{account.login}@noreply.example",
            "avatar_url": "",
            "html_url": f"{self.origin}/{account.login}",
            "language": "",
            "is_admin": False,
            "last_login": "2026-11-01T10:00:00Z",
            "created": "2026-11-01T10:00:00Z",
            "restricted": False,
            "active": True,
            "prohibit_login": False,
            "location": "",
            "website": "",
            "description": "",
            "visibility": "public",
            "followers_count": 0,
            "following_count": 0,
            "starred_repos_count": 0,
        }

    def repository(self, project: FakeProject, viewer: FakeAccount | None) -> dict[str, Any]:
        can_push = viewer is not None and viewer.can_push
        owner, _, name = project.name.partition("/")
        return {
            "id": project.id,
            "owner": {"id": 1, "login": owner, "username": owner, "full_name": owner, "email": ""},
            "name": name,
            "full_name": project.name,
            "description": "",
            "private": project.is_private,
            "fork": False,
            "archived": False,
            "default_branch": project.default_branch,
            "html_url": f"{self.origin}/{project.name}",
            "clone_url": f"{self.origin}/{project.name}.git",
            "permissions": {"admin": False, "push": can_push, "pull": True},
            "has_pull_requests": True,
        }

    def page(self, pull: FakePull) -> str:
        return f"{self.origin}/{pull.project.name}/pulls/{pull.number}"

    def pull(self, pull: FakePull, viewer: FakeAccount | None) -> dict[str, Any]:
        patches = pull.patches()
        repo = self.repository(pull.project, viewer)
        source = repo | {"full_name": pull.head_project} if pull.head_project else None
        return {
            "id": pull.id,
            "number": pull.number,
            "url": self.page(pull),
            "html_url": self.page(pull),
            "diff_url": f"{self.page(pull)}.diff",
            "user": self.user(pull.author),
            "title": f"WIP: {pull.title}" if pull.is_draft else pull.title,
            "body": pull.body,
            "draft": pull.is_draft,
            "state": "open" if pull.state == "open" else "closed",
            "merged": pull.state == "merged",
            "merged_at": pull.at if pull.state == "merged" else None,
            "is_locked": False,
            "comments": len(pull.comments),
            "review_comments": sum(len(one.comments) for one in pull.threads),
            "additions": sum(one.additions for one in patches),
            "deletions": sum(one.deletions for one in patches),
            "changed_files": len(patches),
            "requested_reviewers": [self.user(one) for one in pull.asked] or None,
            "merge_base": pull.merge_base,
            "base": {
                "label": pull.base_branch,
                "ref": pull.base_branch,
                "sha": pull.base,
                "repo_id": pull.project.id,
                "repo": repo,
            },
            "head": {
                "label": pull.head_branch,
                "ref": pull.head_branch if source else f"refs/pull/{pull.number}/head",
                "sha": pull.head,
                "repo_id": pull.project.id if source else -1,
                "repo": source,
            },
            "created_at": pull.at,
            "updated_at": pull.at,
        }

    def file(self, pull: FakePull, patch: FilePatch) -> dict[str, Any]:
        at = f"{self.origin}/{pull.project.name}"
        entry = {
            "filename": patch.path,
            "status": _FILES.get(patch.status, patch.status),
            "additions": patch.additions,
            "deletions": patch.deletions,
            "changes": patch.additions + patch.deletions,
            "html_url": f"{at}/src/commit/{pull.head}/{quote(patch.path)}",
            "raw_url": f"{at}/raw/commit/{pull.head}/{quote(patch.path)}",
        }
        if patch.status == "renamed":
            entry["previous_filename"] = patch.old_path
        return entry

    def review(self, pull: FakePull, review: FakeReview) -> dict[str, Any]:
        own = [one for thread in pull.threads for one in thread.comments if one.review is review]
        return {
            "id": review.id,
            "user": self.user(review.author),
            "team": None,
            "state": STATES.get(review.state, review.state),
            "body": review.body,
            "commit_id": review.commit,
            "stale": review.commit != pull.head,
            "official": False,
            "dismissed": review.state == "DISMISSED",
            "comments_count": len(own),
            "submitted_at": review.at,
            "updated_at": review.at,
            "html_url": f"{self.page(pull)}#issuecomment-{review.id}",
            "pull_request_url": self.page(pull),
        }

    def line_comment(self, thread: FakeThread, comment: FakeComment) -> dict[str, Any]:
        """Lines are those of the commented version; 0 is for the other side."""
        is_old = thread.side == "LEFT"
        return {
            "id": comment.id,
            "body": comment.body,
            "user": self.user(comment.author),
            "resolver": self.user(thread.resolver) if thread.resolver else None,
            "pull_request_review_id": comment.review.id if comment.review else 0,
            "created_at": comment.at,
            "updated_at": comment.edited,
            "path": thread.path,
            "commit_id": thread.commit,
            "original_commit_id": "",
            "diff_hunk": thread.hunk,
            "position": 0 if is_old else thread.line or 0,
            "original_position": (thread.line or 0) if is_old else 0,
            "html_url": f"{self.page(thread.pull)}#issuecomment-{comment.id}",
            "pull_request_url": self.page(thread.pull),
        }

    def comment(self, pull: FakePull, comment: FakeComment) -> dict[str, Any]:
        """A comment on the request as a whole."""
        return {
            "id": comment.id,
            "html_url": f"{self.page(pull)}#issuecomment-{comment.id}",
            "pull_request_url": self.page(pull),
            "issue_url": "",
            "user": self.user(comment.author),
            "original_author": "",
            "original_author_id": 0,
            "body": comment.body,
            "assets": [],
            "created_at": comment.at,
            "updated_at": comment.edited,
        }
