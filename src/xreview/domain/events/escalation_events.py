"""What comes of escalating a finding to a third vendor's model, as a payload of an event.

That a finding was escalated is a `DecisionMade`; that it was settled an `EscalationResolved`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Self

from xreview.domain.events.event_json import (
    Json,
    flag_in,
    number_in,
    object_of,
    reviewer_from_json,
    reviewer_to_json,
    text_in,
    texts_in,
)
from xreview.domain.report import ReviewerIdentity


class Favour(StrEnum):
    """Which position an opinion finds borne out by the code."""

    REPORT = "report"
    ANSWER = "answer"
    BOTH = "both"
    NEITHER = "neither"

    @property
    def meaning(self) -> str:
        """A few words for the pane; it is an opinion, and never a verdict."""
        return _MEANINGS[self]


_MEANINGS = {
    Favour.REPORT: "thinks the report holds",
    Favour.ANSWER: "thinks the answer holds",
    Favour.BOTH: "thinks both are right about something",
    Favour.NEITHER: "thinks that neither is shown by the code",
}


@dataclass(frozen=True, slots=True)
class OpinionGiven:
    """A third vendor's model said what it thinks of a finding that was escalated to it.

    Args:
        action: the action of the decision that escalated.
        subjects: the fingerprints of the finding's reports.
        party: who gives the opinion.
        is_report_second: the order that was drawn by lot: whether the report was shown as B.
        argument, quote, settles: as in `Stance`.
        path, line, anchored: whether and where the quote stands, as in `Stance`.
    """

    type: ClassVar[str] = "opinion-given"
    version: ClassVar[int] = 1
    action: str
    subjects: tuple[str, ...]
    party: ReviewerIdentity
    favours: Favour
    is_report_second: bool
    argument: str
    quote: str
    settles: str
    path: str
    line: int
    anchored: bool

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {
            "action": self.action,
            "subjects": list(self.subjects),
            "party": reviewer_to_json(self.party),
            "favours": self.favours.value,
            "is_report_second": self.is_report_second,
            "argument": self.argument,
            "quote": self.quote,
            "settles": self.settles,
            "path": self.path,
            "line": self.line,
            "anchored": self.anchored,
        }

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        return cls(
            text_in(data, "action"),
            texts_in(data, "subjects"),
            reviewer_from_json(object_of(data["party"])),
            Favour(text_in(data, "favours")),
            flag_in(data, "is_report_second"),
            text_in(data, "argument"),
            text_in(data, "quote"),
            text_in(data, "settles"),
            text_in(data, "path"),
            number_in(data, "line"),
            flag_in(data, "anchored"),
        )
