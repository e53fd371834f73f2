"""What a session knows about fixes of earlier ones."""

import pytest

from tests.fakes.reviewer import ScriptedReviewer
from tests.review.session.test_session import ACCEPT, FIRST, SECOND, reviewed, session
from xreview.domain.events.carried import CarriedState
from xreview.domain.events.event import (
    FixApplied,
    FixDiscarded,
    FixJudged,
    FixReverted,
    FixStarted,
)
from xreview.domain.fixing.fixer import FixerIdentity, FixerKind
from xreview.domain.fixing.outcome import FixOutcome
from xreview.review.record.document import document_of, stored_document

CLAUDE = FixerIdentity("claude-code", FixerKind.AGENT, "anthropic", "claude-opus-5")


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "journal.sqlite"


async def fixed(journal, *later, outcome=FixOutcome.FIXED, is_whole=True):
    """A session in which the first of two findings was fixed, and the fix applied."""
    made = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST, SECOND])))
    (first,) = (one for one in made.snapshot.findings if one.lead.title == FIRST.title)
    await made.decide([first], ACCEPT)
    names = first.fingerprints
    await made.write_local(
        FixStarted("x1", CLAUDE, "t" * 40, (names,)),
        FixJudged("x1", names, outcome, "quote changed, verifier: gone"),
        FixApplied("applied", "x1", names, ("a.py",), is_whole),
        *later,
    )
    await made.close()
    return made, first


async def again(journal, *signals):
    made = await reviewed(session(journal, ScriptedReviewer(signals=list(signals))))
    await made.close()
    return made.snapshot


async def test_a_fixed_finding_that_is_reported_again_is_regressed_once(journal):
    before, finding = await fixed(journal)
    assert before.snapshot.state_of(finding) is CarriedState.NEW
    assert before.snapshot.fix_of(finding).words == "fixed"
    next_one = await again(journal, FIRST, SECOND)
    states = {one.lead.title: next_one.state_of(one) for one in next_one.findings}
    assert states == {
        FIRST.title: CarriedState.REGRESSED,
        SECOND.title: CarriedState.STILL_THERE,
    }
    (found,) = (one for one in next_one.findings if one.lead.title == FIRST.title)
    assert next_one.fix_of(found).fixer == CLAUDE
    assert next_one.last_applied is None  # undone where it was applied
    third = await again(journal, FIRST)
    assert [third.state_of(one) for one in third.findings] == [CarriedState.STILL_THERE]
    assert third.fix_of(third.findings[0]).words == "fixed"


async def test_a_fixed_finding_that_is_gone_is_confirmed_by_reading(journal):
    await fixed(journal)
    after = await again(journal, SECOND)
    assert [one.report.title for one in after.fixed] == [FIRST.title]
    back = await again(journal, FIRST, SECOND)
    assert back.carried_counts[CarriedState.REGRESSED] == 1


@pytest.mark.parametrize(
    ("outcome", "is_whole", "later"),
    [
        (FixOutcome.NOT_VERIFIED, True, ()),
        (FixOutcome.TAMPERED, True, ()),
        (FixOutcome.FIXED, False, ()),
        (FixOutcome.FIXED, True, (FixReverted("applied", "x1"),)),
    ],
)
async def test_what_was_never_fixed_in_the_files_is_still_there(journal, outcome, is_whole, later):
    await fixed(journal, *later, outcome=outcome, is_whole=is_whole)
    after = await again(journal, FIRST)
    (found,) = after.findings
    assert after.state_of(found) is CarriedState.STILL_THERE
    assert after.fix_of(found).outcome is outcome


async def test_only_the_fixes_of_findings_in_the_change_are_loaded(journal):
    await fixed(journal, FixDiscarded("x2"), FixStarted("x2", CLAUDE, "t", (("other",),)))
    after = await again(journal, SECOND)
    assert after.fixes.fixers == {}
    with_it = await again(journal, FIRST)
    assert set(with_it.fixes.fixers) == {"x1"}


async def test_an_export_tells_the_fix_from_the_journal_and_from_memory(journal):
    made, _ = await fixed(journal)
    stored = stored_document(journal, made.repository, [made.snapshot.session])
    for document in (stored, document_of(made.snapshot)):
        told = {entry.finding.lead.title: entry.fix for entry in document.entries}
        assert told[FIRST.title].words == "fixed"
        assert told[FIRST.title].evidence == "quote changed, verifier: gone"
        assert told[SECOND.title] is None
    after = await again(journal, FIRST, SECOND)
    entries = stored_document(journal, made.repository, [after.session]).entries
    (entry,) = (one for one in entries if one.finding.lead.title == FIRST.title)
    assert entry.carried is CarriedState.REGRESSED
    assert entry.fix == after.fix_of(entry.finding)
    assert entry.fix.at in entry.moments
