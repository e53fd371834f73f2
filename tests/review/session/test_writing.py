"""The findings that a user writes: shown once on disk, edited, removed, and carried over."""

from dataclasses import replace

import pytest

from tests.fakes.reports import RISK
from tests.fakes.reviewer import GivenContents, ScriptedReviewer, raw
from tests.review.session.test_session import FIRST, TEXTS, reviewed, session
from xreview.domain.change import Side
from xreview.domain.decision import Verdict
from xreview.domain.errors import JournalError, UsageError
from xreview.domain.events.carried import CarriedState
from xreview.domain.events.person_events import FoundIn
from xreview.domain.finding import Disagreement
from xreview.domain.own_findings import YOU
from xreview.domain.report import Category, ReviewerKind, Severity
from xreview.domain.stance import StanceKind
from xreview.journal.store import Journal
from xreview.review.record.document import stored_document
from xreview.review.session.own_draft import OwnDraft, draft_of

READER = GivenContents(TEXTS)
DRAFT = OwnDraft(
    "b.py", Side.NEW, 1, 1, "retry()", "No pause between attempts\nThe server is hammered.",
    Severity.HIGH, Category.TIMING, "sleep(1)\nretry()",
)  # fmt: skip


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "journal.sqlite"


def own(made):
    return [one for one in made.snapshot.findings if one.lead.reviewer == YOU]


async def test_an_own_finding_is_listed_and_accepted_at_once(journal):
    made = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST])))
    await made.write_finding(DRAFT, READER)
    (finding,) = own(made)
    assert finding.lead.title == "No pause between attempts"
    assert finding.lead.claim == "The server is hammered."
    assert finding.lead.suggestion.replacement == "sleep(1)\nretry()"
    assert (finding.anchor.start_line, finding.anchor.quote) == (1, "retry()")
    assert finding.is_anchored
    assert made.snapshot.triage.verdict(finding) is Verdict.ACCEPT
    silent = [one.party for one in finding.stances if one.kind is StanceKind.SILENT]
    assert silent == [RISK]  # it read the file, and said nothing
    await made.close()


async def test_undo_takes_the_finding_away_and_redo_brings_it_back(journal):
    made = await reviewed(session(journal, ScriptedReviewer()))
    await made.write_finding(DRAFT, READER)
    assert await made.undo()
    assert not made.snapshot.findings
    assert await made.redo()
    (finding,) = own(made)
    assert made.snapshot.triage.verdict(finding) is Verdict.ACCEPT
    await made.close()


async def test_an_edit_keeps_identity_and_decision_and_is_undone_alone(journal):
    made = await reviewed(session(journal, ScriptedReviewer()))
    await made.write_finding(DRAFT, READER)
    (before,) = own(made)
    draft = replace(draft_of(before.lead), text="Attempts never pause", severity=Severity.LOW)
    await made.edit_finding(before.lead, draft)
    (after,) = own(made)
    assert (after.lead.title, after.severity) == ("Attempts never pause", Severity.LOW)
    assert after.fingerprint == before.fingerprint
    assert made.snapshot.triage.verdict(after) is Verdict.ACCEPT
    assert await made.undo()
    assert own(made) == [before]
    await made.close()


async def test_removing_is_undone_too(journal):
    made = await reviewed(session(journal, ScriptedReviewer()))
    await made.write_finding(DRAFT, READER)
    (finding,) = own(made)
    await made.remove_finding(finding.lead)
    assert not made.snapshot.findings
    assert await made.undo()
    assert own(made) == [finding]
    await made.close()


async def test_a_draft_of_an_own_finding_makes_the_same_finding(journal):
    made = await reviewed(session(journal, ScriptedReviewer()))
    await made.write_finding(DRAFT, READER)
    (finding,) = own(made)
    assert draft_of(finding.lead) == DRAFT
    await made.close()


async def test_it_joins_a_report_about_the_same_problem_only(journal):
    retries = raw("No pause between attempts", "b.py", 1, "retry()", category=Category.TIMING)
    made = await reviewed(session(journal, ScriptedReviewer(signals=[retries])))
    await made.write_finding(DRAFT, READER)
    await made.write_finding(replace(DRAFT, text="Its name hides what it does"), READER)
    named = {tuple(sorted(r.reviewer.name for r in f.reports)) for f in made.snapshot.findings}
    assert named == {("risk", "you"), ("you",)}
    (joined,) = [one for one in made.snapshot.findings if len(one.reports) == 2]
    assert joined.disagreement is Disagreement.CORROBORATED
    assert made.snapshot.triage.verdict(joined) is Verdict.ACCEPT
    await made.close()


async def test_two_findings_on_one_line_are_two(journal):
    made = await reviewed(session(journal, ScriptedReviewer()))
    first = await made.write_finding(DRAFT, READER)
    second = await made.write_finding(replace(DRAFT, text="It blocks the caller for ages"), READER)
    again = await made.write_finding(DRAFT, READER)
    assert len({first, second, again}) == 3
    assert len(made.snapshot.findings) == 2  # the third says the same as the first
    await made.close()


