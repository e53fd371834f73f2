import pytest

from tests.fakes.reviewer import ScriptedReviewer
from tests.review.test_session import FIRST, SECOND, reviewed, session
from xreview.domain.carry_over import CarriedState
from xreview.domain.decision import Decision, Reason, Verdict


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
