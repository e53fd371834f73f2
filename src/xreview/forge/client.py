"""The HTTP client for one forge's API.

Tokens in a reply are masked before anything reads it. Only requests that a forge certainly didn't
act on are sent again, and those that only read.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from xreview.domain.pull.address import ForgeHost
from xreview.domain.record import dataclass, field
from xreview.forge.exchange import (
    FORGE_PATIENCE,
    JSON_TYPE,
    ForgeAnswer,
    ForgeExchange,
    ForgeRequest,
    Params,
    aside,
    host_in,
    stays_below,
)
from xreview.forge.faults import FaultReader, ForgeFault, ForgeFaults
from xreview.forge.token import ForgeToken
from xreview.http import retry
from xreview.http.connection_failures import ConnectionFault
from xreview.http.patience import Clock
from xreview.ports.forge_failure import ForgeError
from xreview.ports.json_value import JsonObject, object_in, parse_json

if TYPE_CHECKING:
    import httpx

PAGE_SIZE = 100
MOST_PAGES = 200
"""Of one list: 20,000 entries."""
LONGEST_WAIT = 60.0
"""Seconds; where a forge asks for more, its request is a sentence for the person."""
_MOST_PARTS = 2_000_000
"""Objects and lists of one reply: 32 MB of nothing else would take gigabytes of memory."""
_MISSING = 404


@dataclass(frozen=True)
class ForgeReply:
    """A successful reply.

    Args:
        headers: with names in lower case.
        value: the parsed JSON; None without content.
        next_url: the address of the list's next page; "" for none.
    """

    status: int
    headers: Mapping[str, str]
    value: object = field(repr=False)
    next_url: str = ""


class ForgeClient:
    """Sends requests to one forge, with one token or none. Every method raises ForgeError.

    A path is below the API's base, or a URL of its host. `about` says what is asked for, as a noun,
    for messages: “the pull request o/r#12”.

    Args:
        api: the API's base URL: the host's own, or that of "api." before it.
        header, scheme: of the token: "authorization" and "Bearer"; "Basic" sends its user too.
        headers: sent with every request, none of them secret.
        transport: replaces the network in tests.

    Raises ConfigError for an unusable base URL, and for a token or base URL of another host.
    """

    def __init__(
        self,
        api: str,
        host: ForgeHost,
        token: ForgeToken | None,
        *,
        header: str,
        scheme: str,
        headers: Mapping[str, str] | None = None,
        faults: ForgeFaults,
        clock: Clock | None = None,
        transport: "httpx.AsyncBaseTransport | None" = None,
    ) -> None:
        self.host = host
        self.faults = FaultReader(host, token, faults)
        self._clock = clock or Clock()
        sent = {"user-agent": "xreview-tui", **(headers or {})}
        self._exchange = ForgeExchange(
            api, host, token, header, scheme, sent, self._clock, transport
        )
        self._limits: dict[str, retry.RateLimits] = {}

    async def get(
        self, path: str, params: Params | None = None, accept: str = JSON_TYPE, *, about: str = ""
    ) -> ForgeReply:
        """Fetch a document."""
        return await self._reply(ForgeRequest("GET", path, params, None, accept, about))

    async def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        accept: str = JSON_TYPE,
        about: str = "",
        is_read: bool = False,
    ) -> ForgeReply:
        """Send a request that changes something, or with `is_read` a query by POST."""
        return await self._reply(ForgeRequest(method, path, None, body, accept, about, is_read))

    async def pages(
        self,
        path: str,
        params: Params | None = None,
        *,
        accept: str = JSON_TYPE,
        about: str = "",
        size: int = PAGE_SIZE,
        size_name: str = "per_page",
    ) -> AsyncGenerator[list[object], None]:
        """Fetch a list page by page; one that breaks off raises after the pages it had."""
        query: Params | None = {**(params or {}), size_name: size}
        entries, seen = 0, {path}
        while path:
            request = ForgeRequest("GET", path, query, None, accept, about)
            try:
                reply = await self._reply(request)
                page = self._page(reply, seen)
            except ForgeError as error:
                raise (self.faults.broken_off(error, entries) if entries else error) from None
            entries += len(page)
            yield page
            # A link has the query in it.
            path, query = reply.next_url, None
            seen.add(path)

    async def raw(
        self,
        path: str,
        params: Params | None = None,
        limit: int = FORGE_PATIENCE.reply_bytes,
        *,
        accept: str = "*/*",
        about: str = "",
    ) -> bytes | None:
        """Fetch content as it is; None if it doesn't exist or has more than `limit` bytes."""
        request = ForgeRequest("GET", path, params, None, accept, about, limit=limit)
        answer = await self._answer(request, missing_is_fine=True)
        return None if answer.status == _MISSING else answer.content

    async def close(self) -> None:
        """Close the connections; later requests open new ones."""
        await self._exchange.close()

    def _page(self, reply: ForgeReply, seen: set[str]) -> list[object]:
        if not isinstance(reply.value, list):
            raise self.faults.unreadable("something other than a list")
        if reply.next_url in seen or len(seen) > MOST_PAGES:
            raise self.faults.unreadable("a list without an end")
        return cast("list[object]", reply.value)

    async def _reply(self, request: ForgeRequest) -> ForgeReply:
        answer = await self._answer(request)
        content = answer.content
        if content is None:
            limit = FORGE_PATIENCE.reply_bytes // 1_000_000
            raise self.faults.unreadable(f"a reply of more than {limit} MB")
        value: object = None
        if content.strip():
            if not answer.is_json:
                raise self.faults.page(answer.status)
            if content.count(b"{") + content.count(b"[") > _MOST_PARTS:
                raise self.faults.unreadable("a reply of too many parts")
            try:
                value = await aside(len(content), parse_json, content, FORGE_PATIENCE.reply_bytes)
            except ValueError:
                raise self.faults.unreadable("something that isn't valid JSON") from None
        return ForgeReply(answer.status, answer.headers, value, answer.next_url)

    async def _answer(self, request: ForgeRequest, *, missing_is_fine: bool = False) -> ForgeAnswer:
        """Send a request, again where that is safe and can help."""
        if not self._exchange.has(request.path):
            raise self.faults.unreadable(f"a link to another host, “{host_in(request.path)}”")
        if not stays_below(request.path):
            raise self.faults.unreadable("an id or a name that would lead elsewhere")
        deadline = self._clock.monotonic() + FORGE_PATIENCE.overall
        limits = self._limits.setdefault(_kind_of(request.path), retry.RateLimits())
        for attempt in range(FORGE_PATIENCE.retries + 1):
            pause = limits.pause(self._clock.monotonic())
            if 0 < pause <= LONGEST_WAIT:
                await self._clock.sleep(pause)
            try:
                answer = await self._exchange.attempt(request, deadline)
            except ConnectionFault as caught:
                fault = self.faults.unconnected(caught, is_write=not request.is_read)
            else:
                limits.note(answer.headers, self._clock.monotonic(), self._clock.wall())
                if 200 <= answer.status < 300 or (missing_is_fine and answer.status == _MISSING):
                    return answer
                fault = self._refused(answer, request.about)
            seconds = fault.seconds
            if seconds is None:
                seconds = retry.backoff(attempt, self._clock.chance())
            can_repeat = fault.is_passing and (request.is_read or fault.is_undone)
            is_soon = seconds <= LONGEST_WAIT and self._clock.monotonic() + seconds < deadline
            if not can_repeat or not is_soon or attempt == FORGE_PATIENCE.retries:
                raise fault.error
            await self._clock.sleep(seconds)
        raise AssertionError("The last attempt returns or raises.")

    def _refused(self, answer: ForgeAnswer, about: str) -> ForgeFault:
        if answer.leads_to:
            return ForgeFault(self.faults.redirected(answer.status, answer.leads_to))
        is_page = not answer.is_json and bool(answer.content)
        body: JsonObject = {}
        if not is_page and answer.content:
            try:
                body = object_in(parse_json(answer.content))
            except ValueError:
                body = {}
        wall = self._clock.wall()
        return self.faults.refused(
            answer.status, answer.headers, body, wall, about=about, is_page=is_page
        )


async def all_entries(pages: AsyncGenerator[list[object], None]) -> list[object]:
    """The entries of all pages of a list. Raises what the pages raise."""
    async with aclosing(pages):
        return [one async for page in pages for one in page]


def _kind_of(path: str) -> str:
    """A name for the rate limit that a request counts for: searches and GraphQL have their own."""
    parts = urlsplit(path).path.split("/")
    return next((part for part in parts if part in ("search", "graphql")), "")
