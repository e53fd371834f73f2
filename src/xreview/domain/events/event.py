"""The events of the journal, and the registry of their payloads.

An event is a fact with an id, a session, a time and an actor, which the caller hands in.
"""

from collections.abc import Mapping
from typing import get_args

from xreview.domain.events.attempt_events import (
    AttemptReturned,
    AttemptReviewed,
    AttemptStated,
    AttemptTaken,
    AttemptWritten,
    TrialDiscarded,
    TrialStarted,
)
from xreview.domain.events.codec import Json, from_json, object_of
from xreview.domain.events.escalation_events import EscalationResolved, OpinionGiven
from xreview.domain.events.fix_events import (
    FixAnswered,
    FixApplied,
    FixDiscarded,
    FixEnded,
    FixJudged,
    FixReverted,
    FixStarted,
)
from xreview.domain.events.local_events import (
    AuthorAnswered,
    AuthorForgotten,
    FileUnviewed,
    FileViewed,
    ProposalReceived,
    ProposalTaken,
)
from xreview.domain.events.outcome_events import AftermathSeen
from xreview.domain.events.person_events import FindingRemoved, FindingWritten, ProblemMissed
from xreview.domain.events.pull_events import (
    CommentDeleted,
    CommentPosted,
    DescriptionPosted,
    PullOpened,
    ReplyPosted,
    ReviewBegun,
    ReviewDiscarded,
    ReviewSubmitted,
    ThreadResolved,
    ThreadsSeen,
)
from xreview.domain.events.review_events import (
    AttentionWeighed,
    AuthorAttributed,
    ChangeCollected,
    CoverageReceived,
    FixConfirmed,
    ModelAsked,
    NoticeGiven,
    OpponentChosen,
    ReportReceived,
    ReviewersJoined,
    SessionOpened,
    StanceTaken,
    UsageReceived,
)
from xreview.domain.events.triage_events import (
    ConventionRemoved,
    ConventionWritten,
    DecisionMade,
    DecisionRedone,
    DecisionUndone,
    Exported,
    NoteWritten,
)
from xreview.domain.events.upkeep_events import BriefWritten, SessionsPruned
from xreview.domain.record import dataclass

Payload = (
    SessionOpened
    | ReviewersJoined
    | OpponentChosen
    | ChangeCollected
    | AuthorAttributed
    | AttentionWeighed
    | NoticeGiven
    | ModelAsked
    | UsageReceived
    | CoverageReceived
    | ReportReceived
    | StanceTaken
    | FixConfirmed
    | DecisionMade
    | DecisionUndone
    | DecisionRedone
    | NoteWritten
    | FindingWritten
    | FindingRemoved
    | ProblemMissed
    | OpinionGiven
    | EscalationResolved
    | ConventionWritten
    | ConventionRemoved
    | AuthorAnswered
    | AuthorForgotten
    | ProposalReceived
    | ProposalTaken
    | FixStarted
    | FixAnswered
    | FixJudged
    | FixEnded
    | FixApplied
    | FixReverted
    | FixDiscarded
    | PullOpened
    | ThreadsSeen
    | ReviewBegun
    | CommentPosted
    | ReviewSubmitted
    | ReviewDiscarded
    | ReplyPosted
    | ThreadResolved
    | CommentDeleted
    | DescriptionPosted
    | TrialStarted
    | AttemptStated
    | AttemptWritten
    | AttemptReviewed
    | AttemptTaken
    | AttemptReturned
    | TrialDiscarded
    | AftermathSeen
    | FileViewed
    | FileUnviewed
    | Exported
    | BriefWritten
    | SessionsPruned
)
"""The registry: an event is known to the program by being in this union."""

FixPayload = (
    FixStarted | FixAnswered | FixJudged | FixEnded | FixApplied | FixReverted | FixDiscarded
)
"""What happens in a fix."""

AttemptPayload = (
    TrialStarted
    | AttemptStated
    | AttemptWritten
    | AttemptReviewed
    | AttemptTaken
    | AttemptReturned
    | TrialDiscarded
)
"""What happens with attempts."""

PullPayload = (
    PullOpened
    | ThreadsSeen
    | ReviewBegun
    | CommentPosted
    | ReviewSubmitted
    | ReviewDiscarded
    | ReplyPosted
    | ThreadResolved
    | CommentDeleted
    | DescriptionPosted
)
"""What happens with a pull request."""

PAYLOADS: Mapping[str, type[Payload]] = {kind.type: kind for kind in get_args(Payload)}


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the journal.

    Args:
        id: unique; writing the same id twice writes it once.
        session: the run of the program it belongs to.
        repository: the real path of the repository's common git folder.
        at: UTC, ISO 8601 with microseconds and `+00:00`.
        actor: who did it: a user's git identity, or a reviewer's name.
    """

    id: str
    session: str
    repository: str
    at: str
    actor: str
    payload: Payload


def is_known(type: str, version: int) -> bool:
    """Whether this program can read events of a type and version."""
    return type in PAYLOADS and 1 <= version <= PAYLOADS[type].version


def decode(type: str, version: int, data: Json) -> Payload | None:
    """The payload of a stored row; None for a type or version that this program doesn't know.

    Raises KeyError or ValueError if the row is malformed; UnknownValueError, which is one of
    these, if an enum in it has a value that this program doesn't know.
    """
    if not is_known(type, version):
        return None
    kind = PAYLOADS[type]
    for upgrade in kind.upgrades[version - 1 :]:
        data = upgrade(object_of(data))
    return from_json(kind, data)
