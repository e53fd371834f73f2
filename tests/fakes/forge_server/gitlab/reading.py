"""GitLab's API: reading."""

import base64

from tests.fakes.forge_server.answers import Answer
from tests.fakes.forge_server.gitlab.call import (
    PROJECT,
    REQUEST,
    GitLabCall,
    found,
    not_found,
    routes,
)
from tests.fakes.forge_server.gitlab.shapes import diff_refs
from tests.fakes.forge_server.state import FakeComment, FakePull, FakeReview, FakeThread

_LARGEST_DIFF = 100_000
_VERSION = {"version": "18.6.0-ee", "revision": "f0r9e", "enterprise": True}


@routes.on("GET", "/user")
def user(call: GitLabCall) -> Answer:
    return Answer(200, call.shapes.me(call.me))


@routes.on("GET", "/users")
def users(call: GitLabCall) -> Answer:
    wanted = call.request.query.get("username")
    kept = [one for one in call.forge.accounts.values() if wanted in (None, one.login)]
    return call.page(kept, call.shapes.user)


@routes.on("GET", "/users/{number}")
def one_user(call: GitLabCall) -> Answer:
    accounts = call.forge.accounts.values()
    wanted = (one for one in accounts if str(one.id) == call.values["number"])
    return Answer(200, call.shapes.me(found(next(wanted, None), "User")))


@routes.on("GET", "/personal_access_tokens/self")
def token(call: GitLabCall) -> Answer:
    scopes = ["api"] if call.me.can_write else ["read_api"]
    value = {"id": call.me.id, "name": "a token", "active": True, "revoked": False}
    return Answer(200, value | {"scopes": scopes, "user_id": call.me.id, "expires_at": None})


@routes.on("GET", "/version")
@routes.on("GET", "/metadata")
def version(call: GitLabCall) -> Answer:
    return Answer(200, _VERSION) if call.me else Answer(401)


@routes.on("GET", PROJECT)
def project(call: GitLabCall) -> Answer:
    if call.values["project"] in {str(_distant_id(one)) for one in _forks(call)}:
        return _fork(call)
    return Answer(200, call.shapes.project(call.project, call.viewer))


@routes.on("GET", f"{PROJECT}/merge_requests")
def merge_requests(call: GitLabCall) -> Answer:
    query = call.request.query
    state = {"opened": "open", "all": None}.get(query.get("state", "all"), query.get("state"))
    kept = [one for one in call.project.pulls.values() if state in (None, one.state)]
    if branch := query.get("source_branch"):
        kept = [one for one in kept if one.head_branch == branch]
    if branch := query.get("target_branch"):
        kept = [one for one in kept if one.base_branch == branch]
    if login := query.get("reviewer_username"):
        kept = [one for one in kept if any(asked.login == login for asked in one.asked)]
    if number := query.get("reviewer_id"):
        kept = [one for one in kept if any(str(asked.id) == number for asked in one.asked)]
    kept.sort(key=lambda one: one.at, reverse=query.get("sort", "desc") == "desc")
    return call.page(kept, lambda one: call.shapes.listed_pull(one, _source_id(one)))


@routes.on("GET", REQUEST)
def merge_request(call: GitLabCall) -> Answer:
    return Answer(200, call.shapes.pull(call.pull, _source_id(call.pull)))


@routes.on("GET", f"{REQUEST}/closes_issues")
def closes(call: GitLabCall) -> Answer:
    def shaped(issue: object) -> dict[str, object]:
        number, title, body = (getattr(issue, name) for name in ("number", "title", "body"))
        return {"id": number, "iid": number, "title": title, "description": body}

    return call.page(call.pull.closes, shaped)


@routes.on("GET", f"{REQUEST}/reviewers")
def reviewers(call: GitLabCall) -> Answer:
    pull = call.pull
    shown = [
        {"user": call.shapes.user(one), "state": "unreviewed", "created_at": pull.at}
        for one in pull.asked
    ]
    return call.page(shown, lambda one: one)


