"""That there is no model to put a question to, why that is, and what to do about it."""

from collections.abc import Sequence

from xreview.domain.errors import ReviewerError
from xreview.domain.text import visible
from xreview.review.choosing.choice import Candidate

_SEE_MODELS = "`xreview-tui models` lists what there is, and what each one lacks."


class NobodyToAskError(ReviewerError):
    """No model can be asked; nothing went wrong."""


def nobody_of_the_author(vendor: str, candidates: Sequence[Candidate]) -> NobodyToAskError:
    """Why the author's model can't answer.

    Args:
        vendor: of the author, "" where that is not known or where a person wrote the change.
        candidates: everyone who could be asked.
    """
    if not vendor:
        return NobodyToAskError(
            "It is not known which model wrote this, so no author's model can be asked.",
            "d, then w, says who wrote it; or e asks somebody else.",
        )
    why = _why_not([one for one in candidates if one.is_model and one.vendor == vendor])
    if why:
        return NobodyToAskError(
            f"The author's model ({vendor}) can't be asked: {why}.", _SEE_MODELS
        )
    return NobodyToAskError(
        f"No model of the author's family ({vendor}) is set up, so nobody can answer for it.",
        _SEE_MODELS,
    )


def nobody_else(taken: frozenset[str], candidates: Sequence[Candidate]) -> NobodyToAskError:
    """Why no third vendor's model can be asked.

    Args:
        taken: the families that wrote the code or spoke about it.
    """
    others = [one for one in candidates if one.is_model and one.vendor and one.vendor not in taken]
    if why := _why_not(others):
        message = f"No third vendor's model can be asked: {why}."
    else:
        message = "No model of a third vendor is set up to be asked for an opinion."
    return NobodyToAskError(
        message, f"The decision stays; e, then p, asks a colleague. {_SEE_MODELS}"
    )


def _why_not(candidates: Sequence[Candidate]) -> str:
    unusable = [one for one in candidates if not one.is_usable]
    return "; ".join(f"{visible(one.name)}: {one.why_not}" for one in unusable[:3])
