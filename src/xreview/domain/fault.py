"""The message for an unexpected error: its kind, its place, and what to do next."""

from types import TracebackType

from xreview.domain.errors import ReviewerError


def fault(error: BaseException, what: str) -> ReviewerError:
    """An error of the program's own tree for one that isn't, without its text, which may hold keys,
    code, or a model's words. `what` begins a sentence: "The review by gpt"."""
    if isinstance(error, MemoryError):
        return ReviewerError(
            f"{what} ran out of memory.", "Review fewer or smaller files, or close other programs."
        )
    where = _place(error.__traceback__)
    return ReviewerError(
        f"{what} failed because of a bug in xreview-tui ({type(error).__name__}{where}).",
        "Please report it with this message. Until it is fixed, retry or skip this part.",
    )


def _place(trace: TracebackType | None) -> str:
    """The innermost place: ` in scan.py, line 12`."""
    if trace is None:
        return ""
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f" in {trace.tb_frame.f_code.co_filename.rpartition('/')[2]}, line {trace.tb_lineno}"
