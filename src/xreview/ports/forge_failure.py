"""Why a forge could not do what it was asked."""

from enum import StrEnum

from xreview.domain.errors import XReviewError


class ForgeFailure(StrEnum):
    """The kind of failure; decides retries and what is offered next."""

    NO_TOKEN = "no-token"
    TOKEN = "token"
    """The token is wrong, expired or revoked."""
    FORBIDDEN = "forbidden"
    """The token doesn't allow it: read-only, or SSO is required."""
    NOT_FOUND = "not-found"
    """It doesn't exist, or it's private and the token can't see it."""
    RATE = "rate"
    REFUSED = "refused"
    """The forge rejects the request as invalid (422 and its like)."""
    UNSUPPORTED = "unsupported"
    """This version of the forge can't do it."""
    SERVER = "server"
    CONNECTION = "connection"
    PROTOCOL = "protocol"
    """The reply isn't one of a forge: a captive page, a proxy's."""


class ForgeError(XReviewError):
    """A forge could not do it; `message` and `advice` contain no token."""

    def __init__(self, failure: ForgeFailure, message: str, advice: str = "") -> None:
        super().__init__(message, advice)
        self.failure = failure


class UnjudgedReviewError(ForgeError):
    """A review was published, but without its verdict, which the forge refused."""


class RefusedReviewError(ForgeError):
    """A forge refuses a review; `entries` are the positions in the request that it names, if any.

    GitHub refuses all comments for one and doesn't say which.
    """

    def __init__(self, message: str, advice: str = "", entries: tuple[int, ...] = ()) -> None:
        super().__init__(ForgeFailure.REFUSED, message, advice)
        self.entries = entries
