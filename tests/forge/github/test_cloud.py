"""What differs between github.com, a company's part of it, and a server of its own."""

import httpx
import pytest

from tests.forge.github.test_faults import failed
from tests.forge.played import GITHUB, TOKEN, PlayedForge, next_page, said
from tests.models.http.asking import StillClock
from xreview.domain.errors import ConfigError
from xreview.domain.pull.address import ForgeHost, ForgeKind, PullAddress
from xreview.forge.github.forge import GitHubForge
from xreview.forge.registry import new_forge
from xreview.forge.token import ForgeToken
from xreview.http.secret import Secret
from xreview.ports.forge_failure import ForgeError, ForgeFailure

SHA = "a" * 40


def at(origin: str, played: PlayedForge, still: StillClock | None = None) -> GitHubForge:
    host = ForgeHost(ForgeKind.GITHUB, origin)
    token = ForgeToken(host, Secret(TOKEN), "$GH_TOKEN")
    clock = (still or StillClock()).clock
    forge = new_forge(host, token, clock=clock, transport=played.transport)
    assert isinstance(forge, GitHubForge)
    return forge


def played_pull(prefix: str = "") -> PlayedForge:
    played = PlayedForge()
    sides = {
        name: {"ref": name, "sha": SHA, "repo": {"full_name": "o/r"}} for name in ("base", "head")
    }
    played.on(f"{prefix}/repos/o/r/pulls/1", said({"number": 1, "state": "open", **sides}))
    played.on(f"{prefix}/repos/o/r/compare/{SHA}...{SHA}", said({}))
    graph = "/graphql" if not prefix else "/api/graphql"
    played.on(graph, said({"data": {"repository": None}}), method="POST")
    return played


@pytest.mark.parametrize(
    ("origin", "prefix", "api", "version"),
    [
        ("https://github.com", "", "https://api.github.com", "2022-11-28"),
        ("https://acme.ghe.com", "", "https://api.acme.ghe.com", "2022-11-28"),
        ("https://ghe.example", "/api/v3", "https://ghe.example", None),
        ("https://ghe.example:8443", "/api/v3", "https://ghe.example:8443", None),
    ],
)
async def test_each_host_has_its_own_api(origin, prefix, api, version):
    played = played_pull(prefix)
    forge = at(origin, played)
    read = await forge.pull(PullAddress(forge.host, "o/r", 1))
    assert read.head.commit == SHA
    assert all(str(request.url).startswith(f"{api}/") for request in played.requests)
    rest = [request for request in played.requests if request.method == "GET"]
    assert {request.headers.get("x-github-api-version") for request in rest} == {version}


def test_a_token_of_another_host_opens_nothing():
    token = ForgeToken(GITHUB, Secret(TOKEN), "$GH_TOKEN")
    with pytest.raises(ConfigError, match=r"is for github\.com, not for ghe\.example"):
        new_forge(ForgeHost(ForgeKind.GITHUB, "https://ghe.example"), token)


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        (
            "https://github.com/orgs/acme/sso?authorization_request=A1",
            "Open https://github.com/orgs",
        ),
        ("https://github.com.evil.example/sso", "Open the settings of github.com"),
        ("https://evil.example/sso", "Open the settings of github.com"),
        ("http://github.com/orgs/acme/sso", "Open the settings of github.com"),
    ],
)
async def test_single_sign_on_names_an_address_of_the_host_only(url, advice):
    played = PlayedForge()
    sso = said({"message": "SAML"}, 403, x_github_sso=f"required; url={url}")
    played.on("/repos/o/r/pulls/1", sso)
    forge = at("https://github.com", played)
    error = await failed(forge, PullAddress(forge.host, "o/r", 1))
    assert error.failure is ForgeFailure.FORBIDDEN
    assert error.advice.startswith(advice)
    assert "evil.example" not in str(error)


