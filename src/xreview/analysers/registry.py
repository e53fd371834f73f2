"""The reviewers by name. A reviewer's module is imported when it is asked for, not before."""

from importlib import import_module

from xreview.domain.errors import ReviewerError
from xreview.ports.reviewer import Reviewer

EMBEDDED = ("risk", "economy")
"""The analysers that need no key, no agent and no network: always there."""

_FACTORIES = {
    "risk": "xreview.analysers.reviewer:risk",
    "economy": "xreview.analysers.reviewer:economy",
}


def names() -> tuple[str, ...]:
    """The names that `create` takes, in the order in which to show them."""
    return tuple(_FACTORIES)


def create(name: str) -> Reviewer:
    """The reviewer of that name. Raises ReviewerError where there is none."""
    try:
        module, _, factory = _FACTORIES[name].partition(":")
    except KeyError:
        raise ReviewerError(
            f"There is no reviewer called “{name}”.", f"Use one of: {', '.join(_FACTORIES)}."
        ) from None
    made: Reviewer = getattr(import_module(module), factory)()
    return made
