"""Filtering the findings of an export."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from xreview.domain.errors import UsageError
from xreview.domain.record import replace
from xreview.domain.report import Severity
from xreview.export.document import ExportDocument, ExportEntry, ExportSession, Standing
from xreview.export.format import ExportFormat


def select(
    document: ExportDocument,
    *,
    standings: Collection[Standing] | None = None,
    severities: Collection[Severity] | None = None,
    since: datetime | None = None,
) -> ExportDocument:
    """The document with the findings that match every filter; None matches all.

    The number of removed findings is added to `left_out`, so that an export never looks complete
    when it isn't. Raises UsageError if nothing happened since.

    Args:
        since: with time zone: keep findings that were seen, decided, or answered then or later.
            Sessions without later events or remaining findings are removed too.
    """
    kept = tuple(
        entry
        for entry in document.entries
        if (standings is None or entry.standing in standings)
        and (severities is None or entry.finding.severity in severities)
        and (since is None or any(moment >= since for moment in _moments(entry)))
    )
    left_out = document.left_out + len(document.entries) - len(kept)
    sessions = document.sessions if since is None else _since(document, kept, since)
    return replace(document, sessions=sessions, entries=kept, left_out=left_out)


def _since(
    document: ExportDocument, kept: Iterable[ExportEntry], since: datetime
) -> tuple[ExportSession, ...]:
    holding = {document.session_of(entry).id for entry in kept}
    sessions = tuple(
        session
        for session in document.sessions
        if session.id in holding
        or ((moment := _moment(session.last_at)) is not None and moment >= since)
    )
    if not sessions:
        raise UsageError(
            f"Nothing was reviewed or decided since {since:%Y-%m-%d %H:%M}.",
            f"The last event in the journal is from {document.as_of}.",
        )
    return sessions


def check_standings(format: ExportFormat, standings: Collection[Standing]) -> None:
    """Raise UsageError if a format can't hold any of the wanted findings."""
    if format.holds.isdisjoint(standings):
        held = ", ".join(standing for standing in Standing if standing in format.holds)
        raise UsageError(
            f"The format {format.name} holds only findings that are {held}.",
            "Choose another format or other decisions.",
        )


def at_least(severity: Severity) -> frozenset[Severity]:
    """This severity and all worse ones."""
    return frozenset(other for other in Severity if other >= severity)


def moment_of(text: str) -> datetime:
    """The moment of a day (its local beginning) or time in ISO 8601, by default in the local time
    zone. Raises UsageError."""
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        raise UsageError(
            f"{text!r} isn't a date or time.", "Write it as 2026-01-31 or 2026-01-31T09:30."
        ) from None


def _moments(entry: ExportEntry) -> list[datetime]:
    return [moment for at in entry.moments if (moment := _moment(at)) is not None]


def _moment(at: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
