"""Bitbucket Cloud, which is only read."""

import base64
from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.forge.scripted import HEAD, TOKEN, ScriptedApi, pull_at, token_of
from xreview.domain.change import FileStatus
from xreview.domain.pull.address import parse_pull_url
from xreview.domain.pull.pull import ForgeAccount, PullState
from xreview.forge.bitbucket import BitbucketForge
from xreview.ports.forge_failure import ForgeError, ForgeFailure

ADDRESS = parse_pull_url("https://bitbucket.org/shop/till/pull-requests/7")
PULL = pull_at(ADDRESS)
REPOSITORY = "/2.0/repositories/shop/till"
REQUEST = f"{REPOSITORY}/pullrequests/7"
MAIL = "ada@shop.example"
ADA = {"type": "user", "nickname": "ada", "uuid": "{1}"}
PULL_REQUEST: dict[str, Any] = {
    "id": 7,
    "title": "Sell more",
    "description": "Since we can.",
    "state": "OPEN",
    "draft": True,
    "author": {"type": "user", "nickname": "bob"},
    "source": {
        "branch": {"name": "sell"},
        "commit": {"hash": HEAD[:12]},
        "repository": {"full_name": "bob/till"},
    },
    "destination": {
        "branch": {"name": "main"},
        "commit": {"hash": "a" * 12},
        "repository": {"full_name": "shop/till"},
    },
    "reviewers": [ADA],
    "participants": [],
}


def forge_at(api: ScriptedApi, user: str = "") -> BitbucketForge:
    return BitbucketForge(ADDRESS.forge, token_of(ADDRESS.forge, user), transport=api.transport)


@pytest.fixture
def api() -> ScriptedApi:
    api = ScriptedApi()
    api.on(f"GET {REQUEST}", PULL_REQUEST)
    api.on(f"GET {REPOSITORY}/commit/{HEAD[:12]}", {"hash": HEAD})
    api.on(f"GET {REPOSITORY}/commit/{'a' * 12}", {"hash": "a" * 40})
    return api


async def test_a_pull_request_with_the_full_ids_of_its_commits(api):
    pull = await forge_at(api).pull(ADDRESS)
    assert (pull.title, pull.body, pull.author.login) == ("Sell more", "Since we can.", "bob")
    assert (pull.head.commit, pull.base.commit) == (HEAD, "a" * 40)
    assert (pull.head.branch, pull.head.project, pull.is_fork) == ("sell", "bob/till", True)
    assert (pull.state, pull.state_words) == (PullState.OPEN, "draft")
    assert pull.asked == (ForgeAccount("ada"),)


@pytest.mark.parametrize(
    ("user", "sent"),
    [
        ("", f"Bearer {TOKEN}"),
        ("x-token-auth", f"Bearer {TOKEN}"),
        (MAIL, f"Basic {base64.b64encode(f'{MAIL}:{TOKEN}'.encode()).decode()}"),
    ],
)
async def test_how_tokens_are_sent_and_where(api, user, sent):
    await forge_at(api, user).pull(ADDRESS)
    assert api.tokens == {sent}


async def test_the_api_is_at_a_host_of_its_own():
    hosts: set[str] = set()

    def answer(request: httpx.Request) -> httpx.Response:
        hosts.add(request.url.host)
        return httpx.Response(200, json=PULL_REQUEST)

    transport = httpx.MockTransport(answer)
    forge = BitbucketForge(ADDRESS.forge, token_of(ADDRESS.forge), transport=transport)
    await forge.waiting("shop/till")
    assert hosts == {"api.bitbucket.org"}


async def test_comments_to_the_last_page(api):
    one = {"user": ADA, "content": {"raw": "a"}, "inline": {"path": "till.py", "to": 3}}
    following = f"https://api.bitbucket.org{REQUEST}/comments?page=2"

    def answer(request: httpx.Request) -> httpx.Response:
        is_first = "page" not in request.url.params
        page = {"values": [{"id": 1 if is_first else 2, **one}]}
        return httpx.Response(200, json=page | ({"next": following} if is_first else {}))

    api.does(f"GET {REQUEST}/comments", answer)
    said = await forge_at(api).discussion(PULL)
    assert [thread.id for thread in said.threads] == ["1", "2"]


