"""The estimators against values worked out by hand, and what must hold for any captures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.remaining.estimating import (
    Method,
    Unseen,
    chao,
    jackknife,
    log_normal,
    method_for,
    unseen_of,
)

READERS = ("anthropic", "google", "openai", "xai")


def captures(*found: str) -> list[frozenset[str]]:
    """`ag` was found by anthropic and google."""
    return [frozenset(name for name in READERS if name[0] in one) for one in found]


def test_chao_is_as_in_the_formula() -> None:
    # f1 = 4, f2 = 3: 4 * 3 / (2 * 4) = 1.5
    mean, variance = chao(captures("a", "a", "g", "g", "ag", "ag", "ag"), 1)
    assert mean == pytest.approx(1.5)
    assert variance == pytest.approx(12 / 8 + 4 * 49 / (4 * 16) + 16 * 3 * 9 / (4 * 256))
    assert chao(captures("a", "g", "ag"), 0.5).mean == pytest.approx(0.5 * 2 / 4)


def test_chao_without_a_problem_found_twice_has_its_own_variance() -> None:
    mean, variance = chao(captures("a", "a", "g"), 1)
    assert mean == pytest.approx(3)
    assert variance == pytest.approx(3 * 2 / 2 + 3 * 25 / 4 - 81 / (4 * 6))


def test_the_jackknife_is_as_in_the_formula() -> None:
    mean, variance = jackknife(captures("a", "a", "g", "ao", "agox"), READERS)
    assert mean == pytest.approx(3 * 3 / 4)
    assert variance == pytest.approx(0.75 * (4 + 1 - 9 / 4))


def test_the_interval_is_log_normal() -> None:
    low, high = log_normal(2, 4)
    assert low * high == pytest.approx(4)
    assert high == pytest.approx(2 * 5.1119, rel=1e-3)  # exp(1.96 sqrt(ln 2))
    assert log_normal(0, 3) == (0, 0)


def test_the_method_depends_on_the_number_of_readers() -> None:
    methods = [method_for(count) for count in (2, 3, 4, 5)]
    assert methods == [Method.CHAO1, Method.CHAO2, Method.JACKKNIFE, Method.JACKKNIFE]


def test_seven_problems_of_which_two_readers_share_three() -> None:
    unseen = unseen_of(captures("a", "a", "g", "g", "ag", "ag", "ag"), READERS[:2])
    assert unseen == Unseen(pytest.approx(1.5), 0, 13, Method.CHAO1)


def test_one_reader_is_refused() -> None:
    with pytest.raises(ValueError, match="two readers"):
        unseen_of(captures("a"), READERS[:1])


def test_what_is_known_from_elsewhere_is_not_left() -> None:
    assert Unseen(2.5, 1, 9, Method.CHAO2).without(2) == Unseen(0.5, 0, 7, Method.CHAO2)


FOUND = st.lists(
    st.sets(st.sampled_from(READERS), min_size=1).map(frozenset), min_size=1, max_size=40
)


@given(FOUND)
def test_an_estimate_lies_in_its_interval_and_never_below_none(found: list[frozenset[str]]) -> None:
    unseen = unseen_of(found, READERS)
    assert 0 <= unseen.low <= unseen.likely <= unseen.high


@given(FOUND, st.sampled_from((0.5, 1.0)))
def test_a_problem_found_twice_more_makes_fewer_unseen_likely(
    found: list[frozenset[str]], share: float
) -> None:
    more = [*found, frozenset(READERS[:2])]
    assert chao(more, share).mean <= chao(found, share).mean


@given(FOUND)
def test_no_variance_is_negative(found: list[frozenset[str]]) -> None:
    assert chao(found, 1).variance >= 0
    assert chao(found, 0.75).variance >= 0
    assert jackknife(found, READERS).variance >= 0