@routes.on("GET", f"{REQUEST}/versions")
def versions(call: GitLabCall) -> Answer:
    """Those that the double remembers: the newest, and each that a thread was begun on."""
    pull = call.pull
    heads = [pull.head, *(one.commit for one in reversed(pull.threads))]
    shown = [
        {f"{name.removesuffix('_sha')}_commit_sha": sha for name, sha in refs.items()}
        | {"id": number, "merge_request_id": pull.id, "state": "collected", "real_size": "1"}
        for number, refs in enumerate(diff_refs(pull, head) for head in dict.fromkeys(heads))
    ]
    return call.page(shown, lambda one: one)


@routes.on("GET", f"{REQUEST}/diffs")
def diffs(call: GitLabCall) -> Answer:
    return call.page(call.pull.patches(), lambda one: call.shapes.file(one, _LARGEST_DIFF))


@routes.on("GET", f"{REQUEST}/discussions")
def discussions(call: GitLabCall) -> Answer:
    pull = call.pull
    said: list[tuple[str, object]] = [(one.at, one) for one in pull.comments]
    said += [(one.at, one) for one in pull.reviews if one.body and one.state != "PENDING"]
    said += [(one.comments[0].at, one) for one in pull.threads if one.seen_by(call.viewer)]
    said.sort(key=lambda pair: pair[0])

    def shaped(pair: tuple[str, object]) -> dict[str, object]:
        if isinstance(pair[1], FakeThread):
            return call.shapes.discussion(pair[1], call.viewer)
        return call.shapes.remark(pull, _as_comment(pair[1]))

    return call.page(said, shaped)


@routes.on("GET", f"{REQUEST}/discussions/{{discussion}}")
def discussion(call: GitLabCall) -> Answer:
    return Answer(200, call.shapes.discussion(call.thread, call.viewer))


@routes.on("GET", f"{REQUEST}/notes")
def notes(call: GitLabCall) -> Answer:
    pull = call.pull
    lines = [one for thread in pull.threads for one in thread.seen_by(call.viewer)]
    return call.page(
        sorted([*pull.comments, *lines], key=lambda one: one.at, reverse=True),
        lambda one: call.shapes.note(pull, one),
    )


@routes.on("GET", f"{PROJECT}/repository/files/{{file}}/raw")
def raw_file(call: GitLabCall) -> Answer:
    return Answer(200, _content(call), kind="text/plain")


@routes.on("GET", f"{PROJECT}/repository/files/{{file}}")
def file(call: GitLabCall) -> Answer:
    content = _content(call)
    value = {"file_path": call.values["file"], "size": len(content), "encoding": "base64"}
    return Answer(200, value | {"content": base64.b64encode(content).decode()})


def _content(call: GitLabCall) -> bytes:
    repository = call.project.repository
    commit = repository.commit(call.request.query.get("ref", "HEAD"))
    if commit is None:
        raise not_found("Commit")
    return found(repository.content(commit, call.values["file"]), "File")


def _as_comment(thing: object) -> FakeComment:
    """A review's text is a note like others."""
    if isinstance(thing, FakeComment):
        return thing
    assert isinstance(thing, FakeReview)
    return FakeComment(thing.id, thing.author, thing.body, thing.at, thing.at)


def _forks(call: GitLabCall) -> set[str]:
    pulls = [pull for project in call.forge.projects.values() for pull in project.pulls.values()]
    return {pull.head_project for pull in pulls if pull.head_project and _is_distant(call, pull)}


def _is_distant(call: GitLabCall, pull: FakePull) -> bool:
    return str(pull.head_project).lower() not in call.forge.projects


def _fork(call: GitLabCall) -> Answer:
    names = {str(_distant_id(one)): one for one in _forks(call)}
    name = names[call.values["project"]]
    value = {"id": int(call.values["project"]), "path_with_namespace": name}
    return Answer(
        200, value | {"default_branch": "main", "web_url": f"{call.shapes.origin}/{name}"}
    )


def _distant_id(name: str) -> int:
    """A number for a fork that the double only knows by name."""
    return 900_000 + sum(name.encode())


def _source_id(pull: FakePull) -> int | None:
    if pull.head_project is None:
        return None
    here = pull.project.forge.projects.get(pull.head_project.lower())
    return here.id if here else _distant_id(pull.head_project)
