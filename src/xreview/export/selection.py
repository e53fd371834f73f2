"""Choosing what goes into an export."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime

from xreview.domain.errors import UsageError
from xreview.domain.report import Severity
from xreview.export.base import ExportDocument, ExportEntry, Standing


def select(
    document: ExportDocument,
    *,
    standings: Collection[Standing] | None = None,
    severities: Collection[Severity] | None = None,
    sessions: Collection[str] | None = None,
    since: datetime | None = None,
) -> ExportDocument:
    """The document with the findings for which all that is given holds; None means all.

    Args:
        standings, severities: what they are.
        sessions: ids of sessions that saw them or in which they were decided.
        since: they were seen or decided then or later; a moment with its time zone.

    How many were taken out is added to `left_out`, so that no export looks like all there is.
    """
    kept = tuple(
        entry
        for entry in document.entries
        if (standings is None or entry.standing in standings)
        and (severities is None or entry.finding.severity in severities)
        and (sessions is None or not _sessions(entry).isdisjoint(sessions))
        and (since is None or any(moment >= since for moment in _moments(entry)))
    )
    left_out = document.left_out + len(document.entries) - len(kept)
    return replace(document, entries=kept, left_out=left_out)


def at_least(severity: Severity) -> frozenset[Severity]:
    """This severity and all that are worse."""
    return frozenset(other for other in Severity if other >= severity)


def moment_of(text: str) -> datetime:
    """The moment that a person means: a day (its beginning here) or a time, in ISO 8601.

    Without a time zone it is the local one. Raises UsageError where it is no moment.
    """
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        raise UsageError(
            f"{text!r} is no day and no time.", "Write it as 2026-01-31 or 2026-01-31T09:30."
        ) from None


def _sessions(entry: ExportEntry) -> set[str]:
    decided = {entry.decided.session} if entry.decided else set[str]()
    return decided | ({entry.session} if entry.session else set())


def _moments(entry: ExportEntry) -> list[datetime]:
    written = [entry.seen_at, entry.decided.at if entry.decided else ""]
    return [moment for at in written if (moment := _moment(at)) is not None]


def _moment(at: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
