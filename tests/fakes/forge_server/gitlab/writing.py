"""GitLab's API: writing."""

from tests.fakes.forge_server.answers import Answer, RefusedError
from tests.fakes.forge_server.gitlab.call import REQUEST, Draft, GitLabCall, found, routes
from tests.fakes.forge_server.gitlab.positions import check_position, new_thread
from tests.fakes.forge_server.state import FakeComment, FakePull

_STATES = {"requested_changes": "CHANGES_REQUESTED", "approved": "APPROVED"}
_DRAFTS = f"{REQUEST}/draft_notes"


@routes.on("PUT", REQUEST)
def edit_request(call: GitLabCall) -> Answer:
    """Edit it. A line such as “/close” in its description is executed, as GitLab does."""
    pull, given = call.pull, call.given
    if not (call.writer.can_push or pull.author is call.writer):
        raise RefusedError(403, {"message": "403 Forbidden"})
    lines = given.get("description", pull.body).split("\n")
    pull.title = given.get("title", pull.title)
    pull.body = "\n".join(line for line in lines if line != "/close")
    if "/close" in lines:
        pull.state = "closed"
    return Answer(200, call.shapes.pull(pull, None))


@routes.on("POST", f"{REQUEST}/discussions")
def new_discussion(call: GitLabCall) -> Answer:
    pull, login, body = call.pull, call.writer.login, call.text("body")
    position = call.given.get("position")
    if position is None:
        return Answer(201, call.shapes.remark(pull, pull.say(login, body)))
    thread = new_thread(pull, position)
    thread.reply(login, body)
    return Answer(201, call.shapes.discussion(thread, call.viewer))


@routes.on("PUT", f"{REQUEST}/discussions/{{discussion}}")
def resolve(call: GitLabCall) -> Answer:
    thread, account = call.thread, call.writer
    if not (account.can_push or call.pull.author is account):
        raise RefusedError(403, {"message": "403 Forbidden"})
    thread.resolver = account if str(call.given.get("resolved")).lower() == "true" else None
    return Answer(200, call.shapes.discussion(thread, call.viewer))


@routes.on("POST", f"{REQUEST}/discussions/{{discussion}}/notes")
def reply(call: GitLabCall) -> Answer:
    comment = call.thread.reply(call.writer.login, call.text("body"))
    return Answer(
        201, call.shapes.discussion(call.thread, call.viewer)["notes"][-1] | {"id": comment.id}
    )


@routes.on("POST", f"{REQUEST}/notes")
def new_note(call: GitLabCall) -> Answer:
    comment = call.pull.say(call.writer.login, call.text("body"))
    return Answer(201, call.shapes.note(call.pull, comment))


@routes.on("PUT", f"{REQUEST}/notes/{{note}}")
@routes.on("PUT", f"{REQUEST}/discussions/{{discussion}}/notes/{{note}}")
def edit_note(call: GitLabCall) -> Answer:
    comment = _own_note(call)
    comment.body, comment.edited = call.text("body"), call.forge.next_time()
    return Answer(200, call.shapes.note(call.pull, comment))


@routes.on("DELETE", f"{REQUEST}/notes/{{note}}")
@routes.on("DELETE", f"{REQUEST}/discussions/{{discussion}}/notes/{{note}}")
def drop_note(call: GitLabCall) -> Answer:
    call.pull.remove_comment(_own_note(call).id)
    return Answer(204)


@routes.on("GET", _DRAFTS)
def drafts(call: GitLabCall) -> Answer:
    return call.page(call.own_drafts, lambda one: _shape(call.pull, one))


@routes.on("POST", _DRAFTS)
def new_draft(call: GitLabCall) -> Answer:
    pull, given = call.pull, call.given
    position, discussion = given.get("position"), given.get("in_reply_to_discussion_id")
    if position:
        check_position(pull, position)
    if discussion:
        call.thread_called(discussion)
    draft = Draft(
        *(call.forge.next_id(), call.writer, call.text("note"), position, discussion),
        bool(given.get("resolve_discussion")),
    )
    call.drafts.setdefault(pull.id, []).append(draft)
    return Answer(201, _shape(pull, draft))


