"""The account's other side: what the diffs show and what they miss is all that git counts."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.repo.builder import Builder
from xreview.domain.change import FileDiff, FileStatus, Unshown
from xreview.domain.errors import ChangeError
from xreview.repo.change.collecting import collect
from xreview.repo.change.counting import GitCount, find_missing, parse_counts
from xreview.repo.change.request import ChangeRequest
from xreview.repo.change.untracked import Bounds, untracked_files
from xreview.repo.diff.git_diff import split_git_diff

NOBODY = 65534


def collected(top: Path, **request) -> tuple[dict[str, FileDiff], tuple[Unshown, ...]]:
    change = collect(ChangeRequest(top, **request))
    try:
        files = [file for batch in change.batches for file in batch]
        return {file.path: file for file in files}, change.count(files)
    finally:
        change.close()


@pytest.fixture
def project(tmp_path: Path, home: Path) -> Builder:
    builder = Builder(tmp_path / "project")
    builder.write("a.py", "print(1)\n")
    builder.write("b.bin", b"\0\1\2")
    builder.commit("first")
    return builder


DISGUISES = ["*.py -diff\n", "*.py binary\n", "* -text -diff\n", "a.py diff=x\n"]


@pytest.mark.parametrize("attributes", DISGUISES)
@pytest.mark.parametrize("place", [".gitattributes", ".git/info/attributes"])
def test_no_attribute_hides_the_lines_of_a_text_file(project, attributes, place):
    project.write(place, attributes)
    project.git("config", "diff.x.binary", "true")
    project.write("a.py", "eval(input())\n")
    project.write("b.bin", b"\0\3")
    files, unread = collected(project.top)
    assert (files["a.py"].added, files["a.py"].removed) == (1, 1)
    assert files["b.bin"].binary
    assert unread == ()


@pytest.mark.parametrize("attributes", DISGUISES)
def test_no_attribute_of_a_commit_hides_its_own_lines(project, attributes):
    project.git("config", "diff.x.binary", "true")
    project.write(".gitattributes", attributes)
    project.write("a.py", "eval(input())\n")
    project.git("mv", "b.bin", "c.bin")
    project.commit("hide")
    files, unread = collected(project.top, commit="HEAD")
    assert (files["a.py"].added, files["a.py"].removed) == (1, 1)
    assert unread == ()


def test_a_renamed_file_that_an_attribute_hides_stays_a_renamed_one(project):
    project.write("long.py", "".join(f"line_{n} = {n}\n" for n in range(50)))
    project.commit("long")
    project.write(".gitattributes", "*.py -diff\n")
    project.git("mv", "long.py", "other.py")
    text = project.path("other.py").read_text()
    project.write("other.py", f"{text}eval(input())\n")
    project.commit("move")
    files, _ = collected(project.top, commit="HEAD")
    assert files["other.py"].old_path == "long.py"
    assert files["other.py"].added == 1


def test_the_repository_cannot_call_its_code_too_large(project):
    project.git("config", "core.bigFileThreshold", "10")
    project.write("a.py", "eval(input())  # longer than ten bytes\n")
    files, _ = collected(project.top)
    assert files["a.py"].added == 1


def unread_in(files: list[FileDiff]) -> list[tuple[str, str, int]]:
    return [(file.path, file.unread, file.unread_lines) for file in files if file.unread]


def test_a_diff_that_is_too_large_is_counted_and_not_held():
    header = b"diff --git a/%s b/%s\nindex 1..2 100644\n--- a/%s\n+++ b/%s\n"
    small = header.replace(b"%s", b"s.py") + b"@@ -1 +1 @@\n-a\n+b\n"
    hunk = b"@@ -1,2 +1,5000 @@\n" + b"+++ pad\n" * 5000 + b"-x\n-y\n"
    large = header.replace(b"%s", b"l.py") + hunk
    whole = small + large + small.replace(b"s.py", b"t.py")
    for size in (1, 7, 100, 4096, len(whole)):
        chunks = (whole[at : at + size] for at in range(0, len(whole), size))
        files = [file for batch in split_git_diff(chunks, 10_000) for file in batch]
        assert [(file.path, file.added, file.removed) for file in files] == [
            ("s.py", 1, 1),
            ("l.py", 0, 0),
            ("t.py", 1, 1),
        ]
        assert unread_in(files) == [("l.py", "its diff is too large", 5002)]
        assert files[1].notice == "Not read: its diff is too large (5,002 changed lines)."


def test_one_line_of_any_length_takes_no_memory():
    header = b"diff --git a/l b/l\nindex 1..2 100644\n--- a/l\n+++ b/l\n@@ -0,0 +1 @@\n+"
    mode = b"\ndiff --git a/m b/m\nold mode 100644\nnew mode 100755"
    chunks = [header, *[b"x" * 1000] * 1000, mode]
    files = [file for batch in split_git_diff(chunks, 10_000) for file in batch]
    assert [file.path for file in files] == ["l", "m"]
    assert unread_in(files) == [("l", "its diff is too large", 1)]


def test_after_so_much_diffs_are_named_only():
    section = b"diff --git a/%d b/%d\nindex 1..2 100644\n--- a/%d\n+++ b/%d\n@@ -1 +1 @@\n-a\n+b\n"
    whole = b"".join(section % (n, n, n, n) for n in range(100))
    files = [file for batch in split_git_diff([whole], 10_000, 1000) for file in batch]
    assert [file.path for file in files] == [str(n) for n in range(100)]
    assert sum(file.added + file.removed + file.unread_lines for file in files) == 200
    assert sum(len(file.body) for file in files) < 1000


def test_the_smallest_untracked_files_are_read_first(project):
    for number in range(8):
        project.write(f"huge{number}.py", "x = 1\n" * 200)
    project.write("zz.py", "eval(input())\n")
    project.write("big.py", "y = 2\n" * 1000)
    listing = [b"\0".join([*(b"huge%d.py" % n for n in range(8)), b"big.py", b"zz.py", b""])]
    unread: list[Unshown] = []
    bounds = Bounds(file_bytes=2000, all_bytes=5000, files=9, counted_bytes=7000)
    batches = untracked_files(project.top, listing, unread, bounds)
    files = {file.path: file for batch in batches for file in batch}
    assert files["zz.py"].added == 1
    assert sum(bool(file.body) for file in files.values()) == 5
    huge = files["huge7.py"]
    assert (huge.unread, huge.unread_lines) == ("it has 1,200 bytes", 200)
    assert unread == [Unshown("big.py", "only the 9 smallest of 10 untracked files are read")]


@pytest.fixture
def nobody() -> Iterator[Path]:
    """A folder of a user who is not root, and that user's rights, since to root nothing is
    forbidden."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        is_root = os.geteuid() == 0
        try:
            if is_root:
                os.chown(folder, NOBODY, NOBODY)
                os.seteuid(NOBODY)
            yield folder
        finally:
            if is_root:
                os.seteuid(0)


