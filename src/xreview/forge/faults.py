"""The refusals of forges as messages with advice.

Text from a forge is untrusted: it is truncated, and tokens in it are masked. A `ForgeFaults` reads
one forge's errors; the messages are the same for all.
"""

from collections.abc import Callable, Mapping

from xreview.domain.pull.address import ForgeHost
from xreview.domain.pull.pull import Pull
from xreview.domain.record import dataclass
from xreview.domain.text import count_of, shorten
from xreview.forge.token import ForgeToken
from xreview.hardening.redaction import without_keys
from xreview.http import retry
from xreview.http.connection_failures import ConnectionFault, ConnectionTrouble
from xreview.ports.forge_failure import ForgeError, ForgeFailure
from xreview.ports.json_value import JsonObject

QUOTED_CHARACTERS = 300
_THIS = "what was asked for"
_LATER = "Try again later."
_UNSURE = "It may have been done all the same: look at the page before you try again."
_BY_STATUS = {
    401: ForgeFailure.TOKEN,
    403: ForgeFailure.FORBIDDEN,
    404: ForgeFailure.NOT_FOUND,
    410: ForgeFailure.NOT_FOUND,
    429: ForgeFailure.RATE,
    451: ForgeFailure.FORBIDDEN,
    501: ForgeFailure.UNSUPPORTED,
}
_TELLING_PAGE = (401, 429)
"""Statuses that mean the same with a web page as with an API's reply."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reply that isn't a success.

    Args:
        headers: with names in lower case.
        body: the parsed JSON; empty for anything else.
        said: the forge's own words, masked and shortened; "" for none.
        about: what was asked for, as a noun: “the pull request o/r#12”.
        is_page: whether the reply is a web page.
    """

    status: int
    headers: Mapping[str, str]
    body: JsonObject
    said: str
    about: str
    is_page: bool


def _nothing(_: Refusal) -> ForgeError | None:
    return None


@dataclass(frozen=True)
class ForgeFaults:
    """How one kind of forge refuses.

    Args:
        words: reads its own words from the body of an error, raw; "" for none.
        needs: a sentence about what a token must be allowed to do.
        sign_in: a sentence about how to get a token.
        is_limit: whether a 403 is about the rate of requests.
        special: reads what only this kind of forge does; None to word it as for all.
    """

    words: Callable[[JsonObject], str]
    needs: str = ""
    sign_in: str = ""
    is_limit: Callable[[Refusal], bool] = lambda _: False
    special: Callable[[Refusal], ForgeError | None] = _nothing


@dataclass(frozen=True, slots=True)
class ForgeFault:
    """An error, and whether the request can be sent again.

    Args:
        seconds: how long the forge asks to wait; None if it doesn't say.
        is_passing: whether the same request can succeed later.
        is_undone: whether the forge certainly did nothing, so that a write can be repeated.
    """

    error: ForgeError
    seconds: float | None = None
    is_passing: bool = False
    is_undone: bool = False


