from hypothesis import given
from hypothesis import strategies as st

from xreview.disagreement.wording import GRAM, worded


def test_an_identifier_is_one_word_and_its_parts_are_in_the_letter_groups():
    said = worded("cancelAllBookings drops errors")
    assert said.words == {"cancelallbookings", "drops", "errors"}
    assert set(worded("a dropped booking").grams) & set(said.grams) >= {" dro", " boo", "book"}


def test_words_that_stand_in_any_text_are_not_counted():
    assert worded("It is the cache that may have been read").words == {"cache", "read"}


def test_quantities_are_compared_in_any_form_and_lines_are_none():
    limit = worded("The limit is 10MB").numbers
    assert limit == {10, 10 * 1024 * 1024}
    assert limit & worded("capped at 10 * 1024 * 1024 bytes").numbers
    assert limit & worded("10 * 1024").numbers
    assert worded("30% or 0.5 in lines 12-14, 16 and 20 of a.scss:33 (L7), h3, utf8").numbers == {
        30,
        0.5,
    }
    assert worded("no digits").numbers == worded("line 3").numbers == frozenset()


@given(st.text() | st.text(alphabet="aZ_1. é-/", max_size=60))
def test_any_text_is_taken_apart_into_groups_of_one_length_each_once(text):
    said = worded(text)
    assert all(len(gram) == GRAM for gram in said.grams)
    assert len(set(said.grams)) == len(said.grams)
    assert all(number >= 0 for number in said.numbers)
