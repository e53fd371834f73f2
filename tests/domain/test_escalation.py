"""What became of findings that were escalated."""

from tests.fakes.reports import RISK
from tests.journal.build import decided, event, redone, undone
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.escalation import escalations_in
from xreview.domain.events.escalation_events import Favour
from xreview.domain.events.event import EscalationResolved, OpinionGiven

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
    assert [[told.given for told in one.opinions] for one in found] == [[first], [second], []]
    assert [[told.resolved for told in one.outcomes] for one in found] == [[], [], [settled]]
    assert found[0].opinions[0].at == event("o1", first, second=4).at


def test_what_nobody_escalated_or_was_taken_back_is_left_out() -> None:
    events = [
        decided("d1", "f1", decision=ARBITER, action="a1"),
        event("o1", opinion("a1", "f1"), second=1),
        event("o2", opinion("a9", "f1"), second=1),
        undone("u1", "a1", second=2),
    ]
    assert escalations_in(events) == ()
    (again,) = escalations_in([*events, redone("x1", "a1", second=3)])
    assert [told.given for told in again.opinions] == [opinion("a1", "f1")]


def test_one_answer_that_two_people_handed_in_is_one_and_another_answer_another() -> None:
    settled = EscalationResolved("a1", ("f1",), "the report is right", "Bob")
    changed_mind = EscalationResolved("a1", ("f1",), "neither is right", "Bob")
    (found,) = escalations_in(
        [
            decided("d1", "f1", decision=PERSON, action="a1"),
            event("r1", settled, session="s2", second=1),
            event("r2", settled, session="s3", second=2),
            event("r3", changed_mind, second=3),
        ]
    )
    assert [told.resolved for told in found.outcomes] == [settled, changed_mind]
    assert found.has_outcome(settled)
    assert not found.has_outcome(EscalationResolved("a1", ("f1",), "neither is right", "Eve"))
