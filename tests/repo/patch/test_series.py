"""Patches that change a file more than once come to one diff of it."""

import difflib
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.repo.reading import change_of, contents
from xreview.domain.change import FileDiff, FileStatus, Side
from xreview.repo.diff.apply import apply_hunks
from xreview.repo.patch.compose import compose_hunks
from xreview.repo.patch.splitting import split_patch

steady = settings(deadline=None, derandomize=True, max_examples=150)
MANY = 10**6


def parse(patch: bytes) -> list[FileDiff]:
    return [file for batch in split_patch([patch]) for file in batch]


def diff(old: bytes, new: bytes, context: int = 3) -> bytes:
    """The hunks between two contents."""
    rows = [
        text.splitlines(keepends=True) for text in (old.decode("latin-1"), new.decode("latin-1"))
    ]
    body = b""
    for row in list(difflib.unified_diff(*rows, n=context))[2:]:
        body += row.encode("latin-1")
        body += b"" if row.endswith("\n") else b"\n\\ No newline at end of file\n"
    return body


ROWS = st.lists(st.sampled_from(["a", "b", "c", "d", "", "e"]), max_size=14).map("\n".join)
VERSIONS = st.lists(
    st.tuples(ROWS, st.booleans()).map(lambda one: (one[0] + "\n" * one[1]).encode()),
    min_size=2,
    max_size=4,
)


@steady
@given(VERSIONS, st.integers(0, 3))
def test_what_several_diffs_do_one_does(versions, context):
    bodies = [diff(old, new, context) for old, new in pairwise(versions)]
    body = compose_hunks(bodies, is_new=False, most_steps=MANY)
    assert body is not None
    first, last = versions[0], versions[-1]
    assert apply_hunks(body, first) == last
    assert apply_hunks(body, last, Side.NEW) == first
    assert bool(body) == (first != last)


@steady
@given(VERSIONS)
def test_a_new_file_needs_no_beginning(versions):
    versions = [b"", *versions]
    bodies = [diff(old, new) for old, new in pairwise(versions)]
    body = compose_hunks(bodies, is_new=True, most_steps=MANY)
    assert body is not None
    assert apply_hunks(body, b"") == versions[-1]


def test_diffs_that_do_not_follow_each_other_are_none():
    first, second = diff(b"a\nb\n", b"a\nc\n"), diff(b"a\nb\n", b"a\nd\n")
    assert compose_hunks([first, second], is_new=False, most_steps=MANY) is None
    assert compose_hunks([diff(b"", b"a\n")] * 2, is_new=True, most_steps=MANY) is not None
    assert compose_hunks([first, diff(b"c\n", b"")], is_new=True, most_steps=MANY) is None


def test_more_steps_than_allowed_are_none():
    assert compose_hunks([diff(b"a\n", b"b\n")] * 3, is_new=False, most_steps=3) is None


def series(project) -> list[str]:
    """Three commits, two of which change `a.txt`; their revisions."""
    project.write("a.txt", "one\n2\nthree\n")
    project.write("new.txt", "first\n")
    project.commit("one")
    project.write("a.txt", "zero\none\n2\nthree\nfour\n")
    project.commit("two")
    project.write("a.txt", "zero\none\nzwei\nthree\nfour\n")
    project.write("new.txt", "first\nsecond\n")
    project.git("mv", "b.txt", "moved.txt")
    project.commit("three")
    return ["HEAD~3", "HEAD"]


EXPECTED = {
    "a.txt": (b"one\ntwo\nthree\n", b"zero\none\nzwei\nthree\nfour\n"),
    "new.txt": (None, b"first\nsecond\n"),
    "moved.txt": (b"b\n", b"b\n"),
}


def formatted(project, tmp_path, *command: str) -> str:
    (tmp_path / "x.patch").write_bytes(project.git_bytes(*command))
    return str(tmp_path / "x.patch")


async def test_a_series_is_shown_as_what_it_comes_to(project, tmp_path):
    before, after = series(project)
    whole = {file.path: file for file in change_of(project.top, range=f"{before}..{after}").files}
    patch = formatted(project, tmp_path, "format-patch", "-3", "--stdout")
    files = change_of(project.top, patch=patch).files
    assert [file.path for file in files] == ["a.txt", "new.txt", "moved.txt"]
    for file in files:
        assert (file.unread, file.status) == ("", whole[file.path].status)
        assert list(file.hunks) == list(whole[file.path].hunks)
    assert await contents(project.top, patch=patch) == EXPECTED


