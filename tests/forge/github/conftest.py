import pytest

from tests.fakes.forge_server import ForgeServer
from tests.models.http.asking import StillClock
from xreview.domain.pull.address import PullAddress
from xreview.forge.github.forge import GitHubForge
from xreview.forge.registry import new_forge
from xreview.forge.token import ForgeToken
from xreview.http.secret import Secret


@pytest.fixture
def still():
    return StillClock()


@pytest.fixture
def connect(github, still):
    """Opens the forge as an account, which is made if there isn't one yet; None for no token."""

    def as_account(login: str | None, server: ForgeServer = github) -> GitHubForge:
        token = None
        if login:
            known = server.state.accounts.get(login)
            text = known.token if known else server.account(login)
            token = ForgeToken(server.host, Secret(text), "$GH_ENTERPRISE_TOKEN")
        forge = new_forge(server.host, token, clock=still.clock)
        assert isinstance(forge, GitHubForge)
        return forge

    return as_account


@pytest.fixture
async def bob(connect, pull):
    forge = connect("bob")
    yield forge
    await forge.close()


@pytest.fixture
def address(github):
    return PullAddress(github.host, "acme/shop", 7)


@pytest.fixture
async def opened(bob, address):
    """The pull request as bob reads it."""
    return await bob.pull(address)
