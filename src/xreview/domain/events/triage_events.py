"""What a person decides, and what comes of it, as payloads of events.

`subjects` are always the fingerprints of all reports of the finding.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Self

from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.events.event_json import (
    Json,
    number_in,
    text_in,
    text_or_none_in,
    texts_in,
    words_in,
)


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """A person decided about a finding.

    Args:
        action: shared by the decisions that one key press made, so that one undo takes them all
            back.
        until: for the reason `later`, the day (ISO 8601: `2026-01-31`) from which the finding is
            open again; None for all others, and for a `later` without a day.

    Raises ValueError where `until` is no day or belongs to another reason.
    """

    type: ClassVar[str] = "decision-made"
    version: ClassVar[int] = 2
    action: str
    subjects: tuple[str, ...]
    decision: Decision
    until: str | None = None

    def __post_init__(self) -> None:
        if self.until is None:
            return
        if self.decision.reason is not Reason.LATER:
            raise ValueError(f"a decision for the reason {self.decision.reason} has no day")
        if date.fromisoformat(self.until).isoformat() != self.until:
            raise ValueError("the day is not written as year, month and day")

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {
            "action": self.action,
            "subjects": list(self.subjects),
            "verdict": self.decision.verdict.value,
            "reason": self.decision.reason.value,
            "until": self.until,
        }

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        decision = Decision(Verdict(text_in(data, "verdict")), Reason(text_in(data, "reason")))
        return cls(
            text_in(data, "action"),
            texts_in(data, "subjects"),
            decision,
            text_or_none_in(data, "until"),
        )


@dataclass(frozen=True, slots=True)
class DecisionUndone:
    """All decisions of `action` no longer hold."""

    type: ClassVar[str] = "decision-undone"
    version: ClassVar[int] = 1
    action: str

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {"action": self.action}

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        return cls(text_in(data, "action"))


@dataclass(frozen=True, slots=True)
class DecisionRedone:
    """All decisions of the undone `action` hold again."""

    type: ClassVar[str] = "decision-redone"
    version: ClassVar[int] = 1
    action: str

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {"action": self.action}

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        return cls(text_in(data, "action"))


@dataclass(frozen=True, slots=True)
class NoteWritten:
    """A person's note on a finding; an empty text takes the note away."""

    type: ClassVar[str] = "note-written"
    version: ClassVar[int] = 1
    subjects: tuple[str, ...]
    text: str

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {"subjects": list(self.subjects), "text": self.text}

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        return cls(texts_in(data, "subjects"), text_in(data, "text"))


@dataclass(frozen=True, slots=True)
class EscalationResolved:
    """What was asked by escalating a finding was answered.

    Args:
        action: the action of the decision that escalated.
        outcome: what came out of it, in words or as one word of a list of the caller's.
        by: who or what settled it: a person, a reviewer's name, a benchmark.
    """

    type: ClassVar[str] = "escalation-resolved"
    version: ClassVar[int] = 1
    action: str
    subjects: tuple[str, ...]
    outcome: str
    by: str

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {
            "action": self.action,
            "subjects": list(self.subjects),
            "outcome": self.outcome,
            "by": self.by,
        }

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        return cls(
            text_in(data, "action"),
            texts_in(data, "subjects"),
            text_in(data, "outcome"),
            text_in(data, "by"),
        )


@dataclass(frozen=True, slots=True)
class Exported:
    """Findings left the program.

    Args:
        format: the exporter's name.
        target: the file, "-" for standard output, or where else it went.
        selection: what was chosen, by option: {"decisions": "accepted", "severity": "high"}.
        count: how many findings.
    """

    type: ClassVar[str] = "exported"
    version: ClassVar[int] = 1
    format: str
    target: str
    selection: Mapping[str, str] = field(hash=False)
    count: int

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {
            "format": self.format,
            "target": self.target,
            "selection": dict(self.selection),
            "count": self.count,
        }

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        return cls(
            text_in(data, "format"),
            text_in(data, "target"),
            words_in(data, "selection"),
            number_in(data, "count"),
        )


@dataclass(frozen=True, slots=True)
class FixConfirmed:
    """A finding's problem is gone from the code; `evidence` says how that is known."""

    type: ClassVar[str] = "fix-confirmed"
    version: ClassVar[int] = 1
    subjects: tuple[str, ...]
    evidence: str

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {"subjects": list(self.subjects), "evidence": self.evidence}

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        return cls(texts_in(data, "subjects"), text_in(data, "evidence"))


@dataclass(frozen=True, slots=True)
class ConventionWritten:
    """Something is meant to be as it is in this repository; the same id again is an edit.

    Args:
        id: names the convention for as long as it lives.
        sentence: what is meant to be so.
        subjects: the fingerprints it was first said about; () where a person just wrote it.
        owner: who says so.
        path_pattern: the files it holds for, as a gitignore pattern; "" for all.
    """

    type: ClassVar[str] = "convention-written"
    version: ClassVar[int] = 1
    id: str
    sentence: str
    subjects: tuple[str, ...]
    owner: str
    path_pattern: str = ""

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {
            "id": self.id,
            "sentence": self.sentence,
            "subjects": list(self.subjects),
            "owner": self.owner,
            "path_pattern": self.path_pattern,
        }

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        return cls(
            text_in(data, "id"),
            text_in(data, "sentence"),
            texts_in(data, "subjects"),
            text_in(data, "owner"),
            text_in(data, "path_pattern"),
        )


@dataclass(frozen=True, slots=True)
class ConventionRemoved:
    """The convention `id` no longer holds."""

    type: ClassVar[str] = "convention-removed"
    version: ClassVar[int] = 1
    id: str

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {"id": self.id}

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        return cls(text_in(data, "id"))
