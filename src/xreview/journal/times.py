"""Decisions of a time at which they can't have been made.

The latest decision holds, so one from the future would outdo all that are made until then; one from
before its finding was reported is made up.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

from xreview.journal.problem import JournalProblem
from xreview.journal.rows import stored, text_of

CLOCK_SKEW = timedelta(minutes=5)

_LATER = """
    SELECT sequence, session, at FROM events
     WHERE at > :limit AND at LIKE '____-__-__T__:__:__.______+00:00'
       AND (:session IS NULL OR session = :session)
     ORDER BY sequence LIMIT 1
"""
_EARLIER = """
    WITH first AS (
        SELECT repository, json_extract(payload, '$.fingerprint') AS fingerprint, min(at) AS at
          FROM events WHERE type = 'report-received' AND json_valid(payload) GROUP BY 1, 2
    ), decided AS (
        SELECT made.sequence, made.session, made.repository, made.at, min(first.at) AS reported
          FROM events AS made, json_each(made.payload, '$.subjects') AS subject
          JOIN first ON first.repository = made.repository AND first.fingerprint = subject.value
         WHERE made.type = 'decision-made' AND (:session IS NULL OR made.session = :session)
         GROUP BY made.sequence
    )
    SELECT sequence, session, at, reported FROM decided WHERE at < reported ORDER BY sequence
"""


def impossible_times(
    connection: sqlite3.Connection, session: str | None, now: str
) -> Iterator[JournalProblem]:
    """The first row that is later than `now`, and the first decision from before its report."""
    limit = datetime.fromisoformat(now) + CLOCK_SKEW
    values = {
        "limit": limit.astimezone(UTC).isoformat(timespec="microseconds"),
        "session": None if session is None else stored(session),
    }
    with closing(connection.execute(_LATER, values)) as rows:
        for sequence, name, at in rows:
            yield JournalProblem(
                sequence, text_of(name), f"Its time has not come yet: {at[:16]} UTC."
            )
    with closing(connection.execute(_EARLIER, values)) as rows:
        for sequence, name, at, reported in rows:
            if _is_far(at, reported):
                what = (
                    f"It decides, on {at[:10]}, what was reported first on {reported[:10]}: its "
                    "time is wrong or made up."
                )
                yield JournalProblem(sequence, text_of(name), what)
                return


def _is_far(at: str, reported: str) -> bool:
    try:
        return datetime.fromisoformat(at) + CLOCK_SKEW < datetime.fromisoformat(reported)
    except (TypeError, ValueError):
        return True  # what is no time is no earlier one
