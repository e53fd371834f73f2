from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.reports import ECONOMY, RISK, finding, report
from xreview.disagreement.align import align
from xreview.disagreement.classify import classify
from xreview.disagreement.find import findings_of
from xreview.disagreement.rank import by_attention, is_minor
from xreview.disagreement.similarity import jaccard, words
from xreview.domain.disagreement import Disagreement
from xreview.domain.report import Category, Direction, Lens, Severity
from xreview.domain.stance import Stance, StanceKind

ADD, REMOVE = Direction.ADD, Direction.REMOVE


def test_compound_identifiers_share_their_parts():
    assert words("getUserName") & words("get_user_name") == {"get", "user", "name"}
    assert jaccard(words("retry the request"), words("retry the request")) == 1
    assert jaccard(words(""), words("")) == 0


def test_two_families_that_say_the_same_in_one_place_corroborate():
    left = report("Swallowed error", reviewer=RISK)
    right = report("The error is swallowed", reviewer=ECONOMY)
    (only,) = findings_of([left, right])
    assert only.disagreement is Disagreement.CORROBORATED
    assert set(only.reports) == {left, right}


def test_one_family_twice_is_no_corroboration():
    findings = findings_of([report("Swallowed error"), report("Error swallowed silently")])
    assert [f.disagreement for f in findings] == [Disagreement.LONE, Disagreement.LONE]


def test_another_line_or_category_is_another_problem():
    assert len(align([report(line=1), report(line=2, reviewer=ECONOMY)])) == 2
    other = report("Error swallowed", reviewer=ECONOMY, category=Category.PERFORMANCE)
    assert len(align([report(), other])) == 2


def test_opposite_requests_in_one_place_are_a_conflict():
    add = report("No error handling", line=3, end=5, request=(ADD, "error handling"))
    remove = report(
        "Needless try", line=4, reviewer=ECONOMY, category=Category.SIMPLIFICATION,
        lens=Lens.ECONOMY, request=(REMOVE, "error handling"),
    )  # fmt: skip
    (only,) = findings_of([add, remove])
    assert only.disagreement is Disagreement.CONFLICT
    apart = report("Needless try", line=9, reviewer=ECONOMY, request=(REMOVE, "error handling"))
    assert len(findings_of([add, apart])) == 2


def test_opposite_directions_on_different_topics_are_no_conflict():
    left = report("Unlocked balance", claim="Two threads meet.", request=(ADD, "locking"))
    right = report(
        "Useless cache", claim="Never read.", reviewer=ECONOMY, request=(REMOVE, "caching")
    )
    assert all(f.disagreement is Disagreement.LONE for f in findings_of([left, right]))


def test_a_report_that_came_twice_is_kept_once():
    assert align([report(), report()]) == [(report(),)]


def test_the_worst_report_leads():
    low = report("Swallowed error", severity=Severity.LOW)
    high = report("Error swallowed", severity=Severity.HIGH, reviewer=ECONOMY)
    assert finding(low, high).lead is high


@given(
    st.lists(
        st.builds(
            report,
            st.sampled_from(["Swallowed error", "Error is swallowed", "Magic number"]),
            line=st.integers(1, 6),
            end=st.none(),
            reviewer=st.sampled_from([RISK, ECONOMY]),
            path=st.sampled_from(["a.py", "b.py"]),
        ),
        max_size=8,
    ),
    st.randoms(),
)
def test_grouping_ignores_order_and_loses_nothing(reports, random):
    shuffled = list(reports)
    random.shuffle(shuffled)
    assert align(reports) == align(shuffled)
    assert {r for group in align(reports) for r in group} == set(reports)


OPPOSED = (
    report("a", request=(ADD, "locking")),
    report("b", reviewer=ECONOMY, request=(REMOVE, "locking")),
)
PAIR = (report("a"), report("a", reviewer=ECONOMY))
ONE = (report("a"),)


@pytest.mark.parametrize(
    ("reports", "stances", "kind"),
    [
        (ONE, [], Disagreement.LONE),
        (ONE, [StanceKind.SILENT], Disagreement.LONE),
        (ONE, [StanceKind.CONCEDES], Disagreement.CONCEDED),
        (ONE, [StanceKind.TRADE_OFF], Disagreement.TRADE_OFF),
        (ONE, [StanceKind.REBUTS], Disagreement.CONTESTED),
        (PAIR, [], Disagreement.CORROBORATED),
        (PAIR, [StanceKind.CONCEDES], Disagreement.CORROBORATED),
        (PAIR, [StanceKind.TRADE_OFF], Disagreement.TRADE_OFF),
        (PAIR, [StanceKind.REBUTS], Disagreement.CONTESTED),
        (OPPOSED, [], Disagreement.CONFLICT),
        (OPPOSED, [StanceKind.CONCEDES], Disagreement.CONFLICT),
        (OPPOSED, [StanceKind.TRADE_OFF], Disagreement.CONFLICT),
        (OPPOSED, [StanceKind.REBUTS], Disagreement.CONTESTED),
    ],
)
def test_every_cell_of_the_rule_table(reports, stances, kind):
    for order in permutations(reports):
        assert classify(order, [Stance(RISK, stance) for stance in stances]) is kind


def test_an_unanchored_report_corroborates_nothing():
    unanchored = report("a", reviewer=ECONOMY, anchored=False)
    assert classify([report("a"), unanchored], []) is Disagreement.LONE


def test_who_read_the_file_and_said_nothing_is_silent():
    (only,) = findings_of([report()], panel=[RISK, ECONOMY])
    assert [(s.party.name, s.kind) for s in only.stances] == [
        ("risk", StanceKind.RAISES),
        ("economy", StanceKind.SILENT),
    ]


def test_disputed_findings_come_before_worse_lone_ones_and_minor_ones_last():
    conflict = finding(*OPPOSED)
    lone = finding(report("c", severity=Severity.CRITICAL, path="z.py"))
    minor = finding(report("d", severity=Severity.LOW))
    unanchored = finding(report("e", severity=Severity.CRITICAL, anchored=False))
    ordered = sorted([minor, unanchored, lone, conflict], key=by_attention)
    assert ordered == [conflict, lone, unanchored, minor]
    assert is_minor(minor)
    assert not is_minor(lone)