@pytest.mark.parametrize(
    "wrong", [replace(DRAFT, text=" \n "), replace(DRAFT, quote=" "), replace(DRAFT, quote="gone")]
)
async def test_without_text_or_code_there_is_no_finding(journal, wrong):
    made = await reviewed(session(journal, ScriptedReviewer()))
    with pytest.raises(UsageError):
        await made.write_finding(wrong, READER)
    assert not made.snapshot.findings
    assert not made.snapshot.unsaved
    await made.close()


async def test_it_is_shown_only_once_on_disk(journal, monkeypatch):
    made = await reviewed(session(journal, ScriptedReviewer()))
    with monkeypatch.context() as broken:

        async def refuse(self, events):
            raise JournalError("The disk is full.", "Free some space.")

        broken.setattr("xreview.review.session.ledger.Ledger.append", refuse)
        with pytest.raises(JournalError):
            await made.write_finding(DRAFT, READER)
        assert not made.snapshot.findings
        assert made.snapshot.unsaved == 1
    late = []
    made.on_saved_late = late.append
    assert await made.retry_unsaved()
    assert [len(snapshot.findings) for snapshot in late] == [1]
    assert not made.snapshot.unsaved
    await made.close()


async def test_a_new_session_knows_it_with_its_decision(journal):
    first = await reviewed(session(journal, ScriptedReviewer()))
    name = await first.write_finding(DRAFT, READER)
    await first.close()
    second = await reviewed(session(journal, ScriptedReviewer()))
    (finding,) = own(second)
    assert finding.fingerprint == name
    assert second.snapshot.state_of(finding) is CarriedState.STILL_THERE
    assert second.snapshot.triage.verdict(finding) is Verdict.ACCEPT
    await second.remove_finding(finding.lead)
    await second.close()
    third = await reviewed(session(journal, ScriptedReviewer()))
    assert not third.snapshot.findings
    await third.close()


async def test_an_undone_finding_stays_away(journal):
    first = await reviewed(session(journal, ScriptedReviewer()))
    await first.write_finding(DRAFT, READER)
    await first.undo()
    await first.close()
    second = await reviewed(session(journal, ScriptedReviewer()))
    assert not second.snapshot.findings
    await second.close()


async def test_code_that_is_gone_is_fixed_and_can_come_back(journal):
    first = await reviewed(session(journal, ScriptedReviewer()))
    await first.write_finding(replace(DRAFT, path="a.py", start_line=2, end_line=2,
                                      quote="    load()"), READER)  # fmt: skip
    await first.close()

    async def read_again(texts):
        made = session(journal, ScriptedReviewer())
        await made.open()
        async for _ in made.review(GivenContents(texts)):
            pass
        await made.close()
        return made.snapshot

    gone = await read_again({**TEXTS, "a.py": "load_all()\n"})
    assert not gone.findings
    assert [one.report.title for one in gone.fixed] == ["No pause between attempts"]
    back = await read_again(TEXTS)
    (finding,) = back.findings
    assert back.state_of(finding) is CarriedState.BACK


async def test_the_finding_of_someone_else_has_their_name(journal):
    bob = await reviewed(session(journal, ScriptedReviewer()))
    bob._given = replace(bob._given, actor="Bob <b@c>")
    await bob.write_finding(DRAFT, READER)
    await bob.close()
    made = await reviewed(session(journal, ScriptedReviewer()))
    (finding,) = made.snapshot.findings
    assert finding.lead.reviewer.name == "Bob"
    assert finding.lead.reviewer.kind is ReviewerKind.PERSON
    await made.close()


async def test_an_export_names_the_person_and_has_the_last_words(journal):
    made = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST])))
    await made.write_finding(DRAFT, READER)
    (finding,) = own(made)
    await made.edit_finding(finding.lead, replace(DRAFT, text="Attempts never pause"))
    await made.close()
    entries = stored_document(journal, "repo").entries
    (mine,) = [one for one in entries if one.finding.fingerprint == finding.fingerprint]
    assert mine.finding.lead.title == "Attempts never pause"
    assert mine.finding.lead.reviewer.label == "A (person)"
    assert mine.decided.decision.verdict is Verdict.ACCEPT


async def test_a_miss_is_recorded_in_the_session_that_it_is_charged_to(journal):
    first = await reviewed(session(journal, ScriptedReviewer()))
    await first.close()
    made = await reviewed(session(journal, ScriptedReviewer()))
    found = await made.reviewed_before("b.py")
    assert found.id == first.snapshot.session
    assert found.readers == ("risk",)
    await made.mark_missed("b.py", 1, "It looped", FoundIn.TESTING, Severity.HIGH, None, found.id)
    assert made.snapshot.triage.undoable
    await made.close()
    with Journal.open(journal) as opened:
        events = [one for one in opened.events() if one.payload.type == "problem-missed"]
        assert [event.session for event in events] == [first.snapshot.session]
        assert not list(opened.verify())
