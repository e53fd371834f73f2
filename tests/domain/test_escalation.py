"""What became of findings that were escalated."""

from tests.fakes.reports import RISK
from tests.journal.build import decided, event, redone, undone
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.escalation import escalations_in
from xreview.domain.escalation_events import Favour
from xreview.domain.event import EscalationResolved, OpinionGiven

ARBITER = Decision(Verdict.ESCALATE, Reason.ARBITER)
PERSON = Decision(Verdict.ESCALATE, Reason.PERSON)


def opinion(action: str, *subjects: str) -> OpinionGiven:
    return OpinionGiven(
        action, subjects, RISK, Favour.ANSWER, True, "It is held.", "lock()", "", "a.py", 3, True
    )


def test_what_comes_back_belongs_to_the_finding_that_was_escalated() -> None:
    first, second = opinion("a1", "f1", "f2"), opinion("a1", "f3")
    settled = EscalationResolved("a2", ("f3",), "the report holds", "Bob")
    found = escalations_in(
        [
            event("o2", second, second=5),
            event("o1", first, second=4),
            decided("d1", "f2", "f1", decision=ARBITER, action="a1"),
            decided("d2", "f3", decision=ARBITER, action="a1"),
            decided("d3", "f3", decision=PERSON, action="a2", second=2),
            decided("d4", "f4", second=2),
            event("r1", settled, second=6),
        ]
    )
    assert [one.target for one in found] == [Reason.ARBITER, Reason.ARBITER, Reason.PERSON]
    assert [one.opinions for one in found] == [(first,), (second,), ()]
    assert [one.outcomes for one in found] == [(), (), (settled,)]


def test_what_nobody_escalated_or_was_taken_back_is_left_out() -> None:
    events = [
        decided("d1", "f1", decision=ARBITER, action="a1"),
        event("o1", opinion("a1", "f1"), second=1),
        event("o2", opinion("a9", "f1"), second=1),
        undone("u1", "a1", second=2),
    ]
    assert escalations_in(events) == ()
    (again,) = escalations_in([*events, redone("x1", "a1", second=3)])
    assert again.opinions == (opinion("a1", "f1"),)
