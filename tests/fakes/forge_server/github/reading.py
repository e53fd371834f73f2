"""GitHub's REST API: reading."""

import base64
from collections.abc import Callable

from tests.fakes.forge_server.answers import Answer, RefusedError
from tests.fakes.forge_server.github.call import (
    PULL,
    REPO,
    Call,
    Handler,
    found,
    found_pulls,
    not_found,
)

_MOST_FILES, _DIFF_FILES, _DIFF_LINES = 3000, 300, 20_000
_LARGEST_PATCH, _LARGEST_CONTENT, _LARGEST_INLINE = 100_000, 100_000_000, 1_000_000
READERS: dict[tuple[str, str], Handler] = {}


def reads(template: str) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        READERS["GET", template] = handler
        return handler

    return register


@reads("/user")
def user(call: Call) -> Answer:
    return Answer(200, call.shapes.me(call.me))


@reads("/users/{username}")
def somebody(call: Call) -> Answer:
    return Answer(200, call.shapes.me(found(call.forge.accounts.get(call.values["username"]))))


@reads("/meta")
def meta(call: Call) -> Answer:
    return Answer(200, call.shapes.filled("api-overview", {"installed_version": "3.19.0"}))


@reads("/rate_limit")
def rate_limit(call: Call) -> Answer:
    rate = {"limit": 5000, "remaining": 4999, "reset": 1_800_000_000, "used": 1}
    resources = {"core": rate, "search": rate, "graphql": rate}
    return Answer(
        200, call.shapes.filled("rate-limit-overview", {"resources": resources, "rate": rate})
    )


@reads("/search/issues")
def search(call: Call) -> Answer:
    pulls = found_pulls(call.forge, call.request.query.get("q", ""), call.viewer)
    answer = call.page(pulls, call.shapes.issue)
    items = [
        call.shapes.filled("issue-search-result-item", one | {"score": 1.0}) for one in answer.value
    ]
    value = {
        "total_count": len(pulls),
        "incomplete_results": False,
        "search_type": "lexical",
        "items": items,
    }
    return Answer(200, value, answer.headers)


@reads(REPO)
def repository(call: Call) -> Answer:
    return Answer(200, call.shapes.repository(call.project, call.viewer))


@reads(f"{REPO}/collaborators/{{username}}/permission")
def permission(call: Call) -> Answer:
    account = found(call.forge.accounts.get(call.values["username"]))
    if not call.me.can_push:
        raise RefusedError(
            403, {"message": "Must have push access to view collaborator permission."}
        )
    level = "write" if account.can_push else "read"
    shape = {"permission": level, "role_name": level, "user": call.shapes.user(account)}
    return Answer(200, call.shapes.filled("repository-collaborator-permission", shape))


@reads(f"{REPO}/commits/{{ref}}")
def commit(call: Call) -> Answer:
    sha = call.project.repository.commit(call.values["ref"])
    if sha is None:
        raise RefusedError(422, {"message": f"No commit found for SHA: {call.values['ref']}"})
    return Answer(200, call.shapes.filled("commit", {"sha": sha, "parents": [], "files": []}))


@reads(f"{REPO}/compare/{{basehead}}")
def compare(call: Call) -> Answer:
    base, dots, head = call.values["basehead"].partition("...")
    repository = call.project.repository
    ends = [repository.commit(one.rpartition(":")[2]) for one in (base, head)]
    if not dots or None in ends:
        raise not_found()
    start = repository.merge_base(*ends)
    count = int(repository.git("rev-list", "--count", f"{start}..{ends[1]}"))
    shape = {
        "base_commit": call.shapes.filled("commit", {"sha": ends[0], "parents": []}),
        "merge_base_commit": call.shapes.filled("commit", {"sha": start, "parents": []}),
        "status": "ahead" if start == ends[0] else "diverged",
        "ahead_by": count,
        "total_commits": count,
        "commits": [],
    }
    return Answer(200, call.shapes.filled("commit-comparison", shape))


@reads(f"{REPO}/contents/{{path}}")
def contents(call: Call) -> Answer:
    project, path = call.project, call.values["path"]
    sha = project.repository.commit(call.request.query.get("ref", project.default_branch))
    content = found(project.repository.content(found(sha), path))
    if len(content) > _LARGEST_CONTENT:
        raise RefusedError(
            403, {"message": "This API returns blobs up to 100 MB in size.", "errors": []}
        )
    if "raw" in call.request.accepts:
        return Answer(200, content, kind="application/vnd.github.raw+json; charset=utf-8")
    is_inline = len(content) <= _LARGEST_INLINE
    shape = {
        "type": "file",
        "name": path.rpartition("/")[2],
        "path": path,
        "size": len(content),
        "encoding": "base64" if is_inline else "none",
        "content": base64.encodebytes(content).decode() if is_inline else "",
    }
    return Answer(200, call.shapes.filled("content-file", shape))


