"""The double speaks Gitea's API well enough for py-gitea, and has Gitea's rules."""

import httpx
import pytest
from gitea import Comment, Gitea, Issue, Repository

from tests.fakes.forge_server import ForgeServer
from tests.fakes.forge_server.gitea.writing import DELETING, REPLIES, RESOLVING
from xreview.domain.pull.address import ForgeKind


class Asking:
    """One who asks over plain HTTP; `api` is the address of the pull request."""

    def __init__(self, server, login, **options):
        self.token = server.account(login, **options)
        self.repo = "/repos/acme/shop"
        self.client = httpx.Client(
            base_url=f"{server.host.origin}/api/v1",
            headers={"Authorization": f"token {self.token}"},
        )

    def __call__(self, method, path, **body):
        return self.client.request(method, f"{self.repo}{path}", json=body or None)


@pytest.fixture
def server():
    with ForgeServer(ForgeKind.GITEA, without=(DELETING,)) as running:
        yield running


@pytest.fixture
def pull(server, shop):
    server.account("ada")
    project = server.project("acme/shop", shop.top)
    return project.open_pull(7, head="topic", title="Shop more", body="Text", author="ada")


@pytest.fixture
def ask(server, pull):
    return Asking(server, "bob")


def test_the_client_reads_and_comments(server, ask, pull):
    gitea = Gitea(server.host.origin, ask.token)
    assert gitea.get_version() == "1.27.0"
    assert gitea.get_user().username == "bob"
    repository = Repository.request(gitea, "acme", "shop")
    assert (repository.full_name, repository.default_branch) == ("acme/shop", "main")
    pull.say("ada", "Ready.")
    issue = Issue.request(gitea, "acme", "shop", "7")
    assert issue.title == "Shop more"
    # Its own `get_comments` asks for an attribute that no issue of it has.
    [value] = gitea.requests_get("/repos/acme/shop/issues/7/comments")
    comment = Comment.parse_response(gitea, value)
    assert (comment.body, comment.user.username) == ("Ready.", "ada")


def test_the_client_reviews_and_replies(server, ask, pull):
    gitea = Gitea(server.host.origin, ask.token)
    at = "/repos/acme/shop/pulls"
    comment = {"path": "a.py", "body": "Why?", "new_position": 3, "old_position": 0}
    review = {"body": "All", "event": "COMMENT", "commit_id": pull.head, "comments": [comment]}
    made = gitea.requests_post(f"{at}/7/reviews", data=review)
    assert made["state"] == "COMMENT"
    [shown] = gitea.requests_get(f"{at}/7/reviews/{made['id']}/comments")
    gitea.requests_post(f"{at}/7/comments/{shown['id']}/replies", data={"body": "Because."})
    assert [one.body for one in pull.threads[0].comments] == ["Why?", "Because."]


def test_the_client_reads_to_the_last_page(server, ask, pull):
    for number in range(65):
        pull.review("ada", f"review {number}")
    gitea = Gitea(server.host.origin, ask.token)
    found = gitea.requests_get_paginated("/repos/acme/shop/pulls/7/reviews")
    assert [one["body"] for one in found] == [f"review {number}" for number in range(65)]


def test_a_pull_request_is_as_git_has_it(ask, pull, shop):
    value = ask("GET", "/pulls/7").json()
    assert (value["title"], value["state"], value["user"]["login"]) == ("Shop more", "open", "ada")
    assert value["head"]["sha"] == shop.git("rev-parse", "topic")
    assert value["merge_base"] == shop.git("rev-parse", "main")
    files = {one["filename"]: one["status"] for one in ask("GET", "/pulls/7/files").json()}
    assert files == {"a.py": "changed", "new.py": "added", "moved.txt": "renamed"}
    assert ask("GET", "/pulls/7.diff").text.startswith("diff --git a/a.py b/a.py")
    raw = ask("GET", f"/raw/new.py?ref={pull.head}")
    assert raw.content == b"print(1)\nprint(2)\n"


def test_pages_have_fifty_at_most(ask, pull):
    for number in range(65):
        pull.review("ada", f"review {number}")
    first = ask("GET", "/pulls/7/reviews?limit=100")
    assert (len(first.json()), first.headers["x-total-count"]) == (50, "65")
    assert 'rel="next"' in first.headers["link"]
    assert len(httpx.get(first.links["next"]["url"]).json()) == 15


