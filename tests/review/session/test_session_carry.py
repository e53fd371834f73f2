import pytest

from tests.fakes.reviewer import ScriptedReviewer
from tests.review.session.test_session import FIRST, SECOND, reviewed, session
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.events.carried import CarriedState
from xreview.domain.events.event import StanceTaken
from xreview.domain.finding import Disagreement
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.domain.stance import Stance, StanceKind
from xreview.review.record.document import stored_document


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "journal.sqlite"


INTENDED = Decision(Verdict.REJECT, Reason.INTENDED)


async def test_a_later_session_knows_what_is_still_there_fixed_and_back(journal):
    a = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST, SECOND])))
    assert a.snapshot.carried_counts[CarriedState.NEW] == 2
    await a.decide(a.snapshot.findings[:1], INTENDED)
    await a.close()
    b = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST])))
    (f,) = b.snapshot.findings
    assert b.snapshot.state_of(f) is CarriedState.STILL_THERE
    assert len(b.snapshot.fixed) == 1
    c = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST, SECOND])))
    assert sorted(c.snapshot.state_of(f) for f in c.snapshot.findings) == ["back", "still there"]
    assert [c.snapshot.suppression(f) is not None for f in c.snapshot.findings].count(True) == 1
    await b.close()
    await c.close()


AUTHOR = ReviewerIdentity("opus", ReviewerKind.MODEL, "anthropic", "opus-5")


async def test_what_was_answered_to_a_problem_that_is_still_there_holds_in_the_next_session(
    journal,
):
    a = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST, SECOND])))
    first, second = a.snapshot.findings
    rebuttal = Stance(AUTHOR, StanceKind.REBUTS, "It can not.", "pass", "", "a.py", 1)
    silence = Stance(AUTHOR, StanceKind.SILENT, "no answer")
    a.record(StanceTaken(first.fingerprints, rebuttal), StanceTaken(second.fingerprints, silence))
    await a.save()
    await a.decide([first], INTENDED)
    await a.close()
    b = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST, SECOND])))
    kinds = {f.lead.title: f.disagreement for f in b.snapshot.findings}
    assert kinds == {
        first.lead.title: Disagreement.CONTESTED,
        second.lead.title: Disagreement.LONE,
    }
    await b.close()
    (entry, _) = sorted(
        stored_document(journal, b.repository, [b.snapshot.session]).entries,
        key=lambda one: one.finding.lead.title != first.lead.title,
    )
    assert rebuttal in entry.finding.stances, "and its export has both sides too"


async def test_deciding_otherwise_takes_back_what_intended_remembered(journal):
    a = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST, SECOND])))
    first, second = a.snapshot.findings
    await a.decide([first, second], INTENDED)
    await a.decide([first], Decision(Verdict.ACCEPT, Reason.FIX))
    await a.close()
    b = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST, SECOND])))
    assert len(b.conventions) == 1
    assert second.lead.title in b.conventions[0]
    await b.decide(
        [f for f in b.snapshot.findings if f.fingerprint == second.fingerprint],
        Decision(Verdict.REJECT, Reason.REVIEWER_WRONG),
    )
    await b.close()
    c = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST, SECOND])))
    assert c.conventions == ()
    await c.close()
