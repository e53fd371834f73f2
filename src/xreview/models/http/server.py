"""What a server complains of, as an error with a sentence and an advice.

All text of a server is hostile: it is bounded, and the key is masked where the server repeats it.
Which words a protocol uses is data (`Dialect`); the sentences are the same for all of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from xreview.domain.text import shorten
from xreview.hardening.redaction import without_keys
from xreview.models.http import retry
from xreview.models.http.secret import Credential
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
    Failure.KEY: "does not accept the key",
    Failure.MONEY: "has no credit left for this key, or a spending limit is reached",
    Failure.RATE: "takes no more requests for now",
    Failure.NOT_FOUND: "does not know {about}",
    Failure.REQUEST: "does not take the request for {about}",
    Failure.TOO_LARGE: "takes no request for {about} as large as this",
    Failure.SERVER: "failed, or has too much to do",
    Failure.CONNECTION: "could not be reached",
    Failure.TIMEOUT: "took too long to answer",
    Failure.PROTOCOL: "answered with what its protocol does not know",
}
_FORBIDDEN_STATUS = 403
_FORBIDDEN = "does not accept the key for {about}"
_ADVICE = {
    Failure.KEY: "Check the reviewer's key, and that it may use this model.",
    Failure.MONEY: "Add credit or raise the limit at the vendor, or choose another reviewer.",
    Failure.RATE: "Try again in a while, or ask for fewer requests at once.",
    Failure.NOT_FOUND: "Check the model's name and the base URL of the reviewer.",
    Failure.REQUEST: "Check the model, effort and limits set for the reviewer.",
    Failure.TOO_LARGE: "Review a smaller change, or choose a model that takes more.",
    Failure.SERVER: "Try again in a while, or choose another reviewer.",
    Failure.CONNECTION: "Check the network, and that the server runs.",
    Failure.TIMEOUT: "Try again in a while, or choose another reviewer.",
    Failure.PROTOCOL: "Check the base URL and the provider set for the reviewer.",
}
_PASSING = frozenset({Failure.RATE, Failure.SERVER, Failure.TIMEOUT})


class HttpError(ModelError):
    """A ModelError that also says whether another attempt may help.

    Args:
        is_passing: whether the same request may succeed later.
        seconds_told: how long the server asks to wait; None where it asks nothing.
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
        """The same fault, with what was done about it in brackets."""
        message = f"{self.message.removesuffix('.')} ({remark})."
        return HttpError(self.failure, message, self.advice, complaint=self.complaint)


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a server's error says, as its protocol words it.

    Args:
        kinds: its types and codes, the most telling first: ("insufficient_quota",).
        message: its own sentence; raw as a dialect reads it, bounded and masked in an error.
        parameter: the part of the request it complains of, where it says so.
        seconds: how long it asks to wait, where the body says so.
        status: the HTTP status; 0 for an error inside a stream.
    """

    kinds: tuple[str, ...] = ()
    message: str = ""
    seconds: float | None = None
    status: int = 0
    parameter: str = ""


@dataclass(frozen=True)
class Dialect:
    """How one protocol words errors.

    Args:
        read: the complaint in the body of an error, or in an error event of a stream.
        failures: what its kinds mean, where the status does not tell.
        gives_up_after: seconds; a server that asks to wait longer is not asked again.
    """

    read: Callable[[JsonObject], Complaint]
    failures: Mapping[str, Failure] = field(default_factory=dict[str, Failure])
    gives_up_after: float | None = None


@dataclass(frozen=True)
class ModelHost:
    """The host a client talks to, for saying what it did wrong."""

    host: str
    dialect: Dialect
    credential: Credential | None = None

    def refused(
        self, status: int, headers: Mapping[str, str], body: bytes, wall: float, about: str = ""
    ) -> HttpError:
        """A reply that is not 200. `body` may be cut off or HTML; `wall` is the time now."""
        read = self._heard(_document(body))
        failure = self._failure(read, status)
        told = retry.seconds_told(headers, wall)
        told = read.seconds if told is None else told
        is_passing = self._is_patient(told) and retry.is_retried(status, headers)
        complaint = replace(read, seconds=told, status=status)
        return self._fault(failure, complaint, about, is_passing and failure is not Failure.MONEY)

    def failed(self, event: JsonObject, about: str = "") -> HttpError:
        """An error inside a stream that began well."""
        complaint = self._heard(event)
        failure = self._failure(complaint, 0)
        is_passing = failure in _PASSING and self._is_patient(complaint.seconds)
        return self._fault(failure, complaint, about, is_passing)

    def redirected(self, status: int, to_host: str) -> HttpError:
        """A redirect, which is never followed: the key belongs to this host alone."""
        to_host = self._masked(to_host)
        return HttpError(
            Failure.PROTOCOL,
            f"{self.host} sends requests on to “{to_host}” ({status}), which is not followed.",
            "Put the right base URL into the reviewer's settings, if you trust that host.",
        )

    def cut_off(self) -> HttpError:
        """A stream that ended before its end."""
        return HttpError(
            Failure.CONNECTION,
            f"{self.host} broke off in the middle of its answer.",
            _ADVICE[Failure.SERVER],
            is_passing=True,
        )

    def wordless(self) -> HttpError:
        """A reply without a single byte."""
        return HttpError(
            Failure.CONNECTION,
            f"{self.host} answered with nothing at all.",
            _ADVICE[Failure.PROTOCOL],
            is_passing=True,
        )

    def unreadable(self, what: str, advice: str = "") -> HttpError:
        """A reply that is not what the protocol says; `what` goes after “sent”."""
        return HttpError(Failure.PROTOCOL, f"{self.host} sent {self._masked(what)}.", advice)

    def document(self, text: str | bytes) -> JsonObject:
        """A JSON object of a reply. Raises HttpError where it is none."""
        if not text.strip():
            raise self.unreadable("an empty answer")
        try:
            value = parse_json(text)
        except ValueError:
            value = None
        del text  # it may repeat the key, and a traceback may print what a frame holds
        if not isinstance(value, dict):
            raise self.unreadable("something else than a JSON object")
        return cast("JsonObject", value)

    def _is_patient(self, told: float | None) -> bool:
        """Whether what a server asks to wait is worth waiting."""
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
        """The complaint, bounded and without the key."""
        read = self.dialect.read(body)
        return replace(
            read,
            kinds=tuple(self._masked(kind) for kind in read.kinds if kind),
            message=self._masked(read.message),
            parameter=self._masked(read.parameter),
            seconds=retry.sane(read.seconds),
        )

    def _masked(self, text: str) -> str:
        # Before anything is cut, lest half a key be left.
        text = self.credential.secret.redact(text) if self.credential else without_keys(text)
        return shorten(" ".join(text.split()), QUOTED_CHARACTERS)


def _document(body: bytes) -> JsonObject:
    try:
        return object_in(parse_json(body))
    except ValueError:
        return {}  # HTML of a proxy, or nothing: the status says enough
