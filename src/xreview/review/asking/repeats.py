"""Leaving out what a model says again: in one answer, and in the answer to a repair question."""

from xreview.domain.identity.claim import Claims, words_of
from xreview.review.reply.check import Stated


class Repeats:
    """What was stated so far.

    Two findings about one piece of code are one only where they claim the same in nearly the same
    words: the kind of failure alone would lose the second of two races on one line.
    """

    def __init__(self) -> None:
        self._said: dict[tuple[str, str, str], Claims] = {}

    def is_new(self, stated: Stated) -> bool:
        """Whether this was not stated before; from now on it is."""
        report = stated.report
        key = (report.path, report.quote, report.claim_key)
        claims = self._said.setdefault(key, Claims())
        return claims.earlier(words_of(report.title, report.claim)) is None
