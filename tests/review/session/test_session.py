import asyncio
from contextlib import aclosing
from itertools import count
from pathlib import Path

import pytest

from tests.fakes.reports import ECONOMY, RISK, added_file
from tests.fakes.reviewer import GivenContents, ScriptedReviewer, raw
from xreview.domain.change import Change, ChangeKind, ChangeSource
from xreview.domain.coverage import Reading
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.errors import JournalError, ReviewerError
from xreview.domain.events.codec import to_json
from xreview.domain.events.event import ModelAsked
from xreview.domain.finding import Disagreement
from xreview.domain.reply_count import ReplyCount
from xreview.domain.report import Lens, ReviewerIdentity, ReviewerKind
from xreview.journal.store import Journal
from xreview.ports.reviewer import Asked
from xreview.review.record.document import stored_document
from xreview.review.session.ledger import Ledger
from xreview.review.session.session import ReviewSession, Surroundings
from xreview.review.session.snapshot import ReviewerState

OPUS = ReviewerIdentity("opus", ReviewerKind.MODEL, "anthropic", "opus-5")
ACCEPT = Decision(Verdict.ACCEPT, Reason.FIX)
WRONG = Decision(Verdict.REJECT, Reason.REVIEWER_WRONG)
TEXTS = {"a.py": "try:\n    load()\nexcept Exception:\n    pass\n", "b.py": "retry()\n"}
FIRST = raw("swallowed error", "a.py", 3, "except Exception:")
SECOND = raw("endless retry", "b.py", 1, "retry()")
_numbers = count()


def change() -> Change:
    source = ChangeSource(ChangeKind.WORKTREE, "worktree", "/repo")
    files = (added_file(path, *text.split("\n")[:-1]) for path, text in TEXTS.items())
    return Change(source, tuple(files))


def session(journal: Path, *reviewers: ScriptedReviewer, ignores=lambda path: False):
    ticks = count()
    given = Surroundings(
        "repo", "A <a@b>",
        now=lambda: f"2026-01-01T00:00:{next(ticks):02}.{next(_numbers):06}+00:00",
        new_id=lambda: f"id{next(_numbers)}",
        ignores=ignores,
    )  # fmt: skip
    return ReviewSession(change(), reviewers, Ledger(journal), given)


async def reviewed(made: ReviewSession) -> ReviewSession:
    await made.open()
    async with aclosing(made.review(GivenContents(TEXTS))) as updates:
        async for _ in updates:
            pass
    return made


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "journal.sqlite"


async def test_reports_become_ranked_findings_and_coverage_is_complete(journal):
    made = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST, SECOND])))
    snapshot = made.snapshot
    assert {f.lead.title for f in snapshot.findings} == {"swallowed error", "endless retry"}
    assert snapshot.is_complete
    assert snapshot.coverage_summary.read == 2
    await made.close()


async def test_two_reviewers_on_one_problem_make_one_finding(journal):
    other = raw("swallowed error", "a.py", 3, "except Exception:", reviewer=ECONOMY)
    made = await reviewed(
        session(
            journal,
            ScriptedReviewer(signals=[FIRST]),
            ScriptedReviewer(ECONOMY, Lens.ECONOMY, [other]),
        )
    )
    (only,) = made.snapshot.findings
    assert only.disagreement is Disagreement.CORROBORATED
    await made.close()


async def test_a_decision_is_on_disk_when_the_snapshot_shows_it(journal):
    made = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST])))
    (only,) = made.snapshot.findings
    await made.decide([only], ACCEPT)
    assert made.snapshot.triage.verdict(only) is Verdict.ACCEPT
    with Journal.open(journal) as stored:
        types = [event.payload.type for event in stored.events(repository="repo")]
    assert types.count("decision-made") == 1
    await made.close()


async def test_undo_takes_back_a_whole_action_and_redo_brings_it_back(journal):
    made = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST, SECOND])))
    findings = made.snapshot.findings
    await made.decide(findings, ACCEPT)
    await made.decide(findings[:1], WRONG)
    assert await made.undo()
    assert [made.snapshot.triage.verdict(f) for f in findings] == [Verdict.ACCEPT] * 2
    assert await made.undo()
    assert len(made.snapshot.open_findings) == 2
    assert not await made.undo()
    assert await made.redo()
    assert len(made.snapshot.open_findings) == 0
    await made.close()


async def test_opening_the_same_change_again_shows_earlier_decisions_and_notes(journal):
    first = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST, SECOND])))
    finding = first.snapshot.findings[0]
    await first.decide([finding], WRONG)
    await first.write_note(finding, "see the ticket")
    await first.close()
    second = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST, SECOND])))
    again = next(f for f in second.snapshot.findings if f.fingerprint == finding.fingerprint)
    assert second.snapshot.triage.verdict(again) is Verdict.REJECT
    assert second.snapshot.triage.note(again) == "see the ticket"
    assert not await second.undo(), "an earlier session's decisions are not this session's undo"
    await second.close()


async def test_a_failing_reviewer_leaves_gaps_and_the_other_goes_on(journal):
    made = await reviewed(
        session(
            journal,
            ScriptedReviewer(failure="The model is out of order."),
            ScriptedReviewer(ECONOMY, Lens.ECONOMY, [FIRST]),
        )
    )
    snapshot = made.snapshot
    assert [r.state for r in snapshot.reviewers] == [ReviewerState.FAILED, ReviewerState.DONE]
    assert "out of order" in snapshot.reviewers[0].error
    assert len(snapshot.findings) == 1
    assert snapshot.coverage_summary.gaps == 2
    assert not snapshot.is_complete
    await made.close()