def test_a_file_that_may_not_be_read_is_named(nobody):
    (nobody / "secret.py").write_text("x\n")
    (nobody / "secret.py").chmod(0)
    [[file]] = untracked_files(nobody, [b"secret.py\0"], [])
    assert file.notice == "Not read: secret.py can't be read: Permission denied."
    assert file.unread == "secret.py can't be read: Permission denied"


def test_a_folder_that_git_may_not_list_is_named(nobody):
    builder = Builder(nobody / "project")
    builder.write("locked/evil.py", "eval(input())\n")
    builder.write("seen.py", "x = 1\n")
    builder.path("locked").chmod(0)
    try:
        files, unread = collected(builder.top)
    finally:
        builder.path("locked").chmod(0o755)
    assert list(files) == ["seen.py"]
    assert [one.path for one in unread] == [""]
    assert "could not open directory 'locked/'" in unread[0].why


def test_a_folder_of_tracked_files_that_git_may_not_enter_is_named(nobody):
    builder = Builder(nobody / "project")
    builder.write("locked/kept.py", "x = 1\n")
    builder.write("seen.py", "x = 1\n")
    builder.commit("first")
    builder.write("seen.py", "x = 2\n")
    builder.path("locked").chmod(0)
    try:
        files, unread = collected(builder.top)
    finally:
        builder.path("locked").chmod(0o755)
    assert "seen.py" in files
    assert any("locked" in one.why for one in unread), (files, unread)