class FaultReader:
    """Describes what went wrong at one forge, for one token or none."""

    def __init__(self, host: ForgeHost, token: ForgeToken | None, faults: ForgeFaults) -> None:
        self.host = host.name
        self._label = host.kind.label
        self._token = token
        self._faults = faults

    def masked(self, text: str) -> str:
        """A forge's text, without tokens, on one line and shortened."""
        # Before truncation, which could leave half a token.
        text = self._token.secret.redact(text) if self._token else without_keys(text)
        return shorten(" ".join(text.split()), QUOTED_CHARACTERS)

    def refused(
        self,
        status: int,
        headers: Mapping[str, str],
        body: JsonObject,
        wall: float,
        *,
        about: str,
        is_page: bool,
    ) -> ForgeFault:
        """Describe an error reply; `wall` is the time now."""
        said = self.masked(self._faults.words(body))
        refusal = Refusal(status, headers, body, said, about or _THIS, is_page)
        if self._is_limit(refusal):
            return self.limited(status, headers, said, wall)
        if (special := self._faults.special(refusal)) is not None:
            return ForgeFault(special)
        if status >= 500 and status != 501:
            return ForgeFault(self._broken(refusal), is_passing=True)
        if is_page and status not in _TELLING_PAGE:
            return ForgeFault(self.page(status))
        return ForgeFault(self._denied(refusal))

    def limited(
        self, status: int, headers: Mapping[str, str], said: str, wall: float
    ) -> ForgeFault:
        """Describe a rate limit; `said` is masked, and `wall` is the time now."""
        seconds = retry.seconds_told(headers, wall)
        for name in ("x-ratelimit-reset", "ratelimit-reset"):
            if seconds is None:
                seconds = retry.sane(retry.seconds_until(headers.get(name, ""), wall))
        when = " for now"
        if seconds is not None:
            words = retry.wait_words(seconds, wall)
            when = f" {words}" if words.startswith(("until", "for")) else f" for {words}"
        advice = "Try again in some minutes." if seconds is None else "Try again then."
        if self._token is None:
            advice = f"{advice} With a token the limit is higher. {self._faults.sign_in}".strip()
        message = f"{self.host} accepts no more requests{when} ({status}){_quoted(said)}"
        error = ForgeError(ForgeFailure.RATE, message, advice)
        # Without a time, asking again at once would only prolong it.
        return ForgeFault(error, seconds, is_passing=seconds is not None, is_undone=True)

    def unconnected(self, fault: ConnectionFault, *, is_write: bool) -> ForgeFault:
        """Describe a request without a whole reply."""
        is_protocol = fault.trouble is ConnectionTrouble.PROTOCOL
        failure = ForgeFailure.PROTOCOL if is_protocol else ForgeFailure.CONNECTION
        advice = fault.advice or "Check the network, and try again later."
        if is_write and not fault.is_unsent:
            advice = _UNSURE
        error = ForgeError(failure, fault.message, advice)
        is_late = fault.trouble is ConnectionTrouble.TIMEOUT
        is_passing = fault.is_passing or (is_late and not is_write)
        return ForgeFault(error, is_passing=is_passing, is_undone=fault.is_unsent)

    def page(self, status: int) -> ForgeError:
        """Describe a web page in place of an API's reply."""
        return ForgeError(
            ForgeFailure.PROTOCOL,
            f"{self.host} sent a web page instead of an API's reply ({status}).",
            "It can be of a network that wants you to sign in, or of a proxy: open the address in"
            f" a browser, and check that it is a {self._label} server.",
        )

    def redirected(self, status: int, to_host: str) -> ForgeError:
        """Describe a redirect that isn't followed, since the token is for one host only."""
        return ForgeError(
            ForgeFailure.PROTOCOL,
            f"{self.host} redirects to “{self.masked(to_host)}” ({status}), which isn't followed.",
            "If the project has moved, use its new address; a network that wants you to sign in"
            " does this too.",
        )

    def unreadable(self, what: str) -> ForgeError:
        """Describe a reply that isn't as documented; `what` follows “sent”."""
        return ForgeError(
            ForgeFailure.PROTOCOL,
            f"{self.host} sent {self.masked(what)}.",
            f"Check that it is a {self._label} server, and try again.",
        )

    def broken_off(self, cause: ForgeError, entries: int) -> ForgeError:
        """Describe a list that could not be read to its end."""
        message = (
            f"{cause.message} The list broke off after {count_of(entries, 'entry', 'entries')}."
        )
        return ForgeError(cause.failure, message, cause.advice)

    def _is_limit(self, refusal: Refusal) -> bool:
        if refusal.status == 429:
            return True
        headers = refusal.headers
        is_told = "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0"
        return refusal.status == 403 and (is_told or self._faults.is_limit(refusal))

    def _broken(self, refusal: Refusal) -> ForgeError:
        what = f"{self.host} failed or is overloaded ({refusal.status}){_quoted(refusal.said)}"
        return ForgeError(ForgeFailure.SERVER, what, _LATER)

    def _denied(self, refusal: Refusal) -> ForgeError:
        failure = _BY_STATUS.get(refusal.status, ForgeFailure.REFUSED)
        if self._token is None and failure in (ForgeFailure.TOKEN, ForgeFailure.FORBIDDEN):
            failure = ForgeFailure.NO_TOKEN
        source = f"the token from {self._token.source}" if self._token else ""
        about, status, ending = refusal.about, refusal.status, _quoted(refusal.said)
        sign_in, needs = self._faults.sign_in, self._faults.needs
        match failure:
            case ForgeFailure.NO_TOKEN:
                what, advice = f"{self.host} wants a token for {about} ({status}){ending}", sign_in
            case ForgeFailure.TOKEN:
                what = f"{self.host} rejected {source} ({status}){ending}"
                advice = f"It has expired, was revoked, or is mistyped. {sign_in}"
            case ForgeFailure.FORBIDDEN:
                what = f"{self.host} refuses {about} to {source} ({status}){ending}"
                advice = needs
            case ForgeFailure.NOT_FOUND:
                unseen = f"{source} can't see it" if source else "it needs a token to be seen"
                what = f"{self.host} doesn't find {about} ({status})."
                advice = f"It doesn't exist, or it is private and {unseen}."
                advice = advice if source else f"{advice} {sign_in}"
            case ForgeFailure.UNSUPPORTED:
                what = f"{self.host} can't do this ({status}){ending}"
                advice = "Its version may be too old: do it on the page instead."
            case _:
                what = f"{self.host} refused {about} as invalid ({status}){ending}"
                advice = "Read the pull request again, and try once more."
        return ForgeError(failure, what, advice.strip())


def _quoted(said: str) -> str:
    return f": “{said}”." if said else "."


def issues_gap(error: ForgeError) -> str:
    """The clause for `Pull.gaps`: a review goes on without the issues that a request closes."""
    return f"the issues that it closes ({error.message.rstrip('.')})"


def with_head(pull: Pull, reader: FaultReader) -> Pull:
    """The pull request, if it says what its head is; else nothing of it can be reviewed."""
    if not pull.head.commit:
        raise reader.unreadable("a pull request without its commits")
    return pull
