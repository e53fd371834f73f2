"""Reading from the journal what came of earlier reviews, fast enough for the start of each review.

It reads by type and session through the indexes, of the newest reviews only, and never a report.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from xreview.domain.attention.level import AttentionLevel
from xreview.domain.calibration.reviewed import (
    LaterSign,
    ReviewHistory,
    change_key,
    sign_of_aftermath,
    sign_of_miss,
)
from xreview.domain.decision import Verdict
from xreview.domain.events.event import (
    AftermathSeen,
    AttentionWeighed,
    DecisionMade,
    DecisionRedone,
    DecisionUndone,
    Payload,
    ProblemMissed,
    SessionOpened,
    decode,
)
from xreview.domain.events.review_events import WeighedFile
from xreview.journal.failures import explained
from xreview.journal.rows import canonical, stored, text_of

MOST_REVIEWS = 200
"""The newest reviews that topics are counted over: older code and older levels say less."""

MOST_SIGNS = 500
_MOST_CALLED = 100
"""Of the sessions of signs, the newest for which the levels are looked up."""
_LATER = (AftermathSeen, ProblemMissed, DecisionUndone, DecisionRedone)
_OF_TYPES = f"""
    SELECT session, at, type, version, payload FROM events INDEXED BY events_by_repository
     WHERE repository = :repository AND type IN ({", ".join(f"'{kind.type}'" for kind in _LATER)})
     ORDER BY sequence
"""
_ABOUT = """
    SELECT session, at, type, version, payload FROM events
     WHERE sequence IN (
               SELECT sequence FROM subjects
                WHERE subject IN (SELECT value FROM json_each(:subjects))
           )
       AND repository = :repository AND type = :type
     ORDER BY at, sequence
"""
_NEWEST_WEIGHED = f"""
    SELECT session, version, payload FROM events INDEXED BY events_by_repository
     WHERE repository = ? AND type = '{AttentionWeighed.type}'
     ORDER BY sequence DESC LIMIT ?
"""
_WEIGHED = f"""
    SELECT session, version, payload FROM events INDEXED BY events_by_session
     WHERE session = ? AND type = '{AttentionWeighed.type}' ORDER BY sequence DESC LIMIT 1
"""
_CHANGE = f"""
    SELECT json_extract(payload, '$.base'), json_extract(payload, '$.head')
      FROM events INDEXED BY events_by_session
     WHERE session = ? AND type = '{SessionOpened.type}' AND json_valid(payload)
"""
_ACTIONS = f"""
    SELECT json_extract(payload, '$.action') FROM events INDEXED BY events_by_session
     WHERE session = ? AND type = '{DecisionMade.type}' AND json_valid(payload)
"""
_LEVELS = {level.word: level for level in AttentionLevel}
_Row = tuple[str, str, Payload]
"""Session, time, and payload."""


def review_history(path: Path, repository: str, most: int = MOST_REVIEWS) -> ReviewHistory:
    """Return what came of the newest reviews of a repository, and every sign that a file was wrong.

    The journal was opened before, so that it exists and is migrated. Rows that are malformed or
    from a newer program are skipped. Raises JournalError.
    """
    with explained(path), closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as opened:
        return _Reading(opened, repository).history(most)


class _Reading:
    def __init__(self, connection: sqlite3.Connection, repository: str) -> None:
        self._connection = connection
        self._repository = repository

    def history(self, most: int) -> ReviewHistory:
        later = list(self._rows(_OF_TYPES, {}))
        undone = _undone_in(later)
        signs = tuple(self._signs(later, undone))[-MOST_SIGNS:]
        newest = self._all(_NEWEST_WEIGHED, stored(self._repository), most)
        weighed = dict(_weighed(reversed(newest)))
        wrong = list(dict.fromkeys(sign.session for sign in reversed(signs)))[:_MOST_CALLED]
        for session in [one for one in wrong if one not in weighed]:
            weighed.update(_weighed(self._all(_WEIGHED, stored(session))))
        changes = {
            session: change_key(self._repository, session, base, head)
            for session in weighed
            for base, head in self._all(_CHANGE, stored(session))
        }
        decided = {session for session in weighed if self._is_decided(session, undone)}
        return ReviewHistory(weighed, changes, decided, signs)

    def _is_decided(self, session: str, undone: frozenset[str]) -> bool:
        with closing(self._connection.execute(_ACTIONS, (stored(session),))) as cursor:
            return any(action not in undone for (action,) in cursor)

    def _all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(self._connection.execute(query, values)) as cursor:
            return cursor.fetchall()

    def _signs(self, later: Sequence[_Row], undone: frozenset[str]) -> Iterator[LaterSign]:
        named = {
            name
            for _, _, payload in later
            if isinstance(payload, AftermathSeen)
            for name in payload.subjects
        }
        accepted = self._accepted(named, undone) if named else frozenset[str]()
        for session, at, payload in later:
            if isinstance(payload, AftermathSeen):
                if sign := sign_of_aftermath(payload, accepted):
                    yield sign
            elif isinstance(payload, ProblemMissed) and payload.action not in undone:
                yield sign_of_miss(session, payload.path, payload.found, at, payload.action)

    def _accepted(self, names: Iterable[str], undone: frozenset[str]) -> frozenset[str]:
        """Which of these fingerprints a person accepted, by the last decision that holds."""
        values = {"subjects": canonical(sorted(names)), "type": DecisionMade.type}
        last: dict[str, Verdict] = {}
        for _, _, payload in self._rows(_ABOUT, values):
            if isinstance(payload, DecisionMade) and payload.action not in undone:
                last.update(dict.fromkeys(payload.subjects, payload.decision.verdict))
        return frozenset(name for name, verdict in last.items() if verdict is Verdict.ACCEPT)

    def _rows(self, query: str, values: Mapping[str, object]) -> Iterator[_Row]:
        values = {"repository": stored(self._repository), **values}
        used = {name: value for name, value in values.items() if f":{name}" in query}
        with closing(self._connection.execute(query, used)) as cursor:
            for session, at, type, version, text in cursor:
                if (payload := _decoded(type, version, text)) is not None:
                    yield text_of(session), at, payload


def _weighed(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[str, AttentionWeighed]]:
    """Decode what is needed here: the general codec takes five times as long."""
    for session, version, text in rows:
        try:
            files = tuple(
                WeighedFile(file["path"], _LEVELS[file["level"]], tuple(file["topics"]))
                for file in json.loads(text)["files"]
            )
        except (ValueError, KeyError, TypeError, RecursionError):
            continue  # `xreview-tui log verify` reports it
        if version <= AttentionWeighed.version:
            yield text_of(session), AttentionWeighed(AttentionLevel.READ, (), files)


def _decoded(type: str, version: int, text: str) -> Payload | None:
    try:
        return decode(type, version, json.loads(text))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None  # `xreview-tui log verify` reports it


def _undone_in(rows: Iterable[_Row]) -> frozenset[str]:
    """The actions that were undone and not redone."""
    undone: set[str] = set()
    for _, _, payload in rows:
        if isinstance(payload, DecisionUndone):
            undone.add(payload.action)
        elif isinstance(payload, DecisionRedone):
            undone.discard(payload.action)
    return frozenset(undone)
