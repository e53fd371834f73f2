"""Adding up what several requests for one answer used: broken attempts are paid for too."""

from xreview.ports.model import Tokens

_NOTHING = Tokens()


class TokenTally:
    """The tokens of requests that follow each other, as if they were one."""

    def __init__(self) -> None:
        self._before = _NOTHING
        self._current = _NOTHING

    def note(self, tokens: Tokens) -> Tokens:
        """What all requests used so far, where the current one used `tokens`."""
        self._current = tokens
        return _sum(self._before, tokens)

    def begin_anew(self) -> None:
        """The next tokens are those of another request."""
        self._before = _sum(self._before, self._current)
        self._current = _NOTHING


def _sum(first: Tokens, second: Tokens) -> Tokens:
    if first == _NOTHING:
        return second
    if second == _NOTHING:
        return first
    known = first.cost is not None and second.cost is not None
    return Tokens(
        first.input + second.input,
        first.cached + second.cached,
        first.cache_written + second.cache_written,
        first.output + second.output,
        first.reasoning + second.reasoning,
        (first.cost or 0.0) + (second.cost or 0.0) if known else None,
    )
