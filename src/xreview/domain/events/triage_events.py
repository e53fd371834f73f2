"""What a user decides, and what follows from it, as payloads of events.

`subjects` are always the fingerprints of all reports of the finding.
"""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from xreview.domain.decision import Decision, Reason
from xreview.domain.events.codec import inlined
from xreview.domain.events.payload import ConventionEvent, TriageEvent, UpkeepEvent
from xreview.domain.record import dataclass, field
from xreview.domain.ruling import RULINGS, ChosenReport, Ruling


@dataclass(frozen=True, slots=True)
class DecisionMade(TriageEvent):
    """A user decided about a finding.

    Args:
        action: shared by the decisions of one key press, so that one undo reverts them all.
        until: for the reason `later`, the day (ISO 8601: `2026-01-31`) on which the finding opens
            again; None for a `later` without a day, for other reasons, and in version 1.
        ruling: who was right, if a model argued against the finding; None before version 3.
        chosen: the reports to fix, for the reason `fix` and reports that ask for different things;
            () for all.

    Raises ValueError if `until` isn't a day, or if a field belongs to another reason.
    """

    type: ClassVar[str] = "decision-made"
    version: ClassVar[int] = 3
    upgrades = (
        lambda data: {**data, "until": None},
        lambda data: {**data, "ruling": None, "chosen": []},
    )
    action: str
    subjects: tuple[str, ...]
    decision: Decision = field(metadata=inlined())
    until: str | None = None
    ruling: Ruling | None = None
    chosen: tuple[ChosenReport, ...] = ()

    def __post_init__(self) -> None:
        if self.ruling not in (None, RULINGS.get(self.decision.reason)):
            raise ValueError(f"the reason {self.decision.reason} doesn't imply {self.ruling}")
        if self.chosen and self.decision.reason is not Reason.FIX:
            raise ValueError(f"a decision for the reason {self.decision.reason} chooses no report")
        if self.until is None:
            return
        if self.decision.reason is not Reason.LATER:
            raise ValueError(f"a decision for the reason {self.decision.reason} has no day")
        if date.fromisoformat(self.until).isoformat() != self.until:
            raise ValueError("the day is not written as year, month and day")


@dataclass(frozen=True, slots=True)
class DecisionUndone(TriageEvent):
    """All decisions of `action` no longer hold."""

    type: ClassVar[str] = "decision-undone"
    action: str


@dataclass(frozen=True, slots=True)
class DecisionRedone(TriageEvent):
    """All decisions of the undone `action` hold again."""

    type: ClassVar[str] = "decision-redone"
    action: str


@dataclass(frozen=True, slots=True)
class NoteWritten(TriageEvent):
    """A user's note on a finding; an empty text removes the note."""

    type: ClassVar[str] = "note-written"
    subjects: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class ConventionWritten(ConventionEvent):
    """Something in this repository is intended; the same id again is an edit.

    Args:
        id: names the convention for good.
        sentence: what is intended.
        subjects: the fingerprints it was first stated about; () if a user wrote it from scratch.
        owner: who states it.
        path_pattern: the files it applies to, as a gitignore pattern; "" for all.
    """

    type: ClassVar[str] = "convention-written"
    id: str
    sentence: str
    subjects: tuple[str, ...]
    owner: str
    path_pattern: str = ""


@dataclass(frozen=True, slots=True)
class ConventionRemoved(ConventionEvent):
    """The convention `id` no longer holds."""

    type: ClassVar[str] = "convention-removed"
    id: str


@dataclass(frozen=True, slots=True)
class Exported(UpkeepEvent):
    """Findings were exported to a file, "-" for standard output, or elsewhere. `selection` is by
    option: {"decisions": "accepted", "severity": "high"}."""

    type: ClassVar[str] = "exported"
    format: str
    target: str
    selection: Mapping[str, str] = field(hash=False)
    count: int
