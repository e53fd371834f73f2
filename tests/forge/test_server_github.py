"""The double speaks GitHub's API well enough for GitHub's usual client, and has its rules."""

import subprocess

import httpx
import pytest
from github import Auth, Github, GithubException

from tests.fakes.forge_server import ForgeServer, faults
from tests.repo.builder import isolated_environment


@pytest.fixture
def token(github):
    return github.account("bob")


@pytest.fixture
def client(github, token):
    return new_client(github, token)


def new_client(server, token):
    url = f"{server.host.origin}/api/v3"
    return Github(auth=Auth.Token(token), base_url=url, retry=None)


@pytest.fixture
def remote(client, pull):
    return client.get_repo("acme/shop").get_pull(7)


def test_the_client_reads_a_pull_request(client, remote, pull, shop):
    assert client.get_user().login == "bob"
    assert (remote.title, remote.body, remote.user.login) == ("Shop more", "Closes #3", "ada")
    assert remote.head.sha == shop.git("rev-parse", "topic") == pull.head
    assert remote.base.ref == "main"
    assert remote.base.sha == shop.git("rev-parse", "main")
    assert remote.changed_files == 3
    files = {one.filename: one for one in remote.get_files()}
    assert {name: one.status for name, one in files.items()} == {
        "a.py": "modified",
        "new.py": "added",
        "moved.txt": "renamed",
    }
    assert files["moved.txt"].previous_filename == "old.txt"
    assert files["moved.txt"].patch is None
    assert "+changed 3\n" in files["a.py"].patch
    assert (files["a.py"].additions, files["a.py"].deletions) == (2, 2)


def test_the_client_reads_what_was_said(remote, pull, github):
    github.account("coderabbitai[bot]")
    thread = pull.comment("coderabbitai[bot]", "a.py", 3, "Why 3?")
    thread.reply("ada", "Because.")
    pull.review("coderabbitai[bot]", "Two findings.", "CHANGES_REQUESTED")
    pull.say("ada", "Ready.")
    comments = list(remote.get_review_comments())
    assert [(one.user.login, one.body) for one in comments] == [
        ("coderabbitai[bot]", "Why 3?"),
        ("ada", "Because."),
    ]
    assert comments[0].user.type == "Bot"
    assert comments[1].in_reply_to_id == comments[0].id
    assert comments[0].diff_hunk.endswith("+changed 3")
    reviews = list(remote.get_reviews())
    assert [(one.state, one.body) for one in reviews] == [
        ("COMMENTED", ""),
        ("COMMENTED", ""),
        ("CHANGES_REQUESTED", "Two findings."),
    ]
    assert [one.body for one in remote.get_issue_comments()] == ["Ready."]


def test_lists_come_in_pages(remote, pull, github):
    for number in range(65):
        pull.say("ada", f"comment {number}")
    assert [one.body for one in remote.get_issue_comments()] == [f"comment {n}" for n in range(65)]
    pages = [one.query for one in github.requests if one.path.endswith("/issues/7/comments")]
    assert [query.get("page", "1") for query in pages] == ["1", "2", "3"]


def test_a_review_is_pending_until_it_is_submitted(remote, pull, client, github):
    review = remote.create_review(
        body="All in all",
        comments=[
            {"path": "a.py", "line": 3, "side": "RIGHT", "body": "Why?"},
            {"path": "a.py", "line": 31, "start_line": 30, "side": "RIGHT", "body": "Both?"},
        ],
    )
    assert review.state == "PENDING"
    assert list(remote.get_review_comments()) == []
    others = new_client(github, github.state.accounts["ada"].token).get_repo("acme/shop")
    assert list(others.get_pull(7).get_reviews()) == []
    remote.get_review(review.id).edit("All in all, good")
    answer = httpx.post(
        f"{github.host.origin}/api/v3/repos/acme/shop/pulls/7/reviews/{review.id}/events",
        json={"event": "COMMENT", "body": "Done"},
        headers={"Authorization": f"Bearer {github.state.accounts['bob'].token}"},
    )
    assert answer.json()["state"] == "COMMENTED"
    assert [one.body for one in others.get_pull(7).get_review_comments()] == ["Why?", "Both?"]


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ({"path": "a.py", "line": 15}, "Line could not be resolved"),
        ({"path": "a.py", "line": 2, "side": "LEFT", "start_line": 30}, "same hunk"),
        ({"path": "new.py", "line": 1, "side": "LEFT"}, "Line could not be resolved"),
        ({"path": "gone.py", "line": 1}, "Path could not be resolved"),
        ({"path": "a.py", "line": 3, "start_line": 3}, "must precede"),
    ],
)
def test_one_wrong_line_refuses_the_whole_review(remote, pull, comment, reason):
    good = {"path": "a.py", "line": 3, "body": "Good"}
    with pytest.raises(GithubException, match=reason) as raised:
        remote.create_review(comments=[good, comment | {"body": "Bad"}])
    assert raised.value.status == 422
    assert pull.reviews == []
    assert pull.threads == []


