"""Forges of a double over HTTP, and comments on lines of the repository `shop`."""

from tests.fakes.forge_server import ForgeServer
from xreview.domain.pull.marker import finding_marker
from xreview.domain.pull.posting import PlannedComment, PostPlacement
from xreview.forge.registry import new_forge
from xreview.forge.token import ForgeToken
from xreview.http.secret import Secret
from xreview.ports.forge import Forge


def connected(server: ForgeServer, login: str) -> Forge:
    """The forge as an account sees it, which is made if there isn't one yet."""
    known = server.state.accounts.get(login)
    token = Secret(known.token if known else server.account(login))
    return new_forge(server.host, ForgeToken(server.host, token, "$TOKEN"))


def planned(name: str, **fields) -> PlannedComment:
    """A comment on the added line 3 of `a.py`, unless told otherwise."""
    body = f"{name}\n\n{finding_marker(name)}"
    given = {"start_line": 3, "end_line": 3, "new_line": 3, "new_start": 3, **fields}
    return PlannedComment((name,), PostPlacement.LINES, "a.py", body, **given)
