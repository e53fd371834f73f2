"""Pull requests and their files as Gitea's API prints them."""

import re

from xreview.discussion.gitea import gitea_account, gitea_reviewers_waiting
from xreview.domain.change import FileStatus
from xreview.domain.pull.address import ForgeHost, PullAddress
from xreview.domain.pull.pull import LinkedIssue, Pull, PullSide, PullState, PullSummary
from xreview.forge.diff_text import ListedFile
from xreview.ports.json_value import JsonObject, count_in, object_in, text_in

_DRAFT_TITLES = ("wip:", "[wip]")
"""The beginnings of titles that make a draft, unless the server sets others."""
_CLOSING = re.compile(r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\s+#(\d{1,9})\b", re.IGNORECASE)
_STATUSES = {
    "added": FileStatus.ADDED,
    "deleted": FileStatus.DELETED,
    "renamed": FileStatus.RENAMED,
    "copied": FileStatus.COPIED,
}


def gitea_pull(
    address: PullAddress, value: JsonObject, issues: tuple[LinkedIssue, ...] = ()
) -> Pull:
    """The pull request that a `PullRequest` describes."""
    base = object_in(value, "base")
    return Pull(
        address=address,
        title=text_in(value, "title"),
        body=text_in(value, "body"),
        author=gitea_account(object_in(value, "user")),
        state=_state(value),
        is_draft=is_gitea_draft(value),
        base=PullSide(text_in(base, "ref"), text_in(base, "sha"), address.project),
        head=_side(object_in(value, "head")),
        start=text_in(value, "merge_base"),
        files=count_in(value, "changed_files"),
        issues=issues,
        asked=gitea_reviewers_waiting(value),
        default_branch=text_in(object_in(base, "repo"), "default_branch"),
    )


def gitea_summary(host: ForgeHost, project: str, value: object) -> PullSummary | None:
    """A pull request in a list; None without a number."""
    number = count_in(value, "number")
    if number is None:
        return None
    return PullSummary(
        PullAddress(host, project, number),
        text_in(value, "title"),
        gitea_account(object_in(value, "user")),
        is_gitea_draft(value),
        text_in(value, "updated_at"),
        text_in(object_in(value, "head"), "ref"),
        gitea_reviewers_waiting(value),
    )


def is_gitea_draft(value: object) -> bool:
    """Whether a pull request is a draft, by its title on servers that don't say."""
    title = text_in(value, "title").lower()
    return object_in(value).get("draft") is True or title.startswith(_DRAFT_TITLES)


def closed_issues(body: str, most: int) -> tuple[int, ...]:
    """The numbers of the issues that a description says are closed; the API doesn't tell."""
    return tuple(dict.fromkeys(int(found[1]) for found in _CLOSING.finditer(body)))[:most]


def gitea_issue(number: int, value: object) -> LinkedIssue:
    """An issue."""
    return LinkedIssue(f"#{number}", text_in(value, "title"), text_in(value, "body"))


def gitea_listed_file(value: object) -> ListedFile | None:
    """The file that a `ChangedFile` describes; None without a name."""
    path = text_in(value, "filename")
    if not path:
        return None
    lines = count_in(value, "changes")
    if lines is None:
        lines = (count_in(value, "additions") or 0) + (count_in(value, "deletions") or 0)
    status = _STATUSES.get(text_in(value, "status"), FileStatus.MODIFIED)
    return ListedFile(path, status, text_in(value, "previous_filename") or None, lines)


def _state(value: JsonObject) -> PullState:
    if value.get("merged") is True:
        return PullState.MERGED
    return PullState.CLOSED if text_in(value, "state") == "closed" else PullState.OPEN


def _side(value: JsonObject) -> PullSide:
    project = text_in(object_in(value, "repo"), "full_name")
    return PullSide(text_in(value, "ref"), text_in(value, "sha"), project)
