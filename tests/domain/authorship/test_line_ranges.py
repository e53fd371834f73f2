from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.authorship.line_ranges import count, in_words, merged_ranges, without

RANGES = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), max_size=6)


def lines(ranges) -> set[int]:
    return {line for start, end in ranges for line in range(start, end + 1)}


@given(RANGES, RANGES)
def test_ranges_are_sets_of_lines(first, second):
    mine, taken = merged_ranges(first), merged_ranges(second)
    assert lines(mine) == lines(first)
    assert count(mine) == len(lines(first))
    assert lines(without(mine, taken)) == lines(first) - lines(second)


def test_what_somebody_claims_may_be_endless():
    assert (
        count(without(merged_ranges([(1, 10**18)]), merged_ranges([(5, 10**17)])))
        == 4 + 10**18 - 10**17
    )


def test_ranges_in_words() -> None:
    assert in_words(((7, 7),)) == "line 7"
    assert in_words(((1, 5), (9, 9))) == "lines 1-5, 9"
    assert (
        in_words(tuple((n, n) for n in range(1, 20, 2))) == "lines 1, 3, 5, 7, 9 and 5 more places"
    )
