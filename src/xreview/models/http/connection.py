"""One attempt at one request.

The key leaves this module only in the headers of requests to its own host. httpx errors become an
`HttpError` raised outside the `except`, so that no traceback leads into frames with headers. If a
server repeats the key, it is masked in the bytes before anything reads them.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urljoin, urlsplit

from xreview.hardening.address import Address
from xreview.hardening.redaction import KeyStream, bytes_without_keys
from xreview.http.connection_failures import ConnectionFault
from xreview.http.patience import ERROR_BYTES, Clock, Patience
from xreview.http.retry import RateLimits
from xreview.http.wire import StepBounds, Wire
from xreview.models.http.call import JSON, Call, ReplyReader
from xreview.models.http.server import ModelHost, unconnected
from xreview.ports.json_value import encode_json
from xreview.ports.model import ModelSignal

if TYPE_CHECKING:
    import httpx

_DRAIN_SECONDS = 0.1
_WITHOUT_CONTENT = (204, 205)
_Result = TypeVar("_Result")


class Connection:
    """The connections to one host, opened with the first request.

    Args:
        headers: sent with every request, none of them secret.
        transport: replaces the network in tests.
    """

    def __init__(
        self,
        address: Address,
        server: ModelHost,
        headers: Mapping[str, str],
        clock: Clock,
        transport: "httpx.AsyncBaseTransport | None",
    ) -> None:
        self.address = address
        self.server = server
        self.limits = RateLimits()
        self._headers = headers
        self._clock = clock
        self._wire = Wire(address, clock, transport)

    async def close(self) -> None:
        """Close the connections; later requests open new ones."""
        await self._wire.close()

    async def attempt(
        self,
        call: Call,
        open_reader: Callable[[str], ReplyReader],
        patience: Patience,
        deadline: float,
    ) -> AsyncGenerator[ModelSignal, None]:
        """Send the request once, until `deadline` on the monotonic clock. Raises HttpError."""
        client = self._open()
        # Some servers send the head of a reply before they start reading.
        first_by = self._clock.monotonic() + patience.first_byte
        first = StepBounds(deadline, patience.first_byte, first_by)
        sending = client.send(self._request(client, call, patience), stream=True)
        response = await self._within(sending, first)
        try:
            self.limits.note(response.headers, self._clock.monotonic(), self._clock.wall())
            reader = open_reader(await self._checked(response, call, first))
            pieces, keys = response.aiter_bytes(), KeyStream()
            size = 0
            bounds, later = first, StepBounds(deadline, patience.read)
            while (piece := await self._within(anext(pieces, None), bounds)) is not None:
                bounds = later
                size += len(piece)
                if size > patience.reply_bytes:
                    limit = patience.reply_bytes // 1_000_000
                    raise self.server.unreadable(
                        f"an answer of more than {limit} MB", "Try again, or choose another model."
                    )
                piece = keys.feed(piece)
                for signal in reader.feed(piece) if piece else ():
                    yield signal
                if reader.is_complete:
                    await _drain(pieces)
                    return
            if not size:
                raise self.server.wordless()
            if rest := keys.end():
                for signal in reader.feed(rest):
                    yield signal
            for signal in reader.end():
                yield signal
        finally:
            await response.aclose()

    async def _checked(self, response: "httpx.Response", call: Call, bounds: StepBounds) -> str:
        """Return the reply's media type. Raises HttpError for anything but a normal reply."""
        status = response.status_code
        if 300 <= status < 400:
            raise self.server.redirected(status, self._target(response))
        if response.headers.get("content-encoding", "identity") != "identity":
            raise self.server.unreadable("a compressed answer, which wasn't requested")
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if not 200 <= status < 300:
            body = await self._body(response, bounds)
            wall = self._clock.wall()
            raise self.server.refused(status, response.headers, body, wall, call.about)
        if status in _WITHOUT_CONTENT:
            raise self.server.unreadable(f"no answer ({status})")
        if not media_type:
            return call.accepts[0]
        if media_type in call.accepts:
            return media_type
        if media_type == JSON:
            body = await self._body(response, bounds)
            document = self.server.document(body)
            if self.server.dialect.read(document).message:
                raise self.server.failed(document, call.about)
        raise self.server.unreadable(f"“{media_type}” instead of {call.accepts[0]}")

    async def _body(self, response: "httpx.Response", bounds: StepBounds) -> bytes:
        pieces = response.aiter_bytes()
        body = bytearray()
        while (piece := await self._within(anext(pieces, None), bounds)) is not None:
            body += piece
            if len(body) > ERROR_BYTES:
                break
        # Before truncation, which could leave half a key.
        return bytes_without_keys(bytes(body))[:ERROR_BYTES]

    def _target(self, response: "httpx.Response") -> str:
        location = response.headers.get("location", "")
        try:
            return urlsplit(urljoin(self.address.base, location)).hostname or "nowhere"
        except ValueError:
            return "nowhere"

    async def _within(self, step: Awaitable[_Result], bounds: StepBounds) -> _Result:
        """Await one step. Raises HttpError, outside any frame that contains the request."""
        try:
            return await self._wire.within(step, bounds)
        except ConnectionFault as caught:
            fault = unconnected(caught)
        raise fault

    def _request(
        self, client: "httpx.AsyncClient", call: Call, patience: Patience
    ) -> "httpx.Request":
        import httpx

        credential = self.server.credential
        return client.build_request(
            "GET" if call.body is None else "POST",
            self.address.url(call.path),
            content=None if call.body is None else encode_json(call.body),
            headers={
                "accept": ", ".join(call.accepts),
                "accept-encoding": "identity",
                **({} if call.body is None else {"content-type": JSON}),
                **self._headers,
                **(credential.headers() if credential else {}),
            },
            timeout=httpx.Timeout(
                connect=patience.connect,
                read=max(patience.read, patience.first_byte),
                write=patience.write,
                pool=patience.pool,
            ),
        )

    def _open(self) -> "httpx.AsyncClient":
        try:
            return self._wire.open()
        except ConnectionFault as caught:
            fault = unconnected(caught)
        raise fault


async def _drain(pieces: AsyncIterator[bytes]) -> None:
    """Read the rest of a complete reply, so that its connection can be reused.

    If the server keeps sending or breaks off, only that connection is lost.
    """
    import httpx

    with suppress(TimeoutError, httpx.HTTPError):
        async with asyncio.timeout(_DRAIN_SECONDS):
            async for _ in pieces:
                pass
