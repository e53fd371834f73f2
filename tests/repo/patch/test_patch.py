"""Patches from anywhere: what is in them, cut anywhere, damaged anyhow."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.repo.printing import printed
from tests.repo.reading import change_of
from xreview.domain.change import NO_FILE, FileDiff, FileStatus, LineKind
from xreview.domain.errors import ChangeError
from xreview.repo.diff.git_diff import split_git_diff
from xreview.repo.patch.splitting import split_patch

# The same examples in every run, and no clock: the machine may be busy.
steady = settings(deadline=None, derandomize=True, max_examples=80)


def parse(patch: bytes) -> list[FileDiff]:
    return [file for batch in split_patch([patch]) for file in batch]


def lines_of(file: FileDiff) -> list[tuple[LineKind, str]]:
    return [(line.kind, line.text) for hunk in file.hunks for line in hunk.lines]


def one(patch: str) -> FileDiff:
    (file,) = parse(patch.encode("utf-8", "surrogateescape"))
    return file


# --- the forms


def test_what_diff_prints():
    file = one(
        "diff -ru old/x.c new/x.c\n"
        "--- old/x.c\t2024-01-02 03:04:05.000000000 +0100\n"
        "+++ new/x.c\t2024-01-02 03:04:06.000000000 +0100\n"
        "@@ -1,2 +1,2 @@ int main\n"
        " same\n"
        "--- a/y\n"
        "+++ b/y\n"
        "Only in new: z\n"
    )
    assert (file.path, file.old_path, file.status) == ("x.c", None, FileStatus.MODIFIED)
    assert lines_of(file) == [
        (LineKind.CONTEXT, "same"),
        (LineKind.REMOVED, "-- a/y"),
        (LineKind.ADDED, "++ b/y"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "path", "status"),
    [
        ("a/x", "b/x", "x", "M"),
        ("i/x", "w/x", "x", "M"),
        ("b/x", "a/x", "x", "M"),
        ("a/x", "a/x", "a/x", "M"),
        ("x", "x", "x", "M"),
        ("/dev/null", "b/x", "x", "A"),
        ("a/x", "/dev/null", "x", "D"),
        ("x\t1970-01-01 00:00:00.000000000 +0000", "x\t2024-01-01 00:00:00 +0000", "x", "A"),
        ("x 2024-01-01 00:00:00", "x 2024-01-01 00:00:00", "x", "M"),
        ('"a/tab\\t\\303\\251"', '"b/tab\\t\\303\\251"', "tab\té", "M"),
        ("x.orig", "x", "x", "M"),
    ],
)
def test_names_without_a_line_of_git(old, new, path, status):
    hunk = {
        "A": "@@ -0,0 +1 @@\n+b\n",
        "D": "@@ -1 +0,0 @@\n-a\n",
        "M": "@@ -1 +1 @@\n-a\n+b\n",
    }
    file = one(f"--- {old}\n+++ {new}\n{hunk[status]}")
    assert (file.path, file.status.value, file.unread) == (path, status, "")


@pytest.mark.parametrize(
    ("names", "path"),
    [
        ("a/x b/x", "x"),
        ("a/x y b/x y", "x y"),
        ("a/x b/x b/x b/x", "x b/x"),
        ("x x", "x"),
        ("a/x a/x", "a/x"),
        ('"a/\\tx" "b/\\tx"', "\tx"),
        ('a/x "b/x"', "x"),
        ('"a/\\"q\\\\\\"" "b/\\"q\\\\\\""', '"q\\"'),
        ('"a/\\377" "b/\\377"', "\udcff"),
    ],
)
def test_names_in_a_line_of_git(names, path):
    file = one(f"diff --git {names}\nold mode 100644\nnew mode 100755\n")
    assert (file.path, file.old_mode, file.new_mode) == (path, "100644", "100755")


def test_a_mail_of_format_patch():
    files = parse(
        b"From 1234567 Mon Sep 17 00:00:00 2001\nFrom: A <a@example.org>\n"
        b"Subject: [PATCH] Do it\n\nSome words.\n--- not a file\n\ndiff of words\n---\n"
        b" x | 3 +--\n 1 file changed\n\n"
        b"diff --git a/x b/x\nindex 1234567..89abcde 100644\n--- a/x\n+++ b/x\n"
        b"@@ -1,2 +1 @@\n-- \n-two\n+one\n-- \n2.39.5\n\n"
        b"From 2345678 Mon Sep 17 00:00:00 2001\nSubject: [PATCH 2/2] And that\n---\n"
        b"diff --git a/y b/y\nnew file mode 100644\nindex 0000000..89abcde\n--- /dev/null\n"
        b"+++ b/y\n@@ -0,0 +1 @@\n+y\n\\ No newline at end of file\n-- \n2.39.5\n"
    )
    assert [(file.path, file.status.value) for file in files] == [("x", "M"), ("y", "A")]
    assert lines_of(files[0]) == [
        (LineKind.REMOVED, "- "),
        (LineKind.REMOVED, "two"),
        (LineKind.ADDED, "one"),
    ]
    assert not any(file.notice for file in files)
    (line,) = next(files[1].hunks).lines
    assert line.ends_file_without_newline


def test_a_header_in_mid_hunk_is_a_line():
    file = one(
        "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,4 +1,4 @@\n diff --git a/y b/y\n"
        "--- a/y\n+++ b/y\n @@ -1 +1 @@\n \n"
    )
    assert len(lines_of(file)) == 5
    assert file.path == "x"


def test_a_patch_that_got_crlf_on_its_way():
    patch = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@ f\n \n-a\n+b\n"
    assert one(patch.replace("\n", "\r\n")) == one(patch)


def test_a_patch_of_a_file_with_crlf_keeps_it():
    file = one("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\r\n+b\r\n")
    assert lines_of(file) == [(LineKind.REMOVED, "a\r"), (LineKind.ADDED, "b\r")]


def test_context_lines_that_lost_their_space():
    file = one("--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n\n-a\n+b\n\n--- a/y\n")
    assert lines_of(file)[0] == lines_of(file)[3] == (LineKind.CONTEXT, "")


def test_a_combined_diff_is_shown_against_the_first_parent():
    (file,) = parse(
        b"diff --cc f\nindex f2ad6c7,6178079..0000000\n--- a/f\n+++ b/f\n"
        b"@@@ -1,3 -1,3 +1,6 @@@ section\n++<<<<<<< HEAD\n +c\n++=======\n+ b\n++>>>>>>> o\n"
        b"  same\n -only in the second\n- only in the first\n"
    )
    assert (file.path, file.old_blob, file.new_blob) == ("f", "f2ad6c7", "")
    assert "first" in file.notice
    assert "damaged" not in file.notice
    (hunk,) = file.hunks
    assert (hunk.old_count, hunk.new_count, hunk.section) == (3, 6, "section")
    assert [line.text for line in hunk.lines if line.kind is LineKind.ADDED] == [
        "<<<<<<< HEAD",
        "=======",
        "b",
        ">>>>>>> o",
    ]
    assert [line.text for line in hunk.lines if line.kind is not LineKind.ADDED] == [
        "c",
        "same",
        "only in the first",
    ]


def test_what_git_prints_of_a_conflict(project, tmp_path):
    project.branch("side")
    project.write("a.txt", "one\nside\nthree\n")
    project.commit("side")
    project.checkout("main")
    project.write("a.txt", "one\nmain\nthree\n")
    project.commit("main")
    project.git("merge", "side", check=False)
    (tmp_path / "x.patch").write_bytes(project.git_bytes("diff"))
    (file,) = change_of(tmp_path, patch="x.patch").files
    assert "damaged" not in file.notice
    assert [text for kind, text in lines_of(file) if kind is LineKind.ADDED] == [
        "<<<<<<< HEAD",
        "=======",
        "side",
        ">>>>>>> side",
    ]


# --- damage

GONE = (
    b"diff --git a/x b/x\ndeleted file mode 100644\nindex 1234567..0000000\n"
    b"--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-gone\n"
)


@pytest.mark.parametrize(
    "patch",
    [
        b"",
        b"\n\n",
        b"hello\n",
        b"--- a\n+++ b\n",
        b"@@ -1 +1 @@\n-a\n+b\n",
        b"\0" * 100,
        b"\xff\xfe",
    ],
)
def test_nothing_in_it_is_said(patch):
    with pytest.raises(ChangeError, match="no diff"):
        parse(patch)


@pytest.mark.parametrize(
    ("hunk", "lines"),
    [
        ("@@ -1,9 +1,9 @@\n-a\n+b\n", 8),
        ("@@ -1,999999999 +1 @@\n-a\n+b\n", 999_999_998),
        ("@@ -1,2 +1,2 @@\n-a\n+b\nnot a line of a hunk\n-c\n+d\n", 1 + 3),
    ],
)
def test_a_short_hunk_is_shown_and_said(hunk, lines):
    patch = f"diff --git a/x b/x\n--- a/x\n+++ b/x\n{hunk}"
    first, second = parse(patch.encode() + GONE.replace(b"/x", b"/y"))
    assert lines_of(first) == [(LineKind.REMOVED, "a"), (LineKind.ADDED, "b")]
    assert "damaged" in first.notice
    assert first.unread_lines == lines
    assert (second.path, second.notice) == ("y", "")


def test_numbers_no_machine_reads_are_no_hunk():
    digits = "9" * 5000
    file = one(f"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -{digits} +1 @@\n-a\n+b\n")
    assert list(file.hunks) == []


@pytest.mark.parametrize(
    "piece",
    [
        b" ",
        b"\t",
        b" and ",
        b'"',
        b"\\",
        b"@",
        b"@@ -1 +1 @@ ",
        b" -1",
        b"a/x ",
        b"index 1234567..",
    ],
)
@pytest.mark.parametrize(
    "start",
    [b"--- ", b"diff --git ", b'diff --git "', b"Binary files ", b"@@ ", b"@@@", b"index ", b"+"],
)
def test_no_line_takes_for_ever(start, piece):
    row = start + piece * (400_000 // len(piece))
    header = b"diff --git a/x b/x\nnew file mode 100644\n"
    tail = b"\n+++ b/x\n@@ -0,0 +1 @@\n+x\n"
    last = b"\ndiff --git a/y b/y\ndeleted file mode 100644\n"
    files = parse(header + row + tail + row + b" differ\n" + row * 2 + last)
    assert [file.path for file in files if file.path != NO_FILE][-1] == "y"


def test_many_header_lines_take_no_longer_each():
    rows = b"index 1234567..89abcde\n" * 50_000 + b"--- a/x\n" * 50_000
    (file,) = parse(b"diff --git a/x b/x\n" + rows)
    assert file.new_blob == "89abcde"


FRAGMENTS = [
    b"diff --git a/x b/x\n",
    b"diff --git a/y b/z\n",
    b'diff --git "a/\\303\n',
    b"diff --cc x\n",
    b"index 1234567..89abcde 100644\n",
    b"new file mode 100644\n",
    b"deleted file mode 120000\n",
    b"rename from x\n",
    b"rename to y\n",
    b"--- a/x\n",
    b"+++ b/x\n",
    b"--- /dev/null\n",
    b"+++ /dev/null\n",
    b"@@ -1,2 +1,2 @@\n",
    b"@@ -0,0 +1 @@\r\n",
    b"@@@ -1 -1 +1,2 @@@\n",
    b" context\n",
    b"-removed\n",
    b"+added\n",
    b"++both\n",
    b"\\ No newline at end of file\n",
    b"\n",
    b"\r\n",
    b"Binary files a/x and b/x differ\n",
    b"GIT binary patch\nliteral 3\nKcmZ\n\n",
    b"-- \n2.39\n",
    b"\xff\0\x1b[31m",
]
soup = st.lists(st.sampled_from(FRAGMENTS) | st.binary(max_size=8), max_size=25).map(b"".join)


@steady
@given(soup)
def test_soup_is_read_or_refused(patch):
    try:
        files = parse(patch)
    except ChangeError:
        return
    assert files
    for file in files:
        assert file.path
        file.path.encode("utf-8", "surrogateescape")
        lines_of(file)


def cut(data: bytes, places: list[int]) -> list[bytes]:
    ends = sorted({place % (len(data) + 1) for place in places} | {0, len(data)})
    return [data[start:end] for start, end in pairwise(ends)]


def files_or_refusal(splitter, chunks):
    try:
        return [file for batch in splitter(chunks) for file in batch]
    except ChangeError as refusal:
        return refusal.message


@steady
@given(soup, st.lists(st.integers(0, 1000), max_size=12))
def test_it_does_not_matter_where_a_patch_is_cut(patch, places):
    whole = files_or_refusal(split_patch, [patch])
    assert files_or_refusal(split_patch, cut(patch, places)) == whole


# --- what is printed is read back

IDS = st.text("0123456789abcdef", min_size=7, max_size=40).filter(lambda id: id.strip("0"))
LINES = st.binary(max_size=12).map(
    lambda line: line.replace(b"\n", b" ").replace(b"\0", b"0")
) | st.sampled_from(
    [b"", b"-- a/x", b"++ b/x", b"diff --git a/y b/y", b"- ", b"@@ -1 +1 @@", b"a\rb\r"]
)
NAMES = st.lists(
    st.binary(min_size=1, max_size=6).filter(lambda part: not set(part) & set(b"/\0")),
    min_size=1,
    max_size=3,
).map(b"/".join)


@st.composite
def bodies(draw, marks=" +-"):
    """Hunks whose counts and line numbers are right; sometimes no line feed ends the file."""
    result = b""
    old_line, new_line = (int(mark in marks) for mark in "-+")
    for _ in range(draw(st.integers(1, 3)) if len(marks) > 1 else 1):
        drawn = draw(st.lists(st.sampled_from(marks), min_size=1, max_size=6))
        if set(drawn) == {" "}:
            drawn.append("+")
        old, new = (sum(mark != other for mark in drawn) for other in "+-")
        section = draw(st.sampled_from([b"", b" def f():", b" @@ x"]))
        starts = (old_line - (old == 0 and old_line > 0), new_line - (new == 0 and new_line > 0))
        result += f"@@ -{starts[0]},{old} +{starts[1]},{new} @@".encode() + section + b"\n"
        for mark in drawn:
            result += mark.encode() + draw(LINES) + b"\n"
        old_line, new_line = old_line + old + 4, new_line + new + 4
    if draw(st.booleans()):
        result += b"\\ No newline at end of file\n"
    return result


@st.composite
def diffs(draw):
    status = draw(st.sampled_from([FileStatus(letter) for letter in "ACDMR"]))
    moved = status in (FileStatus.COPIED, FileStatus.RENAMED)
    old, new = draw(st.tuples(NAMES, NAMES).filter(lambda pair: pair[0] != pair[1]))
    marks = {FileStatus.ADDED: "+", FileStatus.DELETED: "-"}.get(status, " +-")
    body = draw(bodies(marks) | st.just(b"")) if moved else draw(bodies(marks))
    has_old, has_new = status is not FileStatus.ADDED, status is not FileStatus.DELETED
    mode = draw(st.sampled_from(["100644", "100755"]))
    ids = bool(body)
    return FileDiff(
        path=new.decode("utf-8", "surrogateescape"),
        status=status,
        old_path=old.decode("utf-8", "surrogateescape") if moved else None,
        old_mode=mode if has_old and ids else "",
        new_mode=mode if has_new and ids else "",
        old_blob=draw(IDS) if has_old and ids else "",
        new_blob=draw(IDS) if has_new and ids else "",
        body=body,
    )


@steady
@given(st.lists(diffs(), min_size=1, max_size=4, unique_by=lambda file: file.path))
def test_what_is_printed_is_read_back(files):
    assert parse(b"".join(map(printed, files))) == files


@steady
@given(
    st.lists(diffs(), min_size=1, max_size=4, unique_by=lambda file: file.path),
    st.lists(st.integers(0, 5000), max_size=12),
)
def test_our_own_diff_is_read_the_same_however_it_is_cut(files, places):
    stream = b"".join(map(printed, files))
    assert files_or_refusal(split_git_diff, cut(stream, places)) == files
    assert files_or_refusal(split_patch, cut(stream, places)) == files


def test_nothing_in_our_own_diff_is_no_error():
    assert list(split_git_diff([])) == []


def test_batches_come_as_soon_as_files_are_complete():
    sections = [
        f"diff --git a/{name} b/{name}\n--- a/{name}\n+++ b/{name}\n@@ -1 +1 @@\n-a\n+b\n".encode()
        for name in "xyz"
    ]
    for splitter in (split_git_diff, split_patch):
        seen: list[str] = []
        fed: list[int] = []

        def feed(fed=fed):
            for section in sections:
                fed.append(len(fed))
                yield section

        for batch in splitter(feed()):
            seen.extend(file.path for file in batch)
            assert len(seen) >= len(fed) - 1
        assert seen == ["x", "y", "z"]


# --- reading the file


def test_a_patch_is_read_outside_of_a_repository(tmp_path):
    (tmp_path / "x.patch").write_text("--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+x\n")
    change = change_of(tmp_path, patch="x.patch")
    assert (change.source.title, change.source.repository) == ("patch x.patch", "")
    assert [file.path for file in change.files] == ["x"]


def test_a_patch_is_read_from_standard_input(tmp_path, monkeypatch):
    path = tmp_path / "x.patch"
    path.write_text("--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+x\n")
    with path.open() as standard_input:
        monkeypatch.setattr("sys.stdin", standard_input)
        change = change_of(tmp_path, patch="-")
    assert change.source.title == "patch from standard input"
    assert [file.path for file in change.files] == ["x"]


@pytest.mark.parametrize(("name", "sentence"), [("missing", "No such file"), (".", "directory")])
def test_a_patch_that_can_not_be_read_is_refused(tmp_path, name, sentence):
    with pytest.raises(ChangeError, match=sentence):
        change_of(tmp_path, patch=name)


def test_a_patch_with_nothing_in_it_is_refused_at_once(tmp_path):
    (tmp_path / "x.patch").write_text("nothing\n")
    with pytest.raises(ChangeError, match="no diff"):
        change_of(tmp_path, patch="x.patch")
