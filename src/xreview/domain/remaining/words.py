"""How many problems no reader found, in words, for the terminal and the screen."""

from xreview.domain.remaining.estimating import (
    FEWEST_ALONE,
    FEWEST_FOUND,
    FEWEST_SHARED,
    Unseen,
)
from xreview.domain.remaining.remaining import NoEstimate, Remaining
from xreview.domain.text import count_of

ASSUMPTIONS = (
    "This assumes that the readers are independent and equally likely to find each problem. "
    "Models share blind spots, so the real number is probably higher."
)
OPEN_COUNT = "Open findings count too; some may be false."
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_UNKNOWN = "How many more there are can't be estimated"


def remaining_words(remaining: Remaining) -> str:
    """ "7 found by two readers, 3 by both; about 2–6 more are likely (best estimate: 3)", or why
    nothing can be said. No full stop."""
    if remaining.unseen is None:
        return f"{_UNKNOWN}: {_why_not(remaining)}"
    return f"{_where(remaining)}{_found(remaining)}; {_more(remaining.unseen)}"


def _more(unseen: Unseen) -> str:
    likely = f"{unseen.likely:.0f}"
    if not unseen.high:
        return "no more are expected"
    if unseen.low:
        return f"about {unseen.low}–{unseen.high} more are likely (best estimate: {likely})"
    if likely == "0":
        return f"perhaps up to {unseen.high} more"
    verb = "is" if likely == "1" else "are"
    return f"about {likely} more {verb} likely, perhaps up to {unseen.high}"


def remaining_sentences(remaining: Remaining, *, has_open: bool) -> str:
    """The same as sentences, with what it assumes.

    Args:
        has_open: some of the problems aren't decided yet.
    """
    told = f"{remaining_words(remaining)}."
    if remaining.unseen is None:
        return told
    return " ".join([told, ASSUMPTIONS, *([OPEN_COUNT] if has_open else [])])


def _found(remaining: Remaining) -> str:
    readers = len(remaining.by_reader)
    together = "both" if readers == 2 else "more than one"
    return (
        f"{remaining.found} found by {_number(readers)} readers, {remaining.shared} by {together}"
    )


def _where(remaining: Remaining) -> str:
    """ "In 3 of 5 files, for risk: ", or "" for the whole change and both lenses."""
    parts: list[str] = []
    if remaining.is_of_a_part:
        parts.append(f"in {remaining.files} of {count_of(remaining.of_files, 'file')}")
    if len(remaining.lenses) == 1:
        parts.append(f"for {next(iter(remaining.lenses))}")
    told = ", ".join(parts)
    return f"{told[0].upper()}{told[1:]}: " if told else ""


def _why_not(remaining: Remaining) -> str:
    found = f"{_found(remaining)}" if remaining.by_reader else ""
    match remaining.why_not:
        case NoEstimate.FEW_FOUND:
            return f"{found}; {_number(FEWEST_FOUND)} problems are needed"
        case NoEstimate.FEW_SHARED:
            return f"{found}; without {_number(FEWEST_SHARED)} in common there is no upper limit"
        case NoEstimate.FEW_ALONE:
            return (
                f"{found}; readers with fewer than {_number(FEWEST_ALONE)} findings of their own "
                "may share blind spots"
            )
        case NoEstimate.ONE_READER | None:
            return "no two model families read the same code with the same lens"


def _number(count: int) -> str:
    return _WORDS[count] if count < len(_WORDS) else str(count)
