"""Where findings go on a pull request: on lines of one hunk, else on the file, else in the text."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.change import FileDiff, FileStatus, LineKind, Side
from xreview.domain.identity.anchor import Anchor
from xreview.domain.pull import plan
from xreview.domain.pull.address import ForgeKind
from xreview.domain.pull.plan import ABILITIES, DiffPlaces
from xreview.domain.pull.posting import PostPlacement

BODY = b"""\
@@ -1,4 +1,5 @@
 one
-two
+zwei
+drei
 four
 five
@@ -20,3 +21,2 @@
 twenty
-gone
 last
"""
FILE = FileDiff("a.py", FileStatus.MODIFIED, body=BODY)
LINES, ON_FILE, TEXT = PostPlacement.LINES, PostPlacement.FILE, PostPlacement.BODY


def at(start: int, end: int | None = None, *, side=Side.NEW, quote="zwei", path="a.py") -> Anchor:
    return Anchor(path, side, start, start if end is None else end, quote)


def placed(anchor: Anchor, *files: FileDiff, kind=ForgeKind.GITHUB, is_moved=False, **more):
    places = DiffPlaces(files or (FILE,), ABILITIES[kind], is_moved)
    return places.place(("f1",), anchor, **more)


@pytest.mark.parametrize(
    ("anchor", "numbers"),
    [
        (at(1), (1, 1, 1, 1)),  # unchanged: both sides have it
        (at(2), (2, 2, 0, 2)),  # added
        (at(4), (4, 4, 3, 4)),  # unchanged, moved by the change
        (at(2, side=Side.OLD), (2, 2, 2, 0)),  # removed
        (at(3, side=Side.OLD), (3, 3, 3, 4)),
        (at(2, 5), (2, 5, 4, 5)),
        (at(22), (22, 22, 22, 22)),
    ],
)
def test_lines_of_a_hunk_take_a_comment(anchor, numbers):
    found = placed(anchor)
    assert found.placement is LINES
    assert (found.start_line, found.end_line, found.old_line, found.new_line) == numbers
    assert found.why == ""
    assert found.side is anchor.side


def test_a_range_has_the_numbers_of_both_ends():
    found = placed(at(1, 2))
    assert (found.old_start, found.new_start, found.old_line, found.new_line) == (1, 1, 0, 2)
    assert found.is_range


@pytest.mark.parametrize(
    ("anchor", "why"),
    [
        (at(9), plan.OFF_DIFF),
        (at(9, 12), plan.RANGE_OFF_DIFF),
        (at(4, 9), plan.SEVERAL_HUNKS),
        (at(4, 21), plan.SEVERAL_HUNKS),
        (at(6, side=Side.OLD), plan.OFF_DIFF),
    ],
)
def test_other_lines_go_to_the_file_and_never_to_a_line_nearby(anchor, why):
    found = placed(anchor)
    assert (found.placement, found.why) == (ON_FILE, why)
    assert (found.start_line, found.end_line) == (0, 0)
    assert placed(anchor, kind=ForgeKind.GITEA).placement is TEXT


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (replace(FILE, body=b"", binary=True), plan.BINARY),
        (replace(FILE, body=b"", unread="too large"), plan.NO_DIFF),
        (replace(FILE, body=b"", status=FileStatus.RENAMED, old_path="b.py"), plan.NO_LINES),
    ],
)
def test_a_file_without_lines_takes_a_comment_as_a_whole(file, why):
    found = placed(at(2), file)
    assert (found.placement, found.why) == (ON_FILE, why)


def test_what_no_file_of_the_diff_takes_goes_to_the_text():
    assert placed(at(2, path="other.py")).why == plan.NO_FILE
    assert placed(at(2, path="other.py")).placement is TEXT
    odd = "a\udcff.py"
    found = placed(at(2, path=odd), replace(FILE, path=odd))
    assert (found.placement, found.why) == (TEXT, plan.NOT_UTF8)


def test_an_unanchored_finding_has_no_line():
    found = placed(at(2), is_anchored=False)
    assert (found.placement, found.why) == (ON_FILE, plan.NOT_IN_FILE)


def test_a_renamed_file_is_found_by_both_names():
    renamed = replace(FILE, path="new.py", old_path="a.py", status=FileStatus.RENAMED)
    found = placed(at(2, side=Side.OLD), renamed)
    assert (found.path, found.old_path, found.placement) == ("new.py", "a.py", LINES)


def test_gitea_has_no_ranges_so_its_last_line_takes_the_comment():
    found = placed(at(1, 3), kind=ForgeKind.GITEA)
    assert (found.start_line, found.end_line, found.new_line) == (3, 3, 3)


def test_after_new_commits_the_quote_leads_to_its_lines():
    found = placed(at(40, 41, quote="  zwei\n  drei"), is_moved=True)
    assert (found.placement, found.start_line, found.end_line) == (LINES, 2, 3)
    assert placed(at(2, quote="nowhere"), is_moved=True).why == plan.GONE
    assert placed(at(2, quote=" "), is_moved=True).why == plan.GONE
    assert placed(at(2, quote="wei"), is_moved=True).end_line == 2, "a part of a line"


def test_of_equal_quotes_the_nearest_counts():
    body = b"@@ -1,2 +1,6 @@\n+same\n a\n+b\n+c\n+same\n d\n"
    file = FileDiff("a.py", FileStatus.MODIFIED, body=body)
    assert placed(at(7, quote="same"), file, is_moved=True).end_line == 5
    assert placed(at(2, quote="same"), file, is_moved=True).end_line == 1


def test_a_replacement_must_be_for_exactly_the_commented_lines():
    places = DiffPlaces((FILE,))

    def is_exact(anchor: Anchor) -> bool:
        return places.replaces_exactly(places.place(("f1",), anchor), anchor)

    assert is_exact(at(2, 3, quote="zwei\ndrei"))
    assert not is_exact(at(2, 3, quote="zwei"))
    assert not is_exact(at(2, quote="  zwei")), "it would be indented wrongly"
    assert not is_exact(at(2, quote="wei"))
    assert not is_exact(at(2, side=Side.OLD, quote="two"))
    assert not is_exact(at(9, quote="nine"))


def test_comments_come_in_the_order_of_the_diff():
    other = replace(FILE, path="b.py")
    places = DiffPlaces((FILE, other))
    anchors = [at(2, path="none.py"), at(2, path="b.py"), at(4), at(2)]
    found = places.in_order(places.place((str(n),), one) for n, one in enumerate(anchors))
    assert [one.subjects[0] for one in found] == ["3", "2", "1", "0"]


@given(st.integers(1, 30), st.integers(0, 10), st.sampled_from(Side), st.booleans())
def test_whatever_is_on_lines_is_in_one_hunk_of_the_side(start, more, side, is_moved):
    anchor = at(start, start + more, side=side, quote="five")
    found = placed(anchor, is_moved=is_moved)
    if found.placement is not LINES:
        assert found.why
        return
    other = LineKind.REMOVED if side is Side.NEW else LineKind.ADDED
    hunks = [
        {line.new_number if side is Side.NEW else line.old_number for line in hunk.lines
         if line.kind is not other}
        for hunk in FILE.hunks
    ]  # fmt: skip
    wanted = set(range(found.start_line, found.end_line + 1))
    assert wanted
    assert any(wanted <= numbers for numbers in hunks)
