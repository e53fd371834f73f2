"""Connection errors as messages.

The texts of httpx, the TLS library and the system are never shown, since they can contain headers
and rarely help. The types of the errors in the chain decide the message.
"""

import socket
import ssl
from collections.abc import Iterator
from typing import TYPE_CHECKING

from xreview.models.http.server import HttpError
from xreview.ports.failure import Failure

if TYPE_CHECKING:
    import httpx

_PROXY_ADVICE = "Check HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY."


def fault_of(error: "httpx.HTTPError", host: str) -> HttpError:
    """Return the fault for an httpx error."""
    import httpx

    chain = tuple(_chain(error))
    for cause in chain:
        if isinstance(cause, ssl.SSLError):
            return _tls(cause, host)
        if isinstance(cause, socket.gaierror):
            return _passing(
                f"Could not resolve {host}.", "Check the network and the reviewer's base URL."
            )
    if isinstance(error, httpx.ProxyError):
        return HttpError(
            Failure.CONNECTION, f"The proxy refused the connection to {host}.", _PROXY_ADVICE
        )
    if isinstance(error, httpx.ReadTimeout):
        return out_of_time(host)
    if isinstance(error, httpx.TimeoutException):
        said: dict[type[httpx.TimeoutException], str] = {
            httpx.ConnectTimeout: f"{host} did not accept the connection in time.",
            httpx.PoolTimeout: f"Too many requests to {host} at once.",
        }
        what = said.get(type(error), f"{host} read the request too slowly.")
        return HttpError(Failure.TIMEOUT, what, is_passing=True)
    if any(isinstance(cause, ConnectionRefusedError) for cause in chain):
        return _passing(
            f"{host} refused the connection.", "Check that the server is running, and its port."
        )
    if isinstance(error, httpx.ConnectError):
        return _passing(f"Could not reach {host}.", "Check the network.")
    if isinstance(error, (httpx.NetworkError, httpx.RemoteProtocolError)):
        return _passing(f"The connection to {host} was lost.", "Try again later.")
    return HttpError(
        Failure.PROTOCOL, f"Communication with {host} failed ({type(error).__name__})."
    )


def out_of_time(host: str, silence: float | None = None) -> HttpError:
    """Return the fault for a silence of so many seconds, or for the overall timeout."""
    if silence is None:
        what = f"{host} did not finish in time."
    else:
        what = f"{host} sent nothing for {silence:,.0f} seconds."
    return HttpError(
        Failure.TIMEOUT, what, "Check that the server works, or choose a faster model."
    )


def misconfigured(error: Exception) -> HttpError:
    """Return the fault for unusable proxy variables or certificate files."""
    if isinstance(error, OSError):
        return HttpError(
            Failure.CONNECTION,
            "Could not load the certificates for verifying servers.",
            "Check SSL_CERT_FILE and SSL_CERT_DIR.",
        )
    return HttpError(
        Failure.CONNECTION,
        "A proxy variable is invalid"
        + (": SOCKS is not supported." if isinstance(error, ImportError) else "."),
        _PROXY_ADVICE,
    )


def _tls(error: ssl.SSLError, host: str) -> HttpError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return HttpError(
            Failure.CONNECTION,
            f"Could not verify the certificate of {host}: {error.verify_message}.",
            "Check the base URL; if a proxy re-signs traffic, set SSL_CERT_FILE.",
        )
    return HttpError(
        Failure.CONNECTION,
        f"Could not establish an encrypted connection to {host}.",
        "Check that the base URL is of an https server.",
    )


def _passing(message: str, advice: str) -> HttpError:
    return HttpError(Failure.CONNECTION, message, advice, is_passing=True)


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
