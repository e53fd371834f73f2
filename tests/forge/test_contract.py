"""What holds for the forges of all kinds."""

import inspect
from typing import Any

import pytest

from tests.forge.scripted import HEAD, ScriptedApi, pull_at, token_of
from xreview.domain.change import Side
from xreview.domain.errors import ConfigError
from xreview.domain.pull.address import ForgeHost, ForgeKind, PullAddress, parse_pull_url
from xreview.domain.pull.discussion import (
    CommentPlace,
    RemoteComment,
    ReviewThread,
    ReviewVerdict,
)
from xreview.domain.pull.posting import PendingReview, PostedComment, ReviewPlan
from xreview.domain.pull.pull import ForgeAccount
from xreview.forge.registry import new_forge
from xreview.ports.forge import Forge
from xreview.ports.forge_failure import ForgeError, ForgeFailure

ADDRESSES = {
    ForgeKind.GITHUB: "https://github.com/shop/till/pull/7",
    ForgeKind.GITLAB: "https://gitlab.example/shop/till/-/merge_requests/7",
    ForgeKind.GITEA: "https://gitea.example/shop/till/pulls/7",
    ForgeKind.BITBUCKET: "https://bitbucket.org/shop/till/pull-requests/7",
}
METHODS = [name for name, it in vars(Forge).items() if inspect.isfunction(it) and name[0] != "_"]
WRITING = {
    "begin_review": lambda forge, pull: forge.begin_review(pull, ReviewPlan(HEAD, "text", ())),
    "add_comments": lambda forge, pull: forge.add_comments(pull, PendingReview("1"), ()),
    "submit": lambda forge, pull: forge.submit(
        pull, PendingReview("1"), ReviewVerdict.COMMENT, "text"
    ),
    "discard": lambda forge, pull: forge.discard(pull, PendingReview("1")),
    "reply": lambda forge, pull: forge.reply(pull, THREAD, "text"),
    "resolve": lambda forge, pull: forge.resolve(pull, THREAD),
    "describe": lambda forge, pull: forge.describe(pull, "text"),
    "delete_comment": lambda forge, pull: forge.delete_comment(pull, PostedComment("1")),
}
THREAD = ReviewThread(
    "1", (RemoteComment("1", ForgeAccount("bob"), ""),), CommentPlace("a.py", Side.NEW, 1, 1)
)


@pytest.fixture(params=list(ForgeKind), ids=lambda kind: kind.value)
def address(request) -> PullAddress:
    return parse_pull_url(ADDRESSES[request.param])


def forge_of(address: PullAddress, api: ScriptedApi) -> Any:
    return new_forge(address.forge, token_of(address.forge), transport=api.transport)


def test_all_kinds_are_here():
    assert set(ADDRESSES) == set(ForgeKind)
    assert set(WRITING) < set(METHODS)


@pytest.mark.parametrize("name", METHODS)
def test_each_method_is_as_the_port_says(address, name):
    asked, given = (getattr(it, name) for it in (Forge, type(forge_of(address, ScriptedApi()))))
    wanted, found = inspect.signature(asked), inspect.signature(given)
    assert [(one.name, one.kind, one.default) for one in found.parameters.values()] == [
        (one.name, one.kind, one.default) for one in wanted.parameters.values()
    ]
    assert inspect.iscoroutinefunction(given) is inspect.iscoroutinefunction(asked)


def test_each_is_of_its_host(address):
    assert forge_of(address, ScriptedApi()).host == address.forge


async def test_nothing_is_posted_where_it_says_so(address):
    api = ScriptedApi()
    forge = forge_of(address, api)
    if not forge.why_no_posting:
        return
    for write in WRITING.values():
        with pytest.raises(ForgeError) as caught:
            await write(forge, pull_at(address))
        assert caught.value.failure is ForgeFailure.UNSUPPORTED
        assert address.url in caught.value.advice
    assert api.asked == []
    assert address.forge.kind is ForgeKind.BITBUCKET


@pytest.mark.parametrize("name", sorted(WRITING))
async def test_a_write_that_fails_is_an_error_and_sent_once(address, name):
    api = ScriptedApi()
    with pytest.raises(ForgeError):
        await WRITING[name](forge_of(address, api), pull_at(address))
    assert len(api.written) == len(set(api.written))


async def test_a_token_of_another_host_is_refused(address):
    other = ForgeHost(address.forge.kind, "https://other.example")
    with pytest.raises(ConfigError):
        new_forge(address.forge, token_of(other), transport=ScriptedApi().transport)


async def test_a_missing_pull_request_is_a_sentence(address):
    with pytest.raises(ForgeError) as caught:
        await forge_of(address, ScriptedApi()).pull(address)
    assert caught.value.failure is ForgeFailure.NOT_FOUND
    assert caught.value.message
    assert caught.value.advice


async def test_closing_twice_does_no_harm(address):
    forge = forge_of(address, ScriptedApi())
    await forge.close()
    await forge.close()
