"""The marker is read from the last lines only, and survives what forges do to a text."""

from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.pull.marker import (
    REVIEW_MARKER,
    finding_marker,
    is_marked,
    markers_in,
    reply_marker,
)

NAMES = st.text("0123456789abcdef-", min_size=1, max_size=29)


@given(st.text(), st.lists(NAMES, min_size=1, max_size=4))
def test_what_is_marked_is_read_back(text, names):
    body = "\n".join([f"{text}x", REVIEW_MARKER, *map(finding_marker, names)])
    assert markers_in(body) == tuple(names)
    assert is_marked(body.replace("\n", "\r\n") + "\r\n \n")


def test_a_marker_that_is_quoted_counts_for_nothing():
    marker = finding_marker("abc")
    for body in (
        f"{marker}\nsaid the author",
        f"> {marker}",
        f"see {marker}",
        f"```\n{marker}\n```",
    ):
        assert markers_in(body) == ()
        assert not is_marked(body)


def test_a_reply_is_ours_and_posts_no_finding():
    body = f"Done.\n\n{reply_marker('abc')}"
    assert is_marked(body)
    assert markers_in(body) == ()


def test_other_versions_and_names_are_not_ours():
    assert not is_marked("<!-- xreview:v2 fp=abc -->")
    assert not is_marked("<!-- xreview:v1 fp=a b -->")
    assert not is_marked("<!-- xreview:v1 fp=$(x) -->")
