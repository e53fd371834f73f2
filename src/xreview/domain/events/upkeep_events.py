"""What is done to the journal itself, as payloads of events."""

from typing import ClassVar

from xreview.domain.events.payload import UpkeepEvent
from xreview.domain.record import dataclass


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The end of a session's hash chain: the hash of its last row, and the number of rows."""

    session: str
    head: str
    events: int


@dataclass(frozen=True, slots=True)
class SessionsPruned(UpkeepEvent):
    """Old sessions were written to a file and removed from the journal.

    Args:
        archive: the file's path; archive_digest: SHA-256 of its bytes, hexadecimal.
        sessions: the chains that were removed, which tells the file from a forged one.
        kept_digest: of the chains that stayed (`journal.queries.chains_digest`); it proves to
            `log verify` that nothing else was removed.
    """

    type: ClassVar[str] = "sessions-pruned"
    archive: str
    archive_digest: str
    sessions: tuple[ChainHead, ...]
    kept_digest: str


@dataclass(frozen=True, slots=True)
class BriefAnswer:
    """What the author said to a question about their change."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class BriefWritten(UpkeepEvent):
    """A description of the change was written for its reviewers.

    Args:
        target: a file, "-" for standard output, "clipboard", or the URL of a pull request; "" if it
            went nowhere yet, and only the answers are kept.
        digest: SHA-256 of the text, hexadecimal.
        answers: what the author said when asked; "" withdraws an earlier answer.
        by: the model that worded it; "" for none.
    """

    type: ClassVar[str] = "brief-written"
    target: str
    digest: str
    answers: tuple[BriefAnswer, ...] = ()
    by: str = ""
