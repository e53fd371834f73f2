"""Whole files of either side: limits, damage, patches, and what can't be had."""

import asyncio

import pytest

from tests.repo.builder import Builder
from tests.repo.reading import change_of, contents
from xreview.domain.change import FileDiff, FileStatus, Side, Unshown
from xreview.domain.errors import ChangeError
from xreview.repo.change.collecting import collect
from xreview.repo.change.request import ChangeRequest
from xreview.repo.change.untracked import Bounds, untracked_files
from xreview.repo.diff.apply import apply_hunks
from xreview.repo.files.contents import contents_of
from xreview.repo.files.worktree import read_worktree_file
from xreview.repo.git import ObjectReader
from xreview.repo.repository import find_repository


@pytest.fixture
def reader(project):
    reader = ObjectReader(find_repository(project.top))
    yield reader
    reader.close()


def test_an_object_is_read_by_its_id_or_the_beginning_of_it(project, reader):
    id = project.rev("HEAD:a.txt")
    assert reader.read(id, "blob", 1000) == b"one\ntwo\nthree\n"
    assert reader.read(id[:8], "blob", 1000) == b"one\ntwo\nthree\n"


def test_what_is_too_large_or_something_else_is_not_read(project, reader):
    id = project.rev("HEAD:a.txt")
    assert reader.read(id, "blob", 13) is None
    assert reader.read(id, "commit", 1000) is None
    assert reader.read(id, "blob", 14) == b"one\ntwo\nthree\n"


@pytest.mark.parametrize("id", ["", "0" * 40, "HEAD", "main:a.txt", "--help", "abcd\nabcd", "é"])
def test_what_is_no_object_is_none(reader, id):
    assert reader.read(id, "blob", 1000) is None


def test_a_git_that_ended_is_an_error_and_then_started_again(project, reader):
    id = project.rev("HEAD:a.txt")
    reader.read(id, "blob", 1000)
    reader._batch._process.kill()
    reader._batch._process.wait()
    with pytest.raises(ChangeError, match="ended"):
        reader.read(id, "blob", 1000)
    assert reader.read(id, "blob", 1000) == b"one\ntwo\nthree\n"


def test_objects_of_a_damaged_repository(project, reader):
    id = project.rev("HEAD:a.txt")
    stored = project.top / ".git" / "objects" / id[:2] / id[2:]
    stored.chmod(0o644)
    stored.write_bytes(b"damaged")
    assert reader.read(id, "blob", 1000) is None
    assert reader.read(project.rev("HEAD:b.txt"), "blob", 1000) == b"b\n"


async def test_many_are_read_at_once(project):
    for number in range(50):
        project.write(f"{number}.txt", f"{number}\n" * 1000)
    project.commit("many")
    collected = collect(ChangeRequest(project.top, commit="HEAD"))
    files = [file for batch in collected.batches for file in batch]
    reader = contents_of(collected)
    try:
        read = await asyncio.gather(*(reader.read(file, Side.NEW) for file in files))
    finally:
        reader.close()
    expected = {file.path: f"{file.path[:-4]}\n".encode() * 1000 for file in files}
    assert dict(zip((file.path for file in files), read, strict=True)) == expected


async def test_a_linked_worktree_of_a_bare_repository(project, tmp_path):
    bare = project.clone(tmp_path / "bare.git", "--bare")
    linked = tmp_path / "linked"
    bare.git("worktree", "add", "--quiet", str(linked), "main")
    (linked / "a.txt").write_text("changed\n")
    assert await contents(linked) == {"a.txt": (b"one\ntwo\nthree\n", b"changed\n")}


# --- on disk


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/hostname",
        "../a.txt",
        "sub/../a.txt",
        "./a.txt",
        ".git/config",
        "sub/.GIT/x",
        "a\0b",
    ],
)
def test_a_path_that_leads_out_is_not_read(project, path):
    project.write("sub/x", "x\n")
    assert read_worktree_file(project.top, path, 1000) is None


def test_a_name_that_is_too_long_is_not_there(project):
    assert read_worktree_file(project.top, "x" * 5000, 1000) is None


