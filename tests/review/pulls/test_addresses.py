"""From a URL, a number or a branch to an address."""

import pytest

from tests.review.pulls.conftest import Opened
from xreview.config.schema import Settings
from xreview.domain.errors import UsageError
from xreview.repo.repository import find_repository
from xreview.review.pulls.addresses import base_project, wanted_address
from xreview.review.pulls.listing import open_pulls


def test_a_url_needs_no_repository(opened: Opened):
    url = "https://github.com/acme/shop/pull/3/files"
    address = wanted_address(f" {url} ", None, opened.options())
    assert address.url == "https://github.com/acme/shop/pull/3"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("http://github.com/acme/shop/pull/3", "plain http"),
        ("https://github.com/acme/shop/issues/3", "isn't the URL"),
        ("twelve", "neither the URL nor the number"),
        ("--12", "neither"),
        ("12", "no repository"),
        ("", "no repository"),
    ],
)
def test_what_names_none_is_refused(opened: Opened, text: str, said: str):
    with pytest.raises(UsageError, match=said):
        wanted_address(text, None, opened.options())


@pytest.mark.parametrize("text", ["12", "#12", "!12"])
def test_a_number_is_of_the_project_of_the_remote(opened: Opened, text: str):
    repository = find_repository(opened.clone().top)
    assert wanted_address(text, repository, opened.options()).url == opened.url


def test_a_repository_can_not_make_a_host_known(opened: Opened):
    clone = opened.clone()
    clone.write(".xreview.toml", f'[forges]\n"{opened.host.origin}" = "github"\n')
    unknown = opened.options(forges={})
    before = len(opened.server.requests)
    with pytest.raises(UsageError, match="isn't known as a forge") as refused:
        wanted_address("12", find_repository(clone.top), unknown)
    assert "[forges]" in refused.value.advice
    assert len(opened.server.requests) == before


def test_a_repository_without_a_forge_says_so(opened: Opened):
    with pytest.raises(UsageError, match="No remote"):
        base_project(find_repository(opened.work.top), opened.options())


def test_upstream_is_the_base_of_a_fork(opened: Opened):
    clone = opened.clone()
    clone.git("remote", "set-url", "origin", f"{opened.host.origin}/me/shop.git")
    clone.git("remote", "add", "upstream", f"{opened.host.origin}/acme/shop.git")
    found = base_project(find_repository(clone.top), opened.options())
    assert found == (opened.host, "acme/shop")


def test_the_branch_has_its_pull_request(opened: Opened):
    clone = opened.clone()
    clone.branch("topic", "origin/main")
    assert wanted_address("", find_repository(clone.top), opened.options()).url == opened.url


def test_a_branch_of_gh_names_it_without_a_question(opened: Opened):
    clone = opened.clone()
    clone.git("config", "branch.main.merge", "refs/pull/44/head")
    before = len(opened.server.requests)
    address = wanted_address("", find_repository(clone.top), opened.options())
    assert (address.number, len(opened.server.requests)) == (44, before)


def test_a_branch_without_one_says_so(opened: Opened):
    clone = opened.clone()
    clone.branch("lonely", "origin/main")
    with pytest.raises(UsageError, match="lonely has no open pull request in acme/shop"):
        wanted_address("", find_repository(clone.top), opened.options())


def test_no_branch_says_so(opened: Opened):
    clone = opened.clone()
    clone.git("checkout", "--quiet", "--detach")
    with pytest.raises(UsageError, match="No branch is checked out"):
        wanted_address("", find_repository(clone.top), opened.options())


def test_of_several_the_one_of_the_project_that_is_pushed_to_is_meant(opened: Opened):
    for number, fork in ((13, "bob/shop"), (14, "eve/shop")):
        opened.project.open_pull(number, head="topic", branch="wide", author="bob", fork=fork)
    clone = opened.clone()
    clone.branch("wide", "origin/main")
    with pytest.raises(UsageError, match=r"2 open pull requests: #1\d, #1\d"):
        wanted_address("", find_repository(clone.top), opened.options())
    clone.git("config", "branch.wide.pushRemote", f"{opened.host.origin}/eve/shop.git")
    assert wanted_address("", find_repository(clone.top), opened.options()).number == 14


async def test_the_open_ones_are_listed_with_who_asks(opened: Opened):
    opened.project.open_pull(13, head="topic", author="bob", title="Whisper", branch="other")
    opened.project.pulls[13].ask("ada")
    listing = await open_pulls(opened.clone().top, opened.options())
    assert (listing.project, listing.notice) == ("acme/shop", "")
    assert listing.account is not None
    assert listing.account.login == "ada"
    assert [one.address.number for one in listing.pulls] == [13, 12]
    assert [listing.wants_review(one) for one in listing.pulls] == [True, False]


async def test_without_a_token_that_is_said(opened: Opened):
    options = opened.options()
    (opened.folder / "netrc").unlink()
    listing = await open_pulls(opened.clone().top, options)
    assert listing.account is None
    assert "No token" in listing.notice
    assert Settings().forges == {}
