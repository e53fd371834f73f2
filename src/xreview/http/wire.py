"""The httpx client for one address, and the time limits of each step of a request.

Errors of httpx become a `ConnectionFault` raised outside the `except`, so that no traceback leads
into frames with headers, which hold the key.
"""

import asyncio
from collections.abc import Awaitable
from typing import TYPE_CHECKING, TypeVar

from xreview.domain.record import dataclass
from xreview.hardening.address import Address
from xreview.http import connection_failures
from xreview.http.patience import Clock

if TYPE_CHECKING:
    import httpx

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class StepBounds:
    """The time limits of one step, on the monotonic clock.

    Args:
        deadline: of the whole request.
        silence: seconds without a byte.
        by: the end of a silence that began earlier; None for one that begins with this step.
    """

    deadline: float
    silence: float
    by: float | None = None


class Wire:
    """The connections to one address, opened with the first request.

    Redirects are never followed here, and proxy variables count except on this machine.

    Args:
        transport: replaces the network in tests.
    """

    def __init__(
        self, address: Address, clock: Clock, transport: "httpx.AsyncBaseTransport | None"
    ) -> None:
        self._address = address
        self._clock = clock
        self._transport = transport
        self._client: httpx.AsyncClient | None = None

    def open(self) -> "httpx.AsyncClient":
        """Return the client. Raises ConnectionFault for unusable variables or certificates."""
        import httpx

        if self._client is not None:
            return self._client
        try:
            self._client = httpx.AsyncClient(
                transport=self._transport,
                trust_env=not self._address.is_local,
                follow_redirects=False,
            )
        except (OSError, ValueError, ImportError, httpx.InvalidURL) as error:
            fault = connection_failures.misconfigured(error)
        else:
            return self._client
        raise fault

    async def within(self, step: Awaitable[_Result], bounds: StepBounds) -> _Result:
        """Await one step. Raises ConnectionFault, outside any frame that contains the request."""
        import httpx

        now = self._clock.monotonic()
        silence = bounds.silence if bounds.by is None else bounds.by - now
        left = bounds.deadline - now
        try:
            async with asyncio.timeout(max(0.0, min(left, silence))):
                return await step
        except TimeoutError:
            fault = connection_failures.out_of_time(
                self._address.host, bounds.silence if silence < left else None
            )
        except httpx.HTTPError as error:
            fault = connection_failures.fault_of(error, self._address.host)
        raise fault

    async def close(self) -> None:
        """Close the connections; later requests open new ones."""
        client, self._client = self._client, None
        if client:
            await client.aclose()
