"""Why a model could not answer."""

from enum import StrEnum

from xreview.domain.errors import ReviewerError


class Failure(StrEnum):
    """The kind of failure; decides retries and advice."""

    KEY = "key"
    """The key is missing, wrong, or lacks permission."""
    MONEY = "money"
    """No credit left, or a spending limit is reached."""
    RATE = "rate"
    NOT_FOUND = "not-found"
    REQUEST = "request"
    """The server rejects the request."""
    TOO_LARGE = "too-large"
    SERVER = "server"
    CONNECTION = "connection"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"
    """The reply doesn't follow the protocol."""


class ModelError(ReviewerError):
    """A model could not answer; `message` and `advice` contain no key, header or prompt."""

    def __init__(self, failure: Failure, message: str, advice: str = "") -> None:
        super().__init__(message, advice)
        self.failure = failure
