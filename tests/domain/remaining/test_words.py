"""How many problems no reader found, in words."""

from dataclasses import replace

import pytest

from xreview.domain.remaining.estimating import Method, Unseen
from xreview.domain.remaining.remaining import NoEstimate, Remaining
from xreview.domain.remaining.words import (
    ASSUMPTIONS,
    OPEN_COUNT,
    remaining_sentences,
    remaining_words,
)
from xreview.domain.report import Lens

TWO = Remaining(
    {"anthropic": 5, "openai": 5}, 7, 3, frozenset(Lens), 2, 2,
    Unseen(3.4, 2, 6, Method.CHAO1),
)  # fmt: skip


@pytest.mark.parametrize(
    ("low", "likely", "high", "words"),
    [
        (2, 3.4, 6, "about 2–6 more are likely (best estimate: 3)"),
        (0, 1.5, 13, "about 2 more are likely, perhaps up to 13"),
        (0, 0.8, 4, "about 1 more is likely, perhaps up to 4"),
        (0, 0.2, 4, "perhaps up to 4 more"),
        (0, 0, 0, "no more are expected"),
    ],
)
def test_the_range_and_the_best_estimate(low: int, likely: float, high: int, words: str) -> None:
    told = replace(TWO, unseen=Unseen(likely, low, high, Method.CHAO1))
    assert remaining_words(told) == f"7 found by two readers, 3 by both; {words}"


def test_more_readers_a_part_of_the_files_and_one_lens_are_named() -> None:
    told = replace(TWO, by_reader={"a": 1, "b": 2, "c": 3}, files=1, lenses=frozenset({Lens.RISK}))
    assert remaining_words(told).startswith(
        "In 1 of 2 files, for risk: 7 found by three readers, 3 by more than one; "
    )


def test_an_estimate_never_comes_without_its_assumptions() -> None:
    assert ASSUMPTIONS in remaining_sentences(TWO, has_open=False)
    assert OPEN_COUNT not in remaining_sentences(TWO, has_open=False)
    assert remaining_sentences(TWO, has_open=True).endswith(OPEN_COUNT)


@pytest.mark.parametrize("why_not", NoEstimate)
def test_no_estimate_says_why_and_no_number_of_what_is_left(why_not: NoEstimate) -> None:
    readers = {} if why_not is NoEstimate.ONE_READER else TWO.by_reader
    told = remaining_sentences(
        replace(TWO, by_reader=readers, unseen=None, why_not=why_not), has_open=True
    )
    assert told.startswith("How many more there are can't be estimated: ")
    assert "likely" not in told
    assert ASSUMPTIONS not in told
