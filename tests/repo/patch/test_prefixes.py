"""Which prefixes the names in a patch have."""

import pytest

from tests.repo.reading import change_of, contents
from xreview.domain.change import FileDiff
from xreview.repo.patch.splitting import split_patch


def parse(patch: bytes) -> list[FileDiff]:
    return [file for batch in split_patch([patch]) for file in batch]


def plain(*pairs: tuple[str, str]) -> bytes:
    hunk = "@@ -1 +1 @@\n-a\n+b\n"
    added, deleted = "@@ -0,0 +1 @@\n+b\n", "@@ -1 +0,0 @@\n-a\n"
    rows = [
        f"--- {old}\n+++ {new}\n"
        + (added if old == "/dev/null" else deleted if new == "/dev/null" else hunk)
        for old, new in pairs
    ]
    return "".join(rows).encode()


@pytest.mark.parametrize(
    ("pairs", "paths"),
    [
        ([("a/new.py", "a/new.py"), ("c/new.py", "c/new.py")], ["a/new.py", "c/new.py"]),
        ([("/dev/null", "a/new.py"), ("/dev/null", "c/new.py")], ["a/new.py", "c/new.py"]),
        ([("/dev/null", "a/new.py"), ("b/x", "b/x")], ["a/new.py", "b/x"]),
        ([("/dev/null", "b/new.py"), ("/dev/null", "b/x")], ["new.py", "x"]),
        ([("/dev/null", "b/b/x"), ("a/y", "b/y")], ["b/x", "y"]),
        ([("a/a/x", "b/a/x"), ("a/c/x", "b/c/x")], ["a/x", "c/x"]),
        ([("i/x", "w/x"), ("/dev/null", "w/y")], ["x", "y"]),
        ([("c/x", "i/x")], ["x"]),
        ([("c/x", "w/x")], ["x"]),
        ([("o/x", "w/x")], ["x"]),
        ([("old/s/x", "new/s/x"), ("old/y", "/dev/null")], ["s/x", "y"]),
        ([("x/y/f", "x/z/f"), ("/dev/null", "x/z/g")], ["f", "g"]),
        ([("dir1/f", "dir2/f"), ("dir1/g", "dir2/g")], ["f", "g"]),
        ([("v1.orig/s/f", "v1/s/f")], ["s/f"]),
        ([("f.orig", "f"), ("s/g.orig", "s/g")], ["f", "s/g"]),
        ([("x", "x"), ("s/y", "s/y")], ["x", "s/y"]),
    ],
)
def test_the_whole_patch_decides(pairs, paths):
    assert [file.path for file in parse(plain(*pairs))] == paths


GIT_OPTIONS = [
    (),
    ("-c", "diff.noprefix=true"),
    ("-c", "diff.mnemonicPrefix=true"),
    ("--src-prefix=old/", "--dst-prefix=new/"),
    ("--src-prefix=before/it/", "--dst-prefix=after/"),
    ("-R",),
]


@pytest.mark.parametrize("options", GIT_OPTIONS, ids=" ".join)
@pytest.mark.parametrize("staged", [(), ("--cached",)], ids=" ".join)
async def test_what_git_writes_with_its_settings(project, tmp_path, options, staged):
    project.write("a/kept.py", "kept = 1\n")
    project.write("c/mode.sh", "#!/bin/sh\n")
    project.write("b/gone.py", "gone\n")
    project.write("w/i/b.bin", b"\0\1")
    project.commit("second")
    project.write("a/kept.py", "kept = 2\n")
    project.write("a/new.py", "new = 1\n")
    project.write("c/new.py", "new = 2\n")
    project.write("c/with space.py", "new = 2\n")
    project.path("c/mode.sh").chmod(0o755)
    project.delete("b/gone.py")
    project.write("w/i/b.bin", b"\0\2")
    project.add()
    settings, given = (options, ()) if "-c" in options else ((), options)
    patch = project.git_bytes(*settings, "diff", *given, *(staged or ("HEAD",)))
    (tmp_path / "x.patch").write_bytes(patch)
    change = change_of(project.top, patch=str(tmp_path / "x.patch"))
    names = project.git("diff", "HEAD", "--name-only").splitlines()
    assert [file.path for file in change.files] == names
    if "-R" not in options:
        sides = await contents(project.top, patch=str(tmp_path / "x.patch"))
        assert sides["a/kept.py"] == (b"kept = 1\n", b"kept = 2\n")
        assert sides["c/new.py"] == (None, b"new = 2\n")


def paths_in(project, tmp_path, patch: bytes) -> list[str]:
    (tmp_path / "x.patch").write_bytes(patch)
    return [file.path for file in change_of(project.top, patch=str(tmp_path / "x.patch")).files]


def test_a_file_that_is_there_is_not_shortened(project, tmp_path):
    project.write("b/x.py", "x\n")
    assert paths_in(project, tmp_path, plain(("/dev/null", "b/new.py"))) == ["b/new.py"]
    project.write("old/m.py", "m\n")
    assert paths_in(project, tmp_path, plain(("old/m.py", "elsewhere/m.py"))) == ["elsewhere/m.py"]


def test_folders_that_the_repository_does_not_have_are_taken_off(project, tmp_path):
    pairs = [("trunk/p/a.txt", "trunk/p/a.txt"), ("trunk/p/b.txt", "trunk/p/b.txt")]
    assert paths_in(project, tmp_path, plain(*pairs)) == ["a.txt", "b.txt"]


def test_names_that_lead_out_are_asked_of_nobody(project, tmp_path):
    pairs = [("../p/a.txt", "../p/a.txt"), ("/etc/hostname", "/etc/hostname")]
    assert paths_in(project, tmp_path, plain(*pairs)) == ["../p/a.txt", "/etc/hostname"]


def test_two_names_of_one_file_are_said():
    patch = b"diff --git a/x b/x\n" + plain(("a/y", "b/y"))
    (file,) = parse(patch)
    assert file.path == "y"
    assert "two different files" in file.unread
