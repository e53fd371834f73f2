"""A forge's diff as file diffs."""

import os
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.change import FileDiff, FileStatus
from xreview.forge.diff_text import ListedFile, checked_body, files_of_diff, hunks_in

MODIFIED = b"""diff --git a/a.py b/a.py
index 1111111..2222222 100644
--- a/a.py
+++ b/a.py
@@ -1,3 +1,3 @@ def f():
 one
--- a/x
+++ b/x
 three
"""


def read(text: bytes, *listed: ListedFile) -> list[FileDiff]:
    return list(files_of_diff(text, listed))


def test_lines_that_look_like_the_beginning_of_a_file_are_lines():
    (file,) = read(MODIFIED)
    assert (file.path, file.status, file.old_path) == ("a.py", FileStatus.MODIFIED, None)
    assert (file.old_blob, file.new_blob, file.new_mode) == ("1111111", "2222222", "100644")
    assert file.body.startswith(b"@@ -1,3 +1,3 @@ def f():\n one\n--- a/x\n")
    assert (file.added, file.removed, file.unread) == (1, 1, "")


def test_files_of_all_kinds():
    added, deleted, renamed, binary, mode, empty = read(
        b"diff --git a/n.py b/n.py\nnew file mode 100755\nindex 0000000..1111111\n"
        b"--- /dev/null\n+++ b/n.py\n@@ -0,0 +1 @@\n+n\n\\ No newline at end of file\n"
        b"diff --git a/d.py b/d.py\ndeleted file mode 100644\nindex 1111111..0000000\n"
        b"--- a/d.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-d\n"
        b"diff --git a/o.py b/m.py\nsimilarity index 100%\nrename from o.py\nrename to m.py\n"
        b"diff --git a/i.png b/i.png\nindex 1111111..2222222 100644\n"
        b"Binary files a/i.png and b/i.png differ\n"
        b"diff --git a/run b/run\nold mode 100644\nnew mode 100755\n"
        b"diff --git a/a b c b/a b c\nnew file mode 100644\nindex 0000000..e69de29\n"
    )
    assert (added.status, added.old_mode, added.new_mode) == (FileStatus.ADDED, "", "100755")
    assert added.body.endswith(b"\\ No newline at end of file\n")
    assert (deleted.status, deleted.path, deleted.old_mode) == (
        FileStatus.DELETED,
        "d.py",
        "100644",
    )
    assert (renamed.status, renamed.old_path, renamed.path) == (FileStatus.RENAMED, "o.py", "m.py")
    assert binary.binary
    assert (mode.old_mode, mode.new_mode) == ("100644", "100755")
    assert (empty.path, empty.binary) == ("a b c", False)


def test_quoted_names():
    (file,) = read(
        b'diff --git "a/\\303\\251 \\"x\\"\\t.py" "b/\\303\\251 \\"x\\"\\t.py"\n'
        b'--- "a/\\303\\251 \\"x\\"\\t.py"\n+++ "b/\\303\\251 \\"x\\"\\t.py"\n@@ -1 +1 @@\n-a\n+b\n'
    )
    assert file.path == 'é "x"\t.py'


def test_what_the_forge_leaves_out_is_unread():
    listed = (
        ListedFile("a.py", FileStatus.MODIFIED, None, 2),
        ListedFile("big.py", FileStatus.ADDED, None, 90_000),
        ListedFile("far.py", FileStatus.RENAMED, "near.py", 3),
    )
    big = b"diff --git a/big.py b/big.py\nnew file mode 100644\nindex 0000000..1111111\n"
    first, second, third = read(MODIFIED + big, *listed)
    assert first.unread == ""
    assert "leaves out its lines" in second.unread
    assert (second.unread_lines, second.status) == (90_000, FileStatus.ADDED)
    assert "leaves it out of the diff" in third.unread
    assert third.old_path == "near.py"


def test_a_diff_that_is_too_large():
    (file,) = files_of_diff(None, [ListedFile("a.py", FileStatus.MODIFIED, None, 5)])
    assert file.unread == "the diff has more than 32 MB"


@pytest.mark.parametrize(
    ("body", "missing"),
    [(b"@@ -1,3 +1,2 @@\n a\n", 2), (b"@@ -1 +1 @@\n@@ -9 +9 @@\n-a\n+b\n", 1), (b"", 0)],
)
def test_hunks_with_fewer_lines_than_they_say(body, missing):
    file = checked_body(FileDiff("a.py", FileStatus.MODIFIED, body=body))
    assert file.unread_lines == missing
    assert bool(file.unread) is bool(missing)


def test_hunks_after_other_lines():
    assert hunks_in("--- a\n+++ b\n@@ -1 +1 @@\n") == b"@@ -1 +1 @@\n"
    assert hunks_in("Binary files differ\n") == b""


ROWS = st.lists(
    st.sampled_from(["", "a", "-- a/x", "++ b/x", "@@ -1 +1 @@", "diff --git a/x b/x", "é\r"]),
    max_size=12,
)


@given(old=ROWS, new=ROWS)
def test_as_git_prints_it(tmp_path_factory, old, new):
    folder = tmp_path_factory.mktemp("diff")
    for name, rows in (("old", old), ("new", new)):
        (folder / name).write_text("".join(f"{row}\n" for row in rows), "utf-8")
    command = ["git", "diff", "--no-index", "--no-color", "old", "new"]
    plain = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(command, cwd=folder, env=plain, capture_output=True, check=False)
    text = done.stdout
    for file in read(text):
        assert file.unread == ""
        lines = [line for hunk in file.hunks for line in hunk.lines]
        assert [one.text for one in lines if one.kind != "+"] == [
            row for at, row in enumerate(old, 1) if at in {one.old_number for one in lines}
        ]


@given(st.binary(max_size=200) | st.lists(st.sampled_from(MODIFIED.splitlines(True))).map(b"".join))
def test_any_text_is_read(text):
    for file in read(text):
        assert isinstance(file.path, str)
