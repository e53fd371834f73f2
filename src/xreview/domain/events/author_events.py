"""What a person says of the author, and who was chosen to review, as payloads of events."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from xreview.domain.events.event_json import Json, text_in, texts_in


@dataclass(frozen=True, slots=True)
class AuthorAnswered:
    """A person said who writes the changes on a branch; a later answer takes the place of it.

    Args:
        branch: its name without `refs/heads/`, "" where none is checked out.
        vendor: the model family, "" where the person does not know: then nobody asks again.
        model: "" where only the family is known.
    """

    type: ClassVar[str] = "author-answered"
    version: ClassVar[int] = 1
    branch: str
    vendor: str
    model: str = ""

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {"branch": self.branch, "vendor": self.vendor, "model": self.model}

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        return cls(text_in(data, "branch"), text_in(data, "vendor"), text_in(data, "model"))


@dataclass(frozen=True, slots=True)
class AuthorForgotten:
    """What a person said of a branch's author does not hold any more."""

    type: ClassVar[str] = "author-forgotten"
    version: ClassVar[int] = 1
    branch: str

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {"branch": self.branch}

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        return cls(text_in(data, "branch"))


@dataclass(frozen=True, slots=True)
class OpponentChosen:
    """Who was chosen to read the change, and why.

    Args:
        reviewers: their names.
        same_family: those of them that are models of the author's own family.
        why: the sentence that a person was shown.
    """

    type: ClassVar[str] = "opponent-chosen"
    version: ClassVar[int] = 1
    reviewers: tuple[str, ...]
    same_family: tuple[str, ...]
    why: str

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {
            "reviewers": list(self.reviewers),
            "same_family": list(self.same_family),
            "why": self.why,
        }

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        return cls(texts_in(data, "reviewers"), texts_in(data, "same_family"), text_in(data, "why"))
