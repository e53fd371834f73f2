"""What panes say to the screen. Frozen facts; nobody below the screen acts on them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from xreview.domain.change import FileDiff
from xreview.domain.decision import Reason
from xreview.domain.finding import Finding
from xreview.review.session.snapshot import ReviewSnapshot

if TYPE_CHECKING:  # brings the journal with it, which the first frame does without
    from xreview.domain.events.event import OpinionGiven
    from xreview.review.past.precedents import Precedents


@dataclass
class FindingHighlighted(Message):
    """The cursor of the findings list came to a finding (None: to a heading, or to nothing)."""

    finding: Finding | None


@dataclass
class FindingOpened(Message):
    """A person asked for the code of a finding (Enter or a second click)."""

    finding: Finding


@dataclass
class ActionRequested(Message):
    """A key shown on the screen was clicked; `id` is the action's."""

    id: str


@dataclass
class FilesArrived(Message):
    """Git gave more of the change."""

    files: tuple[FileDiff, ...]


@dataclass
class ReviewUpdated(Message):
    """The session has a newer snapshot. Only the newest of several waiting ones counts."""

    snapshot: ReviewSnapshot

    def can_replace(self, message: Message) -> bool:
        """A newer picture stands for an older one that nobody has looked at yet."""
        return isinstance(message, ReviewUpdated)


@dataclass
class PrecedentsRead(Message):
    """The journal was looked through for what it has beside the findings."""

    precedents: "Precedents"


@dataclass
class OpinionArrived(Message):
    """A third vendor's model said what it thinks of a finding."""

    opinion: "OpinionGiven"


@dataclass
class EscalationMade(Message):
    """Findings were escalated to a target, and the decision was made."""

    findings: tuple[Finding, ...]
    target: Reason
