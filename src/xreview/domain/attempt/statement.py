"""What an attempt says of itself; nothing of it is believed."""

from xreview.domain.record import dataclass

MOST_QUESTIONS = 3


@dataclass(frozen=True, slots=True)
class EdgeCase:
    """An edge case that an attempt says it handles.

    Args:
        text: one sentence.
        path, quote: where it says so, and the code that handles it; "" if it names none.
        start_line, end_line: where that quote is in the attempt's file, 1-based and inclusive; 0
            where it isn't, so that the case is unproven.
    """

    text: str
    path: str = ""
    quote: str = ""
    start_line: int = 0
    end_line: int = 0

    @property
    def is_linked(self) -> bool:
        """Whether the quoted code is where it should be."""
        return self.start_line > 0


@dataclass(frozen=True, slots=True)
class AttemptStatement:
    """What a writer, or a fresh reader of its code, says about an attempt.

    Args:
        approach: three sentences at most.
        assumptions: one sentence each.
        handled: the edge cases that it handles. left_out: those that it doesn't.
        questions: what it would have asked, `MOST_QUESTIONS` at most.
        by: the name of who says so. is_writers: whether that is its writer.
    """

    approach: str
    assumptions: tuple[str, ...] = ()
    handled: tuple[EdgeCase, ...] = ()
    left_out: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    by: str = ""
    is_writers: bool = True
