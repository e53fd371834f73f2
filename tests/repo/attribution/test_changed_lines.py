"""Reading what `git log --numstat -z` prints."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from xreview.repo.attribution.changed_lines import parse_changed_lines

A, B = "a" * 40, "b" * 40
PRINTED = (
    f"commit {A}\0\n2\t1\tplain\n1\t1\tname\0-\t-\tbinary\x004\t0\t\0commit {B}\0new name\0"
    f"commit {B}\x00commit {A}\0\n7\t0\t\udcff\0"
).encode("utf-8", "surrogateescape")
READ = [
    (A, "plain\n1\t1\tname", 2),
    (A, "binary", 0),
    (A, "new name", 4),
    (A, "\udcff", 7),
]


@settings(deadline=None)
@given(st.lists(st.integers(0, len(PRINTED)), max_size=6))
def test_wherever_the_output_is_cut(places):
    cuts = [0, *sorted(places), len(PRINTED)]
    chunks = [PRINTED[start:end] for start, end in pairwise(cuts)]
    assert list(parse_changed_lines(chunks)) == READ


@given(st.lists(st.binary(max_size=20)))
def test_no_output_is_an_error(chunks):
    list(parse_changed_lines(chunks))
