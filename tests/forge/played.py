"""A forge that plays given replies, without a network, and keeps what it was sent."""

import json
from collections.abc import Callable
from typing import Any

import httpx

from tests.models.http.asking import StillClock
from xreview.domain.pull.address import ForgeHost, ForgeKind
from xreview.forge.client import ForgeClient
from xreview.forge.faults import ForgeFaults
from xreview.forge.token import ForgeToken
from xreview.http.secret import Secret

TOKEN = "ghp_3f9a7c51d2e84b60aa17"
GITHUB = ForgeHost(ForgeKind.GITHUB, "https://github.com")
API = "https://api.github.com"

Reply = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


def said(value: Any, status: int = 200, **headers: str) -> httpx.Response:
    """A JSON reply; underscores in the names of headers are hyphens."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return httpx.Response(status, json=value, headers=named)


def page(text: str = "<html>Sign in</html>", status: int = 200) -> httpx.Response:
    return httpx.Response(status, text=text, headers={"content-type": "text/html"})


def next_page(url: str) -> dict[str, str]:
    return {"link": f'<{url}>; rel="next", <{API}/last>; rel="last"'}


class PlayedForge:
    """Replies by method and path, in their order; the last one stays."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self._replies: dict[tuple[str, str], list[Reply]] = {}

    def on(self, path: str, *replies: Reply, method: str = "GET") -> None:
        self._replies.setdefault((method, path), []).extend(replies)

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._answer)

    @property
    def sent(self) -> list[str]:
        """The requests as “GET /path?query”."""
        return [f"{one.method} {one.url.raw_path.decode()}" for one in self.requests]

    def bodies(self, path: str) -> list[Any]:
        return [json.loads(one.content) for one in self.requests if one.url.path == path]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        replies = self._replies.get((request.method, request.url.path))
        if not replies:
            return said({"message": f"Nobody plays {request.method} {request.url.path}"}, 404)
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        if isinstance(reply, Exception):
            raise reply
        if callable(reply):
            return reply(request)
        # A response is read once.
        return httpx.Response(reply.status_code, headers=reply.headers, content=reply.content)


def token_for(host: ForgeHost = GITHUB, source: str = "$GH_TOKEN") -> ForgeToken:
    return ForgeToken(host, Secret(TOKEN), source)


def client_of(
    forge: PlayedForge,
    still: StillClock | None = None,
    *,
    token: ForgeToken | None = None,
    has_token: bool = True,
    faults: ForgeFaults | None = None,
) -> ForgeClient:
    return ForgeClient(
        API,
        GITHUB,
        (token or token_for()) if has_token else None,
        header="authorization",
        scheme="Bearer",
        faults=faults or ForgeFaults(lambda body: str(body.get("message", "")), "Needs more."),
        clock=(still or StillClock()).clock,
        transport=forge.transport,
    )