def test_an_account_has_one_pending_review(remote):
    first = remote.create_review(body="one")
    with pytest.raises(GithubException, match="one pending review") as raised:
        remote.create_review(body="two")
    assert raised.value.status == 422
    first.delete()
    assert remote.create_review(body="three").state == "PENDING"


def test_a_reply_vanishes_into_the_pending_review(remote, pull):
    thread = pull.comment("ada", "a.py", 3, "Why?")
    remote.create_review(body="mine")
    reply = remote.create_review_comment_reply(thread.comments[0].id, "Because.")
    assert reply.html_url
    assert [one.body for one in remote.get_review_comments()] == ["Why?"]


def test_replies_can_be_refused_while_a_review_is_pending(remote, pull, github):
    github.state.replies_vanish = False
    thread = pull.comment("ada", "a.py", 3, "Why?")
    remote.create_review(body="mine")
    with pytest.raises(GithubException, match="user_id can only have one pending") as raised:
        remote.create_review_comment_reply(thread.comments[0].id, "Because.")
    assert raised.value.status == 422
    assert [one.body for one in thread.comments] == ["Why?"]


def test_nobody_approves_their_own(github, pull):
    own = new_client(github, github.state.accounts["ada"].token).get_repo("acme/shop").get_pull(7)
    with pytest.raises(GithubException, match="your own pull request"):
        own.create_review(event="APPROVE")


def test_a_push_makes_threads_outdated(remote, pull, shop):
    stays, goes = (pull.comment("ada", "a.py", line, "Why?") for line in (30, 3))
    shop.git("checkout", "--quiet", "topic")
    text = (shop.top / "a.py").read_text().replace("changed 3\n", "another\nand one more\n", 1)
    shop.write("a.py", text)
    shop.commit("third")
    pull.push("topic")
    assert (stays.line_now, stays.is_outdated) == (31, False)
    assert (goes.line_now, goes.is_outdated) == (None, True)
    first, second = remote.get_review_comments()
    assert (first.raw_data["line"], first.raw_data["original_line"]) == (31, 30)
    assert (second.raw_data["line"], second.raw_data["original_line"]) == (None, 3)


