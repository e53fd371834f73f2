"""When a model is not asked any more, because what comes next would fail as well."""

from xreview.domain.errors import XReviewError
from xreview.ports.failure import Failure, ModelError

_FOR_ALL = (Failure.KEY, Failure.MONEY, Failure.NOT_FOUND)
_MOST_FAILURES = 3  # one after the other: then the server is not there for the rest either


class GivingUp:
    """Counts what fails, and keeps why nothing more is asked.

    Args:
        is_local: whether the model runs on this machine, one question after the other: after one
            that it did not answer in time nobody waits for the next.

    Attributes:
        why: why nothing more is asked, for people; "" while it is.
        failure: the failure behind that; None where it is something else.
    """

    def __init__(self, *, is_local: bool = False) -> None:
        self._for_all = {*_FOR_ALL, Failure.TIMEOUT} if is_local else {*_FOR_ALL}
        self.why = ""
        self.failure: XReviewError | None = None
        self._failures = 0

    def answered(self) -> None:
        """A request came to its end, whatever was said."""
        self._failures = 0

    def failed(self, error: XReviewError) -> None:
        """A request failed."""
        self._failures += 1
        is_for_all = isinstance(error, ModelError) and error.failure in self._for_all
        if is_for_all or self._failures >= _MOST_FAILURES:
            self.why, self.failure = str(error), error

    def ended(self, why: str) -> None:
        """Nothing more is asked, for another reason than the model's failures."""
        self.why, self.failure = why, None
