"""Every kind of file and change git knows, as diff and as whole content, and as patch."""

import os
from dataclasses import replace

import pytest

from tests.repo.builder import Builder
from tests.repo.reading import change_of, contents
from xreview.domain.change import FileStatus, LineKind

PNG = b"\x89PNG\r\n\x1a\n\0\0" + bytes(range(256))
LONG = "x" * 2_000_000


def _kinds(top) -> Builder:
    """A repository whose second commit changes a file of each kind."""
    builder = Builder(top)
    prose = "".join(f"line {number}\n" for number in range(50))
    builder.write("moved.txt", prose)
    builder.write("moved and changed.txt", prose.upper())
    builder.write("mode.sh", "#!/bin/sh\n")
    builder.write("mode and text.sh", "#!/bin/sh\n")
    builder.write("image.png", PNG)
    builder.link("link", "moved.txt")
    builder.link("link to file", "mode.sh")
    builder.write("file to link", "content\n")
    builder.write("crlf.txt", "one\r\ntwo\r\n")
    builder.write("to-lf.txt", "one\r\ntwo\r\n")
    builder.write("no-newline.txt", "one\ntwo")
    builder.write("gets-newline.txt", "one\ntwo")
    builder.write("deleted.txt", "gone\n")
    builder.write("deleted empty.txt", "")
    builder.write("emptied.txt", "full\n")
    builder.write("latin-1.txt", b"caf\xe9\n")
    builder.write(b"n\xe9.txt", "name\n")
    builder.write('q"uo\\te\n\t\x1b.txt', "name\n")
    builder.write("  spaces  ", "name\n")
    builder.write("a b/a b", "name\n")
    builder.write("long.js", LONG + "\n")
    builder.write("carriage.txt", "a\rb\n")
    builder.write("looks.txt", "start\n-- a/x\n++ b/x\nend\n")
    builder.commit("first")

    builder.path("to").mkdir()
    builder.git("mv", "moved.txt", "to/moved.txt")
    builder.git("mv", "moved and changed.txt", "to/moved and changed.txt")
    builder.write("to/moved and changed.txt", prose.upper() + "more\n")
    builder.path("mode.sh").chmod(0o755)
    builder.write("mode and text.sh", "#!/bin/sh\nexit\n", executable=True)
    builder.write("image.png", PNG + b"\0")
    builder.write("new.bin", b"\0\1\2")
    builder.link("link", "mode.sh")
    builder.delete("link to file")
    builder.write("link to file", "now a file\n")
    builder.delete("file to link")
    builder.link("file to link", "../outside")
    builder.write("crlf.txt", "one\r\n2\r\n")
    builder.write("to-lf.txt", "one\ntwo\n")
    builder.write("no-newline.txt", "one\n2")
    builder.write("gets-newline.txt", "one\ntwo\n")
    builder.delete("deleted.txt")
    builder.delete("deleted empty.txt")
    builder.write("emptied.txt", "")
    builder.write("new empty.txt", "")
    builder.write("latin-1.txt", b"caf\xe9 cr\xe8me\n")
    builder.write(b"n\xe9.txt", "changed\n")
    builder.write('q"uo\\te\n\t\x1b.txt', "changed\n")
    builder.write("  spaces  ", "changed\n")
    builder.write("a b/a b", "changed\n")
    builder.write("long.js", LONG + "y\n")
    builder.write("carriage.txt", "a\rB\n")
    builder.write("looks.txt", "start\n++ b/y\n@@ -1 +1 @@\ndiff --git a/x b/x\nend\n")
    return builder


@pytest.fixture(scope="module")
def committed(tmp_path_factory):
    builder = _kinds(tmp_path_factory.mktemp("kinds") / "p")
    builder.commit("second")
    return builder


@pytest.fixture
def uncommitted(tmp_path):
    return _kinds(tmp_path / "p")


