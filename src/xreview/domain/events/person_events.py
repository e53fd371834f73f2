"""Which problems a user finds, as payloads of events.

The action of each is like that of a decision: undoing it undoes the event.
"""

from enum import StrEnum
from typing import ClassVar

from xreview.domain.events.codec import inlined
from xreview.domain.events.payload import PersonEvent, unchanged
from xreview.domain.record import dataclass, field
from xreview.domain.report import Category, Report, ReviewerKind, Severity


@dataclass(frozen=True, slots=True)
class FindingWritten(PersonEvent):
    """A user reported a problem. Its fingerprint names it for good: the same one again is an edit.
    Its report can't have a `source` before version 2.

    The reviewer's name is the user's, without the address; the event's actor has both. Raises
    ValueError if the reviewer isn't a person.
    """

    type: ClassVar[str] = "finding-written"
    version: ClassVar[int] = 2
    upgrades = (unchanged,)
    action: str
    report: Report = field(metadata=inlined(context="anchor.context"))

    def __post_init__(self) -> None:
        if self.report.reviewer.kind is not ReviewerKind.PERSON:
            raise ValueError(f"an own finding by {self.report.reviewer.kind}")


@dataclass(frozen=True, slots=True)
class FindingRemoved(PersonEvent):
    """A user withdrew their own findings with these fingerprints."""

    type: ClassVar[str] = "finding-removed"
    action: str
    subjects: tuple[str, ...]


class FoundIn(StrEnum):
    """Where a problem that the review missed came to light."""

    TESTING = "testing"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class ProblemMissed(PersonEvent):
    """A problem that the event's session should have found came to light later.

    Args:
        path, line: its place as the session saw it; line 0 for the whole file.
        text: what was wrong, in the user's words.
        category: None if not stated.
    """

    type: ClassVar[str] = "problem-missed"
    action: str
    path: str
    line: int
    text: str
    found: FoundIn
    severity: Severity
    category: Category | None = None
