"""Merge requests and their files as GitLab's API prints them."""

import re
from collections.abc import Sequence

from xreview.discussion.gitlab import gitlab_account
from xreview.domain.change import FileDiff, FileStatus
from xreview.domain.pull.address import ForgeHost, PullAddress
from xreview.domain.pull.pull import (
    ForgeAccount,
    LinkedIssue,
    Pull,
    PullSide,
    PullState,
    PullSummary,
)
from xreview.forge.diff_text import checked_body, hunks_in
from xreview.ports.json_value import JsonObject, count_in, list_in, object_in, text_in

_STATES = {"merged": PullState.MERGED, "closed": PullState.CLOSED, "locked": PullState.CLOSED}
_DRAFT = re.compile(r"(?:\[(?:draft|wip)\]|\(draft\)|(?:draft|wip):)\s*", re.IGNORECASE)
_NO_MODE = "0"
_BINARY = "Binary files "


def gitlab_pull(
    address: PullAddress,
    value: JsonObject,
    project: JsonObject,
    source: str,
    issues: Sequence[object],
    asked: tuple[ForgeAccount, ...],
) -> Pull:
    """A merge request.

    `base` is the target branch as of the present version (`start_sha`), `start` the commit that the
    diff begins with, which GitLab calls `base_sha`.

    Args:
        value: the merge request. project: of its target.
        source: the path of the project that its branch is in.
        issues: those that it closes.
    """
    refs = object_in(value, "diff_refs")
    head = text_in(refs, "head_sha") or text_in(value, "sha")
    files = text_in(value, "changes_count")
    return Pull(
        address=address,
        title=_title(value),
        body=text_in(value, "description"),
        author=gitlab_account(object_in(value, "author")),
        state=_STATES.get(text_in(value, "state"), PullState.OPEN),
        is_draft=is_gitlab_draft(value),
        base=PullSide(text_in(value, "target_branch"), text_in(refs, "start_sha"), address.project),
        head=PullSide(text_in(value, "source_branch"), head, source),
        start=text_in(refs, "base_sha"),
        # From some number on it is “1000+”.
        files=int(files) if files.isascii() and files.isdigit() and len(files) < 9 else None,
        issues=tuple(map(_issue, issues)),
        asked=asked,
        default_branch=text_in(project, "default_branch"),
    )


def gitlab_summary(host: ForgeHost, project: str, value: object) -> PullSummary | None:
    """A merge request in a list; None without a number."""
    number = count_in(value, "iid")
    if number is None:
        return None
    return PullSummary(
        PullAddress(host, project, number),
        _title(value),
        gitlab_account(object_in(value, "author")),
        is_gitlab_draft(value),
        text_in(value, "updated_at"),
        text_in(value, "source_branch"),
        tuple(gitlab_account(user) for user in list_in(value, "reviewers")),
    )


def _title(value: object) -> str:
    """The title without the mark by which GitLab knows a draft (“Draft: …”)."""
    title = text_in(value, "title")
    mark = _DRAFT.match(title) if is_gitlab_draft(value) else None
    return title[mark.end() :] if mark else title


def is_from_gitlab_fork(value: object) -> bool:
    """Whether a merge request's branch is in another project than its target."""
    found = object_in(value)
    return found.get("source_project_id") != found.get("target_project_id")


def is_gitlab_draft(value: object) -> bool:
    """Whether a merge request is a draft; servers before 14.0 call it “work in progress”."""
    found = object_in(value)
    return found.get("draft") is True or found.get("work_in_progress") is True


def gitlab_files(values: Sequence[object]) -> tuple[FileDiff, ...]:
    """The files of a page of a merge request's diff."""
    return tuple(file for file in map(gitlab_file, values) if file is not None)


def gitlab_file(value: object) -> FileDiff | None:
    """A file of a merge request's diff; None without a name."""
    found = object_in(value)
    old, new = text_in(value, "old_path"), text_in(value, "new_path")
    status = _status(found)
    path = (old or new) if status is FileStatus.DELETED else (new or old)
    if not path:
        return None
    text = text_in(value, "diff")
    body = hunks_in(text)
    file = FileDiff(
        path,
        status,
        old if old and old != path and status is not FileStatus.ADDED else None,
        old_mode="" if status is FileStatus.ADDED else _mode(found, "a_mode"),
        new_mode="" if status is FileStatus.DELETED else _mode(found, "b_mode"),
        binary=not body and text.lstrip().startswith(_BINARY),
        body=body,
        unread=_left_out(found) if not body else "",
    )
    return checked_body(file)


def _issue(value: object) -> LinkedIssue:
    """An issue; those of other trackers have an id and a title only."""
    number = count_in(value, "iid")
    mark = f"#{number}" if number is not None else text_in(value, "id")
    return LinkedIssue(mark, text_in(value, "title"), text_in(value, "description"))


def _status(value: JsonObject) -> FileStatus:
    for name, status in (
        ("new_file", FileStatus.ADDED),
        ("deleted_file", FileStatus.DELETED),
        ("renamed_file", FileStatus.RENAMED),
    ):
        if value.get(name) is True:
            return status
    return FileStatus.MODIFIED


def _mode(value: JsonObject, name: str) -> str:
    mode = text_in(value, name)
    return "" if mode.strip(_NO_MODE) == "" else mode


def _left_out(value: JsonObject) -> str:
    if value.get("too_large") is True:
        return "GitLab leaves out its lines, since they are too many"
    if value.get("collapsed") is True:
        return "GitLab leaves out its lines, since the whole diff is large"
    return ""
