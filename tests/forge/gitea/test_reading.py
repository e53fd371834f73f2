"""Pull requests, their files and discussions."""

from typing import Any

import httpx
import pytest

from tests.forge.gitea.reviewing import (
    ADA,
    ADDRESS,
    BOB,
    PULL,
    REPOSITORY,
    REQUEST,
    ReviewingApi,
    forge_at,
)
from tests.forge.scripted import BASE, HEAD, START, TOKEN, ScriptedApi
from xreview.domain.change import FileStatus
from xreview.domain.pull.pull import ForgeAccount, LinkedIssue, PullState
from xreview.ports.forge_failure import ForgeError, ForgeFailure

PULL_REQUEST: dict[str, Any] = {
    "number": 7,
    "title": "Sell more",
    "body": "Fixes #3, closes #3 and resolves #4; see #5.",
    "state": "open",
    "draft": False,
    "merged": False,
    "user": BOB,
    "requested_reviewers": [ADA],
    "merge_base": BASE,
    "changed_files": 2,
    "updated_at": "2026-11-01T10:00:00Z",
    "base": {
        "ref": "main",
        "sha": START,
        "repo": {"full_name": "shop/till", "default_branch": "trunk"},
    },
    "head": {"ref": "sell", "sha": HEAD, "repo": {"full_name": "bob/till"}},
}


@pytest.fixture
def api() -> ReviewingApi:
    api = ReviewingApi()
    api.on(f"GET {REQUEST}", PULL_REQUEST)
    api.on(f"GET {REPOSITORY}/issues/3", {"title": "Slow", "body": "Very."})
    return api


async def test_a_pull_request(api):
    pull = await forge_at(api).pull(ADDRESS)
    assert (pull.title, pull.author.login, pull.state) == ("Sell more", "bob", PullState.OPEN)
    assert (pull.start, pull.base.commit, pull.head.commit) == (BASE, START, HEAD)
    assert (pull.base.branch, pull.head.branch, pull.default_branch) == ("main", "sell", "trunk")
    assert (pull.head.project, pull.is_fork, pull.files) == ("bob/till", True, 2)
    assert pull.asked == (ForgeAccount("ada"),)
    assert pull.issues == (LinkedIssue("#3", "Slow", "Very."),)  # 4 isn't to be seen
    assert api.tokens == {f"token {TOKEN}"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"merged": True, "state": "closed"}, "merged"),
        ({"state": "closed"}, "closed"),
        ({"draft": True}, "draft"),
        ({"title": "WIP: Sell"}, "draft"),
        ({"head": {"ref": "sell", "sha": HEAD, "repo": None}}, "open"),
    ],
)
async def test_states(api, fields, words):
    api.on(f"GET {REQUEST}", {**PULL_REQUEST, **fields})
    pull = await forge_at(api).pull(ADDRESS)
    assert pull.state_words == words
    assert pull.head.project == ("" if "head" in fields else "bob/till")


async def test_a_discussion_over_pages_of_any_size(api):
    line = {"path": "till.py", "new_position": 2}
    for number in range(5):
        api.add(BOB, "COMMENT", {**line, "body": f"{number}"})
    api.add(ADA, "APPROVED")
    api.on(f"GET {REPOSITORY}/issues/7/comments", [{"id": 9, "body": "Hi", "user": BOB}])
    api.on("GET /api/v1/version", {"version": "1.26.1"})
    said = await forge_at(api).discussion(PULL)
    (thread,) = said.threads
    assert [one.body for one in thread.comments] == ["0", "1", "2", "3", "4"]
    assert thread.can_resolve
    assert len(said.reviews) == 6
    assert [one.id for one in said.comments] == ["9"]


@pytest.mark.parametrize(
    ("version", "can"),
    [
        ("1.26.0", True),
        ("1.27.0+dev-1-g2", True),
        ("2.0.0", True),
        ("1.25.4", False),
        ("15.0.0+gitea-1.22.0", False),
        ("odd", False),
    ],
)
async def test_who_can_resolve(api, version, can):
    api.add(BOB, "COMMENT", {"path": "till.py", "new_position": 2, "body": "a"})
    api.on(f"GET {REPOSITORY}/issues/7/comments", None)
    api.on("GET /api/v1/version", {"version": version})
    (thread,) = (await forge_at(api).discussion(PULL)).threads
    assert thread.can_resolve is can


