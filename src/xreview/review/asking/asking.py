"""What a model reviewer is given beside the change: who is asked, for what, and what it is told."""

from dataclasses import dataclass

from xreview.domain.report import Lens
from xreview.review.asking.answerer import Answerer

REVIEW_SECONDS = 900.0
"""How long a review by one model may take."""

LOCAL_REVIEW_SECONDS = 3600.0
"""The same for a model on this machine, which answers one question after the other."""


@dataclass(frozen=True)
class Asking:
    """Everything a model reviewer is given beside the change.

    Args:
        answerer: who reports, and on which terms.
        brief, messages: what the change is for, in a person's words or the commits'.
        reads_last: whether documentation and plain data are read.
    """

    answerer: Answerer
    lens: Lens
    brief: str = ""
    messages: tuple[str, ...] = ()
    reads_last: bool = True
