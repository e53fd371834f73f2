"""A server's errors as messages with advice.

Text from a server is untrusted: it is truncated, and keys in it are masked. A `Dialect` reads one
protocol's errors; the messages are the same for all.
"""

from collections.abc import Callable, Mapping
from typing import cast

from xreview.domain.record import dataclass, field, replace
from xreview.domain.text import shorten
from xreview.hardening.redaction import without_keys
from xreview.http import retry
from xreview.http.connection_failures import ConnectionFault
from xreview.http.secret import Credential
from xreview.ports.failure import Failure, ModelError
from xreview.ports.json_value import JsonObject, object_in, parse_json

QUOTED_CHARACTERS = 300
_BY_STATUS = {
    401: Failure.KEY,
    402: Failure.MONEY,
    403: Failure.KEY,
    404: Failure.NOT_FOUND,
    408: Failure.TIMEOUT,
    409: Failure.SERVER,
    410: Failure.NOT_FOUND,
    413: Failure.TOO_LARGE,
    429: Failure.RATE,
    504: Failure.TIMEOUT,
}
_SAID = {
    Failure.KEY: "rejected the key",
    Failure.MONEY: "has no credit left for this key, or its spending limit is reached",
    Failure.RATE: "accepts no more requests for now",
    Failure.NOT_FOUND: "doesn't know {about}",
    Failure.REQUEST: "rejected the request for {about}",
    Failure.TOO_LARGE: "rejected the request for {about} as too large",
    Failure.SERVER: "failed or is overloaded",
    Failure.CONNECTION: "could not be reached",
    Failure.TIMEOUT: "took too long to answer",
    Failure.PROTOCOL: "sent an answer that isn't part of its protocol",
}
_FORBIDDEN_STATUS = 403
_FORBIDDEN = "rejected the key for {about}"
_ADVICE = {
    Failure.KEY: "Check the reviewer's key, and that it has access to this model.",
    Failure.MONEY: "Add credit or raise the limit, or choose another reviewer.",
    Failure.RATE: "Try again later, or choose another reviewer.",
    Failure.NOT_FOUND: "Check the reviewer's model and base URL.",
    Failure.REQUEST: "Check the reviewer's model, effort and limits.",
    Failure.TOO_LARGE: "Review a smaller change, or choose a model with a larger context.",
    Failure.SERVER: "Try again later, or choose another reviewer.",
    Failure.CONNECTION: "Check the network, and that the server is running.",
    Failure.TIMEOUT: "Try again later, or choose another reviewer.",
    Failure.PROTOCOL: "Check the reviewer's base URL and provider.",
}
_PASSING = frozenset({Failure.RATE, Failure.SERVER, Failure.TIMEOUT})


class HttpError(ModelError):
    """A ModelError that also says whether a retry can help.

    Args:
        is_passing: whether the same request can succeed later.
        seconds_told: how long the server asks to wait; None if it doesn't say.
    """

    def __init__(
        self,
        failure: Failure,
        message: str,
        advice: str = "",
        *,
        is_passing: bool = False,
        seconds_told: float | None = None,
        complaint: "Complaint | None" = None,
    ) -> None:
        super().__init__(failure, message, advice or _ADVICE[failure])
        self.is_passing = is_passing
        self.seconds_told = seconds_told
        self.complaint = complaint or Complaint()

    def after(self, remark: str) -> "HttpError":
        """Return the same fault, with a remark in brackets."""
        message = f"{self.message.removesuffix('.')} ({remark})."
        return HttpError(self.failure, message, self.advice, complaint=self.complaint)


@dataclass(frozen=True, slots=True)
class Complaint:
    """A server's error, in its own words.

    Args:
        kinds: its types and codes, the most specific first: ("insufficient_quota",).
        message: raw from a dialect; truncated and masked in an `HttpError`.
        parameter: the offending part of the request, if named.
        seconds: the wait that the body asks for.
        status: the HTTP status; 0 for an error inside a stream.
    """

    kinds: tuple[str, ...] = ()
    message: str = ""
    seconds: float | None = None
    status: int = 0
    parameter: str = ""


@dataclass(frozen=True)
class Dialect:
    """How one protocol reports errors.

    Args:
        read: reads the body of an error, or an error event of a stream.
        failures: the meaning of its kinds, which overrides the status.
        gives_up_after: seconds; there is no retry if the server asks to wait longer.
    """

    read: Callable[[JsonObject], Complaint]
    failures: Mapping[str, Failure] = field(default_factory=dict[str, Failure])
    gives_up_after: float | None = None


