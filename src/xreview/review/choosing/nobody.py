"""Explains why no model can be asked, and what to do."""

from collections.abc import Sequence

from xreview.domain.errors import ReviewerError
from xreview.domain.text import visible
from xreview.review.choosing.choice import Candidate

_SEE_MODELS = "`xreview-tui models` lists all models and what each one lacks."


class NobodyToAskError(ReviewerError):
    """No model can be asked, which is not a fault."""


def nobody_of_the_author(vendor: str, candidates: Sequence[Candidate]) -> NobodyToAskError:
    """Why the author's model can't answer.

    Args:
        vendor: of the author; "" where unknown or where a person wrote the change.
        candidates: all reviewers.
    """
    if not vendor:
        return NobodyToAskError(
            "Author unknown, so there is no author's model to ask.",
            "Press d, then w to set the author, or e to ask another model or a colleague.",
        )
    why = _why_not([one for one in candidates if one.is_model and one.vendor == vendor])
    if why:
        return NobodyToAskError(
            f"The author's model ({vendor}) can't be asked: {why}.", _SEE_MODELS
        )
    return NobodyToAskError(f"No model of the author's family ({vendor}) is set up.", _SEE_MODELS)


def nobody_else(taken: frozenset[str], candidates: Sequence[Candidate]) -> NobodyToAskError:
    """Why no third vendor's model can be asked.

    Args:
        taken: the families that wrote the code or commented on it.
    """
    others = [one for one in candidates if one.is_model and one.vendor and one.vendor not in taken]
    if why := _why_not(others):
        message = f"No third vendor's model can be asked: {why}."
    else:
        message = "No third vendor's model is set up."
    return NobodyToAskError(
        message, f"Your decision stays. Press e, then p to ask a colleague. {_SEE_MODELS}"
    )


def _why_not(candidates: Sequence[Candidate]) -> str:
    unusable = [one for one in candidates if not one.is_usable]
    return "; ".join(f"{visible(one.name)}: {one.why_not}" for one in unusable[:3])
