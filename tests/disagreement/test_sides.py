"""Which reports of a finding can't be fixed together."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.reports import ECONOMY, RISK, report
from xreview.disagreement.sides import is_parted, leaves_side_open, side_words, sides_of
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.report import Direction, ReviewerIdentity, ReviewerKind
from xreview.domain.ruling import chosen_of

OPUS = ReviewerIdentity("opus", ReviewerKind.MODEL, "anthropic")
FIX = Decision(Verdict.ACCEPT, Reason.FIX)
MORE = report("more", request=(Direction.ADD, "locking"))
LESS = report("less", reviewer=ECONOMY, request=(Direction.REMOVE, "mutex"))
PLAIN = report("plain", reviewer=OPUS)


def of(*reports, kind=Disagreement.CONFLICT) -> Finding:
    return Finding(tuple(reports), (), kind)


def code(replacement, *, by=RISK, line=1, quote="a = 1"):
    end = line + quote.count("\n")
    return report("it", reviewer=by, line=line, end=end, quote=quote, suggestion=replacement)


def test_opposite_requests_are_two_sides():
    assert sides_of(of(MORE, LESS)) == ((MORE,), (LESS,))


def test_a_report_that_asks_for_nothing_is_on_every_side():
    assert sides_of(of(MORE, PLAIN, LESS)) == ((MORE, PLAIN), (PLAIN, LESS))


def test_reports_that_ask_for_the_same_are_one_side():
    also = replace(LESS, reviewer=OPUS)
    assert sides_of(of(MORE, LESS, also)) == ((MORE,), (LESS, also))
    assert sides_of(of(MORE, PLAIN)) == ((MORE, PLAIN),)


@pytest.mark.parametrize(
    ("left", "right", "parted"),
    [
        (code("a = 2"), code("a = 3", by=ECONOMY), True),
        (code("a = 2"), code("a = 2  \n", by=ECONOMY), False),
        (code("a = 2"), code("  a = 2", by=ECONOMY), True),
        (code("a = 2"), code(None, by=ECONOMY), False),
        (code("a = 2"), code("a = 3", by=ECONOMY, line=2), False),
        (code(""), code("a = 3", by=ECONOMY), True),
        (code("a = 2"), code("a = 2\nb = 1", by=ECONOMY, quote="a = 1\nb = 1"), False),
        (code("a = 2"), code("a = 2\nb = 2", by=ECONOMY, quote="a = 1\nb = 1"), True),
        (
            code("a = 2\nb = 1", quote="a = 1\nb = 1"),
            code("b = 1\nc = 2", by=ECONOMY, line=2, quote="b = 1\nc = 1"),
            True,
        ),
    ],
)
def test_replacements_part_if_they_leave_different_code(left, right, parted):
    assert is_parted(of(left, right)) is parted
    assert is_parted(of(right, left)) is parted


def test_a_quote_that_is_not_in_the_code_parts_from_nothing():
    assert not is_parted(of(code("a = 2"), replace(code("a = 3", by=ECONOMY), anchored=False)))


some_reports = st.lists(
    st.sampled_from([MORE, LESS, PLAIN, code("a = 2"), code("a = 3", by=ECONOMY)]),
    min_size=1,
    max_size=4,
    unique=True,
)


@given(some_reports)
def test_each_side_can_be_fixed_together_and_every_report_is_on_one(reports):
    finding = of(*reports)
    sides = sides_of(finding)
    assert {one for side in sides for one in side} == set(reports)
    assert all(not is_parted(of(*side)) for side in sides)
    assert (len(sides) > 1) is is_parted(finding)


def test_only_fixing_as_suggested_needs_a_side():
    for order in permutations((MORE, LESS)):
        finding = of(*order)
        assert leaves_side_open(finding, FIX, ())
        assert not leaves_side_open(finding, FIX, chosen_of([MORE]))
        assert not leaves_side_open(finding, Decision(Verdict.ACCEPT, Reason.FIX_DIFFERENTLY), ())
    assert not leaves_side_open(of(MORE, PLAIN), FIX, ())


def test_a_side_is_named_by_its_number_and_its_reviewers():
    finding = of(MORE, LESS)
    assert side_words(finding, chosen_of([LESS])) == "side 2 (economy)"
    assert side_words(finding, ()) == ""
    assert side_words(of(MORE, LESS, PLAIN), chosen_of([LESS])) == "as economy asks"
