"""The model of a tier, and an agent that is started with it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from xreview.domain.record import replace
from xreview.domain.stakes.tier import Tier
from xreview.ports.failure import Failure, ModelError
from xreview.review.asking.prospects import Prospect

if TYPE_CHECKING:  # only needed for agents
    from xreview.agents.finding.detection import Detected


def model_of_tier(prospect: Prospect, tier: Tier) -> str:
    """Return the id of the fast model, or "" for the usual one, which is the deep one.

    Raises ModelError if there is no fast model.
    """
    if tier is Tier.DEEP:
        return ""
    if not prospect.settings.lighter:
        name = prospect.settings.name
        raise ModelError(
            Failure.REQUEST,
            f"{name} has no fast model.",
            f"Set `lighter` in [reviewers.{name}], or use its deep one.",
        )
    return prospect.settings.lighter


def with_model(detected: "Detected", id: str, environ: Mapping[str, str]) -> "Detected":
    """Return an agent with another model; "" for its usual one.

    Raises ModelError if code would go somewhere else for it, which the user wasn't asked about.
    """
    if not id:
        return detected
    if detected.agent.setup(environ, id).destination != detected.destination:
        raise ModelError(
            Failure.REQUEST,
            f"{detected.agent.label} would send code somewhere else to ask {id}.",
            "Set `lighter` to a model of the same provider.",
        )
    return replace(detected, model=id)
