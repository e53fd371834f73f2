"""What a user says about the author of a branch, as payloads of events."""

from dataclasses import dataclass
from typing import ClassVar

from xreview.domain.events.payload import AuthorEvent


@dataclass(frozen=True, slots=True)
class AuthorAnswered(AuthorEvent):
    """A user said who writes the changes on a branch; a later answer replaces it.

    Args:
        branch: its name without `refs/heads/`; "" if none is checked out.
        vendor: the model family; "" if the user doesn't know, which ends the question too.
        model: "" if only the family is known.
    """

    type: ClassVar[str] = "author-answered"
    branch: str
    vendor: str
    model: str = ""


@dataclass(frozen=True, slots=True)
class AuthorForgotten(AuthorEvent):
    """The user's answer about the author of a branch no longer holds."""

    type: ClassVar[str] = "author-forgotten"
    branch: str
