"""Choosing what goes into an export."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime

from xreview.domain.errors import UsageError
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
    """The document with the findings for which all that is given holds; None means all.

    Args:
        standings, severities: what they are.
        since: they were seen or decided, or something came back for them, then or later; a moment
            with its time zone. Sessions in which nothing happened since then, and that have no
            finding left, go too.

    How many findings were taken out is added to `left_out`, so that no export looks like all there
    is. Raises UsageError where nothing at all happened since then.
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
            f"The last thing in the journal is of {document.as_of}.",
        )
    return sessions


def check_standings(format: ExportFormat, standings: Collection[Standing]) -> None:
    """Raise UsageError where a format can hold none of the findings that are asked for."""
    if format.holds.isdisjoint(standings):
        held = ", ".join(standing for standing in Standing if standing in format.holds)
        raise UsageError(
            f"The format {format.name} holds only findings that are {held}.",
            "Choose another format, or other decisions.",
        )


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


def _moments(entry: ExportEntry) -> list[datetime]:
    return [moment for at in entry.moments if (moment := _moment(at)) is not None]


def _moment(at: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
