"""What stands around diffs is told from what is left of one."""

import pytest

from xreview.domain.change import NO_FILE, FileDiff
from xreview.domain.errors import ChangeError
from xreview.repo.patch.splitting import split_patch

X = b"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"
Y = X.replace(b"/x", b"/y")


def parse(patch: bytes) -> list[FileDiff]:
    return [file for batch in split_patch([patch]) for file in batch]


MAIL = (
    b"From 1111111111111111111111111111111111111111 Mon Sep 17 00:00:00 2001\n"
    b"From: A <a@example.org>\nDate: Mon, 1 Jan 2024 00:00:00 +0000\nSubject: [PATCH 1/2] s\n\n"
    b"- a bullet\n+ another\n--option was wrong\n\nSigned-off-by: A <a@example.org>\n---\n"
    b"v2:\n- fixed a typo\n\n x | 2 +-\n y => z | Bin 1 -> 2 bytes\n 2 files changed\n"
    b" create mode 100644 z\n\n"
)
SIGNATURE = b"-- \n2.39.5\n\n"


@pytest.mark.parametrize(
    "patch",
    [
        MAIL + X + SIGNATURE + MAIL + Y + SIGNATURE,
        MAIL + X + b"\nbase-commit: 1111111111\n" + SIGNATURE,
        X + SIGNATURE + b"_______\nA list\nhttps://lists.example.org/\n",
        b"Some words about it.\n* and more\n\n" + X,
        b"commit 1111111\nAuthor: A <a@example.org>\n\n    - words\n    + more\n\n" + X
        + b"\ncommit 2222222\nAuthor: A <a@example.org>\n\n    @@ -1 +1 @@\n\n" + Y,
        b"# HG changeset patch\n# User A\n# Node ID 1111\n- words\n\n" + X,
        b"Index: x\n===================================================================\n"
        b"--- x\t(revision 1)\n+++ x\t(working copy)\n@@ -1 +1 @@\n-a\n+b\n"
        b"Index: y\n===================================================================\n"
        b"--- y\t(revision 1)\n+++ y\t(working copy)\n@@ -1 +1 @@\n-a\n+b\n",
        b"Only in old: v\ndiff -ru old/x new/x\n--- old/x\n+++ new/x\n@@ -1 +1 @@\n-a\n+b\n"
        b"Only in new: z\nCommon subdirectories: old/s and new/s\n",
        b"diff -r 111111111111 x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
        X + b"\n\n" + Y,
        X.removesuffix(b"\n") + b"\n \n".replace(b" ", b""),
    ],
)  # fmt: skip
def test_what_tools_write_around_diffs_is_no_damage(patch):
    assert [file.unread for file in parse(patch) if file.unread] == []


@pytest.mark.parametrize(
    ("patch", "path", "lines"),
    [
        (X + b"hello\n" + Y, NO_FILE, 1),
        (X + b"hello\n+evil()\n@@ -1 +1 @@\n-a\n+b\n" + Y, NO_FILE, 5),
        (b"+evil()\n" + X, NO_FILE, 1),
        (b"@@ -1 +1 @@\n-a\n+b\n" + X, NO_FILE, 3),
        (b"+++ b/z\n@@ -0,0 +1 @@\n+evil()\n" + X, NO_FILE, 3),
        (MAIL + b"+evil()\n" + X, NO_FILE, 1),
        (X + SIGNATURE + b"+evil()\n", NO_FILE, 1),
        (b"*** a/z\n--- b/z\n***************\n*** 1 ****\n! a\n--- 1 ----\n! b\n" + X, NO_FILE, 4),
        (b"3c3\n< a\n---\n> b\n" + X, NO_FILE, 3),
        (X + b"\0" * 9 + b"\n", NO_FILE, 1),
        (X + b"diff --git a/q\n@@ -1 +1 @@\n-a\n+b\n", NO_FILE, 2),
        (X + b"+c\n c\n", "x", 2),
        (X + b"\n+c\n", "x", 1),
        (X + b"@@ -5 + @@\n-c\n+d\n", "x", 3),
        (X + b"@@ -1 +1 @@\n-a\n+b\n", "x", 0),
        (X + b"@@ -9 +10 @@\n-a\n+b\n", "x", 0),
        (X + b"@@ -9 +9 @@\n a\n", "x", 0),
        (X + b"\\ No newline at end of file\n@@ -9 +9 @@\n-a\n+b\n", "x", 0),
        (X.replace(b"@@\n", b"@@\n\\ No newline at end of file\n"), "x", 0),
        (X + b"diff --git a/z b/z\n", "z", 0),
        (X + b"diff --git a/y b/z\nsimilarity index 100%\nrename from y\nrename to z\n"
         b"rename to ../z\n", "z", 1),
        (X + b"diff --git a/z b/z\nindex 1111111..2222222 100644\n", "z", 0),
        (X + b"diff --git a/z b/z\nindex 1111111..2222222 100644\n--- a/z\n+++ b/z\n", "z", 0),
        (X + b"diff --git a/z b/z\nnew file mode 100644\n", "z", 0),
        (X + b"diff --git a/z b/z\nold mode 100644\nnew mode 100755\n", "z", 0),
        (X + b"diff --git a/z b/z\nindex 1111111..2222222 160000\n--- a/z\n+++ b/z\n"
         b"@@ -1 +1 @@\n-Subproject commit 1111111\n+Subproject commit 2222222\n", "z", 0),
        (X + b"Submodule z 1111111..2222222:\n  > words\n  < words\n", "z", 0),
        (X + b"Binary files a/z and b/z differ\n", "z", 0),
        (X + b"diff --git a/z b/z\nindex 1..2\nGIT binary patch\nliteral 1\nIcmZPo000310RR91\n\n"
         b"literal 0\nHcmV?d00001\n\n", "z", 0),
        (X + Y.replace(b"--- a/y", b"deleted file mode 100644\n--- a/y"), "y", 0),
        (X + Y.replace(b"--- a/y", b"new file mode 100644\n--- a/y"), "y", 0),
        (X + Y.replace(b"--- a/y", b"Binary files a/y and b/y differ\n--- a/y"), "y", 0),
    ],
)  # fmt: skip
def test_what_may_be_left_of_a_diff_is_said(patch, path, lines):
    unread = {file.path: (file.unread, file.unread_lines) for file in parse(patch) if file.unread}
    assert list(unread) == [path]
    assert unread[path][1] == lines


def test_what_contradicts_its_header_is_read_all_the_same():
    header = b"diff --git a/x b/x\ndeleted file mode 100644\n--- a/x\n+++ b/x\n"
    (file,) = parse(header + b"@@ -1 +1 @@\n-a\n+evil()\n")
    assert (file.status.value, file.added, file.removed) == ("M", 1, 1)
    (file,) = parse(X.replace(b"--- a", b"Binary files a/x and b/x differ\n--- a"))
    assert (file.binary, file.added, file.removed) == (False, 1, 1)


def test_a_diff_of_another_format_is_refused():
    with pytest.raises(ChangeError, match="no diff"):
        parse(b"*** a/z\n--- b/z\n***************\n*** 1 ****\n! a\n--- 1 ----\n! b\n")
