"""What models were asked, as payloads of events."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from xreview.domain.events.event_json import (
    Json,
    list_in,
    number_in,
    object_of,
    reviewer_from_json,
    reviewer_to_json,
    text_in,
    texts_in,
)
from xreview.domain.report import ReviewerIdentity


@dataclass(frozen=True, slots=True)
class ReviewersJoined:
    """More reviewers began to read a session's change, after it was opened."""

    type: ClassVar[str] = "reviewers-joined"
    version: ClassVar[int] = 1
    reviewers: tuple[ReviewerIdentity, ...]

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {"reviewers": [reviewer_to_json(one) for one in self.reviewers]}

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        return cls(tuple(reviewer_from_json(object_of(one)) for one in list_in(data, "reviewers")))


@dataclass(frozen=True, slots=True)
class ModelAsked:
    """A model's review came to its end: by which words it was asked, and where the code went.

    Args:
        reviewer: its name.
        host: where the code went; "" where every answer was known from before.
        model: which model was asked for; served: those that answered.
        prompt: name and version of the template ("risk/1"); digest: its SHA-256 in hexadecimal.
        requests: how many were sent; remembered: how many answers were known from before.
        withheld: how many lines were not sent because they look like secrets.
    """

    type: ClassVar[str] = "model-asked"
    version: ClassVar[int] = 1
    reviewer: str
    host: str
    model: str
    served: tuple[str, ...]
    prompt: str
    digest: str
    requests: int
    remembered: int
    withheld: int

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {
            "reviewer": self.reviewer,
            "host": self.host,
            "model": self.model,
            "served": list(self.served),
            "prompt": self.prompt,
            "digest": self.digest,
            "requests": self.requests,
            "remembered": self.remembered,
            "withheld": self.withheld,
        }

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        return cls(
            text_in(data, "reviewer"),
            text_in(data, "host"),
            text_in(data, "model"),
            texts_in(data, "served"),
            text_in(data, "prompt"),
            text_in(data, "digest"),
            number_in(data, "requests"),
            number_in(data, "remembered"),
            number_in(data, "withheld"),
        )
