"""What commit messages claim."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.review.aftermath.messages import FIX_TYPES, FIX_WORDS, fix_word, reverted_ids


@pytest.mark.parametrize(
    ("message", "word"),
    [
        ("fix: x", "fix"),
        ("fix(cart)!: x", "fix"),
        ("hotfix: x", "hotfix"),
        ("Fixes #3", "fixes"),
        ("Work around a regression\n\nDetails", "regression"),
        ("Totals were wrong\n\nA bug since 2.0.", "bug"),
        ("Handle None\n\nFixes: #12", "fixes"),
        ("Fix date format of invoices", "fix"),
        ("prefix the names", ""),
        ("Debug output, a fixture and a suffix", ""),
        ("refactor: fix naming", ""),
        ("feat: totals\n\nFixes #3", ""),
        ("fix: typo", ""),
        ("Fix formatting", ""),
        ('Revert "Fix totals"', ""),
        ("fix_totals()", ""),
        ("", ""),
    ],
)
def test_only_whole_words_of_a_fix_count(message, word):
    assert fix_word(message) == word


def test_reverted_commits_are_those_that_git_names():
    full = "a" * 40
    assert reverted_ids(f"Revert x\n\nThis reverts commit {full}.") == (full,)
    assert reverted_ids("This reverts commit abc1234, reversing changes") == ("abc1234",)
    assert reverted_ids("This reverts commit abc12.") == ()
    assert reverted_ids("this reverts nothing") == ()
    assert len(reverted_ids("This reverts commit abc1234.\n" * 1000)) == 20


@given(st.text())
def test_any_text_can_be_read(text):
    assert fix_word(text) in {"", *FIX_TYPES, *FIX_WORDS}
    reverted_ids(text)


@pytest.mark.parametrize("text", ["fix" * 100_000, "a(" * 100_000, "This reverts commit " * 50_000])
def test_long_messages_take_no_time(text):
    start = time.process_time()
    fix_word(text)
    reverted_ids(text)
    assert time.process_time() - start < 0.5