@pytest.mark.parametrize(
    ("errors", "words"),
    [
        ([{"resource": "R", "code": "custom", "message": "Line must be part of the diff"}], "Line"),
        (["Line could not be resolved"], "Line could not be resolved"),
        ([{"resource": "R", "field": "position", "code": "invalid"}], "position invalid"),
        ([], "“Unprocessable Entity”"),
    ],
)
async def test_github_s_own_words_are_quoted(errors, words):
    played = PlayedForge()
    refused = said({"message": "Unprocessable Entity", "errors": errors}, 422)
    played.on("/repos/o/r/pulls/1", refused)
    forge = at("https://github.com", played)
    assert words in (await failed(forge, PullAddress(forge.host, "o/r", 1))).message


async def test_an_app_s_token_has_an_account_too():
    # That of a workflow has no user: only GraphQL says who it is.
    played = PlayedForge()
    played.on("/user", said({"message": "Resource not accessible by integration"}, 403))
    viewer = {"login": "github-actions[bot]", "__typename": "Bot"}
    played.on("/graphql", said({"data": {"viewer": viewer}}), method="POST")
    played.on("/repos/o/r", said({"private": False}))
    access = await at("https://github.com", played).access("o/r")
    assert access.account is not None
    assert (access.account.login, access.can_comment) == ("github-actions[bot]", None)


async def test_an_archived_project_takes_no_comments():
    played = PlayedForge()
    played.on("/user", said({"login": "bob"}))
    played.on("/repos/o/r", said({"archived": True}, x_oauth_scopes="repo"))
    access = await at("https://github.com", played).access("o/r")
    assert access.can_comment is False
    assert "archived" in access.why_not


@pytest.mark.parametrize(
    ("is_private", "scopes", "can"),
    [
        (False, "public_repo, read:org", True),
        (True, "public_repo", False),
        (True, "repo", True),
        (False, "read:org", False),
    ],
)
async def test_the_scope_for_public_projects_is_enough_for_them(is_private, scopes, can):
    played = PlayedForge()
    played.on("/user", said({"login": "bob"}))
    played.on("/repos/o/r", said({"private": is_private}, x_oauth_scopes=scopes))
    assert (await at("https://github.com", played).access("o/r")).can_comment is can


async def test_a_renamed_project_is_followed():
    moved = "https://api.github.com/repositories/9/pulls/1"
    sides = {name: {"ref": name, "sha": SHA, "repo": None} for name in ("base", "head")}
    played = PlayedForge()
    played.on("/repos/o/r/pulls/1", httpx.Response(301, headers={"location": moved}))
    played.on("/repositories/9/pulls/1", said({"number": 1, "title": "Moved", **sides}))
    played.on(f"/repos/o/r/compare/{SHA}...{SHA}", said({}))
    played.on("/graphql", said({"data": {"repository": None}}), method="POST")
    forge = at("https://github.com", played)
    assert (await forge.pull(PullAddress(forge.host, "o/r", 1))).title == "Moved"


async def test_many_open_ones_are_listed_to_a_bound():
    played = PlayedForge()
    page_ = [{"number": number + 1, "user": {"login": "a"}} for number in range(100)]
    for number in range(2, 12):
        played.on("/user", said({"login": "bob"}))
        url = f"https://api.github.com/repos/o/r/pulls?page={number}"
        played.on("/repos/o/r/pulls", said(page_, **next_page(url)))
    listed = await at("https://github.com", played).waiting("o/r")
    assert len(listed) == 300
    assert len([one for one in played.sent if "/pulls" in one]) == 3


async def test_a_used_up_graphql_hour_says_until_when():
    played, still = PlayedForge(), StillClock()
    spent = {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}
    reset = str(int(still.wall) + 1_800)
    played.on("/user", said({"message": "no user"}, 403))
    played.on(
        "/graphql", said(spent, x_ratelimit_remaining="0", x_ratelimit_reset=reset), method="POST"
    )
    with pytest.raises(ForgeError) as caught:
        await at("https://github.com", played, still).access("o/r")
    assert caught.value.failure is ForgeFailure.RATE
    assert "for 30 minutes" in caught.value.message
