from hypothesis import given
from hypothesis import strategies as st

from xreview.disagreement.wording import GRAM, worded


def test_an_identifier_is_one_word_and_its_parts_are_in_the_letter_groups():
    said = worded("cancelAllBookings drops errors")
    assert said.words == {"cancelallbookings", "drops", "errors"}
    assert set(worded("a dropped booking").grams) & set(said.grams) >= {" dro", " boo", "book"}


def test_words_that_stand_in_any_text_are_not_counted():
    assert worded("It is the cache that may have been read").words == {"cache", "read"}


def test_files_are_named_by_their_base_names_and_a_sentence_may_end_in_one():
    said = worded(
        "See src/a/Job.test.TSX:4, (.eslintrc.js) and main.go. Let it go. v1.2.3 a.b c/py"
    )
    assert said.files == {"job.test.tsx", "eslintrc.js", "main.go"}


@given(st.text() | st.text(alphabet="aZ_1. é-/", max_size=60))
def test_any_text_is_taken_apart_into_groups_of_one_length_each_once(text):
    said = worded(text)
    assert all(len(gram) == GRAM for gram in said.grams)
    assert len(set(said.grams)) == len(said.grams)
    assert all(name == name.lower() and "." in name for name in said.files)