@pytest.mark.parametrize(
    ("following", "words"),
    [
        ("https://elsewhere.example/comments?page=2", "elsewhere.example"),
        (f"https://api.bitbucket.org{REQUEST}/comments", "without an end"),
    ],
)
async def test_pages_that_lead_elsewhere_or_round(api, following, words):
    api.on(f"GET {REQUEST}/comments", {"values": [{"id": 1}], "next": following})
    with pytest.raises(ForgeError, match=words) as caught:
        await forge_at(api).discussion(PULL)
    assert caught.value.failure is ForgeFailure.PROTOCOL
    assert len(api.asked) <= 2


DIFF = b"diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-one\n+two\n"


async def test_files(api):
    stats = [
        {"status": "modified", "old": {"path": "a.py"}, "new": {"path": "a.py"}, "lines_added": 1},
        {"status": "removed", "old": {"path": "b.py"}, "new": None, "lines_removed": 4},
        {"status": "renamed", "old": {"path": "c.py"}, "new": {"path": "d.py"}},
    ]
    api.on(f"GET {REQUEST}/diffstat", {"values": stats})
    elsewhere = f"{REPOSITORY}/diff/shop/till:1..2"
    api.does(f"GET {REQUEST}/diff", lambda _: httpx.Response(302, headers={"location": elsewhere}))
    api.text(f"GET {elsewhere}", DIFF)
    modified, removed, renamed = [one async for batch in forge_at(api).files(PULL) for one in batch]
    assert modified.body == b"@@ -1 +1 @@\n-one\n+two\n"
    assert (removed.path, removed.status, removed.unread_lines) == ("b.py", FileStatus.DELETED, 4)
    assert removed.unread
    assert (renamed.path, renamed.old_path) == ("d.py", "c.py")


async def test_a_file(api):
    api.text(f"GET {REPOSITORY}/src/{HEAD}/a%20b.py", b"content")
    forge = forge_at(api)
    assert await forge.content("shop/till", HEAD, "a b.py", 10) == b"content"
    assert await forge.content("shop/till", HEAD, "a b.py", 3) is None
    assert await forge.content("shop/till", HEAD, "a/../b.py", 10) is None


async def test_lists(api):
    own = {**PULL_REQUEST, "id": 8}
    own["source"] = {**own["source"], "repository": {"full_name": "shop/till"}}
    other = {**PULL_REQUEST, "id": 9, "source": {"branch": {"name": "buy"}}}
    api.on(f"GET {REPOSITORY}/pullrequests", {"values": [PULL_REQUEST, own, other]})
    forge = forge_at(api)
    assert [one.address.number for one in await forge.waiting("shop/till")] == [7, 8, 9]
    assert api.queries[-1] == {"state": "OPEN"}
    assert [one.address.number for one in await forge.of_branch("shop/till", "sell")] == [8, 7]


async def test_access_says_why_nothing_is_posted(api):
    api.on("GET /2.0/user", ADA)
    access = await forge_at(api).access("shop/till")
    assert (access.account, access.can_comment) == (ForgeAccount("ada"), False)
    assert access.why_not == forge_at(api).why_no_posting
    del api.answers["GET /2.0/user"]
    assert (await forge_at(api).access("shop/till")).account is None


async def test_bitbuckets_own_words():
    api = ScriptedApi(httpx.Response(403, json={"type": "error", "error": {"message": "No!"}}))
    with pytest.raises(ForgeError, match="“No!”"):
        await forge_at(api).pull(ADDRESS)


def test_where_git_gets_it_from(api):
    remote = forge_at(api).remote(PULL)
    assert remote.url == "https://bitbucket.org/shop/till.git"
    assert (remote.head_ref, remote.base_ref) == ("refs/heads/sell", "refs/heads/main")
    assert remote.user == "x-token-auth"
    assert forge_at(api, MAIL).remote(PULL).user == "x-bitbucket-api-token-auth"
    fork = replace(PULL, head=replace(PULL.head, project="bob/till"))
    assert forge_at(api).remote(fork).head_ref == ""
