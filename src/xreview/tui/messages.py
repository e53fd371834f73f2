"""The messages between panes, screens, and the app."""

from typing import TYPE_CHECKING

from textual.message import Message

from xreview.config.remembered import Split
from xreview.domain.change import FileDiff
from xreview.domain.decision import Reason
from xreview.domain.finding import Finding
from xreview.domain.record import dataclass
from xreview.review.session.snapshot import ReviewSnapshot

if TYPE_CHECKING:  # loads the journal, which the first frame does without
    from xreview.domain.events.event import OpinionGiven
    from xreview.review.past.precedents import Precedents


@dataclass
class FindingHighlighted(Message):
    """The cursor of the findings list moved to a finding; None for a heading or an empty list.

    The user chose it, or the findings under the cursor changed.
    """

    finding: Finding | None
    is_chosen: bool = True


@dataclass
class FindingOpened(Message):
    """The user asked for the code of a finding, by Enter or a double click."""

    finding: Finding


@dataclass
class FilterTermClicked(Message):
    """The user clicked on a part of the filter, which removes it; by its index."""

    index: int


@dataclass
class ActionRequested(Message):
    """The user chose an action by its id, by a click or in the palette."""

    id: str


@dataclass
class SplitsMoved(Message):
    """The user moved borders between panes; all borders that were moved are to be remembered."""

    splits: tuple[Split, ...]


@dataclass
class FilesArrived(Message):
    """More of the change was read."""

    files: tuple[FileDiff, ...]


@dataclass
class ReviewUpdated(Message):
    """The session has a newer snapshot; it replaces one that still waits in the queue."""

    snapshot: ReviewSnapshot

    def can_replace(self, message: Message) -> bool:
        """Replace any older update."""
        return isinstance(message, ReviewUpdated)


@dataclass
class SnapshotShown(Message):
    """The main screen shows a snapshot, newer than any that still waits in the queue."""

    snapshot: ReviewSnapshot

    def can_replace(self, message: Message) -> bool:
        """Replace any older one."""
        return isinstance(message, SnapshotShown)


@dataclass
class PrecedentsRead(Message):
    """The journal was searched for opinions, answers, and records about the findings."""

    precedents: "Precedents"


@dataclass
class OpinionArrived(Message):
    """A third vendor's model gave its opinion on a finding."""

    opinion: "OpinionGiven"


@dataclass
class EscalationMade(Message):
    """The decision to escalate findings to a target was made."""

    findings: tuple[Finding, ...]
    target: Reason
