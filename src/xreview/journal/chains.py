"""Where the hash chains of the sessions end, and one hash over all of these ends."""

import hashlib
import sqlite3
from collections.abc import Iterable
from contextlib import closing

from xreview.domain.events.upkeep_events import ChainHead
from xreview.journal.rows import canonical, text_of

_TAG = b"xreview-tui/journal/chains/1\n"
_HEADS = """
    SELECT session, hash, count(*), max(sequence) FROM events GROUP BY session ORDER BY session
"""  # SQLite takes the bare column `hash` from the row that has the maximum


def heads_of(connection: sqlite3.Connection) -> dict[str, ChainHead]:
    """The end of every session's chain, by session."""
    with closing(connection.execute(_HEADS)) as cursor:
        ends = [
            ChainHead(text_of(session), text_of(head), count) for session, head, count, _ in cursor
        ]
    return {end.session: end for end in ends}


def chains_digest(heads: Iterable[ChainHead]) -> str:
    """SHA-256 over the ends of chains in whatever order: the same only for the same rows."""
    ends = sorted([head.session, head.head, head.events] for head in heads)
    return hashlib.sha256(_TAG + canonical(ends).encode("ascii")).hexdigest()
