"""Which files a task is about, as far as their names tell."""

from hypothesis import given
from hypothesis import strategies as st

from xreview.review.attempts.likely_files import ranked_files

PATHS = (
    *(f"src/shop/part_{number}.py" for number in range(20)),
    "src/shop/retryPolicy.ts",
    "src/shop/pay.py",
    "tests/test_pay.py",
    "README.md",
)


def test_files_with_words_of_the_task_come_first_and_named_ones_before_them():
    ranked = ranked_files("Limit the retries in `pay.py` (see README.md).", PATHS)
    assert ranked.likely[:2] == ("README.md", "src/shop/pay.py")
    assert "tests/test_pay.py" in ranked.likely
    assert not any("part_" in path for path in ranked.likely)


def test_compound_names_are_divided():
    assert ranked_files("the retry policy", PATHS).likely == ("src/shop/retryPolicy.ts",)


def test_a_whole_path_counts_most_and_a_word_of_most_files_nothing():
    task = "In the shop's parts, change src/shop/part_7.py like pay.py"
    assert ranked_files(task, PATHS).likely[0] == "src/shop/part_7.py"
    assert not ranked_files("the shop", PATHS).likely


@given(st.text(max_size=40), st.lists(st.text(min_size=1, max_size=12), unique=True, max_size=8))
def test_each_file_is_in_it_once(task, paths):
    ranked = ranked_files(task, paths)
    assert sorted((*ranked.likely, *ranked.others)) == sorted(paths)
