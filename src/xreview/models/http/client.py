"""The HTTP client for one host, with retries."""

from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING

from xreview.domain.record import replace
from xreview.hardening.address import Address, address_of
from xreview.http import retry
from xreview.http.patience import Clock, Patience
from xreview.http.secret import Credential
from xreview.models.http.call import JSON, Call, ReplyReader, TokenTally
from xreview.models.http.connection import Connection
from xreview.models.http.patience import BRIEF, local_patience
from xreview.models.http.server import Dialect, HttpError, ModelHost
from xreview.models.wire.context_fit import body_tokens
from xreview.ports.json_value import JsonObject
from xreview.ports.model import ModelSignal, Restarted, Tokens, Waiting

if TYPE_CHECKING:
    import httpx

    Transport = httpx.AsyncBaseTransport
    """Carries requests: the network, or a test's replacement."""
_WORTH_TELLING = 10.0


class HttpClient:
    """Sends requests to one host with one key. Models can share it, and its rate limits.

    Args:
        base_url: https, or http on this machine.
        credential: None for a server without keys.
        headers: sent with every request, none of them secret.
        patience: None for the host's default; models on this machine get more time.
        transport: replaces the network in tests.

    Raises ConfigError for an unusable base URL.
    """

    def __init__(
        self,
        base_url: str,
        dialect: Dialect,
        credential: Credential | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        patience: Patience | None = None,
        clock: Clock | None = None,
        transport: "Transport | None" = None,
    ) -> None:
        self.address: Address = address_of(base_url)
        self.server = ModelHost(self.address.host, dialect, credential)
        self._patience = patience
        self._clock = clock or Clock()
        sent = {"user-agent": "xreview-tui", **(headers or {})}
        self._connection = Connection(self.address, self.server, sent, self._clock, transport)

    def stream(
        self, call: Call, open_reader: Callable[[str], ReplyReader]
    ) -> AsyncGenerator[ModelSignal, None]:
        """Send the request and yield the reader's signals. Raises HttpError.

        Each attempt calls `open_reader` with the reply's media type. `Waiting` announces a wait;
        `Restarted` voids the signals of a broken attempt.
        """
        return self._attempts(call, open_reader, self._patience_for(call))

    async def fetch(self, call: Call) -> JsonObject:
        """Fetch one JSON document, with short timeouts. Raises HttpError."""
        whole = _Whole()

        def open_reader(_: str) -> _Whole:
            whole.body.clear()
            return whole

        call = replace(call, accepts=(JSON,))
        async with aclosing(self._attempts(call, open_reader, BRIEF)) as signals:
            async for _ in signals:
                pass
        return self.server.document(bytes(whole.body))

    async def close(self) -> None:
        """Close the connections; later requests open new ones."""
        await self._connection.close()

    def _patience_for(self, call: Call) -> Patience:
        if self._patience is not None:
            return self._patience
        if not self.address.is_local or call.body is None:
            return Patience()
        return local_patience(body_tokens(call.body), call.answer_tokens)

    async def _attempts(
        self, call: Call, open_reader: Callable[[str], ReplyReader], patience: Patience
    ) -> AsyncGenerator[ModelSignal, None]:
        deadline = self._clock.monotonic() + patience.overall
        tally = TokenTally()
        for attempt in range(patience.retries + 1):
            pause = min(
                self._connection.limits.pause(self._clock.monotonic()),
                deadline - self._clock.monotonic(),
            )
            if pause > 0:
                yield Waiting(pause, f"{self.address.host} limits the rate of requests.")
                await self._clock.sleep(pause)
            has_begun = False
            fault: HttpError | None = None
            try:
                async with aclosing(
                    self._connection.attempt(call, open_reader, patience, deadline)
                ) as signals:
                    async for signal in signals:
                        has_begun = True
                        yield tally.note(signal) if isinstance(signal, Tokens) else signal
            except HttpError as caught:
                # Frames below contain what the server sent, which can repeat the key.
                fault = caught.with_traceback(None)
            if fault is None:
                return
            seconds = self._seconds_before_next(fault, attempt, patience, deadline)
            tally.begin_anew()
            yield Waiting(seconds, fault.message)
            await self._clock.sleep(seconds)
            if has_begun:
                yield Restarted()

    def _seconds_before_next(
        self, fault: HttpError, attempt: int, patience: Patience, deadline: float
    ) -> float:
        """Return the seconds until the next attempt, or raise the fault if there is none."""
        seconds = fault.seconds_told
        if seconds is None:
            seconds = retry.backoff(attempt, self._clock.chance())
        is_too_late = self._clock.monotonic() + seconds >= deadline
        if fault.is_passing and attempt < patience.retries and not is_too_late:
            return seconds
        remarks = [f"{attempt + 1} attempts"] if attempt else []
        if fault.seconds_told is not None and fault.seconds_told > _WORTH_TELLING:
            words = retry.wait_words(fault.seconds_told, self._clock.wall())
            remarks.append(f"the server asks to wait {words}, which is too long")
        raise fault.after(", ".join(remarks)) if remarks else fault


class _Whole:
    """Keeps a whole reply, for documents that aren't streamed."""

    is_complete = False

    def __init__(self) -> None:
        self.body = bytearray()

    def feed(self, piece: bytes) -> Iterable[ModelSignal]:
        self.body += piece
        return ()

    def end(self) -> Iterable[ModelSignal]:
        return ()
