"""What is written to the journal: versioned events and their JSON form.

An event is a fact with an id, a session, a time and an actor, all handed in by the caller; nothing
here reads a clock. The payloads are in `review_events`, `asking_events`, `author_events`,
`usage_events`, `triage_events`, `escalation_events` and `upkeep_events`, and are named here for
all. The JSON form of a payload is its fields by name, enums by value, `Severity` and `Confidence`
by word. A `version` is raised when a payload's form changes; `decode` then upgrades older forms.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from xreview.domain.coverage import IGNORED
from xreview.domain.events.asking_events import ModelAsked, ReviewersJoined
from xreview.domain.events.author_events import AuthorAnswered, AuthorForgotten, OpponentChosen
from xreview.domain.events.escalation_events import OpinionGiven
from xreview.domain.events.event_json import (
    Json,
    context_to_json,
    coverage_to_json,
    list_in,
    object_of,
    report_from_json,
    report_to_json,
)
from xreview.domain.events.proposal_events import ProposalReceived, ProposalTaken
from xreview.domain.events.review_events import (
    AuthorAttributed,
    ChangeCollected,
    CoverageReceived,
    NoticeGiven,
    ReportReceived,
    SessionOpened,
    StanceTaken,
)
from xreview.domain.events.triage_events import (
    ConventionRemoved,
    ConventionWritten,
    DecisionMade,
    DecisionRedone,
    DecisionUndone,
    EscalationResolved,
    Exported,
    FixConfirmed,
    NoteWritten,
)
from xreview.domain.events.upkeep_events import ChainHead, SessionsPruned
from xreview.domain.events.usage_events import UsageReceived
from xreview.domain.identity.anchor import NO_CONTEXT

__all__ = [
    "AuthorAnswered",
    "AuthorAttributed",
    "AuthorForgotten",
    "ChainHead",
    "ChangeCollected",
    "ConventionRemoved",
    "ConventionWritten",
    "CoverageReceived",
    "DecisionMade",
    "DecisionRedone",
    "DecisionUndone",
    "EscalationResolved",
    "Event",
    "Exported",
    "FixConfirmed",
    "Json",
    "ModelAsked",
    "NoteWritten",
    "NoticeGiven",
    "OpinionGiven",
    "OpponentChosen",
    "Payload",
    "ProposalReceived",
    "ProposalTaken",
    "ReportReceived",
    "ReviewersJoined",
    "SessionOpened",
    "SessionsPruned",
    "StanceTaken",
    "UsageReceived",
    "coverage_to_json",
    "decode",
    "report_from_json",
    "report_to_json",
]

Payload = (
    SessionOpened
    | ChangeCollected
    | AuthorAttributed
    | AuthorAnswered
    | AuthorForgotten
    | OpponentChosen
    | NoticeGiven
    | ReportReceived
    | CoverageReceived
    | UsageReceived
    | ReviewersJoined
    | ModelAsked
    | StanceTaken
    | DecisionMade
    | DecisionUndone
    | DecisionRedone
    | NoteWritten
    | OpinionGiven
    | EscalationResolved
    | Exported
    | FixConfirmed
    | ConventionWritten
    | ConventionRemoved
    | SessionsPruned
    | ProposalReceived
    | ProposalTaken
)

_KINDS: dict[str, type[Payload]] = {
    kind.type: kind
    for kind in (
        SessionOpened,
        ChangeCollected,
        AuthorAttributed,
        AuthorAnswered,
        AuthorForgotten,
        OpponentChosen,
        NoticeGiven,
        ReportReceived,
        CoverageReceived,
        UsageReceived,
        ReviewersJoined,
        ModelAsked,
        StanceTaken,
        DecisionMade,
        DecisionUndone,
        DecisionRedone,
        NoteWritten,
        OpinionGiven,
        EscalationResolved,
        Exported,
        FixConfirmed,
        ConventionWritten,
        ConventionRemoved,
        SessionsPruned,
        ProposalReceived,
        ProposalTaken,
    )
}


def _with_place(stance: object) -> dict[str, Any]:
    return {**object_of(stance), "path": "", "line": 0, "anchored": True}


def _left_out(entry: object) -> dict[str, Any]:
    """Before version 3, what the `ignore` setting left out was told by its reason only."""
    told = object_of(entry)
    return {**told, "reading": "left-out"} if told.get("why") == IGNORED else {**told}


_UPGRADES: dict[tuple[str, int], Callable[[Json], dict[str, Any]]] = {
    ("session-opened", 1): lambda data: {**data, "reviewers": [], "repository_top": ""},
    ("decision-made", 1): lambda data: {**data, "until": None},
    ("change-collected", 1): lambda data: {**data, "listed": []},
    ("author-attributed", 1): lambda data: {**data, "confidence": None},
    ("author-attributed", 2): lambda data: {**data, "families": {}},
    ("report-received", 1): lambda data: {**data, "context": context_to_json(NO_CONTEXT)},
    ("report-received", 2): lambda data: {**data, "carried": None},
    ("report-received", 3): lambda data: {**data, "settle": ""},
    ("stance-taken", 1): lambda data: {**data, "stance": _with_place(data["stance"])},
    ("coverage-received", 1): lambda data: {**data, "failures": {}},
    ("coverage-received", 2): lambda data: {
        **data,
        "entries": [_left_out(entry) for entry in list_in(data, "entries")],
        "unread": [],
    },
}
"""From the JSON form of a version to that of the next."""


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

    Raises KeyError or ValueError where the row is of a known type but malformed.
    """
    kind = _KINDS.get(type)
    if kind is None or not 1 <= version <= kind.version:
        return None
    form = object_of(data)
    for older in range(version, kind.version):
        form = _UPGRADES[type, older](form)
    return kind.from_json(form)