@dataclass(frozen=True)
class ModelHost:
    """A client's host, for describing its errors."""

    host: str
    dialect: Dialect
    credential: Credential | None = None

    def refused(
        self, status: int, headers: Mapping[str, str], body: bytes, wall: float, about: str = ""
    ) -> HttpError:
        """Describe an error reply; `body` can be truncated or HTML, and `wall` is the time now."""
        read = self._heard(_document(body))
        failure = self._failure(read, status)
        told = retry.seconds_told(headers, wall)
        told = read.seconds if told is None else told
        is_passing = self._is_patient(told) and retry.is_retried(status, headers)
        complaint = replace(read, seconds=told, status=status)
        return self._fault(failure, complaint, about, is_passing and failure is not Failure.MONEY)

    def failed(self, event: JsonObject, about: str = "") -> HttpError:
        """Describe an error inside a stream."""
        complaint = self._heard(event)
        failure = self._failure(complaint, 0)
        is_passing = failure in _PASSING and self._is_patient(complaint.seconds)
        return self._fault(failure, complaint, about, is_passing)

    def redirected(self, status: int, to_host: str) -> HttpError:
        """Describe a redirect; it isn't followed, since the key is for this host only."""
        to_host = self._masked(to_host)
        return HttpError(
            Failure.PROTOCOL,
            f"{self.host} redirects to “{to_host}” ({status}); redirects aren't followed.",
            "If you trust that host, set it as the reviewer's base URL.",
        )

    def cut_off(self) -> HttpError:
        """Describe a stream that ended too early."""
        return HttpError(
            Failure.CONNECTION,
            f"{self.host} stopped in the middle of its answer.",
            _ADVICE[Failure.SERVER],
            is_passing=True,
        )

    def wordless(self) -> HttpError:
        """Describe an empty reply."""
        return HttpError(
            Failure.CONNECTION,
            f"{self.host} sent an empty reply.",
            _ADVICE[Failure.PROTOCOL],
            is_passing=True,
        )

    def unreadable(self, what: str, advice: str = "") -> HttpError:
        """Describe a reply that breaks the protocol; `what` follows “sent”."""
        return HttpError(Failure.PROTOCOL, f"{self.host} sent {self._masked(what)}.", advice)

    def document(self, text: str | bytes) -> JsonObject:
        """Parse a JSON object. Raises HttpError for anything else."""
        if not text.strip():
            raise self.unreadable("an empty answer")
        try:
            value = parse_json(text)
        except ValueError:
            value = None
        del text  # it can repeat the key; keep it out of tracebacks that print locals
        if not isinstance(value, dict):
            raise self.unreadable("something other than a JSON object")
        return cast("JsonObject", value)

    def _is_patient(self, told: float | None) -> bool:
        """Return whether the requested wait is short enough."""
        limit = self.dialect.gives_up_after
        return told is None or limit is None or told <= limit

    def _failure(self, complaint: Complaint, status: int) -> Failure:
        for kind in complaint.kinds:
            if kind in self.dialect.failures:
                return self.dialect.failures[kind]
        default = Failure.SERVER if status >= 500 or status == 0 else Failure.REQUEST
        return _BY_STATUS.get(status, default)

    def _fault(
        self, failure: Failure, complaint: Complaint, about: str, is_passing: bool
    ) -> HttpError:
        words = _FORBIDDEN if complaint.status == _FORBIDDEN_STATUS else _SAID[failure]
        said = words.format(about=about or "this")
        status = f" ({complaint.status})" if complaint.status else ""
        ending = f": “{complaint.message}”" if complaint.message else "."
        return HttpError(
            failure,
            f"{self.host} {said}{status}{ending}",
            is_passing=is_passing,
            seconds_told=complaint.seconds,
            complaint=complaint,
        )

    def _heard(self, body: JsonObject) -> Complaint:
        """Read the complaint, truncated and with keys masked."""
        read = self.dialect.read(body)
        return replace(
            read,
            kinds=tuple(self._masked(kind) for kind in read.kinds if kind),
            message=self._masked(read.message),
            parameter=self._masked(read.parameter),
            seconds=retry.sane(read.seconds),
        )

    def _masked(self, text: str) -> str:
        # Before truncation, which could leave half a key.
        text = self.credential.secret.redact(text) if self.credential else without_keys(text)
        return shorten(" ".join(text.split()), QUOTED_CHARACTERS)


def unconnected(fault: ConnectionFault) -> HttpError:
    """Return the error of a request without a whole reply."""
    failure = Failure(fault.trouble.value)
    return HttpError(failure, fault.message, fault.advice, is_passing=fault.is_passing)


def _document(body: bytes) -> JsonObject:
    try:
        return object_in(parse_json(body))
    except ValueError:
        return {}  # HTML of a proxy, or nothing; the status says enough
