"""What the disk refuses is kept, shown as not saved, tried again, and never written twice."""

import asyncio
import resource
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from tests.fakes.reviewer import GivenContents, ScriptedReviewer
from tests.review.session.test_session import ACCEPT, FIRST, SECOND, TEXTS, WRONG, change, reviewed
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.errors import JournalError
from xreview.domain.events.event import (
    ConventionWritten,
    DecisionMade,
    DecisionUndone,
    NoteWritten,
    ReportReceived,
)
from xreview.journal.store import Journal
from xreview.review.session import recorder
from xreview.review.session.ledger import Ledger
from xreview.review.session.session import ReviewSession
from xreview.review.session.surroundings import Surroundings

INTENDED = Decision(Verdict.REJECT, Reason.INTENDED)
LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""


@contextmanager
def locked_by_another_program(journal: Path):
    with subprocess.Popen(
        [sys.executable, "-c", LOCK, journal], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"locked\n"
        yield
        other.communicate()


@contextmanager
def full_disk(journal: Path):
    """No file of this process may grow beyond what the journal's log has now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = journal.with_name(journal.name + "-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def a_file_in_the_way(journal: Path):
    """There is no journal yet, and its folder can't be made."""
    folder = journal.parent
    folder.rmdir()
    folder.write_text("")
    yield
    folder.unlink()


@pytest.fixture
def journal(tmp_path):
    path = tmp_path / "data" / "journal.sqlite"
    path.parent.mkdir()
    return path


@pytest.fixture
def no_pause(monkeypatch):
    monkeypatch.setattr(recorder, "FIRST_PAUSE", 0.01)


@pytest.fixture
def one_hour(monkeypatch):
    """Nothing is tried again by itself."""
    monkeypatch.setattr(recorder, "FIRST_PAUSE", 3600.0)


def session(journal: Path, *signals) -> ReviewSession:
    numbers = count()
    given = Surroundings(
        "repo",
        "A <a@b>",
        now=lambda: f"2026-01-01T00:00:00.{next(numbers):06}+00:00",
        new_id=lambda: f"id{next(numbers)}",
    )
    reviewer = ScriptedReviewer(signals=signals)
    return ReviewSession(change(), [reviewer], Ledger(journal, patience=0.05), given)


def stored(journal: Path) -> list:
    with Journal.open(journal) as opened:
        assert opened.verify() == []
        return list(opened.events())


def payloads(journal: Path, *kinds) -> list:
    return [event.payload for event in stored(journal) if isinstance(event.payload, kinds)]


@pytest.mark.parametrize("trouble", [locked_by_another_program, full_disk])
async def test_a_refused_decision_is_kept_shown_as_not_saved_and_written_later(
    journal, trouble, one_hour
):
    made = await reviewed(session(journal, FIRST, SECOND))
    first, second = made.snapshot.findings
    with trouble(journal):
        with pytest.raises(JournalError, match="Not saved yet; retrying") as refused:
            await made.decide([first], ACCEPT)
        assert refused.value.advice
        assert made.snapshot.triage.is_open(first)
        assert first in made.snapshot.open_findings
        assert made.snapshot.is_pending(first)
        assert not made.snapshot.is_pending(second)
        assert made.snapshot.unsaved == 1
        assert not await made.retry_unsaved()
    assert await made.retry_unsaved()
    assert made.snapshot.unsaved == 0
    assert not made.snapshot.is_pending(first)
    assert made.snapshot.triage.verdict(first) is Verdict.ACCEPT
    assert any("on disk now" in notice for notice in made.snapshot.notices)
    await made.close()
    assert len(payloads(journal, DecisionMade)) == 1


async def test_the_next_decision_takes_the_refused_ones_with_it_in_their_order(journal, one_hour):
    made = await reviewed(session(journal, FIRST, SECOND))
    first, second = made.snapshot.findings
    with locked_by_another_program(journal):
        for change in (
            lambda: made.decide([first], ACCEPT),
            lambda: made.write_note(first, "see the ticket"),
            lambda: made.decide([first, second], INTENDED),
        ):
            with pytest.raises(JournalError):
                await change()
        assert made.snapshot.unsaved == 3
    await made.decide([first], WRONG)
    assert made.snapshot.unsaved == 0
    assert made.snapshot.triage.decided(first).decision == WRONG
    assert made.snapshot.triage.decided(second).decision == INTENDED
    assert made.snapshot.triage.note(first) == "see the ticket"
    await made.close()
    wanted = (DecisionMade, NoteWritten, ConventionWritten)
    assert [type(one).__name__ for one in payloads(journal, *wanted)] == [
        "DecisionMade",
        "NoteWritten",
        *["DecisionMade"] * 2,
        *["ConventionWritten"] * 2,
        "DecisionMade",
    ]
    times = [event.at for event in stored(journal)]
    assert times == sorted(times)


async def test_a_refused_decision_can_be_undone_before_it_is_on_disk(journal, one_hour):
    made = await reviewed(session(journal, FIRST, SECOND))
    first, second = made.snapshot.findings
    await made.decide([second], WRONG)
    with locked_by_another_program(journal):
        with pytest.raises(JournalError):
            await made.decide([first], ACCEPT)
        with pytest.raises(JournalError):
            await made.undo()
        assert made.snapshot.unsaved == 2
        assert made.snapshot.is_pending(first)
        assert not made.snapshot.is_pending(second)
        with pytest.raises(JournalError):
            await made.undo()
        assert made.snapshot.is_pending(second), "undoing goes on with what is on disk"
        with pytest.raises(JournalError):
            await made.redo()
    assert await made.retry_unsaved()
    assert made.snapshot.triage.is_open(first)
    assert made.snapshot.triage.verdict(second) is Verdict.REJECT
    await made.close()
    assert len(payloads(journal, DecisionUndone)) == 2


@pytest.mark.usefixtures("no_pause")
async def test_what_was_refused_is_tried_again_by_itself_and_the_front_end_is_told(journal):
    made = await reviewed(session(journal, FIRST))
    (only,) = made.snapshot.findings
    told = asyncio.Queue()
    made.on_saved_late = told.put_nowait
    with locked_by_another_program(journal):
        with pytest.raises(JournalError):
            await made.decide([only], ACCEPT)
        await asyncio.sleep(0.1)
        assert told.empty()
        assert made.snapshot.unsaved == 1
    snapshot = await asyncio.wait_for(told.get(), 30)
    assert snapshot.triage.verdict(only) is Verdict.ACCEPT
    assert snapshot.unsaved == 0
    assert len(payloads(journal, DecisionMade)) == 1
    await made.decide([only], WRONG)
    assert told.empty(), "what is written at once is no news"
    await made.close()


@pytest.mark.usefixtures("no_pause")
async def test_a_review_whose_reports_were_refused_is_written_when_the_journal_is_there(journal):
    with a_file_in_the_way(journal):
        made = session(journal, FIRST, SECOND)
        with pytest.raises(JournalError):
            await made.open()
        async for _ in made.review(GivenContents(TEXTS)):
            pass
        assert len(made.snapshot.findings) == 2
        assert made.snapshot.unsaved == 0, "what nobody decided is no work of a person"
    for _ in range(3000):
        if made._outbox.waiting:
            await asyncio.sleep(0.01)
    assert len(payloads(journal, ReportReceived)) == 2
    await made.close()


async def test_closing_tries_once_more(journal, one_hour):
    made = await reviewed(session(journal, FIRST))
    (only,) = made.snapshot.findings
    with locked_by_another_program(journal), pytest.raises(JournalError):
        await made.decide([only], ACCEPT)
    await made.close()
    assert len(payloads(journal, DecisionMade)) == 1


async def test_what_is_lost_at_closing_is_said_and_counted(journal, one_hour):
    made = await reviewed(session(journal, FIRST))
    (only,) = made.snapshot.findings
    with locked_by_another_program(journal):
        with pytest.raises(JournalError):
            await made.decide([only], ACCEPT)
        await made.close()
    assert made.snapshot.unsaved == 1
    assert any("1 decision or note lost" in notice for notice in made.snapshot.notices)
    assert payloads(journal, DecisionMade) == []


async def test_a_journal_of_a_newer_program_takes_nothing_and_loses_nothing_that_is_in_it(
    journal, one_hour
):
    made = await reviewed(session(journal, FIRST))
    await made.close()
    with sqlite3.connect(journal) as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    again = session(journal, FIRST)
    await again.open()
    async for _ in again.review(GivenContents(TEXTS)):
        pass
    (only,) = again.snapshot.findings
    with pytest.raises(JournalError, match="newer version"):
        await again.decide([only], ACCEPT)
    assert again.snapshot.unsaved == 1
    await again.close()
