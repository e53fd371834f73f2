"""What went wrong on the way to a server, as a sentence.

The texts of httpx, the TLS library and the system are not repeated: they may hold headers, and
name nothing the user can act on. What they mean is told from the kinds of errors in the chain.
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
    """The fault that an error of httpx stands for."""
    import httpx

    chain = tuple(_chain(error))
    for cause in chain:
        if isinstance(cause, ssl.SSLError):
            return _tls(cause, host)
        if isinstance(cause, socket.gaierror):
            return _passing(
                f"The name {host} could not be looked up.",
                "Check the network and the base URL of the reviewer.",
            )
    if isinstance(error, httpx.ProxyError):
        return HttpError(
            Failure.CONNECTION, f"The proxy did not let {host} be reached.", _PROXY_ADVICE
        )
    if isinstance(error, httpx.TimeoutException):
        return timed_out(error, host)
    if any(isinstance(cause, ConnectionRefusedError) for cause in chain):
        return _passing(
            f"{host} refused the connection.", "Check that the server runs, and its port."
        )
    if isinstance(error, httpx.ConnectError):
        return _passing(f"{host} could not be reached.", "Check the network.")
    if isinstance(error, (httpx.NetworkError, httpx.RemoteProtocolError)):
        return _passing(f"The connection to {host} broke off.", "Try again in a while.")
    return HttpError(
        Failure.PROTOCOL, f"The exchange with {host} went wrong ({type(error).__name__})."
    )


def timed_out(error: "httpx.TimeoutException", host: str) -> HttpError:
    """The fault of a step that took too long."""
    import httpx

    if isinstance(error, httpx.ConnectTimeout):
        what = f"{host} did not take the connection in time."
    elif isinstance(error, httpx.ReadTimeout):
        return out_of_time(host)
    elif isinstance(error, httpx.PoolTimeout):
        what = f"Too many requests to {host} were under way at once."
    else:
        what = f"{host} took the request too slowly."
    return HttpError(Failure.TIMEOUT, what, is_passing=True)


def out_of_time(host: str, silence: float | None = None) -> HttpError:
    """The fault of a server that was waited for: so many seconds without a byte, or altogether."""
    if silence is None:
        what = f"{host} did not finish within the time allowed."
    else:
        what = f"{host} sent nothing for {silence:,.0f} seconds, and was given up."
    return HttpError(
        Failure.TIMEOUT,
        what,
        "Check that the server still works, or choose a faster model.",
    )


def misconfigured(error: Exception) -> HttpError:
    """The fault of proxy variables or certificate files that no client can be made with."""
    if isinstance(error, OSError):
        return HttpError(
            Failure.CONNECTION,
            "The certificates to check servers with could not be loaded.",
            "Check SSL_CERT_FILE and SSL_CERT_DIR.",
        )
    return HttpError(
        Failure.CONNECTION,
        "A proxy variable holds what can't be used"
        + (": SOCKS is not built in." if isinstance(error, ImportError) else "."),
        _PROXY_ADVICE,
    )


def _tls(error: ssl.SSLError, host: str) -> HttpError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return HttpError(
            Failure.CONNECTION,
            f"The certificate of {host} could not be verified: {error.verify_message}.",
            "Check the base URL; where a proxy re-signs traffic, set SSL_CERT_FILE to its "
            "certificate.",
        )
    return HttpError(
        Failure.CONNECTION,
        f"No encrypted connection to {host} could be made.",
        "Check that the base URL names an https server.",
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