async def test_a_series_reads_the_files_it_is_to_be_applied_to(project, tmp_path):
    series(project)
    patch = formatted(project, tmp_path, "format-patch", "-3", "--stdout")
    project.git("reset", "--quiet", "--hard", "HEAD~3")
    assert await contents(project.top, patch=patch) == EXPECTED
    outside = tmp_path / "outside"
    outside.mkdir()
    found = await contents(outside, patch=patch)
    assert found["new.txt"] == EXPECTED["new.txt"]


async def test_a_log_begins_with_the_last(project, tmp_path):
    series(project)
    patch = formatted(project, tmp_path, "log", "-3", "-p")
    assert await contents(project.top, patch=patch) == EXPECTED
    files = change_of(project.top, patch=patch).files
    assert not any(file.unread for file in files)


def test_lines_stand_where_they_are_in_the_end(project, tmp_path):
    series(project)
    patch = formatted(project, tmp_path, "format-patch", "-3", "--stdout", "--no-base")
    (file,) = [one for one in change_of(project.top, patch=patch).files if one.path == "a.txt"]
    assert file.touched(Side.NEW) == (range(1, 2), range(3, 4), range(5, 6))


def section(path: str, body: str, header: str = "") -> bytes:
    return f"diff --git a/{path} b/{path}\n{header}--- a/{path}\n+++ b/{path}\n{body}".encode()


def test_two_diffs_of_one_file_that_are_no_series_are_said():
    (file,) = parse(section("x", "@@ -1 +1 @@\n-a\n+b\n") + section("x", "@@ -1 +1 @@\n-a\n+c\n"))
    assert "aren't consecutive" in file.unread
    assert (file.added, file.removed) == (2, 2)


def test_ids_that_do_not_follow_are_said():
    (file,) = parse(
        section("x", "@@ -1 +1 @@\n-a\n+b\n", "index 1111111..2222222 100644\n")
        + section("x", "@@ -9 +9 @@\n-a\n+c\n", "index 3333333..4444444 100644\n")
    )
    assert "aren't consecutive" in file.unread


def test_what_a_series_takes_back_is_said():
    (file,) = parse(section("x", "@@ -1 +1 @@\n-a\n+b\n") + section("x", "@@ -1 +1 @@\n-b\n+a\n"))
    assert (file.body, file.unread) == (b"", "")
    assert "reverts" in file.notice


def test_a_file_that_is_moved_and_changed_is_one():
    moved = (
        b"diff --git a/x b/y\nsimilarity index 90%\nrename from x\nrename to y\n"
        b"--- a/x\n+++ b/y\n@@ -1 +1 @@\n-b\n+c\n"
    )
    (file,) = parse(section("x", "@@ -1 +1 @@\n-a\n+b\n") + moved)
    assert (file.path, file.old_path, file.status) == ("y", "x", FileStatus.RENAMED)
    assert file.body == b"@@ -1,1 +1,1 @@\n-a\n+c\n"


def test_a_file_that_is_deleted_after_a_change():
    gone = (
        b"diff --git a/x b/x\ndeleted file mode 100644\nindex 2222222..0000000\n"
        b"--- a/x\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-b\n-c\n"
    )
    (file,) = parse(section("x", "@@ -1,2 +1,2 @@\n-a\n+b\n c\n") + gone)
    assert (file.status, file.body) == (FileStatus.DELETED, b"@@ -1,2 +0,0 @@\n-a\n-c\n")


def test_a_file_that_is_written_anew_has_both_sides():
    gone = b"diff --git a/x b/x\ndeleted file mode 100644\nindex 1111111..0000000\n"
    gone += b"--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n"
    new = b"diff --git a/x b/x\nnew file mode 100644\nindex 0000000..2222222\n"
    new += b"--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+b\n"
    (file,) = parse(gone + new)
    assert (file.status, file.body) == (FileStatus.MODIFIED, b"@@ -1,1 +1,1 @@\n-a\n+b\n")


def test_many_diffs_of_one_file_take_no_longer_each():
    bodies = [section("x", f"@@ -{n},0 +{n + 1} @@\n+{n}\n") for n in range(1500)]
    (file,) = parse(b"".join(bodies))
    assert file.unread or (file.added, file.removed) == (1500, 0)