def test_git_fetches_the_head_with_the_token(github, pull, shop, tmp_path, token):
    pull.project.is_private = True
    target = tmp_path / "clone"
    environment = isolated_environment(tmp_path / "git-home") | {"GIT_TERMINAL_PROMPT": "0"}

    def fetch(url):
        return subprocess.run(
            ["git", "-C", str(target), "fetch", "--quiet", url, "+refs/pull/7/head:refs/x/7"],
            env=environment,
            capture_output=True,
        ).returncode

    subprocess.run(["git", "init", "--quiet", str(target)], env=environment, check=True)
    url = f"{github.host.origin}/acme/shop.git"
    assert fetch(url) != 0
    assert fetch(url.replace("://", f"://x:{token}@")) == 0
    head = subprocess.run(
        ["git", "-C", str(target), "rev-parse", "refs/x/7"],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert head.stdout.strip() == pull.head
    assert github.requests[-1].account == "bob"


def test_a_private_project_is_not_there_for_others(github, pull, client):
    pull.project.is_private = True
    answer = httpx.get(f"{github.host.origin}/api/v3/repos/acme/shop")
    assert answer.status_code == 404
    assert client.get_repo("acme/shop").private
    pull.project.hidden_from.add("bob")
    with pytest.raises(GithubException, match="Not Found") as raised:
        client.get_repo("acme/shop")
    assert raised.value.status == 404


def test_tokens_that_are_missing_expired_or_read_only(github, pull, token):
    url = f"{github.host.origin}/api/v3"
    assert httpx.get(f"{url}/user").status_code == 401
    reader = {"Authorization": f"token {github.account('eve', scopes=())}"}
    assert httpx.get(f"{url}/repos/acme/shop/pulls/7", headers=reader).status_code == 200
    said = httpx.post(
        f"{url}/repos/acme/shop/issues/7/comments", headers=reader, json={"body": "Hi"}
    )
    assert said.status_code == 403
    github.expire("bob")
    answer = httpx.get(f"{url}/user", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["message"]) == (401, "Bad credentials")


def test_faults_come_once(github, client):
    github.fail(next=faults.secondary_limit(7), path="/user")
    with pytest.raises(GithubException) as raised:
        client.get_user().login  # noqa: B018
    assert raised.value.headers["retry-after"] == "7"
    assert client.get_user().login == "bob"


def test_the_log_says_whose_token_came(github, client, token):
    client.get_user().login  # noqa: B018
    [request] = github.requests
    assert (request.method, request.path, request.account) == ("GET", "/api/v3/user", "bob")
    assert token not in repr(github.requests)


@pytest.mark.parametrize(
    ("method", "path", "body", "words"),
    [
        ("GET", "/user?pages=3", None, "no parameter “pages”"),
        ("GET", "/repos/acme/shop/pulls?page=two", None, "page=two isn't a number"),
        ("GET", "/repos/acme/shop/pulls?state=merged", None, "state=merged isn't one of"),
        ("GET", "/repos/acme/shop/merges", None, "no such operation"),
        ("POST", "/repos/acme/shop/issues/7/comments", {"text": "Hi"}, "'body' is a required"),
        ("POST", "/repos/acme/shop/pulls/7/reviews", {"event": "PENDING"}, "is not one of"),
        (
            "POST",
            "/repos/acme/shop/pulls/7/reviews",
            {"comments": [{"path": "a.py", "body": "Why?", "lines": 3}]},
            "no member “lines”",
        ),
    ],
)
def test_what_the_description_does_not_know_is_an_error(method, path, body, words, shop):
    server = ForgeServer().__enter__()
    headers = {"Authorization": f"Bearer {server.account('bob')}"}
    project = server.project("acme/shop", shop.top)
    pull = project.open_pull(7, head="topic", author="bob")
    url = f"{server.host.origin}/api/v3{path}"
    assert httpx.request(method, url, json=body, headers=headers).status_code == 422
    assert (pull.reviews, pull.comments) == ([], [])
    with pytest.raises(AssertionError, match=words):
        server.__exit__(None)


def test_pages_have_a_hundred_at_most(github, pull, token):
    for number in range(120):
        pull.say("ada", f"comment {number}")
    url = f"{github.host.origin}/api/v3/repos/acme/shop/issues/7/comments?per_page=500"
    assert len(httpx.get(url, headers={"Authorization": f"Bearer {token}"}).json()) == 100


def test_files_and_contents(remote, client, github, pull, token):
    repo = client.get_repo("acme/shop")
    assert repo.get_contents("new.py", ref=pull.head).decoded_content == b"print(1)\nprint(2)\n"
    raw = httpx.get(
        f"{github.host.origin}/api/v3/repos/acme/shop/contents/new.py?ref={pull.head}",
        headers={"Authorization": f"Bearer {token}", "Accept": "application/vnd.github.raw+json"},
    )
    assert raw.content == b"print(1)\nprint(2)\n"
    diff = httpx.get(
        f"{github.host.origin}/api/v3/repos/acme/shop/pulls/7",
        headers={"Authorization": f"Bearer {token}", "Accept": "application/vnd.github.diff"},
    )
    assert diff.text.startswith("diff --git a/a.py b/a.py")


def test_pull_requests_are_listed_and_found(client, pull, github, shop):
    pull.project.open_pull(head="main", author="ada", state="closed")
    pull.ask("bob")
    repo = client.get_repo("acme/shop")
    assert [one.number for one in repo.get_pulls()] == [7]
    assert [one.number for one in repo.get_pulls(state="all")] == [8, 7]
    assert [one.number for one in repo.get_pulls(head="acme:topic")] == [7]
    assert [one.number for one in repo.get_pulls(head="other:topic")] == []
    found = client.search_issues("repo:acme/shop is:open is:pr review-requested:@me")
    assert [one.number for one in found] == [7]
