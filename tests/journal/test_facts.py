"""The short way to the scorecard says the same as the events themselves."""

import sqlite3
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.strategies import names, stored_events
from tests.journal.build import REPOSITORY, decided, reported
from xreview.domain.scorecard.scoring import score
from xreview.journal.facts import scorecard_facts
from xreview.journal.store import Journal
from xreview.review.record.scorecard import read_scorecard


@given(st.lists(stored_events(), max_size=12, unique_by=lambda event: event.id), names)
@settings(max_examples=20, deadline=None)
def test_it_is_the_scorecard_of_the_events(events, other):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "journal.sqlite3"
        with Journal.open(path) as journal:
            journal.append(events)
            kept = sorted(journal.events(), key=lambda event: event.at)
        assert read_scorecard(path) == score(kept)
        for repository in {event.repository for event in events} | {other}:
            mine = [event for event in kept if event.repository == repository]
            assert read_scorecard(path, repository) == score(mine)


def test_no_journal_is_an_empty_scorecard(tmp_path):
    assert read_scorecard(tmp_path / "new" / "journal.sqlite3").rows == ()


def test_rows_that_are_damaged_or_of_a_newer_program_are_left_out(tmp_path):
    path = tmp_path / "journal.sqlite3"
    with Journal.open(path) as journal:
        journal.append([reported("r1"), reported("r2", "f2"), decided("d1", "f1")])
    with sqlite3.connect(path) as connection:
        columns = "session, repository, at, actor, type, version, payload, previous, hash"
        for id, kind, version, payload in (
            ("x1", "report-received", 1, "no json"),
            ("x2", "report-received", 1, "{}"),
            ("x8", "report-received", 1, f'{{"category": {"[" * 1500}{"]" * 1500}}}'),
            ("x9", "report-received", 1, '{"category": NaN}'),
            ("x3", "report-received", 99, '{"fingerprint": "f9"}'),
            ("x4", "decision-made", 1, '{"action": "a"}'),
            ("x5", "decision-made", 99, "{}"),
            ("x6", "coverage-received", 1, '{"entries": 7}'),
            ("x7", "from-the-future", 1, "{}"),
        ):
            values = ("s", REPOSITORY, "2025", "Ada", kind, version, payload, "", "")
            marks = ", ".join("?" * 10)
            connection.execute(
                f"INSERT INTO events (id, {columns}) VALUES ({marks})", (id, *values)
            )
    connection.close()
    total = read_scorecard(path, REPOSITORY).total
    assert (total.raised, total.accepted, total.open) == (2, 1, 1)


def test_since_is_handed_on(tmp_path):
    path = tmp_path / "journal.sqlite3"
    with Journal.open(path) as journal:
        journal.append([reported("r1", second=1), replace(reported("r2", "f2"), at="2026-01-01")])
    assert read_scorecard(path, since="2025-12").total.raised == 1
    assert len(list(scorecard_facts(path, REPOSITORY))) == 2


def test_names_that_are_not_utf_8_are_counted(tmp_path):
    path = tmp_path / "journal.sqlite3"
    event = reported("r1")
    odd = "/home/ad\udce4/.git"
    told = replace(
        event.payload.report,
        fingerprint="f\udc80",
        anchor=replace(event.payload.report.anchor, path="na\udcefve.py"),
    )
    event = replace(event, payload=replace(event.payload, report=told), repository=odd)
    with Journal.open(path) as journal:
        journal.append([event, decided("d1", "f\udc80", repository=odd)])
    (seen, _) = scorecard_facts(path, odd)
    assert seen.path == "na\udcefve.py"
    assert read_scorecard(path, odd).total.accepted == 1