@routes.on("POST", f"{_DRAFTS}/bulk_publish")
def publish_all(call: GitLabCall) -> Answer:
    pull, writer = call.pull, call.writer
    for draft in call.own_drafts:
        _publish(call, draft)
    state = call.given.get("reviewer_state", "")
    if (note := call.given.get("note")) or state in _STATES:
        pull.review(writer.login, note or "", _STATES.get(state, "COMMENTED"))
    return Answer(204)


@routes.on("GET", f"{_DRAFTS}/{{draft}}")
def one_draft(call: GitLabCall) -> Answer:
    return Answer(200, _shape(call.pull, _draft(call)))


@routes.on("PUT", f"{_DRAFTS}/{{draft}}")
def edit_draft(call: GitLabCall) -> Answer:
    _draft(call).note = call.text("note")
    return one_draft(call)


@routes.on("DELETE", f"{_DRAFTS}/{{draft}}")
def drop_draft(call: GitLabCall) -> Answer:
    call.drafts[call.pull.id].remove(_draft(call))
    return Answer(204)


@routes.on("PUT", f"{_DRAFTS}/{{draft}}/publish")
def publish(call: GitLabCall) -> Answer:
    _publish(call, _draft(call))
    return Answer(204)


@routes.on("POST", f"{REQUEST}/approve")
def approve(call: GitLabCall) -> Answer:
    """GitLab says 401 to those who may not."""
    pull, account = call.pull, call.writer
    if pull.author is account or not account.can_push:
        raise RefusedError(401, {"message": "401 Unauthorized"})
    if call.given.get("sha", pull.head) != pull.head:
        raise RefusedError(409, {"message": "SHA does not match HEAD of source branch"})
    pull.review(account.login, "", "APPROVED")
    return Answer(201, {"id": pull.id, "iid": pull.number, "approved": True})


@routes.on("POST", f"{REQUEST}/unapprove")
def unapprove(call: GitLabCall) -> Answer:
    pull, account = call.pull, call.writer
    mine = [one for one in pull.reviews if one.author is account and one.state == "APPROVED"]
    for review in mine:
        pull.reviews.remove(review)
    return Answer(201, {"id": pull.id}) if mine else Answer(404, {"message": "404 Not Found"})


def _own_note(call: GitLabCall) -> FakeComment:
    number, pull = int(call.values["note"]), call.pull
    notes = [*pull.comments, *(one for thread in pull.threads for one in thread.comments)]
    note = found(next((one for one in notes if one.id == number), None), "Note")
    if note.author is not call.writer:
        raise RefusedError(403, {"message": "403 Forbidden"})
    return note


def _draft(call: GitLabCall) -> Draft:
    number = int(call.values["draft"])
    return found(next((one for one in call.own_drafts if one.id == number), None), "Draft Note")


def _publish(call: GitLabCall, draft: Draft) -> None:
    pull, login = call.pull, draft.author.login
    call.drafts[pull.id].remove(draft)
    if draft.position:
        new_thread(pull, draft.position).reply(login, draft.note)
    elif draft.discussion:
        thread = call.thread_called(draft.discussion)
        thread.reply(login, draft.note)
        if draft.resolves:
            thread.resolve(login)
    else:
        pull.say(login, draft.note)


def _shape(pull: FakePull, draft: Draft) -> dict[str, object]:
    return {
        "id": draft.id,
        "author_id": draft.author.id,
        "merge_request_id": pull.id,
        "resolve_discussion": draft.resolves,
        "discussion_id": draft.discussion,
        "note": draft.note,
        "commit_id": None,
        "line_code": None,
        "position": draft.position or {"position_type": "text", "new_path": None, "old_path": None},
    }