async def test_a_reviewer_that_does_not_account_for_a_file_has_not_read_it(journal):
    made = await reviewed(session(journal, ScriptedReviewer(reads=False)))
    assert [entry.reading for entry in made.snapshot.coverage] == [Reading.FAILED] * 2
    assert not made.snapshot.is_complete
    await made.close()


async def test_closing_the_review_cancels_the_reviewers_and_keeps_what_came(journal):
    hanging = ScriptedReviewer(signals=[FIRST], hangs=True)
    made = session(journal, hanging)
    await made.open()
    async with aclosing(made.review(GivenContents(TEXTS))) as updates:
        async for snapshot in updates:
            if snapshot.findings:
                break
    assert hanging.was_closed
    assert made.snapshot.reviewers[0].state is ReviewerState.CANCELLED
    assert len(made.snapshot.findings) == 1
    assert made.snapshot.coverage_summary.gaps == 2
    assert not made.snapshot.is_complete
    await made.close()


async def test_ignored_files_are_left_out_and_said_so(journal):
    made = session(journal, ScriptedReviewer(), ignores=lambda path: path == "b.py")
    await reviewed(made)
    entries = {entry.path: entry for entry in made.snapshot.coverage}
    assert entries["b.py"].reading is Reading.LEFT_OUT
    assert "ignore" in entries["b.py"].why
    assert made.snapshot.is_complete
    await made.close()


async def test_a_review_goes_on_without_a_journal_and_is_written_once_there_is_one(tmp_path):
    blocked = tmp_path / "folder"
    blocked.write_text("")
    made = session(blocked / "journal.sqlite", ScriptedReviewer(signals=[FIRST]))
    with pytest.raises(JournalError):
        await made.open()
    async with aclosing(made.review(GivenContents(TEXTS))) as updates:
        async for _ in updates:
            pass
    (only,) = made.snapshot.findings
    assert made.snapshot.notices
    with pytest.raises(JournalError):
        await made.decide([only], ACCEPT)
    assert made.snapshot.triage.is_open(only), "nothing is decided that is not on disk"
    assert made.snapshot.unsaved == 1
    assert not await made.retry_unsaved()
    blocked.unlink()
    assert await made.retry_unsaved()
    assert made.snapshot.triage.verdict(only) is Verdict.ACCEPT
    await made.close()
    with Journal.open(blocked / "journal.sqlite") as stored:
        types = [event.payload.type for event in stored.events(repository="repo")]
    assert [type for type in types if type != "notice-given"] == [
        "session-opened",
        "change-collected",
        "report-received",
        "usage-received",
        "coverage-received",
        "decision-made",
    ]


async def later(*reviewers: ScriptedReviewer) -> list[ScriptedReviewer]:
    await asyncio.sleep(0.05)
    return list(reviewers)


async def test_reviewers_join_while_others_read(journal):
    opus = ScriptedReviewer(OPUS, signals=[SECOND])
    made = session(journal, ScriptedReviewer(signals=[FIRST]), ignores=lambda path: path == "b.py")
    await made.open()
    seen = []
    async with aclosing(made.review(GivenContents(TEXTS), [later(opus)])) as updates:
        async for snapshot in updates:
            seen.append((len(snapshot.reviewers), len(snapshot.findings)))  # noqa: PERF401 - reads better

    assert seen[0] == (1, 1)
    assert {one.identity for one in made.snapshot.reviewers} == {RISK, OPUS}
    assert made.snapshot.is_complete
    assert len([one for one in made.snapshot.coverage if one.reviewer == OPUS.name]) == 2
    await made.close()
    document = stored_document(journal, "repo")
    assert document.sessions[0].reviewers == (RISK, OPUS)


async def never() -> list[ScriptedReviewer]:
    raise ReviewerError("There is no reviewer called “opsu”.", "Use one of: opus.")


async def test_those_who_can_not_join_are_a_notice(journal):
    made = session(journal, ScriptedReviewer(signals=[FIRST]))
    await made.open()
    async with aclosing(made.review(GivenContents(TEXTS), [never()])) as updates:
        async for _ in updates:
            pass

    assert any("opsu" in notice for notice in made.snapshot.notices)
    assert made.snapshot.is_complete


BROKEN_ONCE = ReplyCount(answers=2, malformed=1, repaired=1)


async def test_what_a_model_was_asked_is_written_down(journal):
    asked = Asked("api.example", "opus-5", ("opus-5-1",), "risk/1", "0f" * 32, 3, 1, 2, BROKEN_ONCE)
    made = await reviewed(session(journal, ScriptedReviewer(OPUS, signals=[asked])))
    await made.close()

    with Journal.open(journal) as opened:
        (found,) = [e.payload for e in opened.events() if isinstance(e.payload, ModelAsked)]
    assert to_json(found) == {
        "reviewer": OPUS.name,
        "host": "api.example",
        "model": "opus-5",
        "served": ["opus-5-1"],
        "prompt": "risk/1",
        "digest": "0f" * 32,
        "requests": 3,
        "remembered": 1,
        "withheld": 2,
        "replies": {"answers": 2, "malformed": 1, "repaired": 1},
    }
    assert made.snapshot.reviewers[0].asked == asked
