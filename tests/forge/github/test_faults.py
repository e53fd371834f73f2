"""A sentence for everything that goes wrong at GitHub or on the way to it, and nothing lost."""

import time

import pytest

from tests.fakes.forge_server import ForgeServer, faults
from xreview.domain.pull.address import PullAddress
from xreview.forge.github.forge import GitHubForge
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


async def test_threads_alone_are_read(bob, opened, pull, github):
    pull.comment("ada", "a.py", 3, "Why?")
    github.fail(next=faults.server_error(), times=99, path="/api/v3/")
    said_ = await bob.discussion(opened)
    assert [one.root.body for one in said_.threads] == ["Why?"]
    assert len(said_.gaps) == 3


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


async def test_a_diff_that_breaks_off_raises(bob, opened, github):
    github.fail(next=faults.foreign_next_page("https://evil.example"), path="/files")
    with pytest.raises(ForgeError, match="broke off after 3 entries"):
        async for _ in bob.files(opened):
            pass


async def test_without_the_merge_base_git_finds_it(bob, address, github):
    github.fail(next=faults.not_found(), path="/compare/")
    assert (await bob.pull(address)).start == ""


async def test_another_server_on_this_machine_gets_no_token(bob, github, address):
    with ForgeServer() as other:
        github.fail(next=faults.redirect(other.host.origin), times=99)
        error = await failed(bob, address)
        assert error.failure is ForgeFailure.PROTOCOL
        assert not other.requests
