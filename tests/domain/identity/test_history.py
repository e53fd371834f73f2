from hypothesis import given
from hypothesis import strategies as st

from tests.domain.strategies import stored_events
from tests.fakes.reports import report
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.events.carried import CarriedState
from xreview.domain.events.event import (
    ConventionRemoved,
    ConventionWritten,
    DecisionMade,
    DecisionRedone,
    DecisionUndone,
    Event,
    FindingWritten,
    FixConfirmed,
    ReportReceived,
)
from xreview.domain.identity.convention import convention_id
from xreview.domain.identity.history import history_of
from xreview.domain.own_findings import is_own, own_findings_in

FIRST, SECOND = report("one", line=1), report("two", line=2)
F1, F2 = FIRST.fingerprint, SECOND.fingerprint
LATER = Decision(Verdict.REJECT, Reason.LATER)


def told(*said):
    """A history of (session, payload)."""
    return history_of(
        Event(str(n), session, "repo", f"t{n}", "Ada", payload)
        for n, (session, payload) in enumerate(said)
    )


def test_a_problem_is_known_by_its_latest_report():
    moved = report("one", line=1, path="a.py", claim="Now so.")
    made = told(("s1", ReportReceived(FIRST)), ("s2", ReportReceived(moved)))
    (known,) = made.known.values()
    assert (known.report, known.first, known.last, known.is_fixed) == (moved, 0, 1, False)


def test_a_fix_holds_until_the_problem_is_reported_again():
    fix = ("s2", FixConfirmed((F1, "unknown"), "gone"))
    assert told(("s1", ReportReceived(FIRST)), fix).known[F1].is_fixed
    back = told(("s1", ReportReceived(FIRST)), fix, ("s3", ReportReceived(FIRST)))
    assert not back.known[F1].is_fixed


def test_the_session_that_asks_is_left_out():
    events = [Event("1", "s1", "repo", "t", "", ReportReceived(FIRST))]
    assert not history_of(events, without_session="s1").known


def test_conventions_are_edited_by_id_and_removed():
    written = ConventionWritten("c1", "So.", (F1,), "Ada", "/src/")
    edited = ConventionWritten("c1", "So it is.", (F1,), "Bob", "")
    made = told(("s1", ReportReceived(FIRST)), ("s1", written), ("s2", edited))
    (convention,) = made.conventions.values()
    assert (convention.sentence, convention.owner, convention.at) == ("So it is.", "Bob", "t2")
    assert convention.origins == (FIRST,)
    assert not told(("s1", written), ("s2", ConventionRemoved("c1"))).conventions
    assert told(("s1", ConventionRemoved("c1")), ("s2", written)).conventions


def test_a_convention_holds_no_longer_than_the_decision_that_made_it():
    ids = [convention_id("a1", number) for number in range(2)]
    made = [("s1", ConventionWritten(id, "So.", (), "Ada")) for id in ids]
    undone, redone = ("s1", DecisionUndone("a1")), ("s1", DecisionRedone("a1"))
    assert list(told(*made).conventions) == ids
    assert not told(*made, undone).conventions
    assert list(told(*made, undone, redone).conventions) == ids
    assert list(told(*made, ("s1", DecisionUndone("other"))).conventions) == ids


def test_what_is_put_off_is_kept_as_it_was_then():
    later = report("one", line=1, claim="Later so.")
    made = told(
        ("s1", ReportReceived(FIRST)),
        ("s1", DecisionMade("a1", (F1, "unknown"), LATER)),
        ("s2", ReportReceived(later)),
    )
    assert made.put_off == {("a1", F1): FIRST}


def test_problems_are_found_by_file_and_by_code():
    made = told(("s1", ReportReceived(FIRST)), ("s1", ReportReceived(SECOND)))
    assert made.by_path == {"a.py": (F1, F2)}
    assert made.by_code == {("", "pass"): (F1, F2)}


@given(st.lists(stored_events(), max_size=12))
def test_any_events_have_a_history(events):
    made = history_of(events)
    said = {
        event.payload.report.fingerprint: event.payload.report
        for event in events
        if isinstance(event.payload, ReportReceived | FindingWritten)
    }
    own = own_findings_in(events).holding
    reported = {name for name, report in said.items() if not is_own(report) or name in own}
    assert made.known.keys() == reported
    assert made.own == own
    assert sorted(sum(made.by_path.values(), ())) == sorted(reported)
    assert sorted(sum(made.by_code.values(), ())) == sorted(reported)


def test_what_only_attempts_had_was_never_in_the_users_files():
    mine, again = report("one", line=1, claim="Mine."), report("one", line=1, claim="Again.")
    events = [
        Event(str(n), session, "repo", f"t{n}", "Ada", ReportReceived(one))
        for n, (session, one) in enumerate([("a", FIRST), ("s", mine), ("a", again), ("a", SECOND)])
    ]
    known = history_of(events, attempts={"a"}).known
    assert (known[F1].report, known[F1].is_tentative) == (mine, False)
    assert known[F1].again is CarriedState.STILL_THERE
    assert known[F2].is_tentative
    assert known[F2].again is CarriedState.NEW


@given(st.lists(stored_events(), max_size=12), st.data())
def test_a_problem_is_tentative_if_all_that_reported_it_were_attempts(events, data):
    sessions = sorted({event.session for event in events})
    attempts = frozenset(one for one in sessions if data.draw(st.booleans()))
    said: dict[str, set[str]] = {}
    for event in events:
        if isinstance(event.payload, ReportReceived | FindingWritten):
            said.setdefault(event.payload.report.fingerprint, set()).add(event.session)
    made = history_of(events, attempts=attempts)
    assert made.known.keys() == history_of(events).known.keys()
    for identity, known in made.known.items():
        assert known.is_tentative == (said[identity] <= attempts)
