from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.change import FileDiff, FileStatus, LineKind, Side
from xreview.domain.changed_file import ChangedFile, changed_file
from xreview.domain.events.event import ChangeCollected

BODY = b"""\
@@ -1,3 +1,4 @@ def a():
 one
-two
+@@ -9 +9 @@ not a header
+zwei
 three
@@ -20 +21,0 @@
-gone
\\ No newline at end of file
"""
FILE = FileDiff("a.py", FileStatus.RENAMED, "b.py", body=BODY)


def test_names_counts_and_the_lines_of_hunks_are_kept():
    assert changed_file(FILE) == ChangedFile(
        "a.py", FileStatus.RENAMED, "b.py", 2, 2, ((1, 3, 1, 4), (20, 1, 21, 0))
    )


def test_which_lines_the_diff_shows():
    kept = changed_file(FILE)
    assert kept.shows(Side.NEW, 1, 4)
    assert not kept.shows(Side.NEW, 4, 5)
    assert not kept.shows(Side.NEW, 21, 21), "an empty span shows no line"
    assert kept.shows(Side.OLD, 20, 20)
    assert not kept.shows(Side.OLD, 3, 20), "two hunks are not one"
    assert not kept.shows(Side.NEW, 2, 1)


rows = st.lists(
    st.sampled_from([" same", "+added", "-removed", "+@@ -1 +1 @@", " --- x", "++", "--"]),
    max_size=12,
)


@given(st.lists(rows, max_size=3))
def test_it_counts_what_parsing_counts(hunks):
    body = ""
    for number, lines in enumerate(hunks):
        old = sum(line[0] != "+" for line in lines)
        new = sum(line[0] != "-" for line in lines)
        body += f"@@ -{100 * number + 1},{old} +{100 * number + 1},{new} @@\n"
        body += "".join(f"{line}\n" for line in lines)
    file = FileDiff("a", FileStatus.MODIFIED, body=body.encode())
    kept = changed_file(file)
    assert (kept.added, kept.removed) == (file.added, file.removed)
    assert kept.hunks == tuple(
        (hunk.old_start, hunk.old_count, hunk.new_start, hunk.new_count) for hunk in file.hunks
    )
    for hunk in file.hunks:
        added = [line.new_number for line in hunk.lines if line.kind is LineKind.ADDED]
        assert all(kept.shows(Side.NEW, number, number) for number in added)


def test_a_change_is_its_files_and_their_sum():
    other = FileDiff("c", FileStatus.DELETED, body=b"@@ -1,2 +0,0 @@\n-x\n-y\n")
    made = ChangeCollected.of([FILE, other])
    assert (made.files, made.added, made.removed) == (2, 2, 4)
    assert [file.path for file in made.listed] == ["a.py", "c"]
    assert made.paths_digest != ChangeCollected.of([other]).paths_digest
    assert ChangeCollected.of([]).files == 0
