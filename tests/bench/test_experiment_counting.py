"""What the experiment counts, and when it says nothing."""

from itertools import product
from math import comb

import pytest
from experiment_parts.counting import (
    ARMS,
    KnownProblem,
    ProblemSource,
    Spot,
    any_of,
    chance_of_meeting,
    count_arm,
    independent,
    mcnemar,
    pair,
)
from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.scorecard.scored import Arm

SAME, CROSS = ARMS
SPOT = Spot("c" * 40, "a.py", 1)


def problem(*caught: Arm, shipped: bool = False, source=ProblemSource.FIXED) -> KnownProblem:
    return KnownProblem("p", source, (SPOT,), shipped, frozenset(caught))


def test_each_problem_is_caught_or_missed_by_each_arm() -> None:
    problems = [
        problem(SAME, CROSS),
        problem(CROSS, shipped=True),
        problem(CROSS),
        problem(shipped=True),
    ]
    same, cross = (count_arm(arm, problems) for arm in ARMS)
    assert (same.caught.count, same.missed, same.shipped) == (1, 3, 2)
    assert (cross.caught.count, cross.missed, cross.shipped) == (3, 1, 1)
    told = pair(problems)
    assert (told.both, told.only_same, told.only_cross, told.neither) == (1, 0, 2, 1)


def test_accepted_findings_count_apart() -> None:
    accepted = problem(CROSS, source=ProblemSource.ACCEPTED)
    assert independent([accepted, problem()]) == [problem()]


@pytest.mark.parametrize(
    ("only_same", "only_cross", "both", "said"),
    [
        (0, 8, 0, "too few to tell: 8 known problems"),
        (0, 5, 9, "too few to tell: the arms differ in 5 problems"),
        (3, 7, 0, "the difference can be chance"),
        (1, 12, 0, "the cross-family arm caught more"),
        (12, 1, 0, "the same-family arm caught more"),
    ],
)
def test_the_verdict_claims_no_more_than_the_numbers_say(
    only_same: int, only_cross: int, both: int, said: str
) -> None:
    problems = [problem(SAME)] * only_same + [problem(CROSS)] * only_cross
    told = pair(problems + [problem(SAME, CROSS)] * both)
    assert told.verdict.startswith(said)


def test_mcnemar_agrees_with_its_definition() -> None:
    for first, second in product(range(9), repeat=2):
        total = first + second
        as_far = [
            one for one in range(total + 1) if comb(total, one) <= comb(total, min(first, second))
        ]
        whole = sum(comb(total, one) for one in as_far) / 2**total
        assert mcnemar(first, second) == pytest.approx(whole), (first, second)


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_a_probability_whichever_arm_comes_first(first: int, second: int) -> None:
    assert 0 < mcnemar(first, second) <= 1
    assert mcnemar(first, second) == mcnemar(second, first)


def test_a_finding_on_one_of_four_lines_meets_a_problem_of_one_line_by_a_quarter() -> None:
    assert chance_of_meeting((1, 2, 3, 4), 1, [(2, 2)]) == 0.25
    assert chance_of_meeting((1, 2, 3, 4), 2, [(2, 2)]) == pytest.approx(2 / 3)
    assert chance_of_meeting((1, 2, 3, 4), 9, [(2, 2)]) == 1
    assert chance_of_meeting((), 1, [(2, 2)]) == 0
    assert any_of([0.5, 0.5]) == 0.75


@given(
    st.lists(st.integers(1, 50), unique=True).map(sorted),
    st.integers(1, 60),
    st.lists(st.tuples(st.integers(1, 50), st.integers(1, 50)), max_size=5),
)
def test_chance_is_a_probability_and_grows_with_findings(
    added: list[int], lines: int, spans: list[tuple[int, int]]
) -> None:
    chances = [chance_of_meeting(added, lines, spans[:some]) for some in range(len(spans) + 1)]
    assert chances == sorted(chances)
    assert all(0 <= one <= 1 for one in chances)
    assert chance_of_meeting(added, lines, [(1, 50)]) == bool(added)
