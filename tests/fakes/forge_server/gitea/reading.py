"""Gitea's API: reading."""

import base64
from typing import Any

from tests.fakes.forge_server.answers import Answer
from tests.fakes.forge_server.gitea.call import PULL, REPO, GiteaCall, found, not_found, routes


@routes.on("GET", "/version")
def version(call: GiteaCall) -> Answer:
    return Answer(200, {"version": call.forge.version})


@routes.on("GET", "/user")
def user(call: GiteaCall) -> Answer:
    return Answer(200, call.shapes.user(call.me))


@routes.on("GET", "/users/{login}")
def somebody(call: GiteaCall) -> Answer:
    return Answer(200, call.shapes.user(found(call.forge.accounts.get(call.values["login"]))))


@routes.on("GET", REPO)
def repository(call: GiteaCall) -> Answer:
    return Answer(200, call.shapes.repository(call.project, call.viewer))


@routes.on("GET", f"{REPO}/pulls")
def pulls(call: GiteaCall) -> Answer:
    state = call.request.query.get("state", "open")
    kept = [
        one
        for one in call.project.pulls.values()
        if state == "all" or (one.state == "open") == (state == "open")
    ]
    kept.sort(key=lambda one: one.at, reverse=True)
    return call.page(kept, lambda one: call.shapes.pull(one, call.viewer))


@routes.on("GET", f"{REPO}/pulls/{{index}}.diff")
def diff(call: GiteaCall) -> Answer:
    pull = call.pull
    text = pull.project.repository.diff(pull.merge_base, pull.head)
    return Answer(200, text, kind="text/plain; charset=utf-8")


@routes.on("GET", PULL)
def one_pull(call: GiteaCall) -> Answer:
    return Answer(200, call.shapes.pull(call.pull, call.viewer))


@routes.on("GET", f"{PULL}/files")
def files(call: GiteaCall) -> Answer:
    pull = call.pull
    return call.page(pull.patches(), lambda one: call.shapes.file(pull, one))


@routes.on("GET", f"{PULL}/reviews")
def reviews(call: GiteaCall) -> Answer:
    pull = call.pull
    shown = [one for one in pull.reviews if one.is_seen_by(call.viewer)]
    return call.page(shown, lambda one: call.shapes.review(pull, one))


@routes.on("GET", f"{PULL}/reviews/{{review}}")
def one_review(call: GiteaCall) -> Answer:
    return Answer(200, call.shapes.review(call.pull, call.review))


@routes.on("GET", f"{PULL}/reviews/{{review}}/comments")
def review_comments(call: GiteaCall) -> Answer:
    """All of them at once: this list has no pages."""
    review = call.review
    own = [
        call.shapes.line_comment(thread, comment)
        for thread in call.pull.threads
        for comment in thread.comments
        if comment.review is review
    ]
    return Answer(200, own)


@routes.on("GET", f"{REPO}/issues/{{index}}")
def issue(call: GiteaCall) -> Answer:
    number = int(call.values["index"])
    for pull in call.project.pulls.values():
        for one in pull.closes:
            if one.number == number:
                return Answer(200, _issue(call, number, one.title, one.body))
    return Answer(200, _issue(call, number, call.pull.title, call.pull.body))


@routes.on("GET", f"{REPO}/issues/{{index}}/comments")
def comments(call: GiteaCall) -> Answer:
    """All of them at once, too."""
    pull = call.pull
    return Answer(200, [call.shapes.comment(pull, one) for one in pull.comments])


@routes.on("GET", f"{REPO}/issues/comments")
def every_comment(call: GiteaCall) -> Answer:
    said = [(pull, one) for pull in call.project.pulls.values() for one in pull.comments]

    def shaped(pair: Any) -> dict[str, Any]:
        pull, comment = pair
        issue_url = f"{call.shapes.origin}/{pull.project.name}/issues/{pull.number}"
        return call.shapes.comment(pull, comment) | {"issue_url": issue_url}

    return call.page(said, shaped)


@routes.on("GET", f"{REPO}/raw/{{path}}")
def raw(call: GiteaCall) -> Answer:
    return Answer(200, _content(call), kind="text/plain; charset=utf-8")


@routes.on("GET", f"{REPO}/contents/{{path}}")
def contents(call: GiteaCall) -> Answer:
    content = _content(call)
    value = {"type": "file", "path": call.values["path"], "size": len(content)}
    encoded = {"encoding": "base64", "content": base64.b64encode(content).decode()}
    return Answer(200, value | encoded)


def _content(call: GiteaCall) -> bytes:
    repository = call.project.repository
    commit = repository.commit(call.request.query.get("ref", "HEAD"))
    if commit is None:
        raise not_found()
    return found(repository.content(commit, call.values["path"]))


def _issue(call: GiteaCall, number: int, title: str, body: str) -> dict[str, Any]:
    url = f"{call.shapes.origin}/{call.project.name}/issues/{number}"
    return {
        "id": number,
        "number": number,
        "url": url,
        "html_url": url,
        "title": title,
        "body": body,
        "state": "open",
        "user": call.shapes.user(None),
        "labels": [],
        "assignees": None,
        "assignee": None,
        "milestone": None,
        "comments": 0,
        "repository": {
            "id": call.project.id,
            "name": call.values["repo"],
            "owner": call.values["owner"],
            "full_name": call.project.name,
        },
    }
