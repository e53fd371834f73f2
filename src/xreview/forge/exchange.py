"""One request to a forge and its reply, within its host.

The token leaves this module only in the headers of requests to its own host.
"""

import asyncio
import base64
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from urllib.parse import unquote, urljoin, urlsplit

from xreview.domain.errors import ConfigError
from xreview.domain.pull.address import ForgeHost
from xreview.domain.record import dataclass, field, replace
from xreview.forge.token import ForgeToken
from xreview.hardening.address import address_of
from xreview.hardening.redaction import bytes_without_keys
from xreview.http.connection_failures import unasked_compression
from xreview.http.patience import Clock, Patience
from xreview.http.secret import Credential, Secret
from xreview.http.wire import StepBounds, Wire
from xreview.ports.json_value import encode_json

if TYPE_CHECKING:
    import httpx

JSON_TYPE = "application/json"
FORGE_PATIENCE = Patience(
    write=30.0, first_byte=30.0, read=30.0, overall=150.0, reply_bytes=32_000_000
)
_MOST_REDIRECTS = 3
_MANY_BYTES = 500_000
_REDIRECTS = (301, 302, 303, 307, 308)

Params = Mapping[str, str | int]
_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class ForgeRequest:
    """One request.

    Args:
        path: below the API's base, or a URL of its host, which has a query of its own.
        body: sent as JSON; None for none.
        about: what is asked for, as a noun, for messages.
        is_read: whether it changes nothing, so that it can be repeated.
        limit: the most bytes of its reply.
    """

    method: str
    path: str
    params: Params | None = None
    body: object = field(default=None, repr=False)
    accept: str = JSON_TYPE
    about: str = ""
    is_read: bool = True
    limit: int = FORGE_PATIENCE.reply_bytes


