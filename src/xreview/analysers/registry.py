"""The embedded analysers by name; each is imported when it is created.

There is one for each `Lens`, made by the function of that name in `analysers.reviewer`.
"""

from importlib import import_module

from xreview.domain.errors import ReviewerError
from xreview.domain.report import Lens
from xreview.ports.reviewer import Reviewer

EMBEDDED = tuple(lens.value for lens in Lens)
"""The analysers that need no key, no agent and no network, in the order in which to list them."""


def create(name: str) -> Reviewer:
    """Return a new reviewer of that name. Raises ReviewerError for an unknown name."""
    if name not in EMBEDDED:
        raise ReviewerError(f"Unknown reviewer “{name}”.", f"Use one of: {', '.join(EMBEDDED)}.")
    made: Reviewer = getattr(import_module("xreview.analysers.reviewer"), name)()
    return made
