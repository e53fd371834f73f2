"""The embedded analysers by name, one for each `Lens`; they are imported when one is created."""

from xreview.domain.errors import ReviewerError
from xreview.domain.report import Lens
from xreview.ports.reviewer import Reviewer

EMBEDDED = tuple(lens.value for lens in Lens)
"""The analysers that need no key, no agent and no network, in the order in which to list them."""


def create(name: str) -> Reviewer:
    """Return a new reviewer of that name. Raises ReviewerError for an unknown name."""
    if name not in EMBEDDED:
        raise ReviewerError(f"Unknown reviewer “{name}”.", f"Use one of: {', '.join(EMBEDDED)}.")
    from xreview.analysers.reviewer import EmbeddedReviewer

    return EmbeddedReviewer(Lens(name))
