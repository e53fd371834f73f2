"""What a session writes down about itself."""

from contextlib import aclosing

import pytest

from tests.fakes.reports import ECONOMY, RISK
from tests.fakes.reviewer import GivenContents, ScriptedReviewer
from tests.review.session.test_session import FIRST, TEXTS, reviewed, session
from xreview.domain.events.event import (
    ChangeCollected,
    CoverageReceived,
    NoticeGiven,
    ReportReceived,
    SessionOpened,
    UsageReceived,
)
from xreview.domain.report import Lens
from xreview.journal.store import Journal
from xreview.ports.reviewer import Usage
from xreview.review.record.document import stored_document


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "journal.sqlite"


def written(journal, *kinds) -> list:
    with Journal.open(journal) as stored:
        return [one.payload for one in stored.events(types=kinds or None)]


async def test_a_session_begins_with_what_it_is_and_on_what_change(journal):
    made = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST])))
    await made.close()
    opened, collected, *_ = written(journal)
    assert isinstance(opened, SessionOpened)
    assert opened.reviewers == (RISK,)
    assert collected == ChangeCollected.of(made.snapshot.files)
    assert [file.path for file in collected.listed] == list(TEXTS)
    assert (collected.files, collected.added, collected.removed) == (2, 5, 0)


async def test_what_each_reviewer_used_is_written_also_of_one_that_fails(journal):
    model = ScriptedReviewer(signals=[Usage(10, 1, 0.1), Usage(1000, 50, 0.25)])
    failing = ScriptedReviewer(
        ECONOMY, Lens.ECONOMY, [Usage(7, 0, None)], failure="The model is out of order."
    )
    made = await reviewed(session(journal, model, failing))
    await made.close()
    first, second = sorted(written(journal, UsageReceived), key=lambda one: -one.input_tokens)
    assert (first.reviewer, first.input_tokens, first.output_tokens) == ("risk", 1000, 50)
    assert first.cost == 0.25
    assert (second.reviewer, second.input_tokens, second.cost) == ("economy", 7, None)
    assert first.seconds > 0
    (coverage,) = written(journal, CoverageReceived)
    assert "out of order" in coverage.failures["economy"]
    assert list(coverage.failures) == ["economy"]


async def test_what_a_stopped_reviewer_used_is_written_once(journal):
    made = session(journal, ScriptedReviewer(signals=[Usage(1000, 50, 0.25), FIRST], hangs=True))
    await made.open()
    async with aclosing(made.review(GivenContents(TEXTS))) as updates:
        async for snapshot in updates:
            if snapshot.findings:
                break
    await made.close()
    (usage,) = written(journal, UsageReceived)
    assert (usage.cost, usage.input_tokens) == (0.25, 1000)


async def test_what_was_not_read_when_a_review_was_stopped_is_written_down(journal):
    made = session(
        journal,
        ScriptedReviewer(signals=[FIRST], hangs=True),
        ScriptedReviewer(ECONOMY, Lens.ECONOMY),
    )
    await made.open()
    async with aclosing(made.review(GivenContents(TEXTS))) as updates:
        async for snapshot in updates:
            if snapshot.findings and len(snapshot.coverage) == len(TEXTS):
                break
    await made.close()
    (coverage,) = written(journal, CoverageReceived)
    assert coverage.failures == {"risk": "the review was stopped before its end"}
    gaps = [(entry.reviewer, entry.path) for entry in coverage.entries if entry.is_gap]
    assert gaps == [("risk", path) for path in TEXTS]
    document = stored_document(journal, made.repository, [made.snapshot.session])
    (about,) = document.sessions
    assert not about.is_complete
    (entry,) = document.entries
    assert {one.party.name: one.kind.value for one in entry.finding.stances} == {
        "risk": "raises",
        "economy": "silent",
    }


async def test_reports_are_written_with_what_was_carried_over(journal):
    for state in ("new", "still there"):
        made = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST])))
        await made.close()
        assert written(journal, ReportReceived)[-1].carried.state == state


async def test_notices_are_written_whenever_they_come(journal):
    made = session(journal, ScriptedReviewer())
    made.notice("A merge is in progress.")
    await reviewed(made)
    made.notice("The import left 3 results out.")
    made.notice("The import left 3 results out.")
    await made.close()
    assert [one.sentence for one in written(journal, NoticeGiven)] == [
        "A merge is in progress.",
        "The import left 3 results out.",
    ]
    assert isinstance(written(journal)[0], SessionOpened)
