from itertools import permutations

import pytest

from tests.disagreement.speaking import CLAUDE, GPT, OTHER_CLAUDE, said
from tests.fakes.reports import ECONOMY, RISK, report
from xreview.disagreement.opposition import opposed, topic_of
from xreview.disagreement.stances import classify
from xreview.domain.finding import Disagreement
from xreview.domain.report import Direction, Request
from xreview.domain.stance import Stance, StanceKind

ADD, REMOVE = Direction.ADD, Direction.REMOVE
OPPOSED = (
    report("a", request=(ADD, "locking")),
    report("b", reviewer=ECONOMY, request=(REMOVE, "mutex")),
)
PAIR = (report("a"), report("a", reviewer=ECONOMY))
FAMILY = (said("a"), said("b", OTHER_CLAUDE))
ONE = (report("a"),)

RAISES, SILENT, CONCEDES, TRADE_OFF, REBUTS = (
    StanceKind.RAISES, StanceKind.SILENT, StanceKind.CONCEDES, StanceKind.TRADE_OFF,
    StanceKind.REBUTS,
)  # fmt: skip
TABLE = {
    "one": (ONE, ["lone", "lone", "conceded", "trade-off", "contested"]),
    "one family": (FAMILY, ["lone", "lone", "conceded", "trade-off", "contested"]),
    "two families": (
        PAIR,
        ["corroborated", "corroborated", "corroborated", "trade-off", "contested"],
    ),
    "opposed": (OPPOSED, ["conflict", "conflict", "conflict", "conflict", "contested"]),
}
ANSWERS = [RAISES, SILENT, CONCEDES, TRADE_OFF, REBUTS]


@pytest.mark.parametrize(
    ("reports", "answer", "kind"),
    [
        (reports, answer, kind)
        for reports, kinds in TABLE.values()
        for answer, kind in zip(ANSWERS, kinds, strict=True)
    ],
)
def test_every_cell_of_the_rule_table(reports, answer, kind):
    for order in permutations(reports):
        assert classify(order, [Stance(CLAUDE, answer)]) is Disagreement(kind)
        assert classify(order, [Stance(GPT, SILENT), Stance(CLAUDE, answer)]) is Disagreement(kind)


@pytest.mark.parametrize("first", ANSWERS)
@pytest.mark.parametrize("reports", [reports for reports, _ in TABLE.values()])
def test_a_rebuttal_is_never_drowned_by_what_others_say(reports, first):
    stances = [Stance(GPT, first), Stance(CLAUDE, REBUTS)]
    for order in permutations(stances):
        assert classify(reports, order) is Disagreement.CONTESTED


def test_an_answer_whose_quote_is_not_in_the_code_says_nothing():
    assert classify(ONE, [Stance(CLAUDE, REBUTS, anchored=False)]) is Disagreement.LONE


def test_an_unanchored_report_corroborates_nothing():
    unanchored = report("a", reviewer=ECONOMY, anchored=False)
    assert classify([report("a"), unanchored], []) is Disagreement.LONE


@pytest.mark.parametrize(
    ("words", "topic"),
    [
        ("validation", "validation"),
        ("input-checks", "validation"),
        ("null guard", "validation"),
        ("try/catch", "error handling"),
        ("Exception handling", "error handling"),
        ("retries", "error handling"),
        ("an extra layer", "abstraction"),
        ("wrapper", "abstraction"),
        ("memoization", "caching"),
        ("a mutex", "locking"),
        ("debug logs", "logging"),
        ("type hints", "type hints"),
        ("", ""),
    ],
)
def test_topics_have_one_name(words, topic):
    assert topic_of(Request(ADD, words)) == topic


def wish(direction, topic, line=1, end=None, **more):
    return said(f"{direction} {topic}", request=(direction, topic), line=line, end=end, **more)


def test_a_conflict_needs_one_topic_two_directions_and_one_place():
    add = wish(ADD, "validation", 3, 6)
    assert opposed(add, wish(REMOVE, "checks", 5))
    assert opposed(wish(REMOVE, "checks", 5), add)
    assert not opposed(add, wish(ADD, "checks", 5))
    assert not opposed(add, wish(REMOVE, "caching", 5))
    assert not opposed(add, wish(REMOVE, "checks", 7))
    assert not opposed(add, wish(REMOVE, "checks", 5, path="b.py"))
    assert not opposed(add, said("no wish", line=5))
    assert not opposed(add, wish(REMOVE, "checks", 5, anchored=False))
    assert not opposed(wish(ADD, "", 1), wish(REMOVE, "", 1))


def test_a_place_shared_by_reports_that_oppose_each_other_elsewhere_is_no_conflict():
    apart = (
        report("a", line=1, request=(ADD, "locking")),
        report("b", line=9, reviewer=RISK, request=(REMOVE, "locking")),
    )
    assert classify(apart, []) is Disagreement.LONE
