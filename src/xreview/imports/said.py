"""What one account says on a pull request, before it is placed in the change."""

from xreview.domain.pull.discussion import CommentPlace
from xreview.domain.pull.pull import ForgeAccount
from xreview.domain.pull.sight import BotSight
from xreview.domain.record import dataclass
from xreview.domain.report import ReviewerIdentity
from xreview.imports.bots.comment import ReadComment


@dataclass(frozen=True, slots=True)
class SaidProblem:
    """A problem that an account raises.

    Args:
        source: the thread's id; "" for one that is listed in a body, which has no thread.
        quote: the code as the comment quotes it; "" for none.
        is_listed: it is listed in a body. is_repeated: its bot posts those as threads too.
        times: how often it was posted.
    """

    comment: ReadComment
    place: CommentPlace
    source: str
    quote: str = ""
    is_listed: bool = False
    is_repeated: bool = False
    times: int = 1


@dataclass(frozen=True, slots=True)
class SaidByAccount:
    """What one account says.

    Args:
        label: its name in sentences.
        sight: how far it has seen the head; None for a person, or unknown.
        whole: the titles of what it says on the change as a whole.
        ours: how many threads this program posted. own: how many the author began.
    """

    identity: ReviewerIdentity
    label: str
    account: ForgeAccount
    problems: tuple[SaidProblem, ...] = ()
    sight: BotSight | None = None
    whole: tuple[str, ...] = ()
    ours: int = 0
    own: int = 0

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing to show of it."""
        return not (self.problems or self.sight or self.whole or self.ours or self.own)