EXPECTED = {
    "to/moved.txt": ("R", "", ""),
    "to/moved and changed.txt": ("R", "100644", "100644"),
    "mode.sh": ("M", "100644", "100755"),
    "mode and text.sh": ("M", "100644", "100755"),
    "image.png": ("M", "100644", "100644"),
    "new.bin": ("A", "", "100644"),
    "link": ("M", "120000", "120000"),
    "link to file": ("T", "120000", "100644"),
    "file to link": ("T", "100644", "120000"),
    "crlf.txt": ("M", "100644", "100644"),
    "to-lf.txt": ("M", "100644", "100644"),
    "no-newline.txt": ("M", "100644", "100644"),
    "gets-newline.txt": ("M", "100644", "100644"),
    "deleted.txt": ("D", "100644", ""),
    "deleted empty.txt": ("D", "100644", ""),
    "emptied.txt": ("M", "100644", "100644"),
    "new empty.txt": ("A", "", "100644"),
    "latin-1.txt": ("M", "100644", "100644"),
    "n\udce9.txt": ("M", "100644", "100644"),
    'q"uo\\te\n\t\x1b.txt': ("M", "100644", "100644"),
    "  spaces  ": ("M", "100644", "100644"),
    "a b/a b": ("M", "100644", "100644"),
    "long.js": ("M", "100644", "100644"),
    "carriage.txt": ("M", "100644", "100644"),
    "looks.txt": ("M", "100644", "100644"),
}


def test_each_kind_is_told_apart(committed):
    change = change_of(committed.top, commit="HEAD")
    assert {
        file.path: (file.status.value, file.old_mode, file.new_mode) for file in change.files
    } == EXPECTED
    assert len(change.files) == len(EXPECTED)
    by_path = change.by_path
    assert by_path["to/moved.txt"].old_path == "moved.txt"
    assert {path for path, file in by_path.items() if file.binary} == {"image.png", "new.bin"}
    assert all(by_path[path].notice for path in ("image.png", "link", "file to link"))


def _reconstructed(file):
    """Old and new content of the first hunk's lines, for files of one hunk that is all there is."""
    old, new = b"", b""
    for hunk in file.hunks:
        for line in hunk.lines:
            text = line.text.encode("utf-8", "surrogateescape")
            text += b"" if line.ends_file_without_newline else b"\n"
            old += b"" if line.kind is LineKind.ADDED else text
            new += b"" if line.kind is LineKind.REMOVED else text
    return old, new


WHOLE = [
    path
    for path in EXPECTED
    if not path.startswith("to/") and path not in ("mode.sh", "image.png", "new.bin")
]


async def test_lines_and_contents_say_the_same(committed):
    change = change_of(committed.top, commit="HEAD")
    sides = await contents(committed.top, commit="HEAD")
    for path in WHOLE:
        old, new = sides[path]
        assert _reconstructed(change.by_path[path]) == (old or b"", new or b""), path


async def test_contents_are_those_of_the_commits(committed):
    sides = await contents(committed.top, commit="HEAD")
    for path, (status, _, _) in EXPECTED.items():
        old_path = path.removeprefix("to/") if status == "R" else path
        old = (
            None if status == "A" else committed.git_bytes("show", os.fsencode(f"HEAD~:{old_path}"))
        )
        new = None if status == "D" else committed.git_bytes("show", os.fsencode(f"HEAD:{path}"))
        assert sides[path] == (old, new), path


@pytest.mark.parametrize("options", [{}, {"staged": True}, {"base": "HEAD"}], ids=str)
async def test_it_makes_no_difference_where_the_new_side_is(committed, uncommitted, options):
    uncommitted.add()
    expected = change_of(committed.top, commit="HEAD")
    change = change_of(uncommitted.top, **options)
    without_ids = [
        [(file.path, file.status, file.old_mode, file.new_mode, file.body) for file in files]
        for files in (change.files, expected.files)
    ]
    assert without_ids[0] == without_ids[1]
    assert await contents(uncommitted.top, **options) == await contents(
        committed.top, commit="HEAD"
    )