def test_a_review_is_pending_until_it_is_submitted(ask, pull, server):
    comments = [
        {"path": "a.py", "body": "Why?", "new_position": 3, "old_position": 0},
        {"path": "a.py", "body": "Was it?", "new_position": 0, "old_position": 30},
    ]
    made = ask("POST", "/pulls/7/reviews", body="All", comments=comments).json()
    assert (made["state"], made["comments_count"]) == ("PENDING", 2)
    other = Asking(server, "eve")
    assert other("GET", "/pulls/7/reviews").json() == []
    shown = ask("GET", f"/pulls/7/reviews/{made['id']}/comments").json()
    assert [(one["position"], one["original_position"]) for one in shown] == [(3, 0), (0, 30)]
    done = ask("POST", f"/pulls/7/reviews/{made['id']}", event="COMMENT", body="All").json()
    assert done["state"] == "COMMENT"
    assert [one["state"] for one in other("GET", "/pulls/7/reviews").json()] == ["COMMENT"]


def test_a_second_review_goes_into_the_pending_one_and_submits_it(ask, pull):
    first = {"path": "a.py", "body": "One", "new_position": 3}
    ask("POST", "/pulls/7/reviews", body="", comments=[first])
    second = {"path": "a.py", "body": "Two", "new_position": 30}
    made = ask("POST", "/pulls/7/reviews", event="COMMENT", body="", comments=[second]).json()
    assert (made["state"], made["comments_count"], len(pull.reviews)) == ("COMMENT", 2, 1)


def test_a_wrong_line_leaves_a_part_of_the_review(ask, pull):
    comments = [
        {"path": "a.py", "body": "Good", "new_position": 3},
        {"path": "a.py", "body": "Bad", "new_position": 300},
    ]
    refused = ask("POST", "/pulls/7/reviews", event="COMMENT", body="All", comments=comments)
    assert refused.status_code == 422
    assert [one.state for one in pull.reviews] == ["PENDING"]
    assert [one.comments[0].body for one in pull.threads] == ["Good"]


def test_an_event_of_github_leaves_it_pending(ask):
    made = ask("POST", "/pulls/7/reviews", event="APPROVE", body="Fine").json()
    assert made["state"] == "PENDING"
    assert ask("POST", "/pulls/7/reviews", event="APPROVED", body="Fine").json()["state"] == (
        "APPROVED"
    )


def test_a_line_has_one_thread_that_can_be_resolved(ask, pull):
    root = pull.comment("ada", "a.py", 3, "Why?").comments[0]
    reply = {"path": "a.py", "body": "Because.", "new_position": 3}
    ask("POST", "/pulls/7/reviews", event="COMMENT", body="", comments=[reply])
    assert [one.body for one in pull.threads[0].comments] == ["Why?", "Because."]
    assert ask("POST", f"/pulls/7/comments/{root.id}/replies", body="So?").status_code == 201
    assert ask("POST", f"/pulls/comments/{root.id}/resolve").status_code == 204
    shown = ask("GET", f"/pulls/7/reviews/{root.review.id}/comments").json()
    assert shown[0]["resolver"]["login"] == "bob"
    assert ask("POST", f"/pulls/comments/{root.id}/unresolve").status_code == 204
    assert pull.threads[0].resolver is None


def test_forgejo_can_neither_reply_nor_resolve_but_delete(shop):
    with ForgeServer(ForgeKind.GITEA, without=(REPLIES, RESOLVING)) as server:
        ask = Asking(server, "bob")
        pull = server.project("acme/shop", shop.top).open_pull(7, head="topic", author="bob")
        comment = pull.comment("bob", "a.py", 3, "Why?").comments[0]
        assert ask("POST", f"/pulls/7/comments/{comment.id}/replies", body="So?").status_code == 404
        assert ask("POST", f"/pulls/comments/{comment.id}/resolve").status_code == 405
        path = f"/pulls/7/reviews/{comment.review.id}/comments/{comment.id}"
        assert ask("DELETE", path).status_code == 204
        assert pull.threads == []


def test_tokens_that_are_missing_expired_or_read_only(server, pull):
    api = f"{server.host.origin}/api/v1"
    assert httpx.get(f"{api}/user").status_code == 401
    reader = Asking(server, "eve", scopes=("read:repository",))
    assert reader("GET", "/pulls/7").status_code == 200
    refused = reader("POST", "/issues/7/comments", body="Hi")
    assert (refused.status_code, "write:repository" in refused.json()["message"]) == (403, True)
    server.expire("eve")
    assert reader("GET", "/pulls/7").status_code == 401