async def test_a_list_that_breaks_off(api):
    for _ in range(5):
        api.add(BOB, "COMMENT")
    listed = api.answers[f"GET {REQUEST}/reviews"]

    def breaks(request: httpx.Request) -> httpx.Response:
        is_first = request.url.params["page"] == "1"
        return listed(request) if is_first else httpx.Response(403, json={"message": "no"})

    api.does(f"GET {REQUEST}/reviews", breaks)
    with pytest.raises(ForgeError, match="broke off after 3 "):
        await forge_at(api).discussion(PULL)


async def test_a_list_without_an_end(api):
    def endless(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params["page"])
        return httpx.Response(200, json=[{"id": page, "user": BOB, "state": "COMMENT"}])

    api.does(f"GET {REQUEST}/reviews", endless)
    with pytest.raises(ForgeError, match="without an end"):
        await forge_at(api).pending(PULL)


DIFF = b"""diff --git a/a.py b/a.py
index 1111111..2222222 100644
--- a/a.py
+++ b/a.py
@@ -1 +1 @@
-one
+two
"""


async def test_files(api):
    listed = [
        {"filename": "a.py", "status": "changed", "additions": 1, "deletions": 1, "changes": 2},
        {"filename": "b.py", "status": "renamed", "previous_filename": "c.py", "additions": 3},
    ]
    api.on(f"GET {REQUEST}/files", listed)
    api.text(f"GET {REQUEST}.diff", DIFF)
    first, second = [one async for batch in forge_at(api).files(PULL) for one in batch]
    assert first.body == b"@@ -1 +1 @@\n-one\n+two\n"
    assert (second.status, second.old_path) == (FileStatus.RENAMED, "c.py")
    assert second.unread
    assert second.unread_lines == 3


async def test_a_file(api):
    api.text(f"GET {REPOSITORY}/raw/a%20b/c%23.py", b"content")
    forge = forge_at(api)
    assert await forge.content("shop/till", HEAD, "a b/c#.py", 10) == b"content"
    assert api.queries[-1] == {"ref": HEAD}
    assert await forge.content("shop/till", HEAD, "a b/c#.py", 3) is None
    assert await forge.content("shop/till", HEAD, "../../user", 100) is None
    assert f"GET {REPOSITORY}/raw/a%20b/c%23.py" == api.asked[-1]


async def test_those_that_want_the_accounts_review_come_first(api):
    other = {**PULL_REQUEST, "number": 9, "requested_reviewers": None}
    api.on(f"GET {REPOSITORY}/pulls", [other, PULL_REQUEST])
    found = await forge_at(api).waiting("shop/till")
    assert [one.address.number for one in found] == [7, 9]
    found = await forge_at(api, is_signed_in=False).waiting("shop/till")
    assert [one.address.number for one in found] == [9, 7]


async def test_of_a_branch(api):
    own = {**PULL_REQUEST, "number": 8}
    own["head"] = {"ref": "sell", "sha": HEAD, "repo": {"full_name": "shop/till"}}
    other = {**PULL_REQUEST, "number": 9, "head": {"ref": "buy"}}
    api.on(f"GET {REPOSITORY}/pulls", [PULL_REQUEST, own, other])
    found = await forge_at(api).of_branch("shop/till", "sell")
    assert [one.address.number for one in found] == [8, 7]


async def test_access(api):
    api.on(f"GET {REPOSITORY}", {"archived": False})
    access = await forge_at(api).access("shop/till")
    assert (access.account, access.can_comment) == (ForgeAccount("ada"), None)
    api.on(f"GET {REPOSITORY}", {"archived": True})
    access = await forge_at(api).access("shop/till")
    assert (access.can_comment, "archived" in access.why_not) == (False, True)
    access = await forge_at(api, is_signed_in=False).access("shop/till")
    assert (access.account, access.can_comment) == (None, False)


async def test_a_wrong_token():
    api = ScriptedApi(httpx.Response(401, json={"message": "user does not exist"}))
    with pytest.raises(ForgeError, match="user does not exist") as caught:
        await forge_at(api).access("shop/till")
    assert caught.value.failure is ForgeFailure.TOKEN
    assert "https://forge.example/user/settings/applications" in caught.value.advice
    assert TOKEN not in str(caught.value)


def test_where_git_gets_it_from():
    remote = forge_at(ScriptedApi()).remote(PULL)
    assert remote.url == "https://forge.example/shop/till.git"
    assert (remote.head_ref, remote.base_ref) == ("refs/pull/7/head", "refs/heads/main")
