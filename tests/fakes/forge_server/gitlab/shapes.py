"""GitLab's JSON, from what the double remembers."""

import hashlib
from typing import Any

from tests.fakes.forge_server.patches import FilePatch
from tests.fakes.forge_server.state import (
    FakeAccount,
    FakeComment,
    FakeProject,
    FakePull,
    FakeThread,
)

_STATES = {"open": "opened", "closed": "closed", "merged": "merged"}
_MOST_COUNTED = 1000


def discussion_id(number: int) -> str:
    """The id of a discussion: 40 digits."""
    return hashlib.sha1(f"discussion {number}".encode()).hexdigest()


def line_code(path: str, old: int, new: int) -> str:
    return f"{hashlib.sha1(path.encode()).hexdigest()}_{old}_{new}"


class GitLabShapes:
    """Args:
    origin: of its pages.
    """

    def __init__(self, origin: str) -> None:
        self.origin = origin

    def user(self, account: FakeAccount | None) -> dict[str, Any] | None:
        if account is None:
            return None
        return {
            "id": account.id,
            "username": account.login,
            "name": account.login.title(),
            "state": "active",
            "locked": False,
            "avatar_url": None,
            "web_url": f"{self.origin}/{account.login}",
        }

    def me(self, account: FakeAccount) -> dict[str, Any]:
        return (self.user(account) or {}) | {"bot": account.is_bot, "email": ""}

    def project(self, project: FakeProject, viewer: FakeAccount | None) -> dict[str, Any]:
        access = None
        if viewer:
            access = {"access_level": 30 if viewer.can_push else 10, "notification_level": 3}
        return {
            "id": project.id,
            "name": project.name.rpartition("/")[2],
            "path": project.name.rpartition("/")[2],
            "path_with_namespace": project.name,
            "default_branch": project.default_branch,
            "visibility": "private" if project.is_private else "public",
            "web_url": f"{self.origin}/{project.name}",
            "http_url_to_repo": f"{self.origin}/{project.name}.git",
            "merge_requests_access_level": "enabled",
            "archived": False,
            "permissions": {"project_access": access, "group_access": None},
        }

    def pull(self, pull: FakePull, source_project: int | None) -> dict[str, Any]:
        """One with everything."""
        count = len(pull.patches())
        return self.listed_pull(pull, source_project) | {
            "changes_count": f"{_MOST_COUNTED}+" if count > _MOST_COUNTED else str(count),
            "diff_refs": diff_refs(pull),
            "user": {"can_merge": False},
            "subscribed": False,
        }

    def listed_pull(self, pull: FakePull, source_project: int | None) -> dict[str, Any]:
        """One of a list."""
        title = f"Draft: {pull.title}" if pull.is_draft else pull.title
        return {
            "id": pull.id,
            "iid": pull.number,
            "project_id": pull.project.id,
            "title": title,
            "description": pull.body or None,
            "state": _STATES[pull.state],
            "draft": pull.is_draft,
            "work_in_progress": pull.is_draft,
            "author": self.user(pull.author),
            "assignees": [],
            "reviewers": [self.user(one) for one in pull.asked],
            "source_branch": pull.head_branch,
            "target_branch": pull.base_branch,
            "source_project_id": source_project,
            "target_project_id": pull.project.id,
            "sha": pull.head,
            "web_url": self.page(pull),
            "references": {
                "short": f"!{pull.number}",
                "full": f"{pull.project.name}!{pull.number}",
            },
            "user_notes_count": len(pull.comments),
            "created_at": pull.at,
            "updated_at": pull.at,
            "merged_at": pull.at if pull.state == "merged" else None,
        }

    def page(self, pull: FakePull) -> str:
        return f"{self.origin}/{pull.project.name}/-/merge_requests/{pull.number}"

    def file(self, patch: FilePatch, largest: int) -> dict[str, Any]:
        """A file of the diff, without its text if that is larger than so many bytes."""
        text = f"{patch.patch}\n" if patch.patch else ""
        if patch.is_binary:
            text = f"Binary files a/{patch.old_path} and b/{patch.path} differ\n"
        is_large = len(text.encode()) > largest
        return {
            "old_path": patch.old_path,
            "new_path": patch.path,
            "a_mode": "0" if patch.status == "added" else "100644",
            "b_mode": "0" if patch.status == "removed" else "100644",
            "diff": "" if is_large else text,
            "collapsed": False,
            "too_large": is_large,
            "new_file": patch.status == "added",
            "renamed_file": patch.status == "renamed",
            "deleted_file": patch.status == "removed",
            "generated_file": False,
        }

    def discussion(self, thread: FakeThread, viewer: FakeAccount | None) -> dict[str, Any]:
        """One on a line or file of the diff."""
        position = position_of(thread)
        notes = [self._line_note(thread, one, position) for one in thread.seen_by(viewer)]
        return {"id": discussion_id(thread.id), "individual_note": False, "notes": notes}

    def remark(self, pull: FakePull, comment: FakeComment) -> dict[str, Any]:
        """One on the request as a whole."""
        notes = [self.note(pull, comment)]
        return {"id": discussion_id(comment.id), "individual_note": True, "notes": notes}

    def note(self, pull: FakePull, comment: FakeComment) -> dict[str, Any]:
        return {
            "id": comment.id,
            "type": None,
            "body": comment.body,
            "author": self.user(comment.author),
            "created_at": comment.at,
            "updated_at": comment.edited,
            "system": False,
            "noteable_id": pull.id,
            "noteable_type": "MergeRequest",
            "noteable_iid": pull.number,
            "project_id": pull.project.id,
            "resolvable": False,
            "confidential": False,
            "internal": False,
        }

    def _line_note(
        self, thread: FakeThread, comment: FakeComment, position: dict[str, Any]
    ) -> dict[str, Any]:
        return self.note(thread.pull, comment) | {
            "type": "DiffNote",
            "commit_id": None,
            "position": position,
            "resolvable": True,
            "resolved": thread.resolver is not None,
            "resolved_by": self.user(thread.resolver),
            "resolved_at": comment.at if thread.resolver else None,
            "suggestions": [],
        }


def diff_refs(pull: FakePull, head: str = "") -> dict[str, str]:
    head = head or pull.head
    base = pull.project.repository.merge_base(pull.base, head)
    return {"base_sha": base, "start_sha": pull.base, "head_sha": head}


def position_of(thread: FakeThread) -> dict[str, Any]:
    """Where a thread is: in the present version, if its line is there."""
    is_old = thread.is_outdated
    pull, head = thread.pull, thread.commit if is_old else thread.pull.head
    patch = pull.patch_of(thread.path, head)
    position: dict[str, Any] = {
        **diff_refs(pull, head),
        "old_path": patch.old_path if patch else thread.path,
        "new_path": thread.path,
        "position_type": "file" if thread.line is None else "text",
    }
    if thread.line is None:
        return position
    line = thread.line if is_old else thread.line_now
    old, new = patch.numbers(line or 0, thread.side) if patch else (line, line)
    position |= {"old_line": old, "new_line": new, "line_range": None}
    start = thread.start_line if is_old else thread.start_now
    if start is not None and patch:
        ends = {"start": patch.numbers(start, thread.start_side or thread.side), "end": (old, new)}
        position["line_range"] = {name: _end(thread.path, *pair) for name, pair in ends.items()}
    return position


def _end(path: str, old: int | None, new: int | None) -> dict[str, Any]:
    kind = None if old and new else "new" if new else "old"
    code = line_code(path, old or 0, new or 0)
    return {"line_code": code, "type": kind, "old_line": old, "new_line": new}
