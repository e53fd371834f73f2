"""What comes back for an escalated finding, as payloads of events.

The escalation itself is a `DecisionMade`.
"""

from enum import StrEnum
from typing import ClassVar

from xreview.domain.events.payload import EscalationEvent, unchanged
from xreview.domain.record import dataclass
from xreview.domain.report import ReviewerIdentity


class Favour(StrEnum):
    """Which position the code supports, in the opinion of a third model."""

    REPORT = "report"
    ANSWER = "answer"
    BOTH = "both"
    NEITHER = "neither"

    @property
    def meaning(self) -> str:
        """A few words for the pane: an opinion, never a verdict."""
        return _MEANINGS[self]


_MEANINGS = {
    Favour.REPORT: "thinks the report holds",
    Favour.ANSWER: "thinks the answer holds",
    Favour.BOTH: "thinks both are right about something",
    Favour.NEITHER: "thinks that neither is shown by the code",
}


@dataclass(frozen=True, slots=True)
class OpinionGiven(EscalationEvent):
    """A third vendor's model gave its opinion on a finding that was escalated to it.

    The action and the fingerprints are those of the decision. The order was drawn by lot:
    `is_report_second` if the report was shown as B. The other fields are as in `Stance`; the
    party's kind can be a person's since version 2.
    """

    type: ClassVar[str] = "opinion-given"
    version: ClassVar[int] = 2
    upgrades = (unchanged,)
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


@dataclass(frozen=True, slots=True)
class EscalationResolved(EscalationEvent):
    """The question that an escalation (as in `OpinionGiven`) asked was answered, in words or as one
    word of the caller's own list, by a person, a reviewer or a benchmark."""

    type: ClassVar[str] = "escalation-resolved"
    action: str
    subjects: tuple[str, ...]
    outcome: str
    by: str
