"""The facts that the scorecard needs from the journal.

Decoding a whole report takes seven times as long as reading its row, so SQLite extracts the few
fields needed. Reports come first, then everything else by time, since events may arrive late.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any

from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.events.event import (
    CoverageReceived,
    DecisionMade,
    Event,
    ReportReceived,
    decode,
)
from xreview.domain.report import (
    Category,
    Confidence,
    Lens,
    ReviewerIdentity,
    ReviewerKind,
    Severity,
)
from xreview.domain.ruling import ChosenReport, Ruling
from xreview.domain.scorecard.facts import CoverageReceipt, Fact, Made, Sighting
from xreview.domain.scorecard.gathering import GATHERED_TYPES, WAS_READ
from xreview.domain.scorecard.scored import ScoredReviewer, scored
from xreview.journal.failures import explained
from xreview.journal.rows import stored, text_of
from xreview.journal.store import Journal

_FIELDS = (
    "$.reviewer.name",
    "$.reviewer.kind",
    "$.reviewer.family",
    "$.fingerprint",
    "$.category",
    "$.lens",
    "$.anchor.path",
    "$.severity",
    "$.confidence",
)
# Several fields at once come as a JSON array with escapes intact. One by one, SQLite would unescape
# them, and a path that isn't UTF-8 wouldn't be valid text for Python.
_REPORTS = f"""
    SELECT repository, session, at,
           json_extract(payload, {", ".join(f"'{field}'" for field in _FIELDS)})
      FROM events
     WHERE type = '{ReportReceived.type}' AND version <= {ReportReceived.version}
       AND (:repository IS NULL OR repository = :repository)
       AND json_valid(payload)
"""
_OTHERS = """
    SELECT type, version, payload, at, id, repository, session, actor
      FROM events
     WHERE type IN (SELECT value FROM json_each(:types))
       AND (:repository IS NULL OR repository = :repository)
     ORDER BY at, sequence
"""
_CATEGORIES = {category.value: category for category in Category}
_LENSES = {lens.value: lens for lens in Lens}
_SEVERITIES = {severity.word: severity for severity in Severity}
_CONFIDENCES = {confidence.word: confidence for confidence in Confidence}
_DECODER = json.JSONDecoder()
_AT_ONCE = 1000
"""Rows whose fields are decoded as one, which takes half the time."""
_READ = frozenset(reading.value for reading in WAS_READ)


def scorecard_facts(path: Path, repository: str | None) -> Iterator[Fact]:
    """The facts in the journal at `path`, of one repository or (None) of all.

    Rows that are malformed or from a newer program are skipped. Raises JournalError.
    """
    Journal.open(path).close()  # creates or migrates it
    others = [kind.type for kind in GATHERED_TYPES if kind is not ReportReceived]
    values = {
        "types": json.dumps(others),
        "repository": None if repository is None else stored(repository),
    }
    with explained(path), closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA query_only = ON")
        with closing(connection.execute(_REPORTS, values)) as rows:
            yield from _sightings(rows)
        with closing(connection.execute(_OTHERS, values)) as rows:
            yield from _others(rows)


def _sightings(rows: sqlite3.Cursor) -> Iterator[Sighting]:
    same = dict[str, str]().setdefault
    while some := rows.fetchmany(_AT_ONCE):
        for (repository, session, at, _), values in zip(some, _fields(some), strict=True):
            try:
                name, kind, family, fingerprint, category, lens, path, severity, confidence = values
                if not (isinstance(repository, str) and isinstance(session, str)):
                    repository, session = text_of(repository), text_of(session)
                seen = Sighting(
                    same(repository, repository),
                    same(session, session),
                    at,
                    _reviewer(name, kind, family),
                    fingerprint,
                    _CATEGORIES[category],
                    _LENSES[lens],
                    same(path, path),
                    _SEVERITIES[severity],
                    _CONFIDENCES[confidence],
                )
            except (ValueError, KeyError, TypeError):
                continue  # `xreview-tui log verify` reports it
            yield seen


def _fields(rows: Sequence[tuple[Any, ...]]) -> Sequence[Any]:
    """The fields of each row: decoded as one, unless one of them is too deeply nested for that."""
    try:
        return json.loads(f"[{','.join([row[3] for row in rows])}]")
    except RecursionError:
        return [_fields_alone(row[3]) for row in rows]


def _fields_alone(fields: str) -> Any:
    try:
        return json.loads(fields)
    except RecursionError:
        return None


def _others(rows: Iterable[tuple[Any, ...]]) -> Iterator[Fact]:
    for row in rows:
        try:
            fact = _other(*row)
        except (ValueError, KeyError, TypeError, RecursionError):
            continue  # `xreview-tui log verify` reports it
        if fact is not None:
            yield fact


def _other(
    kind: str,
    version: int,
    payload: str,
    at: str,
    id: str | bytes,
    repository: str | bytes,
    session: str | bytes,
    actor: str | bytes,
) -> Fact | None:
    if not (isinstance(repository, str) and isinstance(session, str)):
        repository, session = text_of(repository), text_of(session)
    data, end = _DECODER.raw_decode(payload)
    if end != len(payload):
        raise ValueError("more than one value")
    if kind == DecisionMade.type and version <= DecisionMade.version:
        decision = _decision(data["verdict"], data["reason"])
        ruling = data.get("ruling")  # missing before version 3, as is what was chosen
        chosen = data.get("chosen", ())
        return Made(
            repository,
            session,
            at,
            data["action"],
            tuple(data["subjects"]),
            decision,
            ruling and Ruling(ruling),
            tuple([ChosenReport(**one) for one in chosen]),
        )
    if kind == CoverageReceived.type and version <= CoverageReceived.version:
        read = [(e["reviewer"], e["path"]) for e in data["entries"] if e["reading"] in _READ]
        return CoverageReceipt(session, at, tuple(read))
    decoded = decode(kind, version, data)
    return decoded and Event(text_of(id), session, repository, at, text_of(actor), decoded)


@lru_cache(1024)
def _reviewer(name: str, kind: str, family: str) -> ScoredReviewer:
    return scored(ReviewerIdentity(name, ReviewerKind(kind), family))


@lru_cache
def _decision(verdict: str, reason: str) -> Decision:
    return Decision(Verdict(verdict), Reason(reason))
