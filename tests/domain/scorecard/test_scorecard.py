"""The figures of the scorecard, from events."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.strategies import stored_events
from tests.journal.build import ACCEPT, decided, event, opened, redone, report, undone
from xreview.domain.attempt.seat import attempt_party
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.events.event import (
    AuthorAttributed,
    CoverageReceived,
    DecisionMade,
    EscalationResolved,
    FixConfirmed,
    ReportReceived,
    UsageReceived,
)
from xreview.domain.report import Category, Lens, ReviewerIdentity, ReviewerKind
from xreview.domain.ruling import ChosenReport, Ruling
from xreview.domain.scorecard.facts import ReviewerUsage
from xreview.domain.scorecard.figures import OutcomeTally, Rate, delay_of
from xreview.domain.scorecard.proportion import Proportion
from xreview.domain.scorecard.scored import Arm, ScoredReviewer
from xreview.domain.scorecard.scoring import score
from xreview.review.record.scorecard_json import scorecard_json
from xreview.review.record.scorecard_words import (
    duration,
    emptiness,
    out_of,
    proportion_words,
    rate_words,
    reasons_words,
)

OPUS = ReviewerIdentity("opus", ReviewerKind.MODEL, "anthropic", "opus-5")
GPT = ReviewerIdentity("gpt", ReviewerKind.MODEL, "openai")
RISK = ReviewerIdentity("risk", ReviewerKind.ANALYSER, "ruff")
ADA = ReviewerIdentity("Ada", ReviewerKind.PERSON, "person")
LATER = Decision(Verdict.REJECT, Reason.LATER)
WRONG = Decision(Verdict.REJECT, Reason.REVIEWER_WRONG)
MEASURE = Decision(Verdict.ESCALATE, Reason.MEASURE)
AS_OPUS = ScoredReviewer("opus", ReviewerKind.MODEL, "anthropic")
AS_GPT = ScoredReviewer("gpt", ReviewerKind.MODEL, "openai")
AS_RISK = ScoredReviewer("risk", ReviewerKind.ANALYSER, "")


def said(id, fingerprint="f1", by=OPUS, category=Category.SECURITY, lens=Lens.RISK, **given_):
    told = replace(report(fingerprint), reviewer=by, category=category, lens=lens)
    return event(id, ReportReceived(told), **given_)


def by(vendor, session="s1"):
    return event(f"{session}/by", AuthorAttributed("tool", vendor, "m"), session=session)


def read(*names, path="shop/cart.py", session="s1", second=0, reading=Reading.READ):
    entries = tuple(CoverageEntry(name, path, reading) for name in names)
    return event(f"{session}/read", CoverageReceived(entries), session=session, second=second)


def tally_of(facts, **options) -> OutcomeTally:
    return score(facts, **options).total


def test_a_report_counts_once_however_many_sessions_saw_it():
    facts = [said("1"), said("2", session="s2"), said("3", session="s3"), decided("d", "f1")]
    card = score(facts)
    assert card.total == OutcomeTally(raised=1, accepted=1)
    assert card.sessions == 3


def test_another_repository_or_reviewer_counts_for_itself():
    facts = [said("1"), said("2", repository="/other"), said("3", by=GPT), decided("d", "f1")]
    assert tally_of(facts) == OutcomeTally(raised=3, accepted=2, open=1)
    assert score(facts).repositories == 2


def test_an_attempt_that_differs_reviewed_nothing():
    party = replace(OPUS, name=attempt_party("B"))
    facts = [said("a"), said("b", "f2", by=party)]
    assert tally_of(facts).raised == 1


def test_engines_of_one_analyser_are_one_reviewer():
    facts = [said("1", by=RISK), said("2", "f2", by=replace(RISK, family="ast-grep"))]
    assert score(facts).reviewers == (AS_RISK,)


def test_each_decision_is_counted_by_its_reason():
    facts = [
        *(said(str(n), f"f{n}") for n in range(6)),
        decided("d1", "f1"),
        decided("d2", "f2", decision=LATER),
        decided("d3", "f3", decision=WRONG),
        decided("d4", "f4", decision=WRONG),
        decided("d5", "f5", decision=MEASURE),
    ]
    expected = {Reason.REVIEWER_WRONG: 2, Reason.LATER: 1}
    assert tally_of(facts) == OutcomeTally(6, 1, expected, 1, 1)


def test_the_decision_that_holds_is_the_latest_that_was_not_undone():
    facts = [
        said("1"),
        decided("d1", "f1", second=1),
        decided("d2", "f1", decision=WRONG, second=2),
    ]
    assert tally_of(facts).rejections == 1
    facts.append(undone("u", "d2"))
    assert tally_of(facts).accepted == 1
    facts.append(redone("r", "d2"))
    assert tally_of(facts).rejections == 1
    assert tally_of([*facts, undone("u2", "d2"), undone("u3", "d1")]).open == 1


def test_an_undo_in_another_repository_changes_nothing():
    facts = [said("1"), decided("d1", "f1"), undone("u", "d1", repository="/other")]
    assert tally_of(facts).accepted == 1


def test_fixes_and_answers_are_counted_with_their_decision_only():
    facts = [
        said("1"),
        said("2", "f2"),
        decided("d1", "f1"),
        decided("d2", "f2", decision=MEASURE),
        event("x", FixConfirmed(("f1", "f2"), "gone")),
        event("y", EscalationResolved("d2", ("f2",), "slower", "bench")),
    ]
    assert (tally_of(facts).fixed, tally_of(facts).resolved) == (1, 1)


def test_arms_tell_the_same_family_from_another():
    facts = [by("anthropic"), said("1"), said("2", by=GPT), said("3", by=RISK)]
    facts += [said("4", "f4", session="s2"), decided("d", "f1"), said("5", "f5", by=ADA)]
    arms = score(facts).arms
    assert {arm: tally.raised for arm, tally in arms.items()} == dict.fromkeys(Arm, 1)
    assert arms[Arm.UNKNOWN_AUTHOR].open == 1


def test_an_author_known_only_later_counts():
    facts = [said("1"), said("2", session="s2"), by("openai", "s2")]
    (row,) = score(facts).rows
    assert row.author == "openai"


def test_since_leaves_out_what_was_seen_before():
    facts = [said("1", second=1), said("2", "f2", second=9), said("3", session="s2", second=10)]
    card = score([*facts, decided("d", "f1", "f2", second=20)], since="2025-11-21T10:00:05")
    assert card.total == OutcomeTally(raised=1, accepted=1)


def test_sight_counts_what_a_reader_missed():
    facts = [
        opened(),
        said("1", "f1", by=OPUS),
        said("2", "f2", by=GPT),
        said("3", "g", by=GPT, category=Category.TIMING),
        read("opus", "gpt"),
        decided("d1", "f1"),
        decided("d2", "f2", decision=WRONG),
        decided("d3", "g"),
    ]
    assert score(facts).sight == {
        (AS_OPUS, Category.SECURITY): Proportion(1, 1),
        (AS_GPT, Category.SECURITY): Proportion(0, 1),
        (AS_OPUS, Category.TIMING): Proportion(0, 1),
        (AS_GPT, Category.TIMING): Proportion(1, 1),
    }


def test_sight_is_in_the_order_of_reviewers_and_categories():
    facts = [
        opened(),
        said("1", "g", by=OPUS, category=Category.TIMING),
        said("2", "f", by=OPUS),
        read("opus", "gpt", *(names := [f"r{number}" for number in range(9)])),
        decided("d1", "g"),
        decided("d2", "f"),
    ]
    assert [(one.name, category) for one, category in score(facts).sight] == [
        (name, category)
        for name in ("gpt", "opus", *names)
        for category in (Category.SECURITY, Category.TIMING)
    ]


@pytest.mark.parametrize(
    "coverage",
    [read("opus"), read("opus", "gpt", path="else.py"), read("gpt", reading=Reading.SKIPPED)],
)
def test_nobody_misses_what_they_did_not_read(coverage):
    facts = [said("1", by=OPUS), said("2", "x", by=GPT), coverage, decided("d", "f1")]
    assert score(facts).sight == {(AS_OPUS, Category.SECURITY): Proportion(1, 1)}


def test_nobody_misses_what_their_lens_does_not_ask_for():
    facts = [
        said("1", by=OPUS),
        said("2", "x", by=GPT, lens=Lens.ECONOMY),
        read("opus", "gpt"),
        decided("d", "f1"),
    ]
    assert (AS_GPT, Category.SECURITY) not in score(facts).sight


def test_two_reports_of_one_accepted_finding_are_one_problem():
    facts = [
        said("1", "f1", by=OPUS),
        said("2", "f2", by=GPT),
        read("opus", "gpt"),
        decided("d", "f1", "f2"),
    ]
    assert set(score(facts).sight.values()) == {Proportion(1, 1)}


def test_a_reader_that_never_reported_is_on_the_map():
    facts = [said("1"), read("opus", "mute"), decided("d", "f1")]
    mute = ScoredReviewer("mute", None, "")
    assert score(facts).sight[mute, Category.SECURITY] == Proportion(0, 1)
    assert mute in score(facts).reviewers


def test_minutes_come_from_the_session_and_dollars_are_unknown():
    facts = [opened(), said("1"), read("opus", second=30), decided("d", "f1", second=50)]
    brought = score(facts).yields[AS_OPUS]
    assert brought.minutes == Rate(1, 0.5, 1, 1)
    assert brought.minutes.per_unit == 2
    assert not brought.dollars.is_known
    assert rate_words(brought.dollars, "free") == "unknown"
    assert rate_words(brought.minutes, "no time") == "2"


def test_only_sessions_of_known_effort_count():
    facts = [
        opened(),
        said("1"),
        read("opus", second=30),
        said("2", "f2", session="s2"),
        decided("d", "f1", "f2", second=50),
        ReviewerUsage("s2", "opus", dollars=0.25),
    ]
    brought = score(facts).yields[AS_OPUS]
    assert brought.minutes == Rate(1, 0.5, 1, 2)
    assert brought.dollars == Rate(1, 0.25, 1, 2)
    assert rate_words(brought.dollars, "free") == "4 (1/2)"


def test_an_analyser_is_free():
    brought = score([said("1", by=RISK), decided("d", "f1")]).yields[AS_RISK]
    assert rate_words(brought.dollars, "free") == "free"


def test_a_session_without_a_find_costs_time_too():
    facts = [opened(), said("1"), read("opus", second=30), decided("d", "f1", second=50)]
    facts += [
        opened("s2"),
        said("2", "other", session="s2"),
        decided("d2", "other", decision=WRONG),
        read("opus", session="s2", second=30),
    ]
    assert score(facts).yields[AS_OPUS].minutes == Rate(1, 1.0, 2, 2)


def test_delay_is_to_the_first_decision_that_holds():
    facts = [
        said("1", second=5),
        decided("d1", "f1", second=10),
        decided("d2", "f1", second=20),
        decided("d3", "f1", second=40),
        undone("u", "d1"),
    ]
    card = score(facts)
    assert card.delay == delay_of([15.0])
    assert card.delays == {AS_OPUS: delay_of([15.0])}


def test_a_decision_from_before_the_report_is_no_delay():
    facts = [decided("d1", "f1", second=1), said("1", second=5)]
    assert score(facts).delay == delay_of([])
    assert score(facts).total.accepted == 1


@pytest.mark.parametrize(
    ("seconds", "median", "p90"),
    [([], None, None), ([4.0], 4, 4), ([1, 3], 2, 3), ([*range(1, 11)], 5.5, 9), ([3, 1, 2], 2, 3)],
)
def test_median_and_nearest_rank(seconds, median, p90):
    delay = delay_of(seconds)
    assert (delay.median, delay.p90, delay.decided) == (median, p90, len(seconds))


def test_shares_say_what_they_rest_on():
    assert (proportion_words(Proportion(0, 0)), out_of(Proportion(0, 0))) == ("–", "0/0*")
    assert (proportion_words(Proportion(9, 9)), out_of(Proportion(9, 9))) == ("not enough", "9/9*")
    assert proportion_words(Proportion(4, 10)) == "40% (17–69%)"
    assert proportion_words(Proportion(100, 100)) == "100% (96–100%)"
    assert out_of(Proportion(4, 10)) == "4/10"


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(1, 1, 0.207, 1.0), (0, 1, 0.0, 0.793), (81, 263, 0.255, 0.366), (0, 20, 0.0, 0.161)],
)
def test_the_interval_of_a_share_is_wilsons(count, of, low, high):
    assert Proportion(count, of).interval == pytest.approx((low, high), abs=0.0006)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_an_interval_holds_its_share_and_narrows_with_decisions(count, more):
    of = count + more
    interval = Proportion(count, of).interval
    if interval is None:
        assert of == 0
        return
    assert 0 <= interval.low <= count / of <= interval.high <= 1
    wider, narrower = interval, Proportion(10 * count, 10 * of).interval
    assert narrower
    assert narrower.high - narrower.low < wider.high - wider.low


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "–"),
        (0, "0 s"),
        (89, "89 s"),
        (120, "2 min"),
        (7200, "2 h"),
        (200_000, "2 days"),
    ],
)
def test_durations(seconds, words):
    assert duration(seconds) == words


def test_emptiness_explains_itself():
    assert "the journal has no reports" in emptiness(score([]))
    assert "1 report waiting" in emptiness(score([said("1")]))
    assert emptiness(score([said("1"), decided("d", "f1")])) == ""


@given(st.lists(stored_events(), max_size=20))
def test_any_events_add_up(events):
    card = score(events)
    total = card.total
    parts = total.accepted + total.rejections + total.escalated + total.open
    assert total.raised == parts
    assert sum((tally for tally in card.arms.values()), OutcomeTally()) == total
    assert all(0 <= share.count <= share.of for share in card.sight.values())


def test_money_and_time_are_what_each_reviewer_wrote_that_it_used():
    def used(id: str, cost: float | None, seconds: float, session: str = "s1"):
        usage = UsageReceived("opus", 1000, 50, cost, seconds)
        return event(id, usage, session=session)

    facts = [
        opened(),
        said("1", by=OPUS),
        read("opus", second=30),
        used("u1", 0.25, 90.0),
        used("u2", 0.15, 30.0),
        decided("d", "f1", second=50),
    ]
    brought = score(facts).yields[AS_OPUS]
    assert brought.dollars == Rate(1, 0.4, 1, 1)
    assert brought.minutes == Rate(1, 2.0, 1, 1), "the session's own 30 seconds do not count"
    facts += [said("3", "f3", session="s2", by=OPUS), used("u3", None, 60.0, "s2")]
    brought = score(facts).yields[AS_OPUS]
    assert brought.dollars == Rate(1, 0.4, 1, 2), "what is not known is not 0"
    assert brought.minutes == Rate(1, 3.0, 2, 2)


def sided(id, *subjects, side="", ruling=None, decision=ACCEPT):
    chosen = (ChosenReport("f1", side),) if side else ()
    return event(id, DecisionMade(id, subjects, decision, None, ruling, chosen))


def test_only_the_chosen_side_of_a_conflict_is_accepted():
    facts = [
        by("google"),
        said("1"),
        said("2", by=GPT),
        read("opus", "gpt"),
        sided("d", "f1", side="gpt"),
    ]
    card = score(facts)
    tallies = {reviewer: tally for (_, reviewer), tally in card.by_author_and_reviewer().items()}
    assert tallies[AS_GPT] == OutcomeTally(raised=1, accepted=1)
    assert tallies[AS_OPUS] == OutcomeTally(raised=1, passed_over=1)
    assert tallies[AS_OPUS].accepted_share == Proportion(0, 1)
    assert card.total.raised == card.total.accepted + card.total.rejections
    assert card.sight[AS_OPUS, Category.SECURITY] == Proportion(0, 1)
    assert card.yields[AS_OPUS].dollars.accepted == 0
    assert reasons_words(tallies[AS_OPUS]) == "1 passed over for another report"


def test_who_was_right_is_counted_for_each_reviewer_and_author():
    facts = [
        by("openai"),
        *(said(str(n), f"f{n}") for n in range(1, 5)),
        said("5", "f5", by=GPT),
        sided("d1", "f1", ruling=Ruling.REVIEWER),
        sided("d2", "f2", ruling=Ruling.REVIEWER),
        sided("d3", "f3", ruling=Ruling.AUTHOR, decision=WRONG),
        sided("d4", "f4"),
        sided("d5", "f5", ruling=Ruling.REVIEWER),
    ]
    card = score(facts)
    assert card.rulings_by_reviewer() == {
        AS_OPUS: {Ruling.REVIEWER: 2, Ruling.AUTHOR: 1},
        AS_GPT: {Ruling.REVIEWER: 1},
    }
    assert card.rulings_by_author() == {"openai": {Ruling.REVIEWER: 3, Ruling.AUTHOR: 1}}
    assert scorecard_json(card)["contests"]["by_author"] == [
        {"author": "openai", "rulings": {"reviewer": 3, "author": 1, "trade-off": 0}}
    ]
    assert score([*facts, undone("u", "d1")]).rulings_by_author()["openai"][Ruling.REVIEWER] == 2


def test_a_report_that_was_passed_over_was_not_right():
    facts = [said("1"), said("2", by=GPT), sided("d", "f1", side="gpt", ruling=Ruling.REVIEWER)]
    assert score(facts).rulings_by_reviewer() == {AS_GPT: {Ruling.REVIEWER: 1}}
