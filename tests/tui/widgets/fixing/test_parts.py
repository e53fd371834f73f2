"""The parts of a patch: hunk by hunk, gathered to files, and found by a line."""

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.fixing import APP, IMAGE, NOTES
from xreview.domain.change import FileDiff, FileStatus, Side
from xreview.repo.disposable.applying import PatchPart
from xreview.tui.widgets.fixing.parts import PatchParts, paths_of

PATCH = PatchParts((APP, NOTES, IMAGE))
EVERY = [PatchPart("app.py", 0), PatchPart("app.py", 1), PatchPart("docs/notes.md", 0),
         PatchPart("logo.png")]  # fmt: skip
SOME = st.frozensets(st.sampled_from(EVERY))


def test_a_file_without_hunks_is_one_part():
    assert PATCH.all == frozenset(EVERY)
    assert PATCH.anchor(PatchPart("logo.png")) is None


def test_what_the_patch_does_not_have_is_left_out():
    given = [PatchPart("app.py", 7), PatchPart("../x"), PatchPart("app.py", 1)]
    assert PATCH.spread(given) == {PatchPart("app.py", 1)}


@given(SOME)
def test_gathering_keeps_exactly_these_parts(parts):
    gathered = PATCH.gathered(parts)
    assert PATCH.spread(gathered) == parts
    whole = {one.path for one in gathered if one.hunk is None}
    assert not {one.path for one in gathered if one.hunk is not None} & whole
    order = [file.path for file in PATCH.files]
    assert list(paths_of(gathered)) == [path for path in order if path in paths_of(gathered)]


HEADERS = ["@@ -1 +1 @@", "--- a", "+@@ -1 +1 @@", " @@ -2 +2 @@", "-@@ -3 +3 @@"]


@given(st.lists(st.sampled_from(HEADERS), min_size=1, max_size=6))
def test_code_that_looks_like_a_header_is_not_counted(rows):
    lines = [row if row[0] in "+- " else f" {row}" for row in rows]
    old = sum(line[0] in "- " for line in lines)
    new = sum(line[0] in "+ " for line in lines)
    body = "\n".join([f"@@ -1,{old} +1,{new} @@", *lines, ""]).encode()
    file = FileDiff("a.txt", FileStatus.MODIFIED, body=body)
    assert len(PatchParts((file,)).all) == sum(1 for _ in file.hunks) == 1


def test_a_line_belongs_to_the_hunk_that_shows_it():
    assert PATCH.at("app.py", Side.NEW, 4) == PatchPart("app.py", 0)
    assert PATCH.at("app.py", Side.OLD, 9) == PatchPart("app.py", 1)
    assert PATCH.at("app.py", Side.NEW, 1) == PatchPart("app.py", 0)
    assert PATCH.at("logo.png", Side.NEW, 1) == PatchPart("logo.png")
    assert PATCH.at("other.py", Side.NEW, 1) is None


def test_the_changed_lines_of_a_hunk_are_marked():
    anchor = PATCH.anchor(PatchPart("app.py", 1))
    assert anchor is not None
    assert (anchor.side, anchor.start_line, anchor.end_line) == (Side.NEW, 9, 9)
    removed = FileDiff("b.py", FileStatus.MODIFIED, body=b"@@ -5,2 +4,0 @@\n-a\n-b\n")
    only = PatchParts((removed,)).anchor(PatchPart("b.py", 0))
    assert only is not None
    assert (only.side, only.start_line, only.end_line) == (Side.OLD, 5, 6)
