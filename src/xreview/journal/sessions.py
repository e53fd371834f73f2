"""What each session was about, and how much came of it."""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass

from xreview.domain.events.event import SessionOpened
from xreview.journal.rows import stored, text_of

_SESSIONS = """
    SELECT opened.session, opened.repository, opened.at, opened.actor, opened.payload,
           (SELECT count(*) FROM events AS report
             WHERE report.session = opened.session AND report.type = 'report-received'),
           (SELECT count(*) FROM events AS decision
             WHERE decision.session = opened.session AND decision.type = 'decision-made')
      FROM events AS opened
     WHERE opened.type = :type {where}
     ORDER BY opened.sequence DESC
"""


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """One run over a change: when, over what, and how much came of it.

    `decisions` counts every decision made, taken back or not.
    """

    id: str
    opened_at: str
    title: str
    kind: str
    reports: int
    decisions: int
    repository: str = ""
    actor: str = ""


def sessions_in(connection: sqlite3.Connection, repository: str | None) -> list[SessionSummary]:
    """The sessions of a repository, or all, newest first."""
    values: dict[str, object] = {"type": SessionOpened.type}
    where = ""
    if repository is not None:
        where = "AND opened.repository = :repository"
        values["repository"] = stored(repository)
    with closing(connection.execute(_SESSIONS.format(where=where), values)) as cursor:
        return [_summary(row) for row in cursor]


def _summary(row: tuple[str, str, str, str, str, int, int]) -> SessionSummary:
    id, repository, at, actor, payload, reports, decisions = row
    opened = json.loads(payload)
    return SessionSummary(
        text_of(id),
        at,
        str(opened.get("title", "")),
        str(opened.get("kind", "")),
        reports,
        decisions,
        text_of(repository),
        text_of(actor),
    )