def test_untracked_files_are_left_out_where_the_repository_never_shows_them(project):
    project.git("config", "status.showUntrackedFiles", "no")
    project.write("id_rsa", "key\n")
    project.write("a.py", "print(2)\n")
    change = collect(ChangeRequest(project.top))
    assert [file.path for batch in change.batches for file in batch] == ["a.py"]
    assert change.source.notices == (
        "Untracked files are left out: `status.showUntrackedFiles` is “no”.",
    )


def test_what_git_counts_and_no_diff_shows_is_missing():
    body = b"@@ -1 +1 @@\n-a\n+b\n"
    files = [
        FileDiff("a", FileStatus.MODIFIED, body=body),
        FileDiff("b", FileStatus.MODIFIED, binary=True),
    ]
    counted = [
        GitCount("a", 5, changes_mode=False),
        GitCount("b", None, changes_mode=False),
        GitCount("gone", 3, changes_mode=False),
        GitCount("mode", 0, changes_mode=True),
        GitCount("touched", 0, changes_mode=False),
    ]
    assert list(find_missing(files, counted, [Unshown("a", "too large", 1)])) == [
        Unshown("a", "git counts more lines than its diff shows", 2),
        Unshown("gone", "git counts it, but its diff wasn't found", 3),
        Unshown("mode", "git counts it, but its diff wasn't found", 0),
    ]


@pytest.mark.parametrize("output", [b"nonsense\0", b"1\t2\t", b"x\ty\tz\0"])
def test_a_count_that_is_none_is_an_error(output):
    with pytest.raises(ChangeError):
        parse_counts(output)


PATHS = st.sampled_from(
    ["a.py", "b/c.py", "vendor/d.js", "e_pb2.py", "f.lock", "sp ace.md", "täg.txt", "-x"]
)
KINDS = st.sampled_from(["add", "edit", "delete", "mode", "binary", "link", "rename", "untracked"])
ATTRIBUTES = st.sampled_from(
    ["", "* -diff\n", "*.py binary\n", "* linguist-generated\n", "*.md -text\n"]
)
EDIT = st.tuples(st.integers(0, 12), st.integers(0, 6))


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.dictionaries(PATHS, st.tuples(KINDS, EDIT), min_size=1), ATTRIBUTES, st.booleans())
def test_the_diffs_and_what_they_miss_are_all_that_was_changed(
    tmp_path_factory, home, changes, attributes, is_committed
):
    """The count of the changed lines is the test's own: each line it writes is unique."""
    builder = Builder(tmp_path_factory.mktemp("p") / "project")
    builder.write("kept.txt", "kept\n")
    lines = {path: [f"{path} {n}\n" for n in range(12)] for path in changes}
    for path, (kind, _) in changes.items():
        if kind not in ("add", "untracked"):
            builder.write(path, "".join(lines[path]))
    builder.commit("first")
    expected: dict[str, int | None] = {}
    if attributes:
        builder.write(".gitattributes", attributes)
        expected[".gitattributes"] = 1
    for path, (kind, (at, count)) in changes.items():
        expected |= _changed(builder, path, kind, lines[path], at, count)
    untracked = {path for path, (kind, _) in changes.items() if kind == "untracked"}
    if is_committed or not untracked:
        builder.git("add", "--all")
    if is_committed:
        builder.commit("second")
    if not expected:
        return
    files, unread = collected(builder.top, **({"commit": "HEAD"} if is_committed else {}))
    assert unread == ()
    shown = {
        path: None if file.binary else file.added + file.removed for path, file in files.items()
    }
    assert shown == expected


def _changed(
    builder: Builder, path: str, kind: str, lines: list[str], at: int, count: int
) -> dict[str, int | None]:
    new = [f"{path} new {n}\n" for n in range(count)]
    if kind in ("add", "untracked"):
        builder.write(path, "".join(lines))
        return {path: len(lines)}
    if kind == "edit":
        builder.write(path, "".join(lines[:at] + new + lines[at:]))
        return {path: count} if count else {}
    if kind == "delete":
        builder.delete(path)
        return {path: len(lines)}
    if kind == "mode":
        builder.path(path).chmod(0o755)
        return {path: 0}
    if kind == "binary":
        builder.write(path, b"\0" + os.urandom(8))
        return {path: None}
    if kind == "link":
        builder.link(path, "kept.txt")
        return {path: len(lines) + 1}
    builder.git("mv", "--", path, f"{path}.moved")
    return {f"{path}.moved": 0}