@dataclass(frozen=True)
class ForgeAnswer:
    """A reply before it is parsed.

    Args:
        headers: with names in lower case.
        content: with tokens masked; None if it has more bytes than allowed.
        next_url: the address of the list's next page; "" for none.
        leads_to: the host that a redirect leads to, if it isn't followed; "" for none.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes | None = field(repr=False)
    next_url: str = ""
    leads_to: str = ""

    @property
    def is_json(self) -> bool:
        """Whether the forge says that it is JSON, or nothing."""
        media = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        return media in ("", JSON_TYPE) or media.endswith("+json")


class ForgeExchange:
    """The connections to one forge. Every request raises ConnectionFault.

    Args:
        api: the API's base URL: the host's own, or that of "api." before it.
        headers: sent with every request, none of them secret.

    Raises ConfigError for an unusable base URL, and for a token or base URL of another host.
    """

    def __init__(
        self,
        api: str,
        host: ForgeHost,
        token: ForgeToken | None,
        header: str,
        scheme: str,
        headers: Mapping[str, str],
        clock: Clock,
        transport: "httpx.AsyncBaseTransport | None",
    ) -> None:
        netloc = urlsplit(api).netloc
        if netloc not in (host.name, f"api.{host.name}"):
            raise ConfigError(f"{netloc} isn't the address of an API of {host.name}.")
        if token is not None and token.host != host:
            raise ConfigError(f"The token from {token.source} isn't for {host.name}.")
        self.address = address_of(api)
        self._names = {self.address.name, urlsplit(api).hostname or ""}
        self._credential = _credential(token, header, scheme) if token else None
        self._headers = headers
        self._clock = clock
        self._wire = Wire(self.address, clock, transport)

    async def close(self) -> None:
        """Close the connections; later requests open new ones."""
        await self._wire.close()

    def has(self, path: str) -> bool:
        """Whether a path or URL is of this host."""
        return self._url(path) is not None

    async def attempt(self, request: ForgeRequest, deadline: float) -> ForgeAnswer:
        """Send a request once; a GET follows redirects within the API's origin."""
        url, params = self._url(request.path) or "", request.params
        redirects = 0
        while True:
            answer = await self._sent(request, url, params, deadline)
            if answer.status not in _REDIRECTS:
                return answer
            redirects += 1
            target = _joined(url, answer.headers.get("location", ""))
            is_own = _origin(target) == _origin(self.address.base)
            if request.method != "GET" or not is_own or redirects > _MOST_REDIRECTS:
                return replace(answer, leads_to=host_in(target) or "nowhere")
            url, params = target, None

    async def _sent(
        self, request: ForgeRequest, url: str, params: Params | None, deadline: float
    ) -> ForgeAnswer:
        client = self._wire.open()
        first_by = self._clock.monotonic() + FORGE_PATIENCE.first_byte
        first = StepBounds(deadline, FORGE_PATIENCE.first_byte, first_by)
        sending = client.send(self._built(client, request, url, params), stream=True)
        response = await self._wire.within(sending, first)
        try:
            if response.headers.get("content-encoding", "identity") != "identity":
                # A few bytes could become gigabytes.
                raise unasked_compression(self.address.host)
            pieces, content = response.aiter_bytes(), bytearray()
            bounds = StepBounds(deadline, FORGE_PATIENCE.read)
            while (piece := await self._wire.within(anext(pieces, None), bounds)) is not None:
                content += piece
                if len(content) > request.limit:
                    break
            headers = {name.lower(): value for name, value in response.headers.items()}
            following = response.links.get("next", {}).get("url", "")
        finally:
            await response.aclose()
        is_whole = len(content) <= request.limit
        whole = await aside(len(content), bytes_without_keys, bytes(content)) if is_whole else None
        return ForgeAnswer(response.status_code, headers, whole, following)

    def _built(
        self, client: "httpx.AsyncClient", request: ForgeRequest, url: str, params: Params | None
    ) -> "httpx.Request":
        import httpx

        content = None if request.body is None else encode_json(request.body)
        return client.build_request(
            request.method,
            url,
            params=dict(params) if params else None,
            content=content,
            headers={
                "accept": request.accept,
                "accept-encoding": "identity",
                **({} if content is None else {"content-type": JSON_TYPE}),
                **self._headers,
                **(self._credential.headers() if self._credential else {}),
            },
            timeout=httpx.Timeout(
                connect=FORGE_PATIENCE.connect,
                read=FORGE_PATIENCE.read,
                write=FORGE_PATIENCE.write,
                pool=FORGE_PATIENCE.pool,
            ),
        )

    def _url(self, path: str) -> str | None:
        """The URL of a path, or of a link to the same host; None for another host.

        Behind a proxy, a server can name itself with another scheme or port: requests go to ours.
        """
        if path.startswith("/"):
            return self.address.url(path)
        if host_in(path) not in self._names or not _is_plain(path):
            return None
        parts = urlsplit(path)
        query = f"?{parts.query}" if parts.query else ""
        return f"{_origin(self.address.base)}{parts.path}{query}"


async def aside(
    size: int,
    work: Callable[_Arguments, _Result],
    /,
    *args: _Arguments.args,
    **named: _Arguments.kwargs,
) -> _Result:
    """Work on so many bytes, off the event loop if they are many."""
    if size < _MANY_BYTES:
        return work(*args, **named)
    return await asyncio.to_thread(work, *args, **named)


def host_in(url: str) -> str:
    """The host of a URL, or ""."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def stays_below(path: str) -> bool:
    """Whether a path leads nowhere else than it says: httpx resolves `..`, and servers `%2e%2e`.

    Ids and names in it can be a forge's, or of a journal that others write.
    """
    parts = unquote(urlsplit(path).path).split("/")
    return _is_plain(path) and "#" not in path and {".", ".."}.isdisjoint(parts)


def _joined(url: str, location: str) -> str:
    """Where a redirect leads; "" if that is no URL."""
    try:
        target = urljoin(url, location)
    except ValueError:
        return ""
    return target if _is_plain(target) else ""


def _is_plain(url: str) -> bool:
    return url.isascii() and url.isprintable() and " " not in url


def _origin(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"


def _credential(token: ForgeToken, header: str, scheme: str) -> Credential:
    if scheme != "Basic":
        return Credential(header, token.secret, scheme)
    pair = base64.b64encode(f"{token.user}:{token.secret.reveal()}".encode()).decode()
    return Credential(header, Secret(pair), scheme)
