"""How a window is divided: nothing is taken off twice, and nothing is ever less than nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.ports.model import ModelLimits
from xreview.review.prompt.room import LEAST_ROOM, ContextWindow, room_in, too_narrow

FIXED, TOOLS = 2_900, 700
SIZES = st.none() | st.integers(1, 2_000_000)


@pytest.mark.parametrize(
    ("size", "answer", "code", "reading"),
    [
        (8_192, 2_048, 3_116, 0),
        (16_384, 4_096, 9_260, 0),
        (32_768, 8_192, 10_424, 10_424),
        (131_072, 16_000, 55_672, 55_672),
        (1_000_000, 16_000, 490_136, 490_136),
    ],
)
def test_each_part_is_taken_off_once(size, answer, code, reading):
    room = room_in(ContextWindow(ModelLimits(window=size), 16_000, TOOLS), FIXED)
    assert (room.answer, room.code, room.reading) == (answer, code, reading)
    assert room.question + room.answer == size


def test_where_the_answer_is_counted_apart_the_question_has_all_of_its_window():
    room = room_in(ContextWindow(ModelLimits(8_192, 4_000), 16_000, TOOLS), FIXED)
    assert (room.question, room.answer, room.reading) == (8_192, 4_000, 0)


@pytest.mark.parametrize(("is_local", "size"), [(True, 8_192), (False, 100_000)])
def test_what_nobody_knows_is_what_is_usual_there(is_local, size):
    window = ContextWindow(ModelLimits(), 16_000, is_local=is_local)
    room = room_in(window, FIXED)
    assert room.question + room.answer == window.size == size


@given(SIZES, SIZES, SIZES, st.integers(1, 64_000), st.integers(0, 900), st.integers(0, 20_000))
def test_what_is_divided_is_never_more_than_there_is(size, asks, longest, wanted, tools, fixed):
    window = ContextWindow(ModelLimits(asks, longest, size), wanted, tools)
    room = room_in(window, fixed)
    assert room.code >= 0
    assert room.reading >= 0
    assert 0 < room.answer <= wanted
    assert longest is None or room.answer <= longest
    assert asks is None or room.question <= asks
    if room.is_enough:
        taken = fixed + room.code + room.reading + (tools if room.reading else 0)
        assert taken <= room.question
        assert not window.is_shared or room.question + room.answer <= (size or window.size)


@given(st.integers(1, 100_000), st.integers(0, 20_000), st.booleans())
def test_the_sentence_names_the_least_window_that_would_do(size, fixed, is_shared):
    def window(size):
        return ContextWindow(
            ModelLimits(None if is_shared else size, None, size if is_shared else None), 16_000
        )

    if room_in(window(size), fixed).is_enough:
        return
    error = too_narrow(window(size), fixed, "qwen")
    least = int(error.message.rpartition(" need ")[2].rstrip(".").replace(",", ""))
    assert f"{least:,}" in error.advice
    assert room_in(window(least), fixed).code >= LEAST_ROOM
    assert room_in(window(least - 2), fixed).code < LEAST_ROOM
    assert "-" not in error.message
