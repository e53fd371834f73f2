"""What is written to the journal: versioned events and their JSON form.

An event is a fact with an id, a session, a time and an actor, all handed in by the caller; nothing
here reads a clock. The JSON form of a payload is its fields by name, enums by value. A `version`
is raised when a payload's form changes; `decode` then upgrades the older forms.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from xreview.domain.anchor import Anchor
from xreview.domain.change import ChangeKind, Side
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.report import (
    Category,
    Confidence,
    Direction,
    Lens,
    Report,
    Request,
    ReviewerIdentity,
    ReviewerKind,
    Severity,
    Suggestion,
)

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SessionOpened:
    """A person (or a headless run) began to look at a change."""

    type: ClassVar[str] = "session-opened"
    version: ClassVar[int] = 1
    kind: ChangeKind
    title: str
    base: str | None
    head: str | None
    program: str

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {
            "kind": self.kind.value,
            "title": self.title,
            "base": self.base,
            "head": self.head,
            "program": self.program,
        }

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        return cls(
            ChangeKind(data["kind"]), data["title"], data["base"], data["head"], data["program"]
        )


@dataclass(frozen=True, slots=True)
class ReportReceived:
    """A reviewer's report that passed the checks."""

    type: ClassVar[str] = "report-received"
    version: ClassVar[int] = 1
    report: Report

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return report_to_json(self.report)

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        return cls(report_from_json(data))


@dataclass(frozen=True, slots=True)
class CoverageReceived:
    """What a reviewer read and did not read."""

    type: ClassVar[str] = "coverage-received"
    version: ClassVar[int] = 1
    entries: tuple[CoverageEntry, ...]

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {"entries": [coverage_to_json(entry) for entry in self.entries]}

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        return cls(
            tuple(
                CoverageEntry(
                    entry["reviewer"],
                    entry["path"],
                    Reading(entry["reading"]),
                    entry["why"],
                    entry["lines"],
                    entry["expected"],
                )
                for entry in data["entries"]
            )
        )


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """A person decided about a finding.

    `subjects` are the fingerprints of all its reports; `action` is shared by the decisions that
    one key press made, so that one undo takes them all back.
    """

    type: ClassVar[str] = "decision-made"
    version: ClassVar[int] = 1
    action: str
    subjects: tuple[str, ...]
    decision: Decision

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {
            "action": self.action,
            "subjects": list(self.subjects),
            "verdict": self.decision.verdict.value,
            "reason": self.decision.reason.value,
        }

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        decision = Decision(Verdict(data["verdict"]), Reason(data["reason"]))
        return cls(data["action"], tuple(data["subjects"]), decision)


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
        """The payload out of JSON values; KeyError where they do not fit."""
        return cls(data["action"])


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
        """The payload out of JSON values; KeyError where they do not fit."""
        return cls(data["action"])


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
        """The payload out of JSON values; KeyError where they do not fit."""
        return cls(tuple(data["subjects"]), data["text"])


Payload = (
    SessionOpened
    | ReportReceived
    | CoverageReceived
    | DecisionMade
    | DecisionUndone
    | DecisionRedone
    | NoteWritten
)

_DECODERS: dict[tuple[str, int], Callable[[Json], Payload]] = {
    (payload.type, payload.version): payload.from_json
    for payload in (
        SessionOpened,
        ReportReceived,
        CoverageReceived,
        DecisionMade,
        DecisionUndone,
        DecisionRedone,
        NoteWritten,
    )
}


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the journal.

    Args:
        id: unique; writing the same id twice writes it once.
        session: which run of the program it belongs to.
        repository: which repository it is about (the real path of its common git folder).
        at: UTC, ISO 8601 with microseconds and `+00:00`.
        actor: who did it: a person's git identity, or a reviewer's name.
    """

    id: str
    session: str
    repository: str
    at: str
    actor: str
    payload: Payload


def decode(type: str, version: int, data: Json) -> Payload | None:
    """The payload of a stored row; None for a type or version this program does not know.

    Raises KeyError, TypeError or ValueError where the row is of a known type but malformed.
    """
    decoder = _DECODERS.get((type, version))
    return decoder(data) if decoder else None


def coverage_to_json(entry: CoverageEntry) -> dict[str, Any]:
    """A coverage entry as JSON values."""
    return {
        "reviewer": entry.reviewer,
        "path": entry.path,
        "reading": entry.reading.value,
        "why": entry.why,
        "lines": entry.lines,
        "expected": entry.expected,
    }


def report_to_json(report: Report) -> dict[str, Any]:
    """A report as JSON values."""
    anchor, suggestion, request = report.anchor, report.suggestion, report.request
    return {
        "fingerprint": report.fingerprint,
        "reviewer": {
            "name": report.reviewer.name,
            "kind": report.reviewer.kind.value,
            "family": report.reviewer.family,
            "model": report.reviewer.model,
        },
        "lens": report.lens.value,
        "rule": report.rule,
        "title": report.title,
        "claim": report.claim,
        "scenario": report.scenario,
        "category": report.category.value,
        "severity": report.severity.word,
        "confidence": report.confidence.word,
        "anchor": {
            "path": anchor.path,
            "side": anchor.side.value,
            "start_line": anchor.start_line,
            "end_line": anchor.end_line,
            "quote": anchor.quote,
        },
        "anchored": report.anchored,
        "suggestion": suggestion
        and {"description": suggestion.description, "replacement": suggestion.replacement},
        "request": request and {"direction": request.direction.value, "topic": request.topic},
    }


def report_from_json(data: Json) -> Report:
    """A report out of JSON values; KeyError or ValueError where they do not fit."""
    reviewer, anchor = data["reviewer"], data["anchor"]
    suggestion, request = data["suggestion"], data["request"]
    return Report(
        fingerprint=data["fingerprint"],
        reviewer=ReviewerIdentity(
            reviewer["name"], ReviewerKind(reviewer["kind"]), reviewer["family"], reviewer["model"]
        ),
        lens=Lens(data["lens"]),
        rule=data["rule"],
        title=data["title"],
        claim=data["claim"],
        scenario=data["scenario"],
        category=Category(data["category"]),
        severity=Severity[str(data["severity"]).upper()],
        confidence=Confidence[str(data["confidence"]).upper()],
        anchor=Anchor(
            anchor["path"],
            Side(anchor["side"]),
            anchor["start_line"],
            anchor["end_line"],
            anchor["quote"],
        ),
        anchored=data["anchored"],
        suggestion=suggestion and Suggestion(suggestion["description"], suggestion["replacement"]),
        request=request and Request(Direction(request["direction"]), request["topic"]),
    )
