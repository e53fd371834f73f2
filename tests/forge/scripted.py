"""A forge's API in memory: what a test says it answers, and what it was asked."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from xreview.domain.pull.address import ForgeHost, PullAddress
from xreview.domain.pull.pull import ForgeAccount, Pull, PullSide, PullState
from xreview.forge.token import ForgeToken
from xreview.http.secret import Secret

BASE, START, HEAD = "b" * 40, "a" * 40, "c" * 40
TOKEN = "token-0123456789abcdef"

Answer = Callable[[httpx.Request], httpx.Response]


@dataclass
class ScriptedApi:
    """Answers by method and path; anything else is a 404.

    Attributes:
        asked: all requests, as "GET /api/v4/user".
        sent: the parsed bodies of those that had one, by the same words.
        tokens: the values of the authorization headers.
    """

    missing: httpx.Response | None = None
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)
    sent: list[tuple[str, Any]] = field(default_factory=list)
    tokens: set[str | None] = field(default_factory=set)

    def on(self, what: str, value: Any = None, status: int = 200, **headers: str) -> None:
        """Answer with this JSON; a list of pages is a function's business."""
        self.answers[what] = lambda _: httpx.Response(status, json=value, headers=headers)

    def does(self, what: str, answer: Answer) -> None:
        self.answers[what] = answer

    def text(self, what: str, content: bytes, media: str = "text/plain") -> None:
        self.answers[what] = lambda _: httpx.Response(
            200, content=content, headers={"content-type": media}
        )

    def pages(self, what: str, *pages: list[Any]) -> None:
        """Answer with pages that name the next one in a `link` header."""

        def answer(request: httpx.Request) -> httpx.Response:
            page = int(request.url.params.get("page", "1"))
            url = request.url.copy_set_param("page", str(page + 1))
            link = {"link": f'<{url}>; rel="next"'} if page < len(pages) else {}
            return httpx.Response(200, json=pages[page - 1], headers=link)

        self.answers[what] = answer

    def bodies(self, what: str) -> list[Any]:
        return [body for one, body in self.sent if one == what]

    @property
    def written(self) -> list[str]:
        return [one for one in self.asked if not one.startswith("GET ")]

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode().partition("?")[0]
        what = f"{request.method} {path}"
        self.asked.append(what)
        self.queries.append(dict(request.url.params))
        self.tokens.add(request.headers.get("authorization"))
        if request.content:
            self.sent.append((what, json.loads(request.content)))
        if what in self.answers:
            return self.answers[what](request)
        return self.missing or httpx.Response(404, json={"message": "404 Not Found"})


def token_of(host: ForgeHost, user: str = "") -> ForgeToken:
    return ForgeToken(host, Secret(TOKEN), "$TOKEN", user)


def pull_at(address: PullAddress) -> Pull:
    return Pull(
        address,
        "Sell more",
        "",
        ForgeAccount("bob"),
        PullState.OPEN,
        is_draft=False,
        base=PullSide("main", START, address.project),
        head=PullSide("sell", HEAD, address.project),
        start=BASE,
    )
