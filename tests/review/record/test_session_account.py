"""The account of a session, through the real journal and from the running session."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.reports import ECONOMY
from tests.fakes.reviewer import ScriptedReviewer
from tests.journal.build import event
from tests.review.session.test_session import FIRST, SECOND, reviewed, session
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.events.event import (
    AftermathSeen,
    AttentionWeighed,
    DecisionRedone,
    DecisionUndone,
    EscalationResolved,
    Event,
    FileViewed,
    FixApplied,
    FixEnded,
    FixJudged,
    FixStarted,
    Payload,
    UsageReceived,
)
from xreview.domain.events.outcome_events import AftermathKind
from xreview.domain.events.person_events import FoundIn
from xreview.domain.events.review_events import WeighedFile
from xreview.domain.fixing.fixer import FixerIdentity, FixerKind
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.report import Lens, Severity
from xreview.domain.session_account.account import FindingFate, ForeseenAs, SessionAccount
from xreview.export.format import export_formats
from xreview.journal.store import Journal
from xreview.review.record.document import document_of, stored_document
from xreview.review.session.session import ReviewSession

ACCEPT = Decision(Verdict.ACCEPT, Reason.FIX)
INTENDED = Decision(Verdict.REJECT, Reason.INTENDED)
ESCALATE = Decision(Verdict.ESCALATE, Reason.PERSON)
CLAUDE = FixerIdentity("claude-code", FixerKind.AGENT, "anthropic")
PATH = FIRST.path


@pytest.fixture
def journal(tmp_path) -> Path:
    return tmp_path / "journal.sqlite"


def account_in(journal: Path) -> SessionAccount:
    found = stored_document(journal, "repo").latest.session_account
    assert found is not None
    return found


def append(journal: Path, *payloads: Payload, session: str, after: int = 0) -> None:
    with Journal.open(journal) as store:
        store.append(
            [
                replace(
                    event(f"x{number + after}", payload, session=session, repository="repo"),
                    at=f"2030-01-01T00:00:{number + after:02}.000000+00:00",
                )
                for number, payload in enumerate(payloads)
            ]
        )


async def made_in(journal: Path) -> ReviewSession:
    failing = ScriptedReviewer(ECONOMY, Lens.ECONOMY, failure="The model is out of order.")
    return await reviewed(session(journal, ScriptedReviewer(signals=[FIRST, SECOND]), failing))


async def test_memory_and_journal_count_the_same(journal):
    made = await made_in(journal)
    first, second = made.snapshot.findings
    await made.decide([first], ACCEPT)
    await made.decide([second], INTENDED)
    in_memory, stored = document_of(made.snapshot).latest.session_account, account_in(journal)
    assert in_memory is not None
    assert in_memory.later is None, "only the journal knows"
    assert (in_memory.fixing, in_memory.seconds) == (None, None)
    known_later = {
        "later": stored.later,
        "fixing": stored.fixing,
        "seconds": stored.seconds,
        "models": stored.models,
    }
    assert replace(in_memory, **known_later) == stored
    assert in_memory.models.dollars == stored.models.dollars
    assert stored.findings.by_fate == {FindingFate.ACCEPTED: 1, FindingFate.REJECTED: 1}
    assert "out of order" in stored.failures["economy"]
    await made.close()


async def test_undone_decisions_vanish(journal):
    made = await made_in(journal)
    before = account_in(journal)
    await made.decide(made.snapshot.findings, ACCEPT)
    assert account_in(journal).findings.of(FindingFate.ACCEPTED) == 2
    await made.undo()
    assert account_in(journal) == before
    await made.close()


async def test_everything_that_happened_is_in_it(journal):
    made = await made_in(journal)
    first, second = made.snapshot.findings
    await made.decide([first], ACCEPT)
    await made.decide([second], ESCALATE)
    escalated = made.snapshot.triage.decided(second)
    assert escalated is not None
    await made.mark_missed(PATH, 1, "The total is wrong.", FoundIn.PRODUCTION, Severity.HIGH)
    id, names = made.snapshot.session, first.fingerprints
    await made.close()
    files = (
        WeighedFile(PATH, AttentionLevel.DECIDE, ("money",)),
        WeighedFile("other.py", AttentionLevel.SKIM),
    )
    append(
        journal,
        EscalationResolved(escalated.action, second.fingerprints, "right", "Bob"),
        AttentionWeighed(AttentionLevel.DECIDE, ("it touches money",), files),
        UsageReceived("gpt", 10, 10, None, 6.0),
        FixStarted("x", CLAUDE, "t" * 40, (names,)),
        FixJudged("x", names, FixOutcome.FIXED, "gone"),
        FixEnded("x", "t" * 40, 0.5, 60.0),
        FixApplied("apply", "x", names, (PATH,), is_whole=True),
        AftermathSeen(id, AftermathKind.REVERTED, "c1", "2030-01-02", PATH, 3, (), "a revert"),
        AftermathSeen("another", AftermathKind.REVERTED, "c2", "", PATH, 3, (), "not this one"),
        session=id,
    )
    account = account_in(journal)
    assert account.escalations.answered == 1
    assert account.working == 1
    assert account.fixing is not None
    assert (account.fixing.dollars, account.fixing.seconds) == (0.5, 60.0)
    assert account.models.unpriced == ("gpt",)
    assert account.later is not None
    assert account.later.missed == {FoundIn.PRODUCTION: 1}
    assert account.later.aftermath == {(AftermathKind.REVERTED, ForeseenAs.NOTHING): 1}
    assert account.attention is not None
    assert [one.path for one in account.attention.unread] == [PATH]
    entries = stored_document(journal, "repo").entries
    assert {one.attention for one in entries} == {AttentionLevel.DECIDE}
    append(journal, FileViewed(PATH, "digest"), session=id, after=20)
    viewed = account_in(journal).attention
    assert viewed is not None
    assert viewed.unread == ()


async def test_a_miss_that_another_session_takes_back_is_not_counted(journal):
    made = await made_in(journal)
    await made.mark_missed(PATH, 1, "Wrong.", FoundIn.TESTING, Severity.LOW)
    (action,) = made.snapshot.triage.undoable
    id = made.snapshot.session
    await made.close()
    append(journal, DecisionUndone(action), session="s9")
    later = account_in(journal).later
    assert later is not None
    assert later.missed == {}
    append(journal, DecisionRedone(action), session="s9", after=5)
    later = account_in(journal).later
    assert later is not None
    assert later.missed == {FoundIn.TESTING: 1}
    assert stored_document(journal, "repo").latest.id == id


async def test_all_exports_are_the_same_bytes_whatever_order_events_came_in(journal, tmp_path):
    made = await made_in(journal)
    await made.decide(made.snapshot.findings[:1], ACCEPT)
    await made.close()
    with Journal.open(journal) as store:
        events: list[Event] = list(store.events())
    other = tmp_path / "other.sqlite"
    with Journal.open(other) as store:
        store.append(events)
    for name, format in export_formats().items():
        told = [format.render(stored_document(path, "repo")) for path in (journal, other)]
        assert told[0] == told[1], name


async def test_the_prompt_for_an_agent_has_no_figures(journal):
    made = await made_in(journal)
    await made.decide(made.snapshot.findings[:1], ACCEPT)
    id = made.snapshot.session
    await made.close()
    before = export_formats()["prompt"].render(stored_document(journal, "repo"))
    files = (WeighedFile(PATH, AttentionLevel.DECIDE),)
    append(journal, AttentionWeighed(AttentionLevel.DECIDE, ("money",), files), session=id)
    document = stored_document(journal, "repo")
    assert export_formats()["prompt"].render(document) == before
    told = {name: one.render(document) for name, one in export_formats().items()}
    assert {name for name, text in told.items() if "decide" not in text} == {"prompt"}
    assert {name for name, text in told.items() if "ession" not in text} <= {"prompt", "rdjson"}