async def test_a_patch_does_not_lead_out(project, tmp_path):
    (tmp_path / "secret").write_text("secret\n")
    (tmp_path / "x.patch").write_text(
        "--- ../secret\n+++ ../secret\n@@ -1 +1 @@\n-secret\n+more\n"
        f"--- {tmp_path}/secret\n+++ {tmp_path}/secret\n@@ -1 +1 @@\n-secret\n+more\n"
    )
    sides = await contents(project.top, patch=str(tmp_path / "x.patch"))
    assert set(sides.values()) == {(None, None)}
    assert len(sides) == 2


def test_large_untracked_files_are_named_and_not_read(project):
    for name, size in (("1", 40), ("2", 100), ("3", 10), ("4", 41)):
        project.write(name, "x" * size)
    listing = [b"1\x002\x00", b"3\x004\x00"]
    (batch,) = untracked_files(project.top, listing, [], Bounds(50, 60))
    assert [(file.path, bool(file.body), "Not read" in file.notice) for file in batch] == [
        ("1", True, False),
        ("2", False, True),
        ("3", True, False),
        ("4", False, True),
    ]
    assert "100 bytes" in batch[1].notice


def test_the_listing_may_be_cut_anywhere(project):
    project.write("näme.txt", "x\n")
    project.write("other.txt", "x\n")
    listing = "näme.txt\0other.txt\0".encode()
    pieces = [bytes((byte,)) for byte in listing]
    files = [file.path for batch in untracked_files(project.top, pieces, []) for file in batch]
    assert files == ["näme.txt", "other.txt"]


def test_a_file_that_went_away_is_not_read(project):
    unread: list[Unshown] = []
    assert list(untracked_files(project.top, [b"gone\0"], unread)) == []
    assert unread == [Unshown("gone", "it's gone, or git wouldn't track it")]


# --- patches


PLAIN = "--- a/a.txt\n+++ b/a.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n"


async def test_a_patch_without_ids_is_applied_to_the_worktree(project, tmp_path):
    (tmp_path / "x.patch").write_text(PLAIN)
    options = {"patch": str(tmp_path / "x.patch")}
    expected = {"a.txt": (b"one\ntwo\nthree\n", b"one\n2\nthree\n")}
    assert await contents(project.top, **options) == expected
    project.write("a.txt", "one\n2\nthree\n")
    assert await contents(project.top, **options) == expected
    project.write("a.txt", "something else\n")
    assert await contents(project.top, **options) == {"a.txt": (None, None)}


async def test_a_patch_outside_of_a_repository_has_what_it_adds(tmp_path):
    patch = PLAIN + "--- /dev/null\n+++ b/new.txt\n@@ -0,0 +1,2 @@\n+new\n+file\n"
    (tmp_path / "x.patch").write_text(patch)
    assert await contents(tmp_path, patch="x.patch") == {
        "a.txt": (None, None),
        "new.txt": (None, b"new\nfile\n"),
    }


CASES = [
    (b"a\nb\nc\n", b"a\nB\nc\n"),
    (b"a\nb", b"a\nb\n"),
    (b"a\nb\n", b"a\nb"),
    (b"", b"x\n"),
    (b"x", b""),
    (b"a\r\nb\rc\r\n", b"a\r\nb\rC\r\n"),
    (
        b"".join(b"%d\n" % n for n in range(60)),
        b"".join(b"%d\n" % n for n in range(5, 63) if n != 30),
    ),
]


@pytest.mark.parametrize(("old", "new"), CASES)
def test_applying_gives_the_other_side(tmp_path, old, new):
    project = Builder(tmp_path / "p")
    project.write("f", old)
    project.write("keep", "keep\n")
    project.commit("first")
    project.write("f", new)
    (file,) = change_of(project.top).files
    assert apply_hunks(file.body, old) == new
    assert apply_hunks(file.body, new, Side.NEW) == old
    assert apply_hunks(file.body, b"other\n" + old) is None or not old


async def test_a_file_without_an_id_is_none():
    from xreview.domain.change import ChangeKind, ChangeSource
    from xreview.repo.files.contents import GitContents

    reader = GitContents(ChangeSource(ChangeKind.RANGE, "", "", "a", "b"), None)
    assert await reader.read(FileDiff("x", FileStatus.MODIFIED), Side.OLD) is None
    reader.close()
