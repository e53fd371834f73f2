"""A sentence for everything that goes wrong at GitHub or on the way to it, and nothing lost."""

import time

import httpx
import pytest

from tests.fakes.forge_server import ForgeServer, faults
from tests.forge.played import GITHUB, TOKEN, PlayedForge, next_page, said
from tests.models.http.asking import StillClock
from xreview.domain.errors import ConfigError
from xreview.domain.pull.address import ForgeHost, ForgeKind, PullAddress
from xreview.forge.github.forge import GitHubForge
from xreview.forge.registry import new_forge
from xreview.forge.token import ForgeToken
from xreview.http.secret import Secret
from xreview.ports.forge_failure import ForgeError, ForgeFailure

SOURCE = "$GH_ENTERPRISE_TOKEN"
SHA = "a" * 40


async def failed(forge: GitHubForge, address: PullAddress) -> ForgeError:
    with pytest.raises(ForgeError) as caught:
        await forge.pull(address)
    return caught.value


@pytest.mark.parametrize(
    ("fault", "failure", "words"),
    [
        (faults.bad_credentials(), ForgeFailure.TOKEN, f"rejected the token from {SOURCE} (401)"),
        (faults.read_only(), ForgeFailure.FORBIDDEN, "acme/shop#7 to the token from"),
        (faults.sso_required(), ForgeFailure.FORBIDDEN, "single sign-on"),
        (faults.not_found(), ForgeFailure.NOT_FOUND, "doesn't find the pull request acme/shop#7"),
        (faults.server_error(), ForgeFailure.SERVER, "failed or is overloaded (502)"),
        (faults.secondary_limit(600), ForgeFailure.RATE, "for 10 minutes (403)"),
        (faults.secondary_limit(None), ForgeFailure.RATE, "for now (403)"),
        (faults.captive_page(), ForgeFailure.PROTOCOL, "a web page instead of an API's reply"),
        (faults.redirect("https://evil.example"), ForgeFailure.PROTOCOL, "“evil.example” (302)"),
        (faults.cut_off(), ForgeFailure.CONNECTION, "was lost"),
        (faults.wrong_shape([1]), ForgeFailure.PROTOCOL, "a pull request without its commits"),
        (faults.wrong_shape({}), ForgeFailure.PROTOCOL, "a pull request without its commits"),
    ],
    ids=lambda value: getattr(value, "name", None),
)
async def test_a_pull_request_that_cannot_be_read(bob, address, github, fault, failure, words):
    github.fail(next=fault, times=99)
    error = await failed(bob, address)
    assert error.failure is failure
    assert words in error.message
    assert error.advice
    assert github.state.accounts["bob"].token not in str(error)
    assert {request.account for request in github.requests} == {"bob"}


async def test_a_used_up_hour_says_until_when(bob, address, github, still):
    still.wall = time.time()
    github.fail(next=faults.primary_limit(1800), times=99)
    error = await failed(bob, address)
    assert error.failure is ForgeFailure.RATE
    assert "for 30 minutes" in error.message
    assert len(github.requests) == 1


async def test_a_server_that_fails_once_is_asked_again(bob, address, github):
    github.fail(next=faults.server_error())
    assert (await bob.pull(address)).title == "Shop more"


async def test_an_expired_token(bob, address, github):
    github.expire("bob")
    assert (await failed(bob, address)).failure is ForgeFailure.TOKEN


LISTS = {
    "/graphql": "which threads are resolved or outdated",
    "/pulls/7/comments": "the comments on lines",
    "/pulls/7/reviews": "the reviews",
    "/issues/7/comments": "the comments",
}


@pytest.mark.parametrize(("path", "what"), LISTS.items())
async def test_a_list_that_fails_is_a_gap_and_the_rest_is_read(
    bob, opened, pull, github, path, what
):
    pull.comment("ada", "a.py", 3, "Why?")
    pull.review("ada", "Two findings.", "COMMENTED")
    pull.say("ada", "Ready.")
    github.fail(next=faults.server_error(), times=99, path=path)
    said_ = await bob.discussion(opened)
    assert len(said_.gaps) == 1
    assert said_.gaps[0].startswith(f"{what} (127.0.0.1")
    assert len(said_.threads) == 1
    assert bool(said_.comments) is (path != "/issues/7/comments")
    assert any(one.body for one in said_.reviews) is (path != "/pulls/7/reviews")


async def test_a_list_that_breaks_off_keeps_what_it_had(bob, opened, pull, github):
    for number in range(150):
        pull.say("ada", f"comment {number}")
    github.fail(next=faults.foreign_next_page("https://evil.example"), path="/issues/7/comments")
    said_ = await bob.discussion(opened)
    assert len(said_.comments) == 100
    (gap,) = said_.gaps
    assert gap.startswith("the comments after the first 100 (")
    assert "“evil.example”" in gap


async def test_nothing_at_all_is_an_error(bob, opened, github):
    github.fail(next=faults.captive_page(), times=99)
    with pytest.raises(ForgeError) as caught:
        await bob.discussion(opened)
    assert caught.value.failure is ForgeFailure.PROTOCOL


async def test_graphql_s_partial_errors_keep_the_data(bob, opened, pull, github):
    pull.comment("ada", "a.py", 3, "Why?", is_resolved=True)
    pull.comment("ada", "new.py", 1, "What?")
    nodes = ("repository", "pullRequest", "reviewThreads", "nodes")
    github.fail(next=faults.graphql_partial(*nodes, 1), path="/graphql")
    said_ = await bob.discussion(opened)
    assert [one.root.body for one in said_.threads] == ["Why?", "What?"]
    assert said_.threads[0].is_resolved
    assert said_.gaps == ("a part of the review threads (“Something went wrong.”)",)


async def test_a_used_up_graphql_hour_leaves_the_comments(bob, opened, pull, github):
    pull.comment("ada", "a.py", 3, "Why?")
    github.fail(next=faults.graphql_limit(), times=99, path="/graphql")
    said_ = await bob.discussion(opened)
    assert len(said_.threads) == 1
    assert "no more requests for now" in said_.gaps[0]


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


async def test_a_diff_that_breaks_off_raises(bob, opened, github):
    github.fail(next=faults.foreign_next_page("https://evil.example"), path="/files")
    with pytest.raises(ForgeError, match="broke off after 3 entries"):
        async for _ in bob.files(opened):
            pass


async def test_without_the_merge_base_git_finds_it(bob, address, github):
    github.fail(next=faults.not_found(), path="/compare/")
    assert (await bob.pull(address)).start == ""


# What only github.com does.


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


async def test_another_server_on_this_machine_gets_no_token(bob, github, address):
    with ForgeServer() as other:
        github.fail(next=faults.redirect(other.host.origin), times=99)
        error = await failed(bob, address)
        assert error.failure is ForgeFailure.PROTOCOL
        assert not other.requests
