"""What the journal answers in SQL, without decoding events."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing

from xreview.domain.change import ChangeKind
from xreview.domain.events.event import (
    DecisionMade,
    FindingWritten,
    ReportReceived,
    SessionOpened,
    TrialStarted,
    is_known,
)
from xreview.domain.events.upkeep_events import ChainHead
from xreview.domain.record import dataclass, replace
from xreview.journal.rows import canonical, stored, text_of

_TAG = b"xreview-tui/journal/chains/1\n"
_HEADS = """
    SELECT session, hash, count(*), max(sequence) FROM events GROUP BY session ORDER BY session
"""  # SQLite takes the bare column `hash` from the row that has the maximum
TRIAL = "trial"
"""The kind of a session that is a trial."""
_SESSIONS = f"""
    SELECT opened.session, opened.repository, opened.at, opened.actor, opened.payload,
           (SELECT count(*) FROM events AS report
             WHERE report.session = opened.session AND report.type = '{ReportReceived.type}'),
           (SELECT count(*) FROM events AS decision
             WHERE decision.session = opened.session AND decision.type = '{DecisionMade.type}')
      FROM events AS opened
     WHERE opened.type = '{SessionOpened.type}' {{where}}
     ORDER BY opened.sequence DESC
"""
_ATTEMPTS = f"""
    SELECT DISTINCT session
      FROM events
     WHERE session IN (SELECT value FROM json_each(?))
       AND type = '{SessionOpened.type}' AND json_valid(payload)
       AND json_extract(payload, '$.kind') = '{ChangeKind.ATTEMPT}'
"""
_TRIALS = f"""
    SELECT started.session, started.repository, started.at, started.actor, started.payload, 0, 0
      FROM events AS started
     WHERE started.type = '{TrialStarted.type}' {{where}}
     ORDER BY started.sequence DESC
"""
_NEWEST = """
    SELECT DISTINCT type, version FROM (
        SELECT type, version FROM events ORDER BY sequence DESC LIMIT 2000
    )
"""
_FINGERPRINTS = f"""
    SELECT DISTINCT json_extract(payload, '$.fingerprint')
      FROM events
     WHERE sequence IN (
               SELECT sequence FROM subjects WHERE subject IN (SELECT value FROM json_each(:paths))
           )
       AND repository = :repository AND json_valid(payload)
       AND type IN ('{ReportReceived.type}', '{FindingWritten.type}')
"""


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """A session: when it was opened, on what, and how many reports and decisions it has.

    `decisions` counts every decision made, undone or not.
    """

    id: str
    opened_at: str
    title: str
    kind: str
    reports: int
    decisions: int
    repository: str = ""
    actor: str = ""

    @property
    def is_of_attempt(self) -> bool:
        """Whether it reviewed an attempt, which isn't the user's own code."""
        return self.kind == ChangeKind.ATTEMPT


def attempts_among(connection: sqlite3.Connection, sessions: Iterable[str]) -> frozenset[str]:
    """Which of these sessions reviewed an attempt. Costs as much as there are of them."""
    with closing(connection.execute(_ATTEMPTS, (canonical(list(sessions)),))) as cursor:
        return frozenset(text_of(id) for (id,) in cursor)


def sessions_in(connection: sqlite3.Connection, repository: str | None) -> list[SessionSummary]:
    """The sessions of a repository, or all, newest first."""
    where = "" if repository is None else "AND opened.repository = ?"
    values = () if repository is None else (stored(repository),)
    with closing(connection.execute(_SESSIONS.format(where=where), values)) as cursor:
        return [_summary(row) for row in cursor]


def trials_in(connection: sqlite3.Connection, repository: str | None) -> list[SessionSummary]:
    """The trials of a repository, or all, newest first; each is a session that reviews nothing. The
    title is the task."""
    where = "" if repository is None else "AND started.repository = ?"
    values = () if repository is None else (stored(repository),)
    with closing(connection.execute(_TRIALS.format(where=where), values)) as cursor:
        return [replace(_summary(row), title=_task(row[4]), kind=TRIAL) for row in cursor]


def _task(payload: str) -> str:
    return str(json.loads(payload).get("task", "")).strip().partition("\n")[0]


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


def has_newer_events(connection: sqlite3.Connection) -> bool:
    """Whether a newer version of this program wrote one of the last events."""
    with closing(connection.execute(_NEWEST)) as rows:
        return any(type(one[1]) is int and not is_known(*one) for one in rows)


def fingerprints_in(
    connection: sqlite3.Connection, repository: str, paths: Iterable[str]
) -> frozenset[str]:
    """The fingerprints of all reports about these files. Costs as much as there are reports."""
    values = {"paths": canonical(list(paths)), "repository": stored(repository)}
    with closing(connection.execute(_FINGERPRINTS, values)) as cursor:
        return frozenset(name for (name,) in cursor if isinstance(name, str))


def heads_of(connection: sqlite3.Connection) -> dict[str, ChainHead]:
    """The end of every session's chain, by session."""
    with closing(connection.execute(_HEADS)) as cursor:
        ends = [ChainHead(text_of(row[0]), text_of(row[1]), row[2]) for row in cursor]
    return {end.session: end for end in ends}


def chains_digest(heads: Iterable[ChainHead]) -> str:
    """SHA-256 over the ends of chains in any order: equal only for the same rows."""
    ends = sorted([head.session, head.head, head.events] for head in heads)
    return hashlib.sha256(_TAG + canonical(ends).encode("ascii")).hexdigest()
