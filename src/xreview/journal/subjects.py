"""The table `subjects`: what each event is about, derived from `events` and outside the hash chain.

A subject is a fingerprint of a finding, the file of a report, an action that is undone, the URL of
a pull request, or the id of a trial. `append` writes the table, since SQLite trusts no JSON
function in a trigger.
"""

import sqlite3
from typing import get_args

from xreview.domain.events.event import (
    AftermathSeen,
    AttemptPayload,
    AttemptReturned,
    AttemptReviewed,
    AttemptStated,
    AttemptTaken,
    AttemptWritten,
    CommentDeleted,
    CommentPosted,
    ConventionRemoved,
    ConventionWritten,
    DecisionMade,
    DecisionRedone,
    DecisionUndone,
    DescriptionPosted,
    EscalationResolved,
    FindingRemoved,
    FindingWritten,
    FixAnswered,
    FixApplied,
    FixConfirmed,
    FixDiscarded,
    FixEnded,
    FixJudged,
    FixReverted,
    FixStarted,
    NoteWritten,
    OpinionGiven,
    Payload,
    ProblemMissed,
    ProposalReceived,
    ProposalTaken,
    PullOpened,
    PullPayload,
    ReplyPosted,
    ReportReceived,
    ReviewBegun,
    ReviewDiscarded,
    ReviewSubmitted,
    StanceTaken,
    ThreadResolved,
    ThreadsSeen,
    TrialDiscarded,
    TrialStarted,
)
from xreview.domain.events.payload import AuthorEvent, SessionEvent, UpkeepEvent
from xreview.journal.rows import canonical

_INSERT = "INSERT INTO subjects (subject, sequence) SELECT DISTINCT value, ? FROM json_each(?)"

_LISTING = (
    DecisionMade,
    NoteWritten,
    FindingRemoved,
    StanceTaken,
    FixConfirmed,
    FixAnswered,
    FixJudged,
    FixApplied,
    OpinionGiven,
    EscalationResolved,
    ConventionWritten,
    ProposalReceived,
    ProposalTaken,
    CommentPosted,
    ReplyPosted,
    ThreadResolved,
    AftermathSeen,
)
"""The events that list their subjects."""
_PULLS = tuple(kind for kind in get_args(PullPayload))
_ATTEMPTS = tuple(kind for kind in get_args(AttemptPayload))


def _types(*kinds: type[Payload]) -> str:
    return ", ".join(f"'{kind.type}'" for kind in kinds)


# An altered row may hold anything, and must not stop the reading.
_READABLE = """
    (SELECT type AS kind, sequence, payload FROM events
      WHERE typeof(payload) = 'text' AND json_valid(payload))
"""


def _single(path: str, *kinds: type[Payload]) -> str:
    return f"""
        SELECT json_extract(payload, '{path}'), sequence FROM {_READABLE}
         WHERE kind IN ({_types(*kinds)}) AND json_type(payload, '{path}') = 'text'
    """


SUBJECTS_OF_EVENTS = f"""
    SELECT subject.value AS subject, sequence
      FROM {_READABLE} JOIN json_each(payload, '$.subjects') AS subject
     WHERE kind IN ({_types(*_LISTING)}) AND subject.type = 'text'
     UNION {_single("$.fingerprint", ReportReceived, FindingWritten)}
     UNION {_single("$.anchor.path", ReportReceived, FindingWritten)}
     UNION {_single("$.path", ProblemMissed)}
     UNION {_single("$.action", DecisionUndone, DecisionRedone)}
     UNION {_single("$.url", *_PULLS)}
     UNION {_single("$.trial", *_ATTEMPTS)}
     UNION {_single("$.fix", FixStarted, FixEnded, FixReverted, FixDiscarded)}
"""
"""`subjects_of` in SQL: what the table must hold."""


def subjects_of(payload: Payload) -> tuple[str, ...]:
    """What an event is about."""
    if isinstance(payload, (CommentPosted, ReplyPosted, ThreadResolved)):
        return (*payload.subjects, payload.url)
    if isinstance(payload, _LISTING):
        return payload.subjects
    match payload:
        case ReportReceived(report) | FindingWritten(report=report):
            return (report.fingerprint, report.anchor.path)
        case ProblemMissed():
            return (payload.path,)
        case DecisionUndone(action) | DecisionRedone(action):
            return (action,)
        case FixStarted(fix) | FixEnded(fix) | FixReverted(fix=fix) | FixDiscarded(fix):
            return (fix,)
        case (
            PullOpened()
            | ThreadsSeen()
            | ReviewBegun()
            | ReviewSubmitted()
            | ReviewDiscarded()
            | CommentDeleted()
            | DescriptionPosted()
        ):
            return (payload.url,)
        case (
            TrialStarted()
            | AttemptStated()
            | AttemptWritten()
            | AttemptReviewed()
            | AttemptTaken()
            | AttemptReturned()
            | TrialDiscarded()
        ):
            return (payload.trial,)
        case SessionEvent() | AuthorEvent() | UpkeepEvent() | ConventionRemoved():
            return ()


def write_subjects(connection: sqlite3.Connection, sequence: int | None, payload: Payload) -> None:
    """Add the event in the row `sequence` to the table."""
    if subjects := subjects_of(payload):
        connection.execute(_INSERT, (sequence, canonical(subjects)))


def rebuild_subjects(connection: sqlite3.Connection) -> None:
    """Derive the whole table anew. Call it inside a transaction."""
    connection.execute("DELETE FROM subjects")
    connection.execute(f"INSERT INTO subjects (subject, sequence) {SUBJECTS_OF_EVENTS}")