@pytest.mark.parametrize("binary", [(), ("--binary",)], ids=str)
def test_a_patch_file_says_what_git_says(committed, tmp_path, binary):
    patch = tmp_path / "x.patch"
    patch.write_bytes(
        committed.git_bytes("diff", "--no-rename-empty", "--full-index", *binary, "HEAD~", "HEAD")
    )
    from_patch = change_of(tmp_path, patch="x.patch").files
    assert {file.path for file in from_patch if file.unread} == {"image.png", "new.bin", "mode.sh"}
    without_words = [replace(file, notice="", unread="") for file in from_patch]
    expected = change_of(committed.top, commit="HEAD").files
    assert without_words == [replace(file, notice="") for file in expected]


async def test_a_patch_of_a_repository_finds_its_contents(committed, tmp_path):
    patch = tmp_path / "x.patch"
    patch.write_bytes(committed.git_bytes("diff", "--no-rename-empty", "HEAD~", "HEAD"))
    expected = await contents(committed.top, commit="HEAD")
    assert await contents(committed.top, patch=str(patch)) == expected


async def test_untracked_files_of_each_kind(project):
    project.write("text.txt", "one\ntwo")
    project.write("empty.txt", "")
    project.write("run.sh", "#!/bin/sh\n", executable=True)
    project.write("image.png", PNG)
    project.write(b"n\xe9\n.txt", b"caf\xe9\r\n")
    project.link("link", "/etc/hostname")
    project.link("dangling", "nowhere")
    Builder(project.top / "nested").commit("inside")
    os.mkfifo(project.top / "pipe")
    change = change_of(project.top)
    assert all(file.untracked and file.status is FileStatus.ADDED for file in change.files)
    assert {file.path: (file.new_mode, file.binary) for file in change.files} == {
        "text.txt": ("100644", False),
        "empty.txt": ("100644", False),
        "run.sh": ("100755", False),
        "image.png": ("100644", True),
        "n\udce9\n.txt": ("100644", False),
        "link": ("120000", False),
        "dangling": ("120000", False),
        "nested": ("160000", False),
    }
    sides = await contents(project.top)
    assert sides["text.txt"] == (None, b"one\ntwo")
    assert sides["link"] == (None, b"/etc/hostname")
    assert sides["nested"] == (None, None)
    for path in ("text.txt", "empty.txt", "run.sh", "n\udce9\n.txt", "link", "dangling"):
        assert _reconstructed(change.by_path[path])[1] == sides[path][1]


def test_an_untracked_file_is_shown_as_git_would_once_it_is_added(project):
    contents_of_files = [b"a", b"a\n", b"a\nb", b"\n", b"\n\n", b"a\r\n", b"a\rb\n", b"-- \n", b""]
    for number, content in enumerate(contents_of_files):
        project.write(f"{number}.txt", content)
    untracked = change_of(project.top).files
    project.add()
    assert [file.body for file in untracked] == [file.body for file in change_of(project.top).files]


def test_a_submodule_is_only_the_commit_it_points_to(project, tmp_path):
    inner = Builder(tmp_path / "inner")
    first = inner.commit("inner first")
    project.git("submodule", "--quiet", "add", f"file://{inner.top}", "module")
    project.commit("with module")
    second = inner.commit("inner second")
    project.git("-C", "module", "fetch", "--quiet")
    project.git("-C", "module", "checkout", "--quiet", second)
    (project.top / "module" / "dirt.txt").write_text("dirt\n")
    file = change_of(project.top).by_path["module"]
    assert (file.old_mode, file.new_mode) == ("160000", "160000")
    assert first.encode() in file.body
    assert second.encode() in file.body
    assert "submodule" in file.notice
    project.commit("bump")
    (project.top / "module" / "more.txt").write_text("dirt\n")
    assert change_of(project.top).source.title.startswith("last commit")


def test_an_attribute_that_hides_lines_is_not_silent(project):
    project.write(".gitattributes", "*.txt -diff\n")
    project.write("a.txt", "changed\n")
    file = change_of(project.top).by_path["a.txt"]
    assert b"\n+changed\n" in file.body
    assert "attribute" in file.notice
