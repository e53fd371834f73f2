from hypothesis import given
from hypothesis import strategies as st

from tests.domain.strategies import texts
from xreview.domain.text import visible_block
from xreview.review.prompt.brief import (
    LONGEST_MESSAGE,
    LONGEST_PURPOSE,
    MOST_SENTENCES,
    NO_BACKGROUND,
    request_background,
)


def test_nothing_said_is_no_background() -> None:
    assert request_background(" \n", ["", " "], [" "]) == NO_BACKGROUND


def test_a_person_is_asked_first() -> None:
    assert request_background("Speed it up", ["Fix typo"]).purpose == "Speed it up"
    assert request_background("", ["Add b", "Add a\n\nBody"]).purpose == "Add b\n\nAdd a\n\nBody"


def test_what_is_said_is_bounded() -> None:
    assert len(request_background("x" * 50_000).purpose) == LONGEST_PURPOSE
    purpose = request_background("", ["z" * 50_000] * 9).purpose
    assert purpose.endswith("\n\n(and 5 more commits)")
    assert purpose.count("z") == 4 * (LONGEST_MESSAGE - 1)
    conventions = request_background("", (), (f"c{number} " + "x" * 600 for number in range(205)))
    assert len(conventions.conventions) == MOST_SENTENCES + 1
    assert conventions.conventions[-1] == "(and 5 more)"
    assert max(map(len, conventions.conventions)) == 500


def test_conventions_are_lines_and_told_once() -> None:
    assert request_background("", (), ["a\n- b", "a  - b", "c"]).conventions == ("a - b", "c")


@given(texts, st.lists(texts), st.lists(texts))
def test_hostile_text_is_neutralised(brief, messages, conventions) -> None:
    background = request_background(brief, messages, conventions)

    assert visible_block(background.purpose) == background.purpose
    for sentence in background.conventions:
        assert sentence == visible_block(sentence)
        assert "\n" not in sentence
