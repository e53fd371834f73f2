"""Connection errors as messages.

The texts of httpx, the TLS library and the system are never shown, since they can contain headers
and rarely help. The types of the errors in the chain decide the message.
"""

import socket
import ssl
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

_PROXY_ADVICE = "Check HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY."


class ConnectionTrouble(StrEnum):
    """What went wrong with a connection."""

    CONNECTION = "connection"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"


class ConnectionFault(Exception):  # noqa: N818, it becomes the error of the client that asked
    """A request got no reply, or not all of it. Every client turns it into an error of its own.

    Args:
        advice: "" where the client knows better.
        is_passing: whether the same request can succeed later.
        is_unsent: whether the server certainly got nothing.
    """

    def __init__(
        self,
        trouble: ConnectionTrouble,
        message: str,
        advice: str = "",
        *,
        is_passing: bool = False,
        is_unsent: bool = False,
    ) -> None:
        super().__init__(message)
        self.trouble = trouble
        self.message = message
        self.advice = advice
        self.is_passing = is_passing
        self.is_unsent = is_unsent


def fault_of(error: "httpx.HTTPError", host: str) -> ConnectionFault:
    """Return the fault for an httpx error."""
    import httpx

    chain = tuple(_chain(error))
    for cause in chain:
        if isinstance(cause, ssl.SSLError):
            return _tls(cause, host)
        if isinstance(cause, socket.gaierror):
            return _unreached(f"Could not resolve {host}.", "Check the network and that name.")
    if isinstance(error, httpx.ProxyError):
        return ConnectionFault(
            ConnectionTrouble.CONNECTION,
            f"The proxy refused the connection to {host}.",
            _PROXY_ADVICE,
            is_unsent=True,
        )
    if isinstance(error, httpx.ReadTimeout):
        return out_of_time(host)
    if isinstance(error, httpx.TimeoutException):
        return _late(error, host)
    if any(isinstance(cause, ConnectionRefusedError) for cause in chain):
        return _unreached(
            f"{host} refused the connection.", "Check that the server is running, and its port."
        )
    if isinstance(error, httpx.ConnectError):
        return _unreached(f"Could not reach {host}.", "Check the network.")
    if isinstance(error, (httpx.NetworkError, httpx.RemoteProtocolError)):
        return ConnectionFault(
            ConnectionTrouble.CONNECTION,
            f"The connection to {host} was lost.",
            "Try again later.",
            is_passing=True,
        )
    return ConnectionFault(
        ConnectionTrouble.PROTOCOL, f"Communication with {host} failed ({type(error).__name__})."
    )


def out_of_time(host: str, silence: float | None = None) -> ConnectionFault:
    """Return the fault for a silence of so many seconds, or for the overall timeout."""
    if silence is None:
        what = f"{host} did not finish in time."
    else:
        what = f"{host} sent nothing for {silence:,.0f} seconds."
    return ConnectionFault(ConnectionTrouble.TIMEOUT, what)


def unasked_compression(host: str) -> ConnectionFault:
    """Return the fault for a compressed reply, which no request of ours allows."""
    return ConnectionFault(
        ConnectionTrouble.PROTOCOL,
        f"{host} sent a compressed reply, which wasn't requested.",
        "Check whether a proxy changes what it sends.",
    )


def misconfigured(error: Exception) -> ConnectionFault:
    """Return the fault for unusable proxy variables or certificate files."""
    if isinstance(error, OSError):
        return ConnectionFault(
            ConnectionTrouble.CONNECTION,
            "Could not load the certificates for verifying servers.",
            "Check SSL_CERT_FILE and SSL_CERT_DIR.",
            is_unsent=True,
        )
    return ConnectionFault(
        ConnectionTrouble.CONNECTION,
        "A proxy variable is invalid"
        + (": SOCKS is not supported." if isinstance(error, ImportError) else "."),
        _PROXY_ADVICE,
        is_unsent=True,
    )


def _late(error: "httpx.TimeoutException", host: str) -> ConnectionFault:
    import httpx

    said: dict[type[httpx.TimeoutException], str] = {
        httpx.ConnectTimeout: f"{host} did not accept the connection in time.",
        httpx.PoolTimeout: f"Too many requests to {host} at once.",
    }
    what = said.get(type(error), f"{host} read the request too slowly.")
    return ConnectionFault(
        ConnectionTrouble.TIMEOUT, what, is_passing=True, is_unsent=type(error) in said
    )


def _tls(error: ssl.SSLError, host: str) -> ConnectionFault:
    if isinstance(error, ssl.SSLCertVerificationError):
        what = f"Could not verify the certificate of {host}: {error.verify_message}."
        advice = "Check its address; if a proxy re-signs traffic, set SSL_CERT_FILE."
    else:
        what = f"Could not establish an encrypted connection to {host}."
        advice = "Check that its address is of an https server."
    return ConnectionFault(ConnectionTrouble.CONNECTION, what, advice)


def _unreached(message: str, advice: str) -> ConnectionFault:
    return ConnectionFault(
        ConnectionTrouble.CONNECTION, message, advice, is_passing=True, is_unsent=True
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        current = waiting.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting += [current.__cause__, current.__context__]
        if isinstance(current, BaseExceptionGroup):
            waiting += current.exceptions