@reads(f"{REPO}/pulls")
def pulls(call: Call) -> Answer:
    query = call.request.query
    kept = list(call.project.pulls.values())
    if (state := query.get("state", "open")) != "all":
        kept = [one for one in kept if (one.state == "open") == (state == "open")]
    if base := query.get("base"):
        kept = [one for one in kept if one.base_branch == base]
    # GitHub ignores a head without its owner.
    if ":" in (head := query.get("head", "")):
        owner, _, branch = head.partition(":")
        kept = [
            one
            for one in kept
            if one.head_branch == branch
            and (one.head_project or "").partition("/")[0].lower() == owner.lower()
        ]
    is_descending = query.get("direction", "desc") == "desc"
    kept.sort(key=lambda one: one.at, reverse=is_descending)
    return call.page(kept, lambda one: call.shapes.listed_pull(one, call.viewer))


@reads(PULL)
def one_pull(call: Call) -> Answer:
    if ".diff" in call.request.accepts:
        return diff(call)
    return Answer(200, call.shapes.pull(call.pull, call.viewer))


def diff(call: Call) -> Answer:
    """The diff as git prints it, unless it's too large."""
    pull = call.pull
    patches = pull.patches()
    lines = sum(one.text.count("\n") for one in patches)
    if len(patches) > _DIFF_FILES or lines > _DIFF_LINES:
        what = f"files ({_DIFF_FILES})" if len(patches) > _DIFF_FILES else f"lines ({_DIFF_LINES})"
        message = (
            f"Sorry, the diff exceeded the maximum number of {what}. Consider using 'List pull"
            " requests files' API or locally cloning the repository instead."
        )
        error = {"resource": "PullRequest", "field": "diff", "code": "too_large"}
        raise RefusedError(406, {"message": message, "errors": [error]})
    content = pull.project.repository.diff(pull.merge_base, pull.head)
    return Answer(200, content, kind="application/vnd.github.diff; charset=utf-8")


@reads(f"{PULL}/files")
def files(call: Call) -> Answer:
    pull = call.pull
    patches = pull.patches()[:_MOST_FILES]
    return call.page(patches, lambda one: call.shapes.file(pull, one, _LARGEST_PATCH))


@reads(f"{PULL}/commits")
def commits(call: Call) -> Answer:
    pull = call.pull
    listed = pull.project.repository.git("rev-list", "--reverse", f"{pull.merge_base}..{pull.head}")
    return call.page(
        listed.split(), lambda sha: call.shapes.filled("commit", {"sha": sha, "parents": []})
    )


@reads(f"{PULL}/comments")
def line_comments(call: Call) -> Answer:
    shown = [
        (thread, comment)
        for thread in call.pull.threads
        for comment in thread.comments
        if comment.review is None or comment.review.state != "PENDING"
    ]
    shown.sort(key=lambda pair: pair[1].id, reverse=call.request.query.get("direction") == "desc")
    return call.page(shown, lambda pair: call.shapes.line_comment(*pair))


@reads(f"{PULL}/requested_reviewers")
def requested(call: Call) -> Answer:
    users = [call.shapes.user(one) for one in call.pull.asked]
    return Answer(200, {"users": users, "teams": []})


@reads(f"{PULL}/reviews")
def reviews(call: Call) -> Answer:
    shown = [one for one in call.pull.reviews if one.is_seen_by(call.viewer)]
    return call.page(shown, lambda one: call.shapes.review(call.pull, one))


@reads(f"{PULL}/reviews/{{review_id}}")
def one_review(call: Call) -> Answer:
    return Answer(200, call.shapes.review(call.pull, call.review))


@reads(f"{PULL}/reviews/{{review_id}}/comments")
def review_comments(call: Call) -> Answer:
    review = call.review
    own = [
        (thread, comment)
        for thread in call.pull.threads
        for comment in thread.comments
        if comment.review is review
    ]
    return call.page(own, lambda pair: call.shapes.line_comment(*pair, "review-comment"))


@reads(f"{REPO}/pulls/comments/{{comment_id}}")
def one_line_comment(call: Call) -> Answer:
    return Answer(200, call.shapes.line_comment(*call.thread_and_comment))


@reads(f"{REPO}/issues/{{issue_number}}")
def issue(call: Call) -> Answer:
    number = int(call.values["issue_number"])
    for pull in call.project.pulls.values():
        for one in pull.closes:
            if one.number == number:
                shape = {"number": number, "title": one.title, "body": one.body, "state": "open"}
                return Answer(200, call.shapes.filled("issue", shape))
    return Answer(200, call.shapes.issue(call.pull))


@reads(f"{REPO}/issues/{{issue_number}}/comments")
def comments(call: Call) -> Answer:
    pull = call.pull
    return call.page(pull.comments, lambda one: call.shapes.comment(pull, one))


@reads(f"{REPO}/issues/comments/{{comment_id}}")
def one_comment(call: Call) -> Answer:
    return Answer(200, call.shapes.comment(*call.issue_comment))
