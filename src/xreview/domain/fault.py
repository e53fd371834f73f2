"""What people are told of an error that nobody foresaw: which, where, and what to do next."""

from types import TracebackType

from xreview.domain.errors import ReviewerError


def fault(error: BaseException, what: str) -> ReviewerError:
    """What stands for an error that is none of the program's own tree.

    Its text is left out: it may hold keys, code or what a model said. The kind of error and the
    place in the program are enough for a report.

    Args:
        what: what failed by it, as the beginning of a sentence: "The review by gpt".
    """
    if isinstance(error, MemoryError):
        return ReviewerError(
            f"{what} needed more memory than there is.",
            "Review fewer or smaller files at once, or close other programs.",
        )
    where = _place(error.__traceback__)
    return ReviewerError(
        f"{what} ended on a fault in xreview-tui ({type(error).__name__}{where}).",
        "Please report it with this sentence; try again meanwhile, or leave this part out.",
    )


def _place(trace: TracebackType | None) -> str:
    """The innermost place, as ` in scan.py, line 12`."""
    if trace is None:
        return ""
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f" in {trace.tb_frame.f_code.co_filename.rpartition('/')[2]}, line {trace.tb_lineno}"
