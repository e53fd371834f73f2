"""Which problems were ever reported in some files."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing

from xreview.domain.events.event import ReportReceived
from xreview.journal.rows import canonical, stored

_FINGERPRINTS = f"""
    SELECT DISTINCT json_extract(payload, '$.fingerprint')
      FROM events
     WHERE sequence IN (
               SELECT sequence FROM subjects WHERE subject IN (SELECT value FROM json_each(:paths))
           )
       AND repository = :repository AND type = '{ReportReceived.type}' AND json_valid(payload)
"""


def fingerprints_in(
    connection: sqlite3.Connection, repository: str, paths: Iterable[str]
) -> frozenset[str]:
    """The fingerprints of all reports about these files; costs by these reports only."""
    values = {"paths": canonical(list(paths)), "repository": stored(repository)}
    with closing(connection.execute(_FINGERPRINTS, values)) as cursor:
        return frozenset(name for (name,) in cursor if isinstance(name, str))
