"""When a model is not asked any more, because what comes next would fail as well."""

from xreview.reviewers.model import Failure, ModelError

_FOR_ALL = (Failure.KEY, Failure.MONEY, Failure.NOT_FOUND)
_MOST_FAILURES = 3  # one after the other: then the server is not there for the rest either


class GivingUp:
    """Counts what fails; `why` says from then on why nothing more is asked, "" before."""

    def __init__(self) -> None:
        self.why = ""
        self._failures = 0

    def answered(self) -> None:
        """A request came to its end, whatever was said."""
        self._failures = 0

    def failed(self, error: ModelError, why: str) -> None:
        """A request failed; `why` is what is said of the others if that is to be all."""
        self._failures += 1
        if error.failure in _FOR_ALL or self._failures >= _MOST_FAILURES:
            self.why = why
