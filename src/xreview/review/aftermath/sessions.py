"""The reviewed sessions of a repository, as far as their changes can be found again."""

from collections.abc import Iterator

from xreview.domain.attention.level import AttentionLevel
from xreview.domain.change import ChangeKind, Side
from xreview.domain.changed_file import ChangedFile
from xreview.domain.events.event import (
    AttentionWeighed,
    ChangeCollected,
    FindingWritten,
    ReportReceived,
    SessionOpened,
)
from xreview.domain.record import dataclass
from xreview.domain.report import Report
from xreview.journal.store import Journal
from xreview.review.aftermath.lines import PlacedFinding

_TYPES = (SessionOpened, ChangeCollected, AttentionWeighed, ReportReceived, FindingWritten)
_SHOWN_NOWHERE = (ChangeKind.PATCH, ChangeKind.ATTEMPT)


@dataclass(frozen=True)
class PastReview:
    """One session.

    Args:
        base, head: as in `SessionOpened`; raw, since anybody can have written them.
        listed: the files of the change. levels: by path, as they were called.
    """

    session: str
    opened_at: str
    base: str | None
    head: str | None
    listed: tuple[ChangedFile, ...]
    findings: tuple[PlacedFinding, ...]
    levels: dict[str, AttentionLevel]


def past_reviews(
    journal: Journal, repository: str, since: str | None, limit: int
) -> tuple[list[PastReview], int]:
    """Return the newest sessions with commits or files to find again, at most `limit`, and how many
    sessions since then were left out. Raises JournalError.

    Args:
        since: a time as events have it; None for all.
    """
    summaries = [
        one
        for one in journal.sessions(repository)
        if one.kind not in _SHOWN_NOWHERE and (since is None or one.opened_at >= since)
    ]
    reviews = [review for one in summaries[:limit] for review in _reviews(journal, one.id)]
    return reviews, max(0, len(summaries) - limit)


def _reviews(journal: Journal, session: str) -> Iterator[PastReview]:
    opened: SessionOpened | None = None
    at = ""
    listed: tuple[ChangedFile, ...] = ()
    levels: dict[str, AttentionLevel] = {}
    findings: list[PlacedFinding] = []
    for event in journal.events(session=session, types=_TYPES):
        payload = event.payload
        if isinstance(payload, SessionOpened):
            opened, at = payload, event.at
        elif isinstance(payload, ChangeCollected):
            listed = payload.listed
        elif isinstance(payload, AttentionWeighed):
            levels = {file.path: file.level for file in payload.files}
        elif isinstance(payload, ReportReceived | FindingWritten):
            findings += _placed(payload.report)
    if opened is not None:
        yield PastReview(session, at, opened.base, opened.head, listed, tuple(findings), levels)


def _placed(report: Report) -> Iterator[PlacedFinding]:
    place = report.anchor
    if report.anchored and place.side is Side.NEW:
        quote = frozenset(map(str.strip, place.quote.split("\n")))
        yield PlacedFinding(report.fingerprint, place.path, place.start_line, place.end_line, quote)
